"""Queries on accounts, as admins look at them."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.errors import DuplicateKeyError

from hothouse.database.connection import Database, Document
from hothouse.identity.errors import EmailTaken
from hothouse.kit.prefixes import LONGEST, normal, prefixes, search_words

REALM = "local"  # one value that all accounts share: the embedded server needs an equality to use an index
INDEXES = {
    "users": [
        IndexModel([("email", ASCENDING)], unique=True),
        IndexModel([("number", ASCENDING)], unique=True),
        # The number comes last, so that a query with those equalities and a range of numbers reads no more than that.
        IndexModel([("prefixes", ASCENDING), ("number", ASCENDING)]),
        IndexModel([("prefixes", ASCENDING), ("is_active", ASCENDING), ("number", ASCENDING)]),
        IndexModel([("realm", ASCENDING), ("role", ASCENDING), ("number", ASCENDING)]),
        IndexModel([("realm", ASCENDING), ("role", ASCENDING), ("is_active", ASCENDING), ("number", ASCENDING)]),
        IndexModel([("realm", ASCENDING), ("is_active", ASCENDING), ("number", ASCENDING)]),
    ],
}
WINDOW, WIDER = 250, 4


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which accounts are looked for; None is any."""

    text: str | None = None
    role: str | None = None
    is_active: bool | None = None

    def query(self) -> Document:
        query: dict[str, Any] = {}
        if text := normal(self.text or ""):
            query["prefixes"] = text[:LONGEST]
            if len(text) > LONGEST:
                query["words"] = {"$regex": f"^{re.escape(text)}"}
        if self.role is not None or self.is_active is not None:
            query["realm"] = REALM
        for name in ("role", "is_active"):
            if getattr(self, name) is not None:
                query[name] = getattr(self, name)
        return query

    @property
    def is_rare(self) -> bool:
        """Whether few accounts fit and no index goes down the numbers of those, so that all that do are fetched."""
        text = normal(self.text or "")
        return bool(text) and (self.role is not None or len(text) > LONGEST)


class PeopleRepository:
    """Accounts by their number: 1 is the first that was made, and none is left out.

    Lists go down the numbers window by window, each wider than the one before, since the embedded server fetches all
    that a query fits before it heeds its limit.
    """

    def __init__(self, database: Database) -> None:
        self._users = database["users"]
        self._counters = database["counters"]

    async def add(self, user: Document) -> None:
        """Store an account. Raises: `EmailTaken`."""
        number = await self._highest()
        words = search_words([user["name"], user["email"]])
        found_by = {"realm": REALM, "words": words, "prefixes": prefixes(words), "is_active": True, "schema_version": 2}
        while True:
            number += 1
            try:
                await self._users.insert_one({**user, **found_by, "number": number})
                break
            except DuplicateKeyError as error:
                if await self._users.find_one({"email": user["email"]}):
                    raise EmailTaken(user["email"]) from error
        await self._counters.update_one({"_id": "users"}, {"$max": {"value": number}}, upsert=True)

    async def _highest(self) -> int:
        """Return the highest number given; the counter may lag behind, never run ahead."""
        counter = await self._counters.find_one({"_id": "users"})
        value = counter["value"] if counter else 0
        later = await self._users.find({"number": {"$gt": value}}, {"number": 1}).to_list()
        return max((one["number"] for one in later), default=value)

    async def has_admin(self) -> bool:
        return await self._users.find_one({"realm": REALM, "role": "admin"}, {"_id": 1}) is not None

    async def oldest(self) -> Document | None:
        return await self._users.find_one({"number": 1})

    async def get(self, user_id: str) -> Document | None:
        return await self._users.find_one({"_id": user_id})

    async def page(self, wanted: Wanted, before: int | None, limit: int) -> list[Document]:
        """Return accounts with numbers under `before`, the newest first."""
        top = before if before is not None else await self._highest() + 1
        if wanted.is_rare:
            return await self._some({**wanted.query(), "number": {"$lt": top}}, limit)
        found: list[Document] = []
        width = WINDOW
        while top > 1 and len(found) < limit:
            bottom = max(1, top - width)
            within = {"number": {"$lt": top, "$gte": bottom}}
            found += await self._some({**within, **wanted.query()}, limit - len(found))
            top, width = bottom, width * WIDER
        return found

    async def _some(self, query: Document, limit: int) -> list[Document]:
        return await self._users.find(query).sort("number", DESCENDING).limit(limit).to_list()

    async def count_admins(self) -> int:
        """Count those who can sign in."""
        return await self._users.count_documents({"realm": REALM, "role": "admin", "is_active": True})

    async def rename(self, user: Document, name: str) -> None:
        words = search_words([name, user["email"]])
        change = {"name": name, "words": words, "prefixes": prefixes(words)}
        await self._users.update_one({"_id": user["_id"]}, {"$set": change})

    async def set_role(self, user_id: str, role: str) -> None:
        await self._users.update_one({"_id": user_id}, {"$set": {"role": role}})

    async def deactivate(self, user_id: str, now: datetime) -> None:
        """Close an account; no session of before holds, even once it is opened again."""
        change = {"$set": {"is_active": False, "deactivated_at": now}, "$inc": {"epoch": 1}}
        await self._users.update_one({"_id": user_id, "is_active": True}, change)

    async def reactivate(self, user_id: str) -> None:
        await self._users.update_one({"_id": user_id}, {"$set": {"is_active": True, "deactivated_at": None}})
