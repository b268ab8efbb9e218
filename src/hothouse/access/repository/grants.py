"""Queries on grants: one document for each resource and subject."""

from datetime import datetime
from typing import Any

from pymongo import ASCENDING, IndexModel

from hothouse.database.connection import Database, Document

REALM = "local"  # one value that all share: the embedded server needs an equality to use an index
INDEXES = {
    "grants": [
        IndexModel([("realm", ASCENDING)]),
        IndexModel([("resource", ASCENDING)]),
        IndexModel([("subject", ASCENDING)]),
        IndexModel([("kind", ASCENDING), ("role", ASCENDING)]),
        IndexModel([("purge_at", ASCENDING)]),
    ]
}


def grant_id(resource: str, subject: str) -> str:
    return f"{resource}|{subject}"


class GrantsRepository:
    """Grants by what they are on and whom they are for."""

    def __init__(self, database: Database) -> None:
        self._grants = database["grants"]

    async def put(self, grant: Document) -> None:
        """Store a grant in place of any other of the same subject on the same resource."""
        identity = grant_id(grant["resource"], grant["subject"])
        whole = {**grant, "_id": identity, "realm": REALM, "schema_version": 1}
        await self._grants.replace_one({"_id": identity}, whole, upsert=True)

    async def get(self, resource: str, subject: str) -> Document | None:
        return await self._grants.find_one({"_id": grant_id(resource, subject)})

    async def on(self, resource: str) -> list[Document]:
        return await self._grants.find({"resource": resource}).to_list()

    async def to(self, subject: str) -> list[Document]:
        return await self._grants.find({"subject": subject}).to_list()

    async def with_role(self, kind: str, role: str) -> list[Document]:
        return await self._grants.find({"kind": kind, "role": role}).to_list()

    async def remove(self, resource: str, subject: str, **only_if: Any) -> bool:
        """Take a grant away, provided it has the values in `only_if`; tells whether it was there."""
        query = {"_id": grant_id(resource, subject), **only_if}
        return bool((await self._grants.delete_one(query)).deleted_count)

    async def remove_on(self, resource: str) -> None:
        await self._grants.delete_many({"resource": resource})

    async def remove_to(self, subject: str) -> None:
        await self._grants.delete_many({"subject": subject})

    async def run_out(self, before: datetime) -> list[Document]:
        """Return grants that ran out so long ago that they are to go."""
        return await self._grants.find({"purge_at": {"$lte": before}}).to_list()
