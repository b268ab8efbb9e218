"""How much quotas leave to a database: the hub writes it, the broker holds to it besides the database's own limit."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from pymongo import ASCENDING, IndexModel
from pymongo.asynchronous.database import AsyncDatabase

COLLECTION = "broker_quotas"
REALM = "local"  # one value all share: the embedded server needs an equality to use an index
INDEXES = {COLLECTION: [IndexModel([("realm", ASCENDING)])]}


@dataclass(frozen=True, slots=True)
class StorageQuota:
    """What a database may take, in bytes, and by which quota, as people read it."""

    bytes: int
    by: str


class StorageQuotas:
    """One document a database that a quota limits."""

    def __init__(self, database: AsyncDatabase[dict[str, Any]]) -> None:
        self._quotas = database[COLLECTION]

    async def of(self, databases: Collection[str]) -> dict[str, StorageQuota]:
        """Return the quotas of those databases that have one."""
        found = self._quotas.find({"_id": {"$in": list(databases)}})
        return {one["_id"]: StorageQuota(one["bytes"], one["by"]) async for one in found}

    async def keep(self, quotas: Mapping[str, StorageQuota]) -> None:
        """Have these, and no others."""
        before = {
            one["_id"]: StorageQuota(one["bytes"], one["by"]) async for one in self._quotas.find({"realm": REALM})
        }
        for name, quota in quotas.items():
            if before.get(name) != quota:
                fields = {"bytes": quota.bytes, "by": quota.by, "realm": REALM, "schema_version": 1}
                await self._quotas.update_one({"_id": name}, {"$set": fields}, upsert=True)
        if gone := [name for name in before if name not in quotas]:
            await self._quotas.delete_many({"_id": {"$in": gone}})
