"""Keeping the policies in memory, and the authorizer, as the database has them."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence

from hothouse.access.interfaces import Authorizer, Policy
from hothouse.access.policies import Policies
from hothouse.access.repository import PoliciesRepository
from hothouse.access.repository.policies import COLLECTIONS
from hothouse.database.changes import Change


class PolicyFeed:
    """Brings every change into force, before anybody else in this process is told of it.

    Documents are read as they are by then, one change after the other, so nothing that was changed later is undone.
    """

    def __init__(self, repository: PoliciesRepository, policies: Policies, authorizer: Authorizer) -> None:
        self._repository = repository
        self._policies = policies
        self._authorizer = authorizer
        self._one_at_a_time = asyncio.Lock()

    async def load(self) -> None:
        """Read everything anew. Raises: `PyMongoError`; what was known stays in force then."""
        async with self._one_at_a_time:
            fresh = [policy async for policy in self._repository.all()]
            self._policies.replace(fresh)
            await self._authorizer.load(self._policies.everything())

    async def take(self, changes: Sequence[Change]) -> None:
        """Bring what changed in the database into force. Raises: `PyMongoError`."""
        if any(change.key is None for change in changes):
            await self.load()
            return
        concerned: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for change in changes:
            if change.collection in COLLECTIONS:
                concerned[change.collection][str(change.key)] = None
        for collection, keys in concerned.items():
            await self.refresh(collection, keys)

    async def refresh(self, collection: str, ids: Iterable[str]) -> None:
        """Bring some documents, just written or removed, into force. Raises: `PyMongoError`."""
        async with self._one_at_a_time:
            wanted = list(ids)
            found = await self._repository.some(collection, wanted)
            gone: list[Policy] = []
            added: list[Policy] = []
            for identity in wanted:
                now = found.get(identity)
                former = self._policies.put(now) if now is not None else self._policies.drop(collection, identity)
                if former != now:
                    gone += [former] if former is not None else []
                    added += [now] if now is not None else []
            if gone or added:
                await self._authorizer.apply(gone, added)
