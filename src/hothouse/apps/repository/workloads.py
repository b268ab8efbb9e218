"""Queries on workloads."""

from typing import Any

from hothouse.database.connection import Database, Document


class WorkloadsRepository:
    """Workload documents: written before anything is started, so that nothing can run unrecorded."""

    def __init__(self, database: Database) -> None:
        self._workloads = database["workloads"]

    async def add(self, workload: Document) -> None:
        await self._workloads.insert_one({**workload, "is_live": True, "schema_version": 1})

    async def get(self, workload_id: str) -> Document | None:
        return await self._workloads.find_one({"_id": workload_id})

    async def of_app(self, app_id: str) -> list[Document]:
        return await self._workloads.find({"app_id": app_id}).to_list()

    async def live(self) -> list[Document]:
        """Return every workload that is, or may be, running."""
        return await self._workloads.find({"is_live": True}).to_list()

    async def update(self, workload_id: str, fields: dict[str, Any]) -> None:
        await self._workloads.update_one({"_id": workload_id}, {"$set": fields})

    async def remove(self, workload_id: str) -> None:
        await self._workloads.delete_one({"_id": workload_id})

    async def remove_all(self, app_id: str) -> None:
        await self._workloads.delete_many({"app_id": app_id})
