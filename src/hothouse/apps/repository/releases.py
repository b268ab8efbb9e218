"""Queries on releases."""

from collections.abc import Collection
from typing import Any

from pymongo import DESCENDING

from hothouse.database.connection import Database, Document


def release_id(app_id: str, number: int) -> str:
    return f"{app_id}-{number}"


class ReleasesRepository:
    """Release documents; immutable but for what building adds to them."""

    def __init__(self, database: Database) -> None:
        self._releases = database["releases"]

    async def add(self, release: Document) -> None:
        identity = release_id(release["app_id"], release["number"])
        await self._releases.insert_one({"_id": identity, **release, "schema_version": 1})

    async def get(self, app_id: str, number: int) -> Document | None:
        return await self._releases.find_one({"_id": release_id(app_id, number)})

    async def get_many(self, which: Collection[tuple[str, int]]) -> dict[tuple[str, int], Document]:
        """Return releases by app and number."""
        found = await self._releases.find({"_id": {"$in": [release_id(*one) for one in which]}}).to_list()
        return {(one["app_id"], one["number"]): one for one in found}

    async def by_id(self, identity: str) -> Document | None:
        return await self._releases.find_one({"_id": identity})

    async def page(self, app_id: str, after: int | None, limit: int) -> list[Document]:
        """Return an app's releases, newest first."""
        query: dict[str, Any] = {"app_id": app_id}
        if after is not None:
            query["number"] = {"$lt": after}
        return await self._releases.find(query).sort("number", DESCENDING).limit(limit).to_list()

    async def newest(self, app_id: str) -> Document | None:
        found = await self.page(app_id, None, 1)
        return found[0] if found else None

    async def all(self, app_id: str) -> list[Document]:
        return await self._releases.find({"app_id": app_id}).to_list()

    async def update(self, identity: str, fields: Document) -> None:
        await self._releases.update_one({"_id": identity}, {"$set": fields})

    async def building(self, app_id: str) -> list[Document]:
        """Return an app's releases that were being built when last looked at."""
        return await self._releases.find({"app_id": app_id, "state": "building"}).to_list()

    async def needs_archive(self, digest: str, besides_app_id: str | None) -> bool:
        """Tell whether a release, of another app than the given one, was made from this archive."""
        query = {"digest": digest, "app_id": {"$ne": besides_app_id}}
        return await self._releases.find_one(query, {"_id": 1}) is not None

    async def remove_all(self, app_id: str) -> None:
        await self._releases.delete_many({"app_id": app_id})
