"""Every query on accounts, sessions, tokens and hand-over codes."""

from datetime import datetime
from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel

from hothouse.database.connection import Database, Document

INDEXES = {
    "sessions": [
        IndexModel([("user_id", ASCENDING), ("created_at", ASCENDING)]),
        IndexModel([("parent_id", ASCENDING)]),
        IndexModel([("by.key", ASCENDING)]),
        IndexModel([("app_id", ASCENDING)]),
        IndexModel([("impersonator_id", ASCENDING)], sparse=True),
        IndexModel([("expires_at", ASCENDING)], expireAfterSeconds=0),
        IndexModel([("last_used_at", ASCENDING)]),
    ],
    "tokens": [
        IndexModel([("token_hash", ASCENDING)], unique=True),
        IndexModel([("user_id", ASCENDING), ("created_at", ASCENDING)]),
    ],
    "handovers": [
        IndexModel([("app_id", ASCENDING)]),
        IndexModel([("user_id", ASCENDING)]),
        IndexModel([("expires_at", ASCENDING)], expireAfterSeconds=0),
    ],
}


class IdentityRepository:
    """Accounts and what proves them, in the platform's database."""

    def __init__(self, database: Database) -> None:
        self._users = database["users"]
        self._sessions = database["sessions"]
        self._tokens = database["tokens"]
        self._handovers = database["handovers"]
        self._setup = database["setup"]

    # Accounts

    async def user(self, user_id: str) -> Document | None:
        return await self._users.find_one({"_id": user_id})

    async def users(self, user_ids: list[str]) -> list[Document]:
        return await self._users.find({"_id": {"$in": user_ids}}).to_list()

    async def user_by_email(self, email: str) -> Document | None:
        return await self._users.find_one({"email": email.lower()})

    async def change_password(
        self, user_id: str, former_hash: str | None, password_hash: str | None, epoch: int
    ) -> bool:
        """Replace a password; false when it is not `former_hash` any more. Sessions of earlier epochs end with it.

        None is no password.
        """
        changed = await self._users.update_one(
            {"_id": user_id, "password_hash": former_hash, "is_active": True},
            {"$set": {"password_hash": password_hash, "epoch": epoch}},
        )
        return bool(changed.modified_count)

    async def note_email_proven(self, user_id: str) -> None:
        await self._users.update_one({"_id": user_id}, {"$set": {"is_email_proven": True}})

    # The set-up code

    async def put_setup_code(self, code_hash: str) -> None:
        await self._setup.update_one({"_id": "code"}, {"$set": {"hash": code_hash}}, upsert=True)

    async def take_setup_code(self, code_hash: str) -> bool:
        """Use the code up; false when it is not the current one."""
        return bool((await self._setup.delete_one({"_id": "code", "hash": code_hash})).deleted_count)

    # Sessions

    async def add_session(self, session: Document) -> None:
        await self._sessions.insert_one(session)

    async def session(self, session_id: str, now: datetime) -> Document | None:
        return await self._sessions.find_one({"_id": session_id, "expires_at": {"$gt": now}})

    async def sessions_page(self, user_id: str, now: datetime, after: datetime | None, limit: int) -> list[Document]:
        """Return a person's own sessions on the main origin, the newest first."""
        query: dict[str, Any] = {
            "user_id": user_id,
            "app_id": None,
            "impersonator_id": None,
            "expires_at": {"$gt": now},
        }
        if after is not None:
            query["created_at"] = {"$lt": after}
        return await self._sessions.find(query).sort("created_at", DESCENDING).limit(limit).to_list()

    async def users_since(self, moment: datetime) -> set[str]:
        """Return the ids of those whose sessions were used since a moment."""
        found = await self._sessions.find({"last_used_at": {"$gte": moment}}, {"user_id": 1}).to_list()
        return {one["user_id"] for one in found}

    async def touch_sessions(self, session_ids: list[str], seen: Document) -> None:
        await self._sessions.update_many({"_id": {"$in": session_ids}}, {"$set": seen})

    async def carry_over_session(self, session_id: str, epoch: int) -> None:
        """Let a session and the app sessions that hang on it outlive the change of their owner's epoch."""
        for query in ({"_id": session_id}, {"parent_id": session_id}):
            await self._sessions.update_many(query, {"$addToSet": {"epochs": epoch}})

    async def is_own_session(self, user_id: str, session_id: str) -> bool:
        return await self._sessions.find_one({"_id": session_id, "user_id": user_id, "app_id": None}) is not None

    async def remove_sessions(self, user_id: str, keep: str | None = None) -> None:
        """End every session of a person, on apps' origins, too, but `keep` and what hangs on that."""
        await self._handovers.delete_many({"user_id": user_id})
        spared = {"_id": {"$ne": keep}, "parent_id": {"$ne": keep}} if keep else {}
        await self._sessions.delete_many({"user_id": user_id, **spared})

    async def remove_sessions_under(self, session_id: str) -> None:
        await self._sessions.delete_many({"parent_id": session_id})

    async def remove_impersonations_by(self, user_id: str) -> None:
        """End every session in which somebody acts as somebody else."""
        await self._sessions.delete_many({"impersonator_id": user_id})

    async def sessions_by_key(self, key: str) -> list[Document]:
        """Return the sessions that began with a certain session at an OpenID provider."""
        return await self._sessions.find({"by.key": key}, {"_id": 1}).to_list()

    async def sessions_by_provider(self, user_id: str, provider: str) -> list[Document]:
        """Return a person's sessions that began at an OpenID provider."""
        return await self._sessions.find({"user_id": user_id, "by.provider": provider}, {"_id": 1}).to_list()

    async def remove_session(self, session_id: str) -> None:
        """End a session and the app sessions that hang on it."""
        await self._sessions.delete_many({"parent_id": session_id})
        await self._sessions.delete_one({"_id": session_id})

    async def remove_sessions_of_app(self, app_id: str) -> None:
        await self._sessions.delete_many({"app_id": app_id})
        await self._handovers.delete_many({"app_id": app_id})

    # API tokens

    async def add_token(self, token: Document) -> None:
        await self._tokens.insert_one(token)

    async def token_by_hash(self, token_hash: str) -> Document | None:
        return await self._tokens.find_one({"token_hash": token_hash})

    async def token(self, token_id: str) -> Document | None:
        return await self._tokens.find_one({"_id": token_id})

    async def touch_token(self, token_id: str, now: datetime) -> None:
        await self._tokens.update_one({"_id": token_id}, {"$set": {"last_used_at": now}})

    async def tokens_page(self, user_id: str, after: datetime | None, limit: int) -> list[Document]:
        query: dict[str, Any] = {"user_id": user_id}
        if after is not None:
            query["created_at"] = {"$gt": after}
        return await self._tokens.find(query).sort("created_at", ASCENDING).limit(limit).to_list()

    async def remove_token(self, user_id: str, token_id: str) -> bool:
        return bool((await self._tokens.delete_one({"_id": token_id, "user_id": user_id})).deleted_count)

    async def remove_tokens(self, user_id: str) -> None:
        await self._tokens.delete_many({"user_id": user_id})

    # Hand-over codes

    async def add_handover(self, handover: Document) -> None:
        await self._handovers.insert_one(handover)

    async def take_handover(self, code_hash: str, now: datetime) -> Document | None:
        """Use a code up; None when it is unknown, used or expired."""
        claimed = await self._handovers.update_one(
            {"_id": code_hash, "is_used": False, "expires_at": {"$gt": now}}, {"$set": {"is_used": True}}
        )
        return await self._handovers.find_one({"_id": code_hash}) if claimed.modified_count else None
