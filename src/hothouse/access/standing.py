"""Whether whoever follows a stream may go on following it."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

import structlog
from pymongo.errors import PyMongoError

from hothouse.access.words import split
from hothouse.database.changes import Change, Changes
from hothouse.identity.dependencies import IdentityServices
from hothouse.identity.principal import ANYONE, Principal

RECHECK_SECONDS = 60.0
"""How often it is looked at without a change: sessions and tokens also end by themselves."""

ACCESS = frozenset({"memberships", "groups", "roles"})
"""Changes that may concern anybody; one of a grant concerns its thing."""

log = structlog.get_logger(__name__)
MayGoOn = Callable[[Principal], Awaitable[bool]]


async def anything(_: Principal) -> bool:
    """Ask for nothing but an account that stands."""
    return True


@dataclass(frozen=True, slots=True)
class Standing:
    """Watches who a request acts as, from before the request's answer begins."""

    changes: Changes
    identity: IdentityServices
    principal: Principal

    def lost(self, may_go_on: MayGoOn = anything, *concerned: str) -> Callable[[], Awaitable[None]]:
        """Return what waits for the moment from which the principal may not go on.

        `concerned` are ids of documents on which that depends, beside the account and what proves it.
        """
        return partial(
            self._until_lost,
            may_go_on,
            {*self.principal.credentials, self.principal.user_id, self.principal.impersonator_id, *concerned},
        )

    async def _until_lost(self, may_go_on: MayGoOn, keys: set[str | None]) -> None:
        """Return also when it cannot be told: a stream that ends is asked for again."""
        try:
            async with self.changes.listen() as changes:
                while await self._holds(may_go_on):
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(RECHECK_SECONDS):
                            while not _matters(await changes.get(), keys):
                                pass
                            while not changes.empty():  # what comes at once is looked at once
                                changes.get_nowait()
        except PyMongoError as error:
            log.warning("standing-unknown", error=str(error))

    async def _holds(self, may_go_on: MayGoOn) -> bool:
        now, then = await self._renewed(), self.principal
        if now.user is None or then.user is None:
            return False
        is_same = (now.user.id, now.user.role, now.impersonator_id) == (
            then.user.id,
            then.user.role,
            then.impersonator_id,
        )
        return is_same and await may_go_on(now)

    async def _renewed(self) -> Principal:
        if self.principal.via == "session":
            return await self.identity.sessions.renewed(self.principal)
        return await self.identity.tokens.renewed(self.principal) if self.principal.via == "token" else ANYONE


def _matters(change: Change, keys: set[str | None]) -> bool:
    """Tell whether a change may end what depends on the documents with some keys."""
    if change.key is None or change.key in keys or change.collection in ACCESS:
        return True
    return change.collection == "grants" and split(change.key.partition("|")[0])[1] in {*keys, "platform"}
