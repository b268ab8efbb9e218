"""Queries on passkeys, and on what they are asked."""

from datetime import datetime

from pymongo import ASCENDING, IndexModel
from pymongo.errors import DuplicateKeyError

from hothouse.database.connection import Database, Document

INDEXES = {
    "passkeys": [IndexModel([("user_id", ASCENDING)])],
    "passkey_challenges": [IndexModel([("expires_at", ASCENDING)], expireAfterSeconds=0)],
}


class PasskeysRepository:
    """One document for each passkey, by the id that the device gave it, and for each challenge that is open."""

    def __init__(self, database: Database) -> None:
        self._passkeys = database["passkeys"]
        self._challenges = database["passkey_challenges"]

    async def of(self, user_id: str) -> list[Document]:
        return await self._passkeys.find({"user_id": user_id}).sort("created_at", ASCENDING).to_list()

    async def get(self, user_id: str, passkey_id: str) -> Document | None:
        return await self._passkeys.find_one({"_id": passkey_id, "user_id": user_id})

    async def add(self, passkey: Document) -> bool:
        """Store a passkey; false when it is known already, be it another person's."""
        try:
            await self._passkeys.insert_one({**passkey, "schema_version": 1})
        except DuplicateKeyError:
            return False
        return True

    async def rename(self, user_id: str, passkey_id: str, name: str) -> bool:
        same = {"_id": passkey_id, "user_id": user_id}
        return bool((await self._passkeys.update_one(same, {"$set": {"name": name}})).matched_count)

    async def note_use(self, passkey: Document, sign_count: int, now: datetime) -> bool:
        """Put down a use; false when the passkey was used or removed since it was read."""
        same = {key: passkey[key] for key in ("_id", "user_id", "sign_count")}
        change = {"$set": {"sign_count": sign_count, "last_used_at": now}}
        return bool((await self._passkeys.update_one(same, change)).matched_count)

    async def remove(self, user_id: str, passkey_id: str) -> bool:
        return bool((await self._passkeys.delete_one({"_id": passkey_id, "user_id": user_id})).deleted_count)

    async def remove_all(self, user_id: str) -> None:
        await self._passkeys.delete_many({"user_id": user_id})

    # What they are asked

    async def put_challenge(self, about: str, challenge: bytes, expires_at: datetime) -> None:
        """Store the one challenge that is open for something."""
        change = {"$set": {"challenge": challenge, "expires_at": expires_at}}
        await self._challenges.update_one({"_id": about}, change, upsert=True)

    async def take_challenge(self, about: str, now: datetime) -> bytes | None:
        """Use a challenge up, whatever comes of it; None when none is open."""
        found = await self._challenges.find_one_and_delete({"_id": about, "expires_at": {"$gt": now}})
        return bytes(found["challenge"]) if found else None
