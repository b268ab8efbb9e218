"""Click Tracker: counts everybody's clicks in its own database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import store
from fastapi import Request
from fastapi.responses import HTMLResponse

from hothouse_sdk import Database, Experiment, OptionalUser


@asynccontextmanager
async def lifespan(app: Experiment) -> AsyncIterator[None]:
    await store.prepare(app.database)
    yield


experiment = Experiment(lifespan=lifespan)


@experiment.get("/")
async def index(request: Request, database: Database) -> HTMLResponse:
    return experiment.render("index.html", request, activity=await store.activity(database))


@experiment.get("/activity")
async def activity(request: Request, database: Database) -> HTMLResponse:
    """The changing part of the page, which the script fetches after a click."""
    return experiment.render("activity.html", request, activity=await store.activity(database))


@experiment.get("/api/clicks")
async def count(database: Database) -> dict[str, int]:
    return {"count": (await store.activity(database)).total}


@experiment.post("/api/clicks", status_code=201)
async def click(database: Database, user: OptionalUser) -> dict[str, int]:
    return {"count": await store.record(database, user)}
