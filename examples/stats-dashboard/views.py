"""Page views: how they are recorded, and the pipeline that sums them up.

A pipeline runs on every request here, so it must touch few documents. It begins with a `$match` on an indexed field
that leaves only the days shown, and a TTL index deletes views that no page shows any more.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from pymongo.asynchronous.database import AsyncDatabase

LONGEST_DAYS = 30
_SECONDS_A_DAY = 86_400
_TOP = 6


@dataclass(frozen=True)
class Stats:
    """The views of the last days; `days` and `hours` hold one number for each, also where it is 0."""

    total: int
    visitors: int
    days: list[tuple[date, int]]
    hours: list[int]
    people: list[dict[str, Any]]
    browsers: list[dict[str, Any]]


async def prepare(database: AsyncDatabase[dict[str, Any]]) -> None:
    """Make the indexes that the pipeline and the clean-up need."""
    await database.views.create_index("day")
    await database.views.create_index("at", expireAfterSeconds=(LONGEST_DAYS + 1) * _SECONDS_A_DAY)


async def record(database: AsyncDatabase[dict[str, Any]], *, person: str, browser: str) -> None:
    """Keep one page view."""
    now = datetime.now(UTC)
    await database.views.insert_one(
        {"at": now, "day": now.date().isoformat(), "hour": now.hour, "person": person, "browser": browser}
    )


async def summarise(database: AsyncDatabase[dict[str, Any]], *, days: int) -> Stats:
    """Sum up the last `days` days, today included: one trip to the database for all figures of the page."""
    today = datetime.now(UTC).date()
    shown = [today - timedelta(days=back) for back in reversed(range(days))]
    pipeline: list[dict[str, Any]] = [
        {"$match": {"day": {"$gte": shown[0].isoformat()}}},
        {
            "$facet": {
                "by_day": [{"$group": {"_id": "$day", "views": {"$sum": 1}}}],
                "by_hour": [{"$group": {"_id": "$hour", "views": {"$sum": 1}}}],
                "by_person": _ranking("$person"),
                "by_browser": _ranking("$browser"),
            }
        },
    ]
    cursor = await database.views.aggregate(pipeline)
    facets = (await cursor.to_list())[0]
    by_day = {group["_id"]: group["views"] for group in facets["by_day"]}
    by_hour = {group["_id"]: group["views"] for group in facets["by_hour"]}
    return Stats(
        total=sum(by_day.values()),
        visitors=len(facets["by_person"]),
        days=[(day, by_day.get(day.isoformat(), 0)) for day in shown],
        hours=[by_hour.get(hour, 0) for hour in range(24)],
        people=facets["by_person"][:_TOP],
        browsers=facets["by_browser"][:_TOP],
    )


def _ranking(field: str) -> list[dict[str, Any]]:
    return [{"$group": {"_id": field, "views": {"$sum": 1}}}, {"$sort": {"views": -1, "_id": 1}}]
