"""Queries on workloads."""

from typing import Any

from pymongo import ASCENDING, IndexModel

from hothouse.database.connection import Database, Document

INDEXES = {"workloads": [IndexModel([("owner", ASCENDING)]), IndexModel([("is_live", ASCENDING)])]}


class WorkloadsRepository:
    """Workload documents: written before anything is started, so that nothing can run unrecorded.

    `owner` is the key of what a workload runs for; see `interfaces.owner_key`.
    """

    def __init__(self, database: Database) -> None:
        self._workloads = database["workloads"]

    async def add(self, workload: Document) -> None:
        await self._workloads.insert_one({**workload, "is_live": True, "schema_version": 2})

    async def get(self, workload_id: str) -> Document | None:
        return await self._workloads.find_one({"_id": workload_id})

    async def get_many(self, workload_ids: list[str]) -> list[Document]:
        return await self._workloads.find({"_id": {"$in": workload_ids}}).to_list()

    async def of(self, owner: str) -> list[Document]:
        """Return the workloads of an app or environment, running and ended."""
        return await self._workloads.find({"owner": owner}).to_list()

    async def live(self) -> list[Document]:
        """Return every workload that is, or may be, running."""
        return await self._workloads.find({"is_live": True}).to_list()

    async def update(self, workload_id: str, fields: dict[str, Any]) -> None:
        await self._workloads.update_one({"_id": workload_id}, {"$set": fields})

    async def let_spare_go(self, workload_id: str, fields: dict[str, Any]) -> bool:
        """Set fields of a spare, which from then on is none; tells whether it was one until now."""
        gone = {**fields, "is_spare": False}
        result = await self._workloads.update_one({"_id": workload_id, "is_spare": True}, {"$set": gone})
        return bool(result.matched_count)

    async def remove(self, workload_id: str) -> None:
        await self._workloads.delete_one({"_id": workload_id})
