"""Grants that end by themselves: those whom it concerns are told at that moment, and some time later they go."""

import asyncio
from datetime import datetime, timedelta

import structlog
from pymongo.errors import PyMongoError

from hothouse.access.policies import Policies
from hothouse.access.repository import GrantsRepository
from hothouse.access.repository.grants import grant_id
from hothouse.access.service.following import PolicyFeed
from hothouse.database.changes import Change, Changes
from hothouse.kit.clock import Clock

LOOK_SECONDS = 0.25
CLEAN_EVERY = timedelta(hours=1)
log = structlog.get_logger(__name__)


class Expiry:
    """Tells this process of each grant that ran out, as if it had been taken away."""

    def __init__(
        self, grants: GrantsRepository, policies: Policies, feed: PolicyFeed, changes: Changes, clock: Clock
    ) -> None:
        self._grants = grants
        self._policies = policies
        self._feed = feed
        self._changes = changes
        self._clock = clock

    async def run(self) -> None:
        """Watch until cancelled."""
        cleaned_at = datetime.min.replace(tzinfo=self._clock.now().tzinfo)
        while True:
            now = self._clock.now()
            self.tell(now)
            if now - cleaned_at >= CLEAN_EVERY:
                cleaned_at = now
                await self._clean_quietly(now)
            await asyncio.sleep(LOOK_SECONDS)

    def tell(self, now: datetime) -> None:
        """Tell of what ran out since the last time."""
        for grant in self._policies.take_ended(now):
            self._changes.publish(Change("grants", grant_id(grant.resource, grant.subject), is_deleted=True))

    async def clean_up(self, now: datetime) -> int:
        """Remove what ran out long ago, unless it was given anew; returns how many were found. Safe to repeat."""
        found = await self._grants.run_out(now)
        for grant in found:
            await self._grants.remove(grant["resource"], grant["subject"], purge_at=grant["purge_at"])
        await self._feed.refresh("grants", [grant["_id"] for grant in found])
        return len(found)

    async def _clean_quietly(self, now: datetime) -> None:
        try:
            await self.clean_up(now)
        except PyMongoError as error:
            log.warning("grants-not-cleaned", error=str(error))
