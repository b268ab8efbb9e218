"""Every query on the audit record, on what was announced for it, and on where it stands."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

from pymongo import ASCENDING, IndexModel
from pymongo.errors import DuplicateKeyError

from hothouse.audit.chain import GENESIS
from hothouse.audit.narrowing import FIRST_WINDOW, Narrowing
from hothouse.database.connection import Database, Document

INDEXES = {
    "audit": [
        IndexModel([("seq", ASCENDING)], unique=True),
        IndexModel([("who", ASCENDING), ("seq", ASCENDING)]),
        IndexModel([("action", ASCENDING), ("seq", ASCENDING)]),
        IndexModel([("about", ASCENDING), ("seq", ASCENDING)]),
        IndexModel([("result", ASCENDING), ("seq", ASCENDING)]),
    ],
    "audit_announced": [IndexModel([("at", ASCENDING)])],
}
HEAD, VERIFICATION = "head", "verification"


class AuditRepository:
    """Entries are only ever added; a place in the record is taken by whoever writes it first.

    Where the record ends is kept beside it, as a hint for writers and to notice an end that was cut off. It may lag
    behind, since it is written after the entry.
    """

    def __init__(self, database: Database) -> None:
        self._entries = database["audit"]
        self._announced = database["audit_announced"]
        self._state = database["audit_state"]

    # Entries

    async def add(self, entry: Document) -> bool:
        """Store an entry; false when its place, or its id, is taken."""
        try:
            await self._entries.insert_one({**entry, "schema_version": 1})
        except DuplicateKeyError:
            return False
        return True

    async def by_id(self, entry_id: str) -> Document | None:
        return await self._entries.find_one({"_id": entry_id})

    async def at(self, seq: int) -> Document | None:
        return await self._entries.find_one({"seq": seq})

    async def window(self, first: int, last: int, **only: Any) -> list[Document]:
        """Return the entries from one place to another, oldest first; at most one condition is found by an index."""
        return await self._entries.find({"seq": {"$gte": first, "$lte": last}, **only}).sort("seq", ASCENDING).to_list()

    async def backwards(self, first: int, last: int, **only: Any) -> AsyncIterator[Document]:
        """Yield entries from the newest on, reading no more at a time than it takes."""
        search = Narrowing(only)
        while last >= first:
            bottom = max(first, last - search.width + 1)
            found = await self.window(bottom, last, **search.query)
            for entry in reversed(search.learn(found, last - bottom + 1)):
                yield entry
            last = bottom - 1

    async def forwards(self, first: int, last: int, **only: Any) -> AsyncIterator[Document]:
        """Yield entries from the oldest on, reading no more at a time than it takes."""
        search = Narrowing(only)
        while first <= last:
            top = min(last, first + search.width - 1)
            found = await self.window(first, top, **search.query)
            for entry in search.learn(found, top - first + 1):
                yield entry
            first = top + 1

    async def remove(self, first: int, last: int) -> None:
        """Remove entries whose time has passed, oldest first, so that what is left is whole wherever this ends."""
        while first <= last:
            until = min(last, first + FIRST_WINDOW - 1)
            await self._entries.delete_many({"seq": {"$gte": first, "$lte": until}})
            await self._state.update_one({"_id": HEAD}, {"$set": {"first": until + 1}})
            first = until + 1

    # Where the record begins and ends

    async def head(self) -> Document:
        """Return what is noted of the newest entry, `{seq, hash, at}`, and the place of the oldest, `first`."""
        while (head := await self._state.find_one({"_id": HEAD})) is None:
            newest = await self._entries.find({"seq": {"$gte": 1}}).sort("seq", -1).limit(1).to_list()
            made = head_of(newest[0]) if newest else {"seq": 0, "hash": GENESIS, "at": None}
            try:
                await self._state.insert_one({"_id": HEAD, "first": 1, **made})
            except DuplicateKeyError:
                continue
        return head

    async def note_head(self, entry: Document) -> None:
        await self._state.update_one({"_id": HEAD, "seq": {"$lt": entry["seq"]}}, {"$set": head_of(entry)})

    # The last verification

    async def verification(self) -> Document | None:
        return await self._state.find_one({"_id": VERIFICATION})

    async def begin_verification(self, document: Document, stale_before: datetime) -> bool:
        """Note that it begins; false when another one is going on that was heard of since `stale_before`."""
        going_on = {"_id": VERIFICATION, "state": "running", "heard_at": {"$gte": stale_before}}
        if await self._state.find_one(going_on) is not None:
            return False
        await self._state.replace_one({"_id": VERIFICATION}, document, upsert=True)
        return True

    async def note_verification(self, run: str, **change: Any) -> None:
        """Note how far one got, unless a later one has taken its place."""
        await self._state.update_one({"_id": VERIFICATION, "run": run}, {"$set": change})

    # What is about to be done

    async def announce(self, announcement: Document) -> None:
        await self._announced.insert_one(announcement)

    async def withdraw(self, entry_id: str) -> None:
        await self._announced.delete_one({"_id": entry_id})

    async def announced_before(self, moment: datetime) -> list[Document]:
        return await self._announced.find({"at": {"$lt": moment}}).to_list()


def head_of(entry: Document) -> Document:
    return {key: entry[key] for key in ("seq", "hash", "at")}
