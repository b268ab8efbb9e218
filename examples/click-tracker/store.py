"""Every query of the click tracker.

Three collections: `counters` holds the total in its only document, `clicks` one document for each click, `people` one
for each person. Other apps may ask to read `clicks`, see `data.sharing` in `manifest.json`.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pymongo import ReturnDocument
from pymongo.asynchronous.database import AsyncDatabase

from hothouse_sdk import User

SHOWN = 8
_TOTAL = {"_id": "clicks"}


@dataclass(frozen=True)
class Activity:
    """What the page shows: the total, the latest clicks, and who clicked most."""

    total: int
    recent: list[dict[str, Any]]
    people: list[dict[str, Any]]


async def prepare(database: AsyncDatabase[dict[str, Any]]) -> None:
    """Make indexes, and the counter: clicks that race to create it would be refused as duplicates.

    The index on `at` is for apps that read the clicks of a time: they cannot make any here.
    """
    await database.clicks.create_index("number", unique=True)
    await database.clicks.create_index("at")
    await database.people.create_index("clicks")
    await database.counters.update_one(_TOTAL, {"$setOnInsert": {"value": 0}}, upsert=True)


async def record(database: AsyncDatabase[dict[str, Any]], user: User | None) -> int:
    """Count one click and return its number.

    The increment and the answer are one operation, so no two clicks get the same number.
    """
    counter = await database.counters.find_one_and_update(
        _TOTAL, {"$inc": {"value": 1}}, return_document=ReturnDocument.AFTER
    )
    number: int = counter["value"]
    name = user.name if user else "A visitor"
    await database.clicks.insert_one({"number": number, "name": name, "at": datetime.now(UTC)})
    await database.people.update_one(
        {"_id": user.id if user else "visitor"}, {"$inc": {"clicks": 1}, "$set": {"name": name}}, upsert=True
    )
    return number


async def activity(database: AsyncDatabase[dict[str, Any]]) -> Activity:
    """Read what the page shows.

    The latest clicks are asked for by a narrow range of an indexed field, not by sort and limit over all of them:
    that stays quick on every server, whatever the number of clicks.
    """
    counter = await database.counters.find_one(_TOTAL) or {"value": 0}
    total: int = counter["value"]
    recent = database.clicks.find({"number": {"$gt": total - SHOWN}}).sort("number", -1)
    people = database.people.find().sort("clicks", -1).limit(SHOWN)
    return Activity(total, await recent.to_list(), await people.to_list())
