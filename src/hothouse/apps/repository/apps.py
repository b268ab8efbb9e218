"""Queries on apps."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from pymongo import ASCENDING
from pymongo.errors import DuplicateKeyError

from hothouse.apps.errors import SlugTaken
from hothouse.database.connection import Database, Document
from hothouse.database.counters import UIDS, next_number

REALM = "local"  # one value all apps share: the embedded server needs an equality to use an index


class AppsRepository:
    """App documents: what is wanted of each app, and where it stands."""

    def __init__(self, database: Database) -> None:
        self._apps = database["apps"]
        self._database = database

    async def add(self, app: Document) -> None:
        """Store a new app. Raises: `SlugTaken` when another app has, or had, that slug."""
        try:
            await self._apps.insert_one({**app, "slugs": [app["slug"]], "realm": REALM, "schema_version": 3})
        except DuplicateKeyError as error:
            raise SlugTaken(app["slug"]) from error

    async def get(self, app_id: str) -> Document | None:
        return await self._apps.find_one({"_id": app_id})

    async def by_slug(self, slug: str) -> Document | None:
        """Return the app that has, or had, that slug."""
        return await self._apps.find_one({"slugs": slug})

    async def page(self, after: str | None, limit: int) -> list[Document]:
        """Return apps in the order of their slugs."""
        query: dict[str, Any] = {"realm": REALM}
        if after is not None:
            query["slug"] = {"$gt": after}
        return await self._apps.find(query).sort("slug", ASCENDING).limit(limit).to_list()

    async def get_many(self, app_ids: list[str]) -> list[Document]:
        return await self._apps.find({"_id": {"$in": app_ids}}).to_list()

    async def owned_by(self, user_id: str) -> list[Document]:
        return await self._apps.find({"owner_id": user_id}).to_list()

    async def owned_by_any(self, user_ids: Collection[str]) -> list[Document]:
        return await self._apps.find({"owner_id": {"$in": list(user_ids)}}).to_list()

    async def all(self) -> list[Document]:
        return await self._apps.find({"realm": REALM}).to_list()

    async def asking(self, slugs: list[str]) -> list[Document]:
        """Return the apps whose manifests ask for data of an app with one of these slugs."""
        return await self._apps.find({"reads_from": {"$in": slugs}}).to_list()

    async def update(self, app_id: str, fields: Document, **only_if: Any) -> bool:
        """Set fields, provided the app still has the values in `only_if`; tells whether it did.

        Raises: `SlugTaken` when `slugs` is set to some of which another app has, or had, one.
        """
        try:
            result = await self._apps.update_one({"_id": app_id, **only_if}, {"$set": fields})
        except DuplicateKeyError as error:
            raise SlugTaken(fields["slug"]) from error
        return bool(result.matched_count)

    async def remove(self, app_id: str) -> None:
        await self._apps.delete_one({"_id": app_id})

    async def next_release_number(self, app_id: str) -> int | None:
        """Reserve the next release number; None when the app is gone."""
        while app := await self._apps.find_one({"_id": app_id}, {"last_release": 1}):
            number: int = app["last_release"] + 1
            if await self.update(app_id, {"last_release": number}, last_release=number - 1):
                return number
        return None

    async def next_uid_offset(self) -> int:
        """Return a number no app had before: each app runs under a user id of its own."""
        return await next_number(self._database, UIDS)

    async def claim_ownerless(self, owner_id: str) -> None:
        """Give the apps that nobody owns (the examples) to the first admin."""
        await self._apps.update_many({"owner_id": None}, {"$set": {"owner_id": owner_id}})

    async def note_activity(self, app_id: str, at: datetime | None, open_connections: int, now: datetime) -> None:
        seen = {"open_connections": open_connections, "connections_seen_at": now}
        newest = {"$max": {"last_activity_at": at}} if at is not None else {}
        await self._apps.update_one({"_id": app_id}, {**newest, "$set": seen})
