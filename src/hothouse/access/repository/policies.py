"""Reading what decisions are made from: all of it, or what changed."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from hothouse.access.interfaces import Grant, Membership, Policy, Role
from hothouse.database.connection import Database, Document

REALM = "local"
COLLECTIONS = ("roles", "memberships", "grants")
INDEXES: Mapping[str, Sequence[Any]] = {}
FIELDS = {
    "grants": ("resource", "subject", "role", "expires_at"),
    "memberships": ("group_id", "member", "is_manager"),
    "roles": ("kind", "name", "actions"),
}
BATCH = 500


class PoliciesRepository:
    """Grants, memberships and roles as policies."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> AsyncIterator[Policy]:
        """Yield everything, roles first."""
        for collection in COLLECTIONS:
            projection = dict.fromkeys(FIELDS[collection], 1)
            async for document in self._database[collection].find({"realm": REALM}, projection):
                yield to_policy(collection, document)

    async def some(self, collection: str, ids: Sequence[str]) -> dict[str, Policy]:
        """Return those of some ids that are there, by id."""
        found: dict[str, Policy] = {}
        for start in range(0, len(ids), BATCH):
            query = {"_id": {"$in": list(ids[start : start + BATCH])}}
            async for document in self._database[collection].find(query):
                found[document["_id"]] = to_policy(collection, document)
        return found


def to_policy(collection: str, document: Document) -> Policy:
    """Read a document."""
    match collection:
        case "grants":
            return Grant(document["resource"], document["subject"], document["role"], document["expires_at"])
        case "memberships":
            return Membership(document["group_id"], document["member"], document["is_manager"])
        case _:
            return Role(document["kind"], document["name"], frozenset(document["actions"]))
