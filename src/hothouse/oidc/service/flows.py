"""Sign-ins under way: from the moment a browser leaves for a provider until it comes back."""

import re
from dataclasses import dataclass
from datetime import timedelta

from hothouse.identity.principal import Principal
from hothouse.kit.clock import Clock
from hothouse.kit.ids import fingerprint, new_secret
from hothouse.kit.problems import FieldProblem, Invalid
from hothouse.oidc.errors import SignInNotBegun
from hothouse.oidc.provider import Provider
from hothouse.oidc.repository import FlowsRepository

LIFETIME = timedelta(minutes=10)
_NO_PATH = re.compile(r"[\\\x00-\x1f]")


@dataclass(frozen=True, slots=True)
class Flow:
    """A sign-in that a browser began. `session_id` is set when it is to link an identity to that session's account."""

    nonce: str
    verifier: str
    next: str
    session_id: str | None


class Flows:
    """Begins and takes them up again. A flow belongs to one browser, one provider, and is good for one return."""

    def __init__(self, repository: FlowsRepository, clock: Clock) -> None:
        self._repository = repository
        self._clock = clock

    async def begin(self, provider: Provider, browser: str, next_path: str, link: Principal | None = None) -> str:
        """Return the address at the provider to which the browser that has the secret `browser` is to go.

        Raises: `Invalid` for a `next_path` that is none of this origin, `ProviderAway`.
        """
        check_path(next_path)
        state, nonce, verifier = new_secret(), new_secret(), new_secret()
        url = await provider.authorization_url(state=state, nonce=nonce, verifier=verifier)
        await self._repository.add(
            {
                "_id": fingerprint(state),
                "provider": provider.id,
                "browser": fingerprint(browser),
                "nonce": nonce,
                "verifier": verifier,
                "next": next_path,
                "session_id": link.session_id if link else None,
                "expires_at": self._clock.now() + LIFETIME,
            }
        )
        return url

    async def take(self, provider: Provider, browser: str | None, state: str) -> Flow:
        """Use a flow up. Another browser, or another provider's answer, does not use it up.

        Raises: `SignInNotBegun`.
        """
        flow = await self._repository.get(fingerprint(state), self._clock.now())
        if flow is None or flow["provider"] != provider.id or flow["browser"] != fingerprint(browser or ""):
            raise SignInNotBegun
        if not await self._repository.take(flow["_id"]):
            raise SignInNotBegun
        return Flow(**{name: flow[name] for name in ("nonce", "verifier", "next", "session_id")})


def check_path(path: str) -> None:
    """Let pass only paths of this very origin. Raises: `Invalid`."""
    if not path.startswith("/") or path.startswith("//") or _NO_PATH.search(path):
        message = "Only a path of this origin can be gone to afterwards, such as /apps."
        raise Invalid(message, errors=[FieldProblem(pointer="/next", message=message)])
