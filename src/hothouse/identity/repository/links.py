"""Queries on single-use links: invitations, and resets of passwords."""

from datetime import datetime, timedelta
from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel

from hothouse.database.connection import Database, Document

REALM = "local"
KEPT = timedelta(days=90)  # an invitation is listed for so long after it ran out
INDEXES = {
    "invitations": [
        IndexModel([("code_hash", ASCENDING)], unique=True),
        IndexModel([("realm", ASCENDING), ("created_at", ASCENDING)]),
        IndexModel([("invited_by", ASCENDING)]),
        IndexModel([("email", ASCENDING)]),
        IndexModel([("purge_at", ASCENDING)], expireAfterSeconds=0),
    ],
    "password_resets": [
        IndexModel([("user_id", ASCENDING)]),
        IndexModel([("expires_at", ASCENDING)], expireAfterSeconds=0),
    ],
}


class LinksRepository:
    """Links by the fingerprints of their codes."""

    def __init__(self, database: Database) -> None:
        self._invitations = database["invitations"]
        self._resets = database["password_resets"]

    # Invitations

    async def add_invitation(self, invitation: Document) -> None:
        more = {"realm": REALM, "purge_at": invitation["expires_at"] + KEPT, "schema_version": 1}
        await self._invitations.insert_one({**invitation, **more})

    async def invitation(self, code_hash: str, now: datetime) -> Document | None:
        """Return an invitation that can be accepted now."""
        query = {"code_hash": code_hash, "state": "open", "expires_at": {"$gt": now}}
        return await self._invitations.find_one(query)

    async def invitation_for(self, email: str, now: datetime) -> Document | None:
        """Return an invitation to an address that can be accepted now."""
        return await self._invitations.find_one({"email": email, "state": "open", "expires_at": {"$gt": now}})

    async def invitations_page(self, after: datetime | None, limit: int) -> list[Document]:
        query: dict[str, Any] = {"realm": REALM}
        if after is not None:
            query["created_at"] = {"$lt": after}
        return await self._invitations.find(query).sort("created_at", DESCENDING).limit(limit).to_list()

    async def claim_invitation(self, code_hash: str, now: datetime) -> bool:
        """Use an invitation up; false when somebody else did, or it was revoked, or ran out."""
        query = {"code_hash": code_hash, "state": "open", "expires_at": {"$gt": now}}
        taken = await self._invitations.update_one(query, {"$set": {"state": "accepted", "accepted_at": now}})
        return bool(taken.modified_count)

    async def give_back_invitation(self, invitation_id: str) -> None:
        """Let an invitation be accepted after all; nobody came of it."""
        change = {"state": "open", "accepted_at": None}
        await self._invitations.update_one({"_id": invitation_id}, {"$set": change})

    async def note_accepted(self, invitation_id: str, user_id: str) -> None:
        await self._invitations.update_one({"_id": invitation_id}, {"$set": {"accepted_by": user_id}})

    async def remove_invitation(self, invitation_id: str) -> bool:
        """Revoke an invitation that nobody accepted yet."""
        return bool((await self._invitations.delete_one({"_id": invitation_id, "state": "open"})).deleted_count)

    async def remove_invitations_by(self, user_id: str) -> None:
        await self._invitations.delete_many({"invited_by": user_id, "state": "open"})

    # Resets of passwords

    async def put_reset(self, reset: Document) -> None:
        """Store the one reset of a person that counts from now on."""
        await self._resets.delete_many({"user_id": reset["user_id"]})
        await self._resets.insert_one(reset)

    async def reset(self, code_hash: str, now: datetime) -> Document | None:
        return await self._resets.find_one({"_id": code_hash, "expires_at": {"$gt": now}})

    async def take_reset(self, code_hash: str) -> bool:
        """Use a reset up; false when somebody else did."""
        return bool((await self._resets.delete_one({"_id": code_hash})).deleted_count)

    async def remove_resets(self, user_id: str) -> None:
        await self._resets.delete_many({"user_id": user_id})
