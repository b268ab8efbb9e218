"""Every query on environments."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from pymongo import ASCENDING, IndexModel
from pymongo.errors import DuplicateKeyError

from hothouse.database.connection import Database, Document
from hothouse.environments.errors import NameTaken

REALM = "local"
INDEXES = {
    "environments": [
        IndexModel([("slug", ASCENDING)], unique=True),
        IndexModel([("owner_id", ASCENDING), ("name", ASCENDING)], unique=True),
        IndexModel([("realm", ASCENDING), ("slug", ASCENDING)]),
        IndexModel([("workspace_id", ASCENDING)]),
        IndexModel([("template_id", ASCENDING)]),
        IndexModel([("desired", ASCENDING), ("wanted_at", ASCENDING)]),
        IndexModel([("is_asleep", ASCENDING), ("asleep_since", ASCENDING)]),
    ],
}


class EnvironmentsRepository:
    """Environment documents: what is wanted of each, and where it stands."""

    def __init__(self, database: Database) -> None:
        self._environments = database["environments"]

    async def add(self, environment: Document) -> None:
        """Store a new one. Raises: `NameTaken` when its owner has another of that name."""
        try:
            await self._environments.insert_one({**environment, "realm": REALM, "schema_version": 1})
        except DuplicateKeyError as error:
            raise NameTaken(environment["name"]) from error

    async def get(self, environment_id: str) -> Document | None:
        return await self._environments.find_one({"_id": environment_id})

    async def get_many(self, environment_ids: list[str]) -> list[Document]:
        return await self._environments.find({"_id": {"$in": environment_ids}}).to_list()

    async def by_slug(self, slug: str) -> Document | None:
        return await self._environments.find_one({"slug": slug})

    async def named(self, owner_id: str, name: str) -> Document | None:
        return await self._environments.find_one({"owner_id": owner_id, "name": name})

    async def of(self, owner_id: str) -> list[Document]:
        """Return a person's environments by name."""
        return await self._environments.find({"owner_id": owner_id}).sort("name", ASCENDING).to_list()

    async def of_any(self, owner_ids: Collection[str]) -> list[Document]:
        return await self._environments.find({"owner_id": {"$in": list(owner_ids)}}).to_list()

    async def page(self, after: str | None, limit: int) -> list[Document]:
        """Return environments in the order of their slugs."""
        query: dict[str, Any] = {"realm": REALM}
        if after is not None:
            query["slug"] = {"$gt": after}
        return await self._environments.find(query).sort("slug", ASCENDING).limit(limit).to_list()

    async def all(self) -> list[Document]:
        return await self._environments.find({"realm": REALM}).to_list()

    async def wanted(self) -> list[Document]:
        """Return those that are to run, by when that was asked."""
        return await self._environments.find({"desired": "running"}).sort("wanted_at", ASCENDING).to_list()

    async def queued(self) -> list[Document]:
        """Return those that wait for their turn to start, by when that was asked."""
        query = {"desired": "running", "workload_id": None, "step": "queued"}
        return await self._environments.find(query).sort([("wanted_at", ASCENDING), ("_id", ASCENDING)]).to_list()

    async def queue(self) -> list[str]:
        """Return the ids of those that wait for their turn to start, the next one first."""
        query = {"desired": "running", "workload_id": None, "step": "queued"}
        order = [("wanted_at", ASCENDING), ("_id", ASCENDING)]
        return [one["_id"] for one in await self._environments.find(query, {"_id": 1}).sort(order).to_list()]

    async def asleep(self) -> list[Document]:
        """Return those that sleep, the one first that sleeps longest."""
        return await self._environments.find({"is_asleep": True}).sort("asleep_since", ASCENDING).to_list()

    async def in_workspace(self, workspace_id: str) -> list[Document]:
        return await self._environments.find({"workspace_id": workspace_id}).to_list()

    async def count_from(self, template_id: str) -> int:
        return await self._environments.count_documents({"template_id": template_id})

    async def update(self, environment_id: str, fields: Document, **only_if: Any) -> bool:
        """Set fields, provided it still has the values in `only_if`; tells whether it did.

        Raises: `NameTaken`.
        """
        try:
            result = await self._environments.update_one({"_id": environment_id, **only_if}, {"$set": fields})
        except DuplicateKeyError as error:
            raise NameTaken(fields["name"]) from error
        return bool(result.matched_count)

    async def note_activity(
        self, environment_id: str, at: datetime | None, open_connections: int, now: datetime
    ) -> None:
        seen = {"open_connections": open_connections, "connections_seen_at": now}
        newest = {"$max": {"last_activity_at": at}} if at is not None else {}
        await self._environments.update_one({"_id": environment_id}, {**newest, "$set": seen})

    async def remove(self, environment_id: str) -> None:
        await self._environments.delete_one({"_id": environment_id})
