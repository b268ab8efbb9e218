"""Clicks in Click Tracker: read in that app's database, which this one may do once somebody has agreed there.

What runs there costs the other app. So the pipeline begins with a `$match` on a field that has an index there, and asks
for no more than a day. It writes nothing: `$out` and `$merge` are refused on the data of others.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo.asynchronous.database import AsyncDatabase

HOURS = 24
_TOP = 6


@dataclass(frozen=True)
class Clicks:
    """The clicks of the last 24 hours, the present one included; `hours` holds each, also where nobody clicked."""

    total: int
    hours: list[tuple[datetime, int]]
    people: list[dict[str, Any]]


async def summarise(database: AsyncDatabase[dict[str, Any]]) -> Clicks:
    """Sum up the clicks of each hour and person."""
    present = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    shown = [present - timedelta(hours=back) for back in reversed(range(HOURS))]
    hour = {"$dateTrunc": {"date": "$at", "unit": "hour"}}
    pipeline: list[dict[str, Any]] = [
        {"$match": {"at": {"$gte": shown[0]}}},
        {"$group": {"_id": {"hour": hour, "name": "$name"}, "clicks": {"$sum": 1}}},
    ]
    by_hour = dict.fromkeys(shown, 0)
    by_person: dict[str, int] = {}
    async for group in await database.clicks.aggregate(pipeline):
        moment, name = group["_id"]["hour"], group["_id"]["name"]
        by_hour[moment] = by_hour.get(moment, 0) + group["clicks"]
        by_person[name] = by_person.get(name, 0) + group["clicks"]
    ranking = sorted(by_person, key=lambda name: (-by_person[name], name))[:_TOP]
    return Clicks(
        total=sum(by_person.values()),
        hours=[(moment, by_hour[moment]) for moment in shown],
        people=[{"_id": name, "clicks": by_person[name]} for name in ranking],
    )
