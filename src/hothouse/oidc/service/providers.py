"""The providers that the settings name."""

from hothouse.kit.clock import Clock
from hothouse.oidc.errors import ProviderUnknown
from hothouse.oidc.provider import Provider
from hothouse.oidc.schemas import SignInProvider
from hothouse.settings_oidc import OidcProvider


class Providers:
    """All of them, by id. None is asked anything before somebody uses it."""

    def __init__(self, settings: list[OidcProvider], main_url: str, clock: Clock) -> None:
        self._all = {one.id: Provider(one, f"{main_url}/sign-in/{one.id}", clock) for one in settings}

    def get(self, provider_id: str) -> Provider:
        """Raises: `ProviderUnknown`."""
        try:
            return self._all[provider_id]
        except KeyError as error:
            raise ProviderUnknown from error

    def knows(self, provider_id: str) -> bool:
        return provider_id in self._all

    def shown(self) -> list[SignInProvider]:
        return [SignInProvider(id=one.id, name=one.name, icon=one.settings.icon) for one in self._all.values()]
