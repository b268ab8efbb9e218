"""Every query on grants, and on what the broker measured."""

from collections.abc import Collection, Sequence
from datetime import datetime

from pymongo import ASCENDING, IndexModel
from pymongo.errors import DuplicateKeyError

from hothouse.broker.grants import COLLECTION
from hothouse.broker.usage import MINUTES, TOTALS
from hothouse.database.connection import Database, Document

INDEXES = {
    COLLECTION: [
        IndexModel([("realm", ASCENDING)]),
        IndexModel([("reader_id", ASCENDING)]),
        IndexModel([("source_id", ASCENDING)]),
        IndexModel([("reader_database", ASCENDING)]),
    ],
}
REALM = "local"  # one value all grants share: the embedded server needs an equality to use an index


def grant_id(reader_id: str, source_id: str) -> str:
    return f"{reader_id}.{source_id}"


class GrantsRepository:
    """Grants: what was decided about each pair of reader and source. Without a decision there is no document."""

    def __init__(self, database: Database) -> None:
        self._grants = database[COLLECTION]

    async def get(self, reader_id: str, source_id: str) -> Document | None:
        return await self.by_id(grant_id(reader_id, source_id))

    async def by_id(self, identity: str) -> Document | None:
        return await self._grants.find_one({"_id": identity})

    async def all(self) -> list[Document]:
        return await self._grants.find({"realm": REALM}).to_list()

    async def of_reader(self, reader_id: str) -> list[Document]:
        return await self._grants.find({"reader_id": reader_id}).to_list()

    async def of_sources(self, source_ids: Sequence[str]) -> list[Document]:
        return await self._grants.find({"source_id": {"$in": list(source_ids)}}).to_list()

    async def put(self, grant: Document) -> None:
        """Store a decision in place of any earlier one about the same pair."""
        document = {**grant, "realm": REALM, "schema_version": 1}
        identity = {"_id": grant_id(grant["reader_id"], grant["source_id"])}
        try:
            await self._grants.replace_one(identity, document, upsert=True)
        except DuplicateKeyError:  # somebody decided first at this very moment; the later decision counts
            await self._grants.replace_one(identity, document)

    async def update(self, identity: str, fields: Document) -> None:
        """Change a decision, if there is one."""
        await self._grants.update_one({"_id": identity}, {"$set": fields})

    async def remove(self, identity: str) -> None:
        await self._grants.delete_one({"_id": identity})

    async def remove_app(self, app_id: str) -> None:
        """Forget every decision in which an app is the reader or the source."""
        await self._grants.delete_many({"reader_id": app_id})
        await self._grants.delete_many({"source_id": app_id})


class UsageRepository:
    """What the broker measured of each sandbox; read here, written there."""

    def __init__(self, database: Database) -> None:
        self._usage = database[TOTALS]
        self._minutes = database[MINUTES]

    async def totals(self, name: str) -> Document | None:
        """Return what a database has had ever, or None as long as nothing was measured."""
        return await self._usage.find_one({"_id": name})

    async def sizes_of(self, databases: Collection[str]) -> dict[str, int]:
        """Return the bytes of each database that was ever measured, with what was probably written since."""
        found = await self._usage.find({"_id": {"$in": list(databases)}}, {"storage": 1}).to_list()
        sizes = {one["_id"]: one["storage"] for one in found if one.get("storage")}
        return {name: int(size.get("bytes") or 0) + int(size.get("written_since") or 0) for name, size in sizes.items()}

    async def minutes(self, name: str, since: datetime) -> list[Document]:
        """Return what happened in each minute that had anything in it."""
        return await self._minutes.find({"database": name, "at": {"$gte": since}}).to_list()

    async def names(self) -> list[str]:
        """Return the databases of which anything was measured."""
        return [document["_id"] for document in await self._usage.find({}, {"_id": 1}).to_list()]

    async def remove(self, name: str) -> None:
        """Forget everything measured of a database."""
        await self._minutes.delete_many({"database": name})
        await self._usage.delete_one({"_id": name})
