"""Queries on what was culled."""

from datetime import datetime
from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel

from hothouse.database.connection import Database, Document

REALM = "local"
KEPT_SECONDS = 365 * 86_400
INDEXES = {
    "culls": [
        IndexModel([("realm", ASCENDING), ("at", DESCENDING)]),
        IndexModel([("at", ASCENDING)], expireAfterSeconds=KEPT_SECONDS),
    ]
}


class CullsRepository:
    """The record of what was put to sleep or stopped, and why."""

    def __init__(self, database: Database) -> None:
        self._culls = database["culls"]

    async def add(self, cull: Document) -> None:
        await self._culls.insert_one({**cull, "realm": REALM, "schema_version": 1})

    async def page(self, before: datetime | None, limit: int) -> list[Document]:
        """Return the newest first, from before a moment."""
        query: dict[str, Any] = {"realm": REALM}
        if before is not None:
            query["at"] = {"$lt": before}
        return await self._culls.find(query).sort("at", DESCENDING).limit(limit).to_list()
