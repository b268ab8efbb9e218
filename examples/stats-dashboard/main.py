"""Stats Dashboard: an app that watches itself being watched and, where it may, how another one is used."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

import clicks
import views
from chart import bars
from fastapi import Header, Query, Request
from fastapi.responses import HTMLResponse
from pymongo.errors import OperationFailure

from hothouse_sdk import Database, Experiment, OptionalUser, is_not_granted

CLICK_TRACKER = "click-tracker"
CLICK_TRACKER_PAGE = f"{os.environ.get('HOTHOUSE_URL', '')}/apps/{CLICK_TRACKER}"
Days = Annotated[int, Query(ge=1, le=views.LONGEST_DAYS, description="How many days to show, today included.")]


@asynccontextmanager
async def lifespan(app: Experiment) -> AsyncIterator[None]:
    await views.prepare(app.database)
    yield


experiment = Experiment(lifespan=lifespan)


@experiment.get("/")
async def index(
    request: Request,
    database: Database,
    user: OptionalUser,
    user_agent: Annotated[str, Header()] = "",
    days: Days = 14,
) -> HTMLResponse:
    await views.record(database, person=user.name if user else "A visitor", browser=browser_of(user_agent))
    stats = await views.summarise(database, days=days)
    daily = bars([count for _, count in stats.days], [f"{day:%a %-d %B}" for day, _ in stats.days])
    hourly = bars(stats.hours, [f"{hour:02}:00" for hour in range(24)], height=90)
    charts = {"daily": daily, "hourly": hourly, **await charts_of_clicks()}
    return experiment.render("index.html", request, stats=stats, days=days, source=CLICK_TRACKER_PAGE, **charts)


@experiment.get("/api/stats")
async def as_json(database: Database, days: Days = 14) -> views.Stats:
    return await views.summarise(database, days=days)


async def charts_of_clicks() -> dict[str, Any]:
    """Draw what goes on in Click Tracker; `clicks` is None as long as its owner has not agreed to that.

    Asked anew for each page: what is granted or taken back meanwhile shows at the next one.
    """
    try:
        found = await clicks.summarise(experiment.other_database(CLICK_TRACKER))
    except OperationFailure as error:
        if not is_not_granted(error):
            raise
        return {"clicks": None}
    labels = [f"{hour:%H:%M}" for hour, _ in found.hours]
    return {"clicks": found, "clicked": bars([count for _, count in found.hours], labels, height=90)}


def browser_of(user_agent: str) -> str:
    """Name the browser of a `User-Agent` header; the order matters, since each claims to be the ones below it too."""
    for mark, name in (("Firefox", "Firefox"), ("Edg/", "Edge"), ("Chrom", "Chrome"), ("Safari", "Safari")):
        if mark in user_agent:
            return name
    return "Something else"
