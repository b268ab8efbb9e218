"""Queries on who acted as whom."""

from datetime import datetime, timedelta
from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel

from hothouse.database.connection import Database, Document

KEPT = timedelta(days=365)  # for so long the person sees that it happened; the audit record has rules of its own
INDEXES = {
    "impersonations": [
        IndexModel([("user_id", ASCENDING), ("began_at", ASCENDING)]),
        IndexModel([("purge_at", ASCENDING)], expireAfterSeconds=0),
    ]
}


class ImpersonationsRepository:
    """Times during which somebody acted as somebody else; `_id` is that of the session."""

    def __init__(self, database: Database) -> None:
        self._impersonations = database["impersonations"]

    async def add(self, impersonation: Document) -> None:
        more = {"ended_at": None, "purge_at": impersonation["began_at"] + KEPT, "schema_version": 1}
        await self._impersonations.insert_one({**impersonation, **more})

    async def get(self, session_id: str) -> Document | None:
        return await self._impersonations.find_one({"_id": session_id})

    async def end(self, session_id: str, now: datetime) -> bool:
        """Note the end; false when it ended before."""
        query = {"_id": session_id, "ended_at": None, "expires_at": {"$gt": now}}
        return bool((await self._impersonations.update_one(query, {"$set": {"ended_at": now}})).modified_count)

    async def page(self, user_id: str, before: datetime | None, limit: int) -> list[Document]:
        """Return when a person was acted as, the newest first."""
        query: dict[str, Any] = {"user_id": user_id}
        if before is not None:
            query["began_at"] = {"$lt": before}
        return await self._impersonations.find(query).sort("began_at", DESCENDING).limit(limit).to_list()
