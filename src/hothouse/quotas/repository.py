"""Queries on quotas."""

from collections.abc import Collection

from pymongo import ASCENDING, IndexModel

from hothouse.database.connection import Database, Document

REALM = "local"
INDEXES = {"quotas": [IndexModel([("realm", ASCENDING), ("_id", ASCENDING)])]}


class QuotasRepository:
    """One document a quota, by the subject that it is for."""

    def __init__(self, database: Database) -> None:
        self._quotas = database["quotas"]

    async def put(self, subject: str, limits: Document) -> Document | None:
        """Store a quota, in the place of the one that the subject had; returns that one."""
        fields = {"limits": limits, "realm": REALM, "schema_version": 1}
        return await self._quotas.find_one_and_update({"_id": subject}, {"$set": fields}, upsert=True)

    async def of(self, subjects: Collection[str]) -> list[Document]:
        return await self._quotas.find({"_id": {"$in": list(subjects)}}).to_list()

    async def all(self) -> list[Document]:
        return await self._quotas.find({"realm": REALM}).sort("_id", ASCENDING).to_list()

    async def remove(self, subject: str) -> Document | None:
        """Remove a quota; returns what it was."""
        return await self._quotas.find_one_and_delete({"_id": subject})
