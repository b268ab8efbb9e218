"""Every query on identities at providers and on sign-ins under way, and the indexes that serve them."""

from datetime import datetime

from pymongo import ASCENDING, IndexModel
from pymongo.errors import DuplicateKeyError

from hothouse.database.connection import Database, Document

INDEXES = {
    "identities": [
        IndexModel([("provider", ASCENDING), ("issuer", ASCENDING), ("subject", ASCENDING)], unique=True),
        IndexModel([("user_id", ASCENDING), ("created_at", ASCENDING)]),
    ],
    "oidc_flows": [IndexModel([("expires_at", ASCENDING)], expireAfterSeconds=0)],
    "oidc_logouts": [IndexModel([("expires_at", ASCENDING)], expireAfterSeconds=0)],
}


class IdentitiesRepository:
    """Who is whose account. An identity is a subject of an issuer, under the provider's id in the settings."""

    def __init__(self, database: Database) -> None:
        self._identities = database["identities"]

    async def add(self, identity: Document) -> bool:
        """Store an identity; false if it is somebody's already."""
        try:
            await self._identities.insert_one({**identity, "schema_version": 1})
        except DuplicateKeyError:
            return False
        return True

    async def of_subject(self, provider: str, issuer: str, subject: str) -> Document | None:
        return await self._identities.find_one({"provider": provider, "issuer": issuer, "subject": subject})

    async def of_user(self, user_id: str) -> list[Document]:
        """Return a person's identities, the oldest first."""
        return await self._identities.find({"user_id": user_id}).sort("created_at", ASCENDING).to_list()

    async def note_use(self, identity_id: str, now: datetime, email: str | None) -> None:
        await self._identities.update_one({"_id": identity_id}, {"$set": {"last_used_at": now, "email": email}})

    async def remove(self, user_id: str, identity_id: str) -> bool:
        return bool((await self._identities.delete_one({"_id": identity_id, "user_id": user_id})).deleted_count)


class FlowsRepository:
    """Sign-ins that browsers have begun, by the fingerprint of their state; and logouts that were heeded."""

    def __init__(self, database: Database) -> None:
        self._flows = database["oidc_flows"]
        self._logouts = database["oidc_logouts"]

    async def add(self, flow: Document) -> None:
        await self._flows.insert_one(flow)

    async def get(self, flow_id: str, now: datetime) -> Document | None:
        return await self._flows.find_one({"_id": flow_id, "expires_at": {"$gt": now}})

    async def take(self, flow_id: str) -> bool:
        """Use a flow up; false when somebody else did."""
        return bool((await self._flows.delete_one({"_id": flow_id})).deleted_count)

    async def is_new_logout(self, token_id: str, expires_at: datetime) -> bool:
        """Note a logout token; false if it was used before."""
        try:
            await self._logouts.insert_one({"_id": token_id, "expires_at": expires_at})
        except DuplicateKeyError:
            return False
        return True
