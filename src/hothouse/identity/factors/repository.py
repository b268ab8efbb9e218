"""Queries on second factors, by account, and on sign-ins that wait for their second step."""

from datetime import datetime

from pymongo import ASCENDING, IndexModel
from pymongo.errors import DuplicateKeyError

from hothouse.database.connection import Database, Document

INDEXES = {
    "second_factor_offers": [IndexModel([("expires_at", ASCENDING)], expireAfterSeconds=0)],
    "second_steps": [
        IndexModel([("user_id", ASCENDING)]),
        IndexModel([("expires_at", ASCENDING)], expireAfterSeconds=0),
    ],
}


class FactorsRepository:
    """Second factors and what leads to them. Each is taken by a compare-and-set, so that nothing works twice."""

    def __init__(self, database: Database) -> None:
        self._factors = database["second_factors"]
        self._offers = database["second_factor_offers"]
        self._steps = database["second_steps"]

    async def get(self, user_id: str) -> Document | None:
        return await self._factors.find_one({"_id": user_id})

    async def all(self) -> list[Document]:
        """Return every second factor, for a change of the keys that seal them."""
        return await self._factors.find({}, {"key": 1}).to_list()

    async def replace_key(self, user_id: str, sealed: str, anew: str) -> None:
        """Put a key sealed anew in the place of the same key."""
        await self._factors.update_one({"_id": user_id, "key": sealed}, {"$set": {"key": anew}})

    async def owners(self, user_ids: list[str]) -> set[str]:
        """Return those among accounts that have a second factor."""
        return {one["_id"] for one in await self._factors.find({"_id": {"$in": user_ids}}, {"_id": 1}).to_list()}

    async def add(self, factor: Document) -> bool:
        """Store somebody's first second factor; false when there is one already."""
        try:
            await self._factors.insert_one({**factor, "schema_version": 1})
        except DuplicateKeyError:
            return False
        return True

    async def replace(self, factor: Document) -> bool:
        """Put another second factor in the place of one; false when there is none any more."""
        found = await self._factors.replace_one({"_id": factor["_id"]}, {**factor, "schema_version": 1})
        return bool(found.matched_count)

    async def remove(self, user_id: str) -> bool:
        return bool((await self._factors.delete_one({"_id": user_id})).deleted_count)

    async def use_step(self, user_id: str, key: str, step: int, now: datetime) -> bool:
        """Use up the code of a step and of all before it; false when that was done already."""
        used = await self._factors.update_one(
            {"_id": user_id, "key": key, "last_step": {"$lt": step}}, {"$set": {"last_step": step, "last_used_at": now}}
        )
        return bool(used.modified_count)

    async def use_recovery(self, user_id: str, mark: str, now: datetime) -> bool:
        """Use a recovery code up; false when there is none such (any more)."""
        used = await self._factors.update_one(
            {"_id": user_id, "recovery": mark}, {"$pull": {"recovery": mark}, "$set": {"last_used_at": now}}
        )
        return bool(used.modified_count)

    async def renew_recovery(self, user_id: str, marks: list[str]) -> bool:
        return bool((await self._factors.update_one({"_id": user_id}, {"$set": {"recovery": marks}})).matched_count)

    # Keys on offer

    async def put_offer(self, user_id: str, key: str, expires_at: datetime) -> None:
        """Store the one key that a person can set up from now on."""
        await self._offers.update_one({"_id": user_id}, {"$set": {"key": key, "expires_at": expires_at}}, upsert=True)

    async def offer(self, user_id: str, now: datetime) -> Document | None:
        return await self._offers.find_one({"_id": user_id, "expires_at": {"$gt": now}})

    async def take_offer(self, user_id: str, key: str) -> bool:
        return bool((await self._offers.delete_one({"_id": user_id, "key": key})).deleted_count)

    # Second steps

    async def add_step(self, step: Document) -> None:
        await self._steps.insert_one(step)

    async def step(self, step_id: str, now: datetime) -> Document | None:
        return await self._steps.find_one({"_id": step_id, "expires_at": {"$gt": now}})

    async def take_step(self, step_id: str) -> bool:
        """Use a second step up; false when somebody else did."""
        return bool((await self._steps.delete_one({"_id": step_id})).deleted_count)

    async def remove_steps(self, user_id: str) -> None:
        await self._steps.delete_many({"user_id": user_id})
