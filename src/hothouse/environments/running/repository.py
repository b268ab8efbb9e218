"""Queries on what was used, and on notices."""

from datetime import datetime, timedelta

from pymongo import ASCENDING, IndexModel

from hothouse.database.connection import Database, Document
from hothouse.environments.running.schemas import Grain

KEPT: dict[Grain, timedelta] = {"minute": timedelta(days=2), "hour": timedelta(days=400)}
NOTICES_KEPT = timedelta(days=30)
CAPACITY = "capacity"
INDEXES = {
    "usage_history": [
        IndexModel([("grain", ASCENDING), ("kind", ASCENDING), ("at", ASCENDING)]),
        IndexModel([("expires_at", ASCENDING)], expireAfterSeconds=0),
    ],
    "notices": [
        IndexModel([("user_id", ASCENDING), ("at", ASCENDING)]),
        IndexModel([("expires_at", ASCENDING)], expireAfterSeconds=0),
    ],
}


def beginning(grain: Grain, at: datetime) -> datetime:
    """Return when the minute or hour began."""
    start = at.replace(second=0, microsecond=0)
    return start if grain == "minute" else start.replace(minute=0)


class HistoryRepository:
    """Sums by minute and by hour, written at the same time, so that nothing has to be rolled up; both run out."""

    def __init__(self, database: Database) -> None:
        self._history = database["usage_history"]

    async def add(self, at: datetime, owner_id: str | None, what: str, name: str, amounts: Document) -> None:
        """Add to what somebody used of something."""
        for grain, kept in KEPT.items():
            start = beginning(grain, at)
            about = {"grain": grain, "at": start, "kind": "use", "owner_id": owner_id, "what": what}
            told = {**about, "name": name, "expires_at": start + kept, "schema_version": 1}
            await self._history.update_one(
                {"_id": f"{grain}|{start:%Y%m%d%H%M}|{owner_id}|{what}"},
                {"$inc": amounts, "$setOnInsert": told},
                upsert=True,
            )

    async def note_capacity(self, at: datetime, amounts: Document) -> None:
        """Note how full the machine is; of an hour the most is kept."""
        for grain, kept in KEPT.items():
            start = beginning(grain, at)
            about = {"grain": grain, "at": start, "kind": CAPACITY}
            await self._history.update_one(
                {"_id": f"{grain}|{start:%Y%m%d%H%M}|{CAPACITY}"},
                {"$max": amounts, "$setOnInsert": {**about, "expires_at": start + kept, "schema_version": 1}},
                upsert=True,
            )

    async def since(self, grain: Grain, kind: str, at: datetime) -> list[Document]:
        """Return what was noted since a moment, the earliest first."""
        query = {"grain": grain, "kind": kind, "at": {"$gte": at}}
        return await self._history.find(query).sort("at", ASCENDING).to_list()


class NoticesRepository:
    """What people are told, until they have read it or it has run out."""

    def __init__(self, database: Database) -> None:
        self._notices = database["notices"]

    async def add(self, notice: Document) -> None:
        expires_at = notice["at"] + NOTICES_KEPT
        await self._notices.insert_one({**notice, "expires_at": expires_at, "schema_version": 1})

    async def of(self, user_id: str) -> list[Document]:
        return await self._notices.find({"user_id": user_id}).sort("at", ASCENDING).to_list()

    async def remove(self, user_id: str, notice_id: str) -> bool:
        """Remove one of somebody's; tells whether it was there."""
        result = await self._notices.delete_one({"_id": notice_id, "user_id": user_id})
        return bool(result.deleted_count)
