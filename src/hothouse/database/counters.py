"""Numbers that are given out once."""

from pymongo.errors import DuplicateKeyError

from hothouse.database.connection import Database

UIDS = "uid"
"""The counter of user ids: every app, and every person's environments, run under one of their own."""


async def next_number(database: Database, name: str) -> int:
    """Return a number, from 1 on, that this counter never gave before."""
    counters = database["counters"]
    while True:
        counter = await counters.find_one({"_id": name}) or {"value": 0}
        following: int = counter["value"] + 1
        try:
            result = await counters.update_one(
                {"_id": name, "value": following - 1}, {"$set": {"value": following}}, upsert=following == 1
            )
        except DuplicateKeyError:
            continue
        if result.matched_count or result.upserted_id is not None:
            return following
