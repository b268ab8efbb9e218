"""Stats Dashboard: an app that watches itself being watched."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

import views
from chart import bars
from fastapi import Header, Query, Request
from fastapi.responses import HTMLResponse

from hothouse_sdk import Database, Experiment, OptionalUser

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
    return experiment.render("index.html", request, stats=stats, days=days, daily=daily, hourly=hourly)


@experiment.get("/api/stats")
async def as_json(database: Database, days: Days = 14) -> views.Stats:
    return await views.summarise(database, days=days)


def browser_of(user_agent: str) -> str:
    """Name the browser of a `User-Agent` header; the order matters, since each claims to be the ones below it too."""
    for mark, name in (("Firefox", "Firefox"), ("Edg/", "Edge"), ("Chrom", "Chrome"), ("Safari", "Safari")):
        if mark in user_agent:
            return name
    return "Something else"
