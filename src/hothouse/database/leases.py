"""Leases: at most one process at a time does a named piece of work."""

import asyncio
from datetime import timedelta

import structlog
from pymongo.errors import DuplicateKeyError, PyMongoError

from hothouse.database.connection import Database
from hothouse.kit.clock import Clock
from hothouse.kit.ids import new_id

log = structlog.get_logger(__name__)


class Lease:
    """A named lease kept in MongoDB, to be renewed well before it runs out.

    The holder must stop its work as soon as `renew` returns false. A holder that died is replaced after `seconds`.
    `holder` is for people to read; each `Lease` is a holder of its own, whatever other process has the same name.
    """

    def __init__(self, database: Database, clock: Clock, name: str, holder: str, *, seconds: float = 5.0) -> None:
        self._leases = database["leases"]
        self._clock = clock
        self._name = name
        self.holder = f"{holder}-{new_id(6)}"
        self.seconds = seconds

    async def acquire(self) -> bool:
        """Take the lease if it is free, run out, or ours already."""
        if await self.renew():
            return True
        now = self._clock.now()
        ours = {"holder": self.holder, "until": now + timedelta(seconds=self.seconds)}
        taken = await self._leases.update_one({"_id": self._name, "until": {"$lt": now}}, {"$set": ours})
        if taken.matched_count:
            return True
        try:
            await self._leases.insert_one({"_id": self._name, **ours})
        except DuplicateKeyError:
            return False
        return True

    async def wait(self) -> None:
        """Return once the lease is ours."""
        while True:
            try:
                if await self.acquire():
                    return
            except PyMongoError as error:
                log.warning("lease-unreachable", lease=self._name, error=str(error))
            await asyncio.sleep(self.seconds / 10)

    async def renew(self) -> bool:
        """Extend the lease; false when somebody else holds it by now."""
        until = self._clock.now() + timedelta(seconds=self.seconds)
        result = await self._leases.update_one({"_id": self._name, "holder": self.holder}, {"$set": {"until": until}})
        return bool(result.matched_count)

    async def keep(self) -> bool:
        """Extend the lease, trying again until it would have run out; false when it is, or may be, lost."""
        try:
            async with asyncio.timeout(self.seconds / 2):
                while True:
                    try:
                        return await self.renew()
                    except PyMongoError as error:
                        log.warning("lease-unreachable", lease=self._name, error=str(error))
                        await asyncio.sleep(self.seconds / 20)
        except TimeoutError:
            return False

    async def release(self) -> None:
        """Give the lease up, so that the next holder need not wait."""
        await self._leases.delete_one({"_id": self._name, "holder": self.holder})
