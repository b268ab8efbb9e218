"""Queries on roles that were made here; built-in ones are not stored."""

from pymongo import ASCENDING, IndexModel
from pymongo.errors import DuplicateKeyError

from hothouse.access.errors import RoleNameTaken
from hothouse.database.connection import Database, Document

REALM = "local"
INDEXES = {"roles": [IndexModel([("realm", ASCENDING)]), IndexModel([("kind", ASCENDING)])]}


def role_id(kind: str, name: str) -> str:
    return f"{kind}.{name}"


class RolesRepository:
    """Roles by kind and name."""

    def __init__(self, database: Database) -> None:
        self._roles = database["roles"]

    async def add(self, role: Document) -> None:
        """Raises: `RoleNameTaken`."""
        whole = {**role, "_id": role_id(role["kind"], role["name"]), "realm": REALM, "schema_version": 1}
        try:
            await self._roles.insert_one(whole)
        except DuplicateKeyError as error:
            raise RoleNameTaken(role["name"]) from error

    async def get(self, role_id: str) -> Document | None:
        return await self._roles.find_one({"_id": role_id})

    async def all(self) -> list[Document]:
        return await self._roles.find({"realm": REALM}).to_list()

    async def of_kind(self, kind: str) -> list[Document]:
        return await self._roles.find({"kind": kind}).to_list()

    async def change(self, role_id: str, fields: Document) -> bool:
        return bool((await self._roles.update_one({"_id": role_id}, {"$set": fields})).matched_count)

    async def remove(self, role_id: str) -> bool:
        return bool((await self._roles.delete_one({"_id": role_id})).deleted_count)
