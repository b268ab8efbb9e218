"""Queries on tiers, and on who was given which."""

from pymongo import ASCENDING, IndexModel
from pymongo.errors import DuplicateKeyError

from hothouse.database.connection import Database, Document

REALM = "local"
INDEXES = {
    "tiers": [IndexModel([("realm", ASCENDING), ("rank", ASCENDING)])],
    "given_tiers": [IndexModel([("tier", ASCENDING)]), IndexModel([("realm", ASCENDING), ("_id", ASCENDING)])],
}


class TiersRepository:
    """Tiers by their names, and the tier of each person and group that was given one, by subject."""

    def __init__(self, database: Database) -> None:
        self._tiers = database["tiers"]
        self._given = database["given_tiers"]

    async def add(self, tier: str, fields: Document) -> None:
        """Store a tier unless there is one of that name."""
        try:
            await self._tiers.insert_one({"_id": tier, **fields, "realm": REALM, "schema_version": 1})
        except DuplicateKeyError:
            return

    async def put(self, tier: str, fields: Document) -> Document | None:
        """Store a tier, in the place of one of that name; returns that one."""
        stored = {**fields, "realm": REALM, "schema_version": 1}
        return await self._tiers.find_one_and_update({"_id": tier}, {"$set": stored}, upsert=True)

    async def get(self, tier: str) -> Document | None:
        return await self._tiers.find_one({"_id": tier})

    async def all(self) -> list[Document]:
        """Return every tier, the lowest first."""
        return await self._tiers.find({"realm": REALM}).sort("rank", ASCENDING).to_list()

    async def remove(self, tier: str) -> None:
        await self._tiers.delete_one({"_id": tier})

    async def give(self, subject: str, tier: str) -> Document | None:
        """Note which tier a subject has; returns what it had."""
        fields = {"tier": tier, "realm": REALM, "schema_version": 1}
        return await self._given.find_one_and_update({"_id": subject}, {"$set": fields}, upsert=True)

    async def take(self, subject: str) -> Document | None:
        """Take away a subject's tier; returns what it had."""
        return await self._given.find_one_and_delete({"_id": subject})

    async def given(self) -> list[Document]:
        return await self._given.find({"realm": REALM}).sort("_id", ASCENDING).to_list()

    async def given_to(self, subjects: list[str]) -> list[Document]:
        return await self._given.find({"_id": {"$in": subjects}}).to_list()

    async def count_given(self, tier: str) -> int:
        return await self._given.count_documents({"tier": tier})
