"""Queries on groups and on who belongs to them."""

import re
from collections.abc import Iterable
from typing import Any

from pymongo import ASCENDING, IndexModel
from pymongo.errors import DuplicateKeyError

from hothouse.access.errors import GroupNameTaken
from hothouse.database.connection import Database, Document
from hothouse.kit.fences import Fences
from hothouse.kit.prefixes import LONGEST, normal, prefixes, search_words

REALM = "local"
INDEXES = {
    "groups": [
        IndexModel([("realm", ASCENDING), ("name_key", ASCENDING)], unique=True),
        IndexModel([("prefixes", ASCENDING), ("name_key", ASCENDING)]),
        IndexModel([("provider", ASCENDING), ("provider_name", ASCENDING)]),
    ],
    "memberships": [
        IndexModel([("realm", ASCENDING)]),
        IndexModel([("group_id", ASCENDING), ("member", ASCENDING)]),
        IndexModel([("member", ASCENDING)]),
    ],
}


def membership_id(group_id: str, member: str) -> str:
    return f"{group_id}|{member}"


class GroupsRepository:
    """Groups, and memberships: one document for each group and member."""

    def __init__(self, database: Database) -> None:
        self._groups = database["groups"]
        self._memberships = database["memberships"]
        self._fences = Fences()

    # Groups

    async def add(self, group: Document) -> None:
        """Raises: `GroupNameTaken`."""
        try:
            await self._groups.insert_one({**group, **_found_by(group["name"]), "realm": REALM, "schema_version": 1})
        except DuplicateKeyError as error:
            raise GroupNameTaken(group["name"]) from error

    async def get(self, group_id: str) -> Document | None:
        return await self._groups.find_one({"_id": group_id})

    async def get_many(self, group_ids: list[str]) -> dict[str, Document]:
        found = await self._groups.find({"_id": {"$in": group_ids}}).to_list()
        return {group["_id"]: group for group in found}

    async def by_name(self, name: str) -> Document | None:
        return await self._groups.find_one({"realm": REALM, "name_key": normal(name)})

    async def of_provider(self, provider: str, name: str) -> Document | None:
        """Return the group that a login provider calls `name`."""
        return await self._groups.find_one({"provider": provider, "provider_name": name})

    async def page(self, text: str | None, after: str | None, limit: int) -> list[Document]:
        """Return groups by name, from behind the name key `after`; `text` is how a word of the name begins."""
        query: dict[str, Any] = {"realm": REALM}
        if wanted := normal(text or ""):
            query = {"prefixes": wanted[:LONGEST]}
            if len(wanted) > LONGEST:
                query["words"] = {"$regex": f"^{re.escape(wanted)}"}
        found: list[Document] = []
        count = 1
        while len(found) < limit:
            until = self._fences.beyond(after, count)
            found += await self._between(query, after, until, limit - len(found))
            if until is None:
                break
            after, count = until, count * 2
        if len(found) == limit and not wanted:
            self._fences.put(found[-1]["name_key"])
        return found

    async def _between(self, query: Document, after: str | None, until: str | None, limit: int) -> list[Document]:
        bounds = {} if after is None else {"$gt": after}
        bounds |= {} if until is None else {"$lte": until}
        whole = {**query, "name_key": bounds} if bounds else query
        return await self._groups.find(whole).sort("name_key", ASCENDING).limit(limit).to_list()

    async def change(self, group_id: str, fields: Document) -> bool:
        """Raises: `GroupNameTaken`."""
        more = _found_by(fields["name"]) if "name" in fields else {}
        try:
            changed = await self._groups.update_one({"_id": group_id}, {"$set": {**fields, **more}})
        except DuplicateKeyError as error:
            raise GroupNameTaken(fields["name"]) from error
        return bool(changed.matched_count)

    async def remove(self, group_id: str) -> None:
        await self._groups.delete_one({"_id": group_id})

    # Memberships

    async def put_member(self, membership: Document) -> None:
        """Store a membership in place of any other of the same member in the same group."""
        identity = membership_id(membership["group_id"], membership["member"])
        whole = {**membership, "_id": identity, "realm": REALM, "schema_version": 1}
        await self._memberships.replace_one({"_id": identity}, whole, upsert=True)

    async def membership(self, group_id: str, member: str) -> Document | None:
        return await self._memberships.find_one({"_id": membership_id(group_id, member)})

    async def memberships_in(self, group_id: str, members: Iterable[str]) -> list[Document]:
        """Return memberships of some members of a group, in the order of the members' subjects."""
        ids = [membership_id(group_id, member) for member in members]
        found = await self._memberships.find({"_id": {"$in": ids}}).to_list()
        return sorted(found, key=lambda one: str(one["member"]))

    async def members(self, group_id: str) -> list[Document]:
        return await self._memberships.find({"group_id": group_id}).to_list()

    async def memberships_of(self, member: str) -> list[Document]:
        return await self._memberships.find({"member": member}).to_list()

    async def remove_member(self, group_id: str, member: str, **only_if: str) -> bool:
        query = {"_id": membership_id(group_id, member), **only_if}
        return bool((await self._memberships.delete_one(query)).deleted_count)

    async def remove_members(self, group_id: str) -> None:
        await self._memberships.delete_many({"group_id": group_id})

    async def remove_from_all(self, member: str) -> None:
        await self._memberships.delete_many({"member": member})


def _found_by(name: str) -> Document:
    words = search_words([name])
    return {"name_key": normal(name), "words": words, "prefixes": prefixes(words)}
