"""Queries on deployments."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pymongo import DESCENDING

from hothouse.apps.schemas import ACTIVE_DEPLOYMENT
from hothouse.database.connection import Database, Document


class DeploymentsRepository:
    """Deployment documents: each attempt to make a release serve."""

    def __init__(self, database: Database) -> None:
        self._deployments = database["deployments"]

    async def add(self, deployment: Document) -> None:
        await self._deployments.insert_one({**deployment, "schema_version": 1})

    async def get(self, deployment_id: str) -> Document | None:
        return await self._deployments.find_one({"_id": deployment_id})

    async def get_many(self, deployment_ids: list[str]) -> dict[str, Document]:
        found = await self._deployments.find({"_id": {"$in": deployment_ids}}).to_list()
        return {deployment["_id"]: deployment for deployment in found}

    async def page(self, app_id: str, after: datetime | None, limit: int) -> list[Document]:
        """Return an app's deployments, newest first."""
        query: dict[str, Any] = {"app_id": app_id}
        if after is not None:
            query["created_at"] = {"$lt": after}
        return await self._deployments.find(query).sort("created_at", DESCENDING).limit(limit).to_list()

    async def active(self) -> list[Document]:
        """Return every deployment that is under way."""
        return await self._deployments.find({"state": {"$in": list(ACTIVE_DEPLOYMENT)}}).to_list()

    async def update(self, deployment_id: str, fields: Document) -> bool:
        """Change a deployment that is under way; false when it has ended, however it ended."""
        under_way = {"_id": deployment_id, "state": {"$in": list(ACTIVE_DEPLOYMENT)}}
        result = await self._deployments.update_one(under_way, {"$set": fields})
        return bool(result.matched_count)

    async def end(
        self, deployment_id: str, state: str, reason: str, now: datetime, log_tail: Sequence[str] = ()
    ) -> bool:
        """Give up a deployment that is under way; false when it has ended already."""
        fields = {"state": state, "reason": reason, "log_tail": list(log_tail), "finished_at": now}
        return await self.update(deployment_id, fields)

    async def mark_serving(self, deployment_id: str, now: datetime) -> None:
        """Record that a deployment serves, also when a newer one was asked for at the same moment."""
        fields = {"state": "serving", "reason": None, "has_served": True, "finished_at": now}
        await self._deployments.update_one({"_id": deployment_id}, {"$set": fields})

    async def last_served(self, app_id: str, besides: int | None) -> Document | None:
        """Return the newest deployment that served a release other than `besides`."""
        deployments = await self.page(app_id, None, 500)
        return next((one for one in deployments if one["has_served"] and one["release"] != besides), None)

    async def remove_all(self, app_id: str) -> None:
        await self._deployments.delete_many({"app_id": app_id})
