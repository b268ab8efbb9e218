"""How somebody can sign in: what is linked, and never less than one way."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from hothouse.database.leases import Lease
from hothouse.identity.errors import ProofNeeded
from hothouse.identity.principal import Principal
from hothouse.identity.schemas import User
from hothouse.identity.service import Accounts, Credentials, Proofs
from hothouse.kit.problems import NotFound
from hothouse.kit.trail import current_trail
from hothouse.oidc.errors import LastWayIn
from hothouse.oidc.repository import IdentitiesRepository
from hothouse.oidc.schemas import Identity, WaysIn
from hothouse.oidc.service.flows import Flows
from hothouse.oidc.service.memberships import Memberships
from hothouse.oidc.service.providers import Providers


class Linking:
    """Shows and changes the ways in to an account. One change at a time for each: two could take the last two."""

    def __init__(
        self,
        identities: IdentitiesRepository,
        providers: Providers,
        flows: Flows,
        accounts: Accounts,
        proofs: Proofs,
        credentials: Credentials,
        memberships: Memberships,
        lease: Callable[[str], Lease],
    ) -> None:
        self._identities = identities
        self._providers = providers
        self._flows = flows
        self._accounts = accounts
        self._proofs = proofs
        self._credentials = credentials
        self._memberships = memberships
        self._lease = lease
        self._here = asyncio.Lock()

    async def show(self, user: User) -> WaysIn:
        standing = await self._accounts.standing(user.id)
        shown = {one.id: one for one in self._providers.shown()}
        identities = []
        for one in await self._identities.of_user(user.id):
            provider = shown.get(one["provider"])
            identities.append(
                Identity(
                    id=one["_id"],
                    provider_name=provider.name if provider else one["provider"],
                    icon=provider.icon if provider else "key",
                    is_usable=self._is_usable(one),
                    **{key: one[key] for key in ("provider", "email", "created_at", "last_used_at")},
                )
            )
        has_password = standing is not None and standing.has_password
        return WaysIn(has_password=has_password, identities=identities, providers=list(shown.values()))

    async def begin(self, principal: Principal, provider_id: str, password: str | None, browser: str) -> str:
        """Return where to go to link an account there to the caller's.

        Raises: `ProviderUnknown`, `ProofNeeded`, `WrongPassword`, `TooManyAttempts`, `ProviderAway`.
        """
        provider = self._providers.get(provider_id)
        if principal.session_id is None:
            raise ProofNeeded  # what comes back finds its way by the session
        await self._proofs.demand(principal, password)
        current_trail().change(after={"begins_to_link": provider.id})
        return await self._flows.begin(provider, browser, "/account#ways-in", link=principal)

    async def unlink(self, principal: Principal, identity_id: str, password: str | None) -> None:
        """Let an identity open the caller's account no more, nor decide on their groups; sessions go on.

        Raises: `NotFound`, `LastWayIn`, `ProofNeeded`, `WrongPassword`, `TooManyAttempts`.
        """
        await self._proofs.demand(principal, password)
        user = principal.user
        assert user is not None  # noqa: S101 -- the route asks for an account
        async with self._another_way(user, identity_id) as ways:
            gone = [one for one in ways.identities if one.id == identity_id]
            if not gone or not await self._identities.remove(user.id, identity_id):
                raise NotFound("There is no such link, or not any more.")
            current_trail().change(before={"provider": gone[0].provider, "email": gone[0].email})
            if not any(one.provider == gone[0].provider for one in ways.identities if one.id != identity_id):
                await self._memberships.forget(gone[0].provider, user)

    async def remove_password(self, principal: Principal, password: str | None) -> None:
        """Leave the caller's account without a password, which ends all sessions but this one.

        Raises: `LastWayIn`, `ProofNeeded`, `WrongPassword`, `TooManyAttempts`.
        """
        await self._proofs.demand(principal, password)
        assert principal.user is not None  # noqa: S101 -- the route asks for an account
        async with self._another_way(principal.user, None):
            await self._credentials.remove(principal)

    @asynccontextmanager
    async def _another_way(self, user: User, identity_id: str | None) -> AsyncIterator[WaysIn]:
        """Let nothing else change while the block takes a way in away. Raises: `LastWayIn` if none would be left."""
        lease = self._lease(f"ways-in/{user.id}")
        async with self._here:
            await lease.wait()
            try:
                ways = await self.show(user)
                left = [one for one in ways.identities if one.is_usable and one.id != identity_id]
                is_known = identity_id is None or any(one.id == identity_id for one in ways.identities)
                if is_known and not left and (identity_id is None or not ways.has_password):
                    raise LastWayIn
                yield ways
            finally:
                await lease.release()

    def _is_usable(self, identity: dict[str, object]) -> bool:
        provider_id = str(identity["provider"])
        return (
            self._providers.knows(provider_id)
            and self._providers.get(provider_id).settings.issuer == identity["issuer"]
        )
