"""Queries on failed attempts, by what is being guessed at."""

from datetime import UTC, datetime

from pymongo import ASCENDING, IndexModel

from hothouse.database.connection import Database, Document

INDEXES = {"attempts": [IndexModel([("expires_at", ASCENDING)], expireAfterSeconds=0)]}
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""Until when a counter is locked that never was: not its own time, which is later than that of one asked before it."""


class AttemptsRepository:
    """Counters of attempts; each is forgotten some time after the last one."""

    def __init__(self, database: Database) -> None:
        self._attempts = database["attempts"]

    async def get(self, key: str) -> Document | None:
        return await self._attempts.find_one({"_id": key})

    async def count(self, key: str, now: datetime, expires_at: datetime) -> Document:
        """Count one more; returns the counter as it is then."""
        change = {"$inc": {"count": 1}, "$set": {"expires_at": expires_at}}
        await self._attempts.update_one(
            {"_id": key}, {**change, "$setOnInsert": {"since": now, "locks": 0, "locked_until": NEVER}}, upsert=True
        )
        return await self._attempts.find_one({"_id": key}) or {"count": 0, "locks": 0, "locked_until": NEVER}

    async def start_anew(self, key: str, since: datetime, now: datetime) -> None:
        """Begin a new window, unless somebody else did."""
        await self._attempts.update_one({"_id": key, "since": since}, {"$set": {"since": now, "count": 0}})

    async def lock(self, key: str, locks: int, until: datetime, count: int) -> None:
        """Lock it for the next time after `locks`, unless somebody else did; `count` attempts are taken as made."""
        change = {"locks": locks + 1, "locked_until": until, "count": count, "since": until}
        await self._attempts.update_one({"_id": key, "locks": locks}, {"$set": change})

    async def forgive(self, key: str) -> None:
        """Take one attempt back."""
        await self._attempts.update_one({"_id": key, "count": {"$gt": 0}}, {"$inc": {"count": -1}})

    async def forget(self, key: str) -> None:
        await self._attempts.delete_one({"_id": key})
