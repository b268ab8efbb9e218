"""Queries on uploads."""

from datetime import datetime

from hothouse.apps.repository.apps import REALM
from hothouse.database.connection import Database, Document


class UploadsRepository:
    """Uploads waiting to be deployed."""

    def __init__(self, database: Database) -> None:
        self._uploads = database["uploads"]

    async def add(self, upload: Document) -> None:
        await self._uploads.insert_one({**upload, "realm": REALM, "schema_version": 1})

    async def get(self, upload_id: str, owner_id: str | None, now: datetime) -> Document | None:
        return await self._uploads.find_one({"_id": upload_id, "owner_id": owner_id, "expires_at": {"$gt": now}})

    async def has_archive(self, digest: str, now: datetime) -> bool:
        """Tell whether an upload that is still valid holds this archive."""
        found = await self._uploads.find_one({"digest": digest, "expires_at": {"$gt": now}}, {"_id": 1})
        return found is not None

    async def expired(self, now: datetime) -> list[Document]:
        return await self._uploads.find({"realm": REALM, "expires_at": {"$lte": now}}).to_list()

    async def remove(self, upload_id: str) -> None:
        await self._uploads.delete_one({"_id": upload_id})
