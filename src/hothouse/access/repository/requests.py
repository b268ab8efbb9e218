"""Queries on requests for access: one document for each person and what they asked for by name."""

from datetime import datetime
from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel

from hothouse.database.connection import Database, Document

INDEXES = {
    "access_requests": [
        IndexModel([("pair", ASCENDING)], unique=True),
        IndexModel([("state", ASCENDING), ("created_at", DESCENDING)]),
        IndexModel([("user_id", ASCENDING), ("created_at", DESCENDING)]),
        IndexModel([("purge_at", ASCENDING)], expireAfterSeconds=0),
    ]
}


class RequestsRepository:
    """Requests, also those for what does not exist: they are kept, and shown to nobody who decides."""

    def __init__(self, database: Database) -> None:
        self._requests = database["access_requests"]

    async def put(self, pair: str, request: Document, identity: str) -> None:
        """Store a request in place of an earlier one for the same; it keeps its id."""
        made = {"_id": identity, "schema_version": 1}
        await self._requests.update_one({"pair": pair}, {"$set": request, "$setOnInsert": made}, upsert=True)

    async def get(self, request_id: str) -> Document | None:
        return await self._requests.find_one({"_id": request_id})

    async def in_state(self, state: str, before: datetime | None = None) -> list[Document]:
        """Return requests, the newest first."""
        query: dict[str, Any] = {"state": state}
        if before is not None:
            query["created_at"] = {"$lt": before}
        return await self._requests.find(query).sort("created_at", DESCENDING).to_list()

    async def of(self, user_id: str) -> list[Document]:
        """Return a person's requests, the newest first."""
        return await self._requests.find({"user_id": user_id}).sort("created_at", DESCENDING).to_list()

    async def move(self, request_id: str, state: str, to: Document) -> bool:
        """Change a request that is in a state; false when it is not any more."""
        moved = await self._requests.update_one({"_id": request_id, "state": state}, {"$set": to})
        return bool(moved.modified_count)
