"""What every person who has environments has one of: a user id on this machine, and a database."""

from collections.abc import Collection

from pymongo.errors import DuplicateKeyError

from hothouse.database.connection import Database, Document
from hothouse.database.counters import UIDS, next_number
from hothouse.kit.ids import new_id


class OwnersRepository:
    """One document a person, by the id of the account, made when first asked for."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._owners = database["environment_owners"]

    async def known(self, user_ids: Collection[str]) -> list[Document]:
        """Return what those of these people have who have any; none is made."""
        return await self._owners.find({"_id": {"$in": list(user_ids)}}).to_list()

    async def all(self) -> list[Document]:
        return await self._owners.find({}).to_list()

    async def of(self, user_id: str) -> Document:
        """Return what a person has."""
        while True:
            if owner := await self._owners.find_one({"_id": user_id}):
                return owner
            owner = {
                "_id": user_id,
                "uid_offset": await next_number(self._database, UIDS),
                "database": f"hh_{new_id(20)}",
                "schema_version": 1,
            }
            try:
                await self._owners.insert_one(owner)
            except DuplicateKeyError:
                continue
            return owner
