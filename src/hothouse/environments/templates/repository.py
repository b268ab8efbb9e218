"""Queries on templates."""

from typing import Any

from pymongo import ASCENDING, IndexModel
from pymongo.errors import DuplicateKeyError

from hothouse.database.connection import Database, Document
from hothouse.environments.errors import TemplateTaken

REALM = "local"
INDEXES = {
    "templates": [
        IndexModel([("slug", ASCENDING)], unique=True),
        IndexModel([("realm", ASCENDING), ("slug", ASCENDING)]),
        IndexModel([("owner_id", ASCENDING)]),
    ]
}


class TemplatesRepository:
    """Template documents."""

    def __init__(self, database: Database) -> None:
        self._templates = database["templates"]

    async def add(self, template: Document) -> None:
        """Store a new one. Raises: `TemplateTaken`."""
        try:
            await self._templates.insert_one({**template, "realm": REALM, "schema_version": 1})
        except DuplicateKeyError as error:
            raise TemplateTaken(template["slug"]) from error

    async def get(self, template_id: str) -> Document | None:
        return await self._templates.find_one({"_id": template_id})

    async def get_many(self, template_ids: list[str]) -> list[Document]:
        return await self._templates.find({"_id": {"$in": template_ids}}).to_list()

    async def by_slug(self, slug: str) -> Document | None:
        return await self._templates.find_one({"slug": slug})

    async def all(self) -> list[Document]:
        return await self._templates.find({"realm": REALM}).sort("slug", ASCENDING).to_list()

    async def page(self, after: str | None, limit: int) -> list[Document]:
        query: dict[str, Any] = {"realm": REALM}
        if after is not None:
            query["slug"] = {"$gt": after}
        return await self._templates.find(query).sort("slug", ASCENDING).limit(limit).to_list()

    async def owned_by(self, user_id: str) -> list[Document]:
        return await self._templates.find({"owner_id": user_id}).to_list()

    async def update(self, template_id: str, fields: Document, **only_if: Any) -> bool:
        """Set fields, provided the template still has the values in `only_if`; tells whether it did."""
        result = await self._templates.update_one({"_id": template_id, **only_if}, {"$set": fields})
        return bool(result.matched_count)

    async def remove(self, template_id: str) -> None:
        await self._templates.delete_one({"_id": template_id})
