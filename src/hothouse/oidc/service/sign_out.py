"""Signing out at the provider, too, and being told that somebody signed out there."""

import asyncio
from datetime import timedelta
from urllib.parse import urlencode, urlsplit, urlunsplit

from hothouse.identity.service import Sessions
from hothouse.kit.clock import Clock
from hothouse.kit.ids import fingerprint
from hothouse.kit.trail import Who, current_trail
from hothouse.oidc.errors import LogoutTokenNotValid, ProviderAway
from hothouse.oidc.repository import FlowsRepository, IdentitiesRepository
from hothouse.oidc.service.providers import Providers
from hothouse.oidc.tokens import TokenChecks

PATIENCE_SECONDS = 3.0
REMEMBERED = timedelta(minutes=30)


class SignOut:
    """RP-Initiated Logout 1.0 and Back-Channel Logout 1.0."""

    def __init__(
        self,
        providers: Providers,
        checks: TokenChecks,
        sessions: Sessions,
        identities: IdentitiesRepository,
        flows: FlowsRepository,
        clock: Clock,
        main_url: str,
    ) -> None:
        self._providers = providers
        self._checks = checks
        self._sessions = sessions
        self._identities = identities
        self._flows = flows
        self._clock = clock
        self._main_url = main_url

    async def url_of(self, session_id: str) -> str | None:
        """Return where a browser signs out at the provider at which its session began; None: nowhere.

        Ask before the session ends. A provider that is away keeps nobody from signing out here.
        """
        by = await self._sessions.signed_in_by(session_id)
        if by is None or not self._providers.knows(by.provider):
            return None
        provider = self._providers.get(by.provider)
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                endpoint = (await provider.metadata()).end_session_endpoint
        except (ProviderAway, TimeoutError):
            return None
        if endpoint is None or not provider.settings.end_session:
            return None
        parameters = {
            "client_id": provider.settings.client_id,
            "post_logout_redirect_uri": f"{self._main_url}/sign-in",
            **({"id_token_hint": by.hint} if by.hint else {}),
        }
        parts = urlsplit(endpoint)
        return urlunsplit(parts._replace(query="&".join(filter(None, [parts.query, urlencode(parameters)]))))

    async def by_provider(self, provider_id: str, logout_token: str) -> None:
        """End the sessions that a provider says are over. Raises: `ProviderUnknown`, `LogoutTokenNotValid`."""
        provider = self._providers.get(provider_id)
        claims = await self._checks.logout(provider, logout_token)
        token_id = fingerprint(f"{provider.settings.issuer}|{claims['jti']}")
        if not await self._flows.is_new_logout(token_id, self._clock.now() + REMEMBERED):
            raise LogoutTokenNotValid("it was used already")
        trail = current_trail()
        trail.by(Who(name=provider.name, via="platform"))
        if key := session_key(provider.id, claims.get("sid")):
            await self._sessions.end_by_key(key)
            return
        identity = await self._identities.of_subject(provider.id, provider.settings.issuer, claims["sub"])
        if identity is not None:
            trail.concerns("user", identity["user_id"], identity["email"])
            await self._sessions.end_by_provider(identity["user_id"], provider.id)


def session_key(provider_id: str, session_id: str | None) -> str | None:
    """Return the name of a session at a provider, among all providers'."""
    return f"{provider_id}|{session_id}" if session_id else None
