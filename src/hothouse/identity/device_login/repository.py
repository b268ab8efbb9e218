"""Queries on devices that wait to be approved."""

from datetime import datetime

from pymongo import ASCENDING, IndexModel

from hothouse.database.connection import Database, Document

INDEXES = {
    "device_logins": [
        IndexModel([("user_code_hash", ASCENDING)], unique=True),
        IndexModel([("expires_at", ASCENDING)], expireAfterSeconds=0),
    ]
}


class DeviceLoginsRepository:
    """Waiting devices by the fingerprints of their codes."""

    def __init__(self, database: Database) -> None:
        self._logins = database["device_logins"]

    async def add(self, login: Document) -> None:
        await self._logins.insert_one({**login, "schema_version": 1})

    async def get(self, login_id: str, now: datetime) -> Document | None:
        return await self._logins.find_one({"_id": login_id, "expires_at": {"$gt": now}})

    async def by_user_code(self, user_code_hash: str, now: datetime) -> Document | None:
        """Return a device that nobody has decided about."""
        query = {"user_code_hash": user_code_hash, "state": "pending", "expires_at": {"$gt": now}}
        return await self._logins.find_one(query)

    async def note_poll(self, login_id: str, now: datetime, interval: int) -> None:
        change = {"$set": {"last_poll_at": now, "interval": interval}}
        await self._logins.update_one({"_id": login_id, "state": "pending"}, change)

    async def decide(self, login_id: str, decision: Document) -> bool:
        """Store a decision; false when there is one already."""
        decided = await self._logins.update_one({"_id": login_id, "state": "pending"}, {"$set": decision})
        return bool(decided.modified_count)

    async def take(self, login_id: str, state: str) -> bool:
        """Use a decision up; false when that was done already."""
        return bool((await self._logins.delete_one({"_id": login_id, "state": state})).deleted_count)
