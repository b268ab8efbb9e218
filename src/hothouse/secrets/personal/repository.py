"""Queries on the secrets of people, and on which workload was given which."""

from collections.abc import AsyncIterator
from datetime import datetime

from pymongo import ASCENDING, IndexModel
from pymongo.errors import DuplicateKeyError

from hothouse.database.connection import Database, Document
from hothouse.secrets.personal.errors import SecretPathTaken

REALM = "local"  # one value all share: the embedded server needs an equality to use an index
READS_KEPT_SECONDS = 2 * 365 * 86_400
BATCH = 50

INDEXES = {
    "personal_secrets": [
        IndexModel([("user_id", ASCENDING), ("name", ASCENDING)], unique=True),
        IndexModel(
            [("user_id", ASCENDING), ("path", ASCENDING)],
            name="one_file_at_a_path",
            unique=True,
            partialFilterExpression={"path": {"$exists": True}},
        ),
        IndexModel([("realm", ASCENDING), ("_id", ASCENDING)]),
    ],
    "personal_secret_reads": [
        IndexModel([("at", ASCENDING)], expireAfterSeconds=READS_KEPT_SECONDS),
    ],
}


class PersonalSecretsRepository:
    """One document for each secret, and one for each workload that was given some: names, never values."""

    def __init__(self, database: Database) -> None:
        self._secrets = database["personal_secrets"]
        self._reads = database["personal_secret_reads"]

    async def page(self, user_id: str, after: str | None, limit: int) -> list[Document]:
        """Return a person's secrets in the order of their names, without what is sealed."""
        query: Document = {"user_id": user_id} | ({"name": {"$gt": after}} if after is not None else {})
        return await self._secrets.find(query, {"sealed": 0}).sort("name", ASCENDING).limit(limit).to_list()

    async def sealed(self, user_id: str) -> list[Document]:
        """Return all secrets of a person with what is sealed."""
        return await self._secrets.find({"user_id": user_id}).sort("name", ASCENDING).to_list()

    async def put(self, secret: Document) -> None:
        """Store a secret in the place of one of the same name. Raises: `SecretPathTaken`."""
        change: Document = {"$set": {**secret, "realm": REALM, "schema_version": 1}}
        if "path" not in secret:
            change["$unset"] = {"path": ""}
        try:
            await self._secrets.update_one({"_id": id_of(secret["user_id"], secret["name"])}, change, upsert=True)
        except DuplicateKeyError as error:
            raise SecretPathTaken(secret.get("path", "")) from error

    async def remove(self, user_id: str, name: str) -> bool:
        return bool((await self._secrets.delete_one({"_id": id_of(user_id, name)})).deleted_count)

    async def note_read(self, workload_id: str, user_id: str, names: list[str], now: datetime) -> bool:
        """Put down what a workload is given; tells whether it had not been given it before."""
        change = {"$addToSet": {"names": {"$each": names}}, "$setOnInsert": {"at": now, "schema_version": 1}}
        found = await self._reads.update_one({"_id": workload_id, "user_id": user_id}, change, upsert=True)
        ids = [id_of(user_id, name) for name in names]
        await self._secrets.update_many({"_id": {"$in": ids}}, {"$max": {"last_read_at": now}})
        return bool(found.upserted_id is not None or found.modified_count)

    # For a change of the keys that seal them

    async def batches(self) -> AsyncIterator[list[Document]]:
        """Yield everybody's secrets, some at a time."""
        after = ""
        while True:
            query = {"realm": REALM, "_id": {"$gt": after}}
            found = await self._secrets.find(query).sort("_id", ASCENDING).limit(BATCH).to_list()
            if not found:
                return
            yield found
            after = found[-1]["_id"]

    async def replace_sealed(self, secret: Document, anew: str) -> bool:
        """Put a value sealed anew in the place of the same value; false when it was changed meanwhile."""
        same = {"_id": secret["_id"], "sealed": secret["sealed"]}
        return bool((await self._secrets.update_one(same, {"$set": {"sealed": anew}})).modified_count)


def id_of(user_id: str, name: str) -> str:
    """Return what a secret of a person is called in the database."""
    return f"{user_id}/{name}"
