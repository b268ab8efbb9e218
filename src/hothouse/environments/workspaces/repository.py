"""Queries on workspaces and their snapshots."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.errors import DuplicateKeyError

from hothouse.database.connection import Database, Document
from hothouse.environments.errors import WorkspaceTaken

REALM = "local"
INDEXES = {
    "workspaces": [
        IndexModel([("owner_id", ASCENDING), ("name", ASCENDING)], unique=True),
        IndexModel([("realm", ASCENDING), ("_id", ASCENDING)]),
        IndexModel([("is_going", ASCENDING)], sparse=True),
    ],
    "workspace_snapshots": [IndexModel([("workspace_id", ASCENDING), ("created_at", DESCENDING)])],
}
_STAYING = {"is_going": {"$exists": False}}


class WorkspacesRepository:
    """Workspace documents. Names are unique among those of one person; none is found that is being deleted."""

    def __init__(self, database: Database) -> None:
        self._workspaces = database["workspaces"]

    async def add(self, workspace: Document) -> None:
        """Store a new one. Raises: `WorkspaceTaken`."""
        try:
            await self._workspaces.insert_one({**workspace, "realm": REALM, "schema_version": 1})
        except DuplicateKeyError as error:
            raise WorkspaceTaken(workspace["name"]) from error

    async def get(self, workspace_id: str) -> Document | None:
        return await self._workspaces.find_one({"_id": workspace_id, **_STAYING})

    async def get_many(self, workspace_ids: list[str]) -> list[Document]:
        return await self._workspaces.find({"_id": {"$in": workspace_ids}, **_STAYING}).to_list()

    async def named(self, owner_id: str, name: str) -> Document | None:
        return await self._workspaces.find_one({"owner_id": owner_id, "name": name, **_STAYING})

    async def of(self, owner_id: str) -> list[Document]:
        """Return a person's workspaces by name."""
        return await self._workspaces.find({"owner_id": owner_id, **_STAYING}).sort("name", ASCENDING).to_list()

    async def of_any(self, owner_ids: Collection[str]) -> list[Document]:
        """Return the workspaces of people, in no order."""
        return await self._workspaces.find({"owner_id": {"$in": list(owner_ids)}, **_STAYING}).to_list()

    async def page_of(self, owner_id: str, after: str | None, limit: int) -> list[Document]:
        """Return some of a person's workspaces, by name, from behind one."""
        query: dict[str, Any] = {"owner_id": owner_id, **_STAYING}
        if after is not None:
            query["name"] = {"$gt": after}
        return await self._workspaces.find(query).sort("name", ASCENDING).limit(limit).to_list()

    async def page(self, after: str | None, limit: int) -> list[Document]:
        """Return some of everybody's workspaces, by id, from behind one."""
        query: dict[str, Any] = {"realm": REALM, **_STAYING}
        if after is not None:
            query["_id"] = {"$gt": after}
        return await self._workspaces.find(query).sort("_id", ASCENDING).limit(limit).to_list()

    async def update(self, workspace_id: str, fields: Document, **only_if: Any) -> bool:
        """Set fields, provided it still has the values in `only_if`; tells whether it did. Raises: `WorkspaceTaken`."""
        try:
            result = await self._workspaces.update_one({"_id": workspace_id, **_STAYING, **only_if}, {"$set": fields})
        except DuplicateKeyError as error:
            raise WorkspaceTaken(str(fields.get("name", "of that name"))) from error
        return bool(result.matched_count)

    async def grow(self, workspace_id: str, more: int) -> None:
        """Count bytes that were just written."""
        await self._workspaces.update_one(
            {"_id": workspace_id, "size.bytes": {"$exists": True}}, {"$inc": {"size.bytes": more}}
        )

    async def let_go(self, workspace_id: str) -> bool:
        """Have it found no more; false when something is being done with it."""
        return await self.update(workspace_id, {"is_going": True}, busy=None)

    async def keep(self, workspace_id: str) -> None:
        """Have it found again."""
        await self._workspaces.update_one({"_id": workspace_id}, {"$unset": {"is_going": ""}})

    async def going(self) -> list[Document]:
        """Return those that are being deleted."""
        return await self._workspaces.find({"is_going": True}).to_list()

    async def remove(self, workspace_id: str) -> None:
        await self._workspaces.delete_one({"_id": workspace_id})


class SnapshotsRepository:
    """Snapshot documents."""

    def __init__(self, database: Database) -> None:
        self._snapshots = database["workspace_snapshots"]

    async def add(self, snapshot: Document) -> None:
        """Store a new one; storing it again changes nothing."""
        try:
            await self._snapshots.insert_one({**snapshot, "schema_version": 1})
        except DuplicateKeyError:
            return

    async def get(self, snapshot_id: str) -> Document | None:
        return await self._snapshots.find_one({"_id": snapshot_id})

    async def page(self, workspace_id: str, before: datetime | None, limit: int) -> list[Document]:
        """Return some of a workspace's snapshots, newest first, from before a time."""
        query: dict[str, Any] = {"workspace_id": workspace_id}
        if before is not None:
            query["created_at"] = {"$lt": before}
        return await self._snapshots.find(query).sort("created_at", DESCENDING).limit(limit).to_list()

    async def count(self, workspace_id: str) -> int:
        return len(await self._snapshots.find({"workspace_id": workspace_id}, {"_id": 1}).to_list())

    async def update(self, snapshot_id: str, fields: Document) -> None:
        await self._snapshots.update_one({"_id": snapshot_id}, {"$set": fields})

    async def remove(self, snapshot_id: str) -> None:
        await self._snapshots.delete_one({"_id": snapshot_id})

    async def remove_all(self, workspace_id: str) -> None:
        await self._snapshots.delete_many({"workspace_id": workspace_id})
