"""Queries on which workload got which secrets, and when."""

from datetime import datetime

from pymongo import DESCENDING
from pymongo.errors import DuplicateKeyError

from hothouse.database.connection import Database, Document


class SecretReadsRepository:
    """One document for each workload that got secrets: names, never values."""

    def __init__(self, database: Database) -> None:
        self._reads = database["secret_reads"]

    async def add(self, read: Document) -> bool:
        """Put a read down; tells whether it was not there before."""
        try:
            await self._reads.insert_one({**read, "schema_version": 1})
        except DuplicateKeyError:
            return False
        return True

    async def page(self, app_id: str, before: datetime | None, limit: int) -> list[Document]:
        """Return an app's, newest first."""
        query: Document = {"app_id": app_id}
        if before is not None:
            query["at"] = {"$lt": before}
        return await self._reads.find(query).sort("at", DESCENDING).limit(limit).to_list()

    async def remove(self, app_id: str) -> None:
        await self._reads.delete_many({"app_id": app_id})
