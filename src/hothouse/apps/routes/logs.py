"""Routes that give logs, as plain lines or as a stream of events."""

import re
from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import PlainTextResponse

from hothouse.access.standing import Standing
from hothouse.apps.dependencies import Apps, AppServices, CurrentStanding, ReleaseNumber, ViewedApp
from hothouse.database.connection import Document
from hothouse.identity.principal import Principal
from hothouse.kit.sse import Ending, Event, stream

POSITION = re.compile("[0-9]{1,18}")

router = APIRouter(prefix="/apps/{slug}")

Follow = Annotated[bool, Query(description="Stream server-sent events, going on as lines are written.")]
LastEventId = Annotated[str | None, Header(alias="Last-Event-ID", description="Resume after this event.")]
LINES: dict[int | str, dict[str, Any]] = {200: {"content": {"text/plain": {}, "text/event-stream": {}}}}


@router.get("/logs", operation_id="apps.logs", response_class=Response, responses=LINES)
async def run_log(
    app: ViewedApp,
    apps: Apps,
    request: Request,
    standing: CurrentStanding,
    follow: Follow = False,
    tail: Annotated[int, Query(ge=0, le=10_000, description="How many of the last lines.")] = 200,
    last_event_id: LastEventId = None,
) -> Response:
    """Give the log of the app's workload, and of those that follow it while it is followed."""
    if not follow:
        texts = [line["text"] async for line in apps.logs.tail(app["_id"], tail)]
        return PlainTextResponse("".join(f"{text}\n" for text in texts))
    lines = apps.logs.follow(app["_id"], tail, last_event_id)
    events = _events(lines, lambda line: f"{line['workload']}:{line['offset']}")
    return stream(events, request.app.state.closing, _lost(standing, apps, app))


@router.get("/releases/{number}/log", operation_id="releases.log", response_class=Response, responses=LINES)
async def build_log(
    number: ReleaseNumber,
    app: ViewedApp,
    apps: Apps,
    request: Request,
    standing: CurrentStanding,
    follow: Follow = False,
    last_event_id: LastEventId = None,
) -> Response:
    """Give the log of the release's build."""
    await apps.read.release_document(app, number)
    job_id = apps.read.build_job(app, number)
    if not follow:
        written = await apps.context.jobs.log_lines(job_id)
        return PlainTextResponse("".join(f"{line['text']}\n" for line in written))
    after = int(last_event_id) if last_event_id and POSITION.fullmatch(last_event_id) else 0
    lines = apps.read.follow_build(app, number, after)
    events = _events(lines, lambda line: str(line["offset"]))
    return stream(events, request.app.state.closing, _lost(standing, apps, app))


def _lost(standing: Standing, apps: AppServices, app: Document) -> Ending:
    """Wait for the moment from which the caller may not see the app; one that is deleted ends its streams itself."""

    async def may_view(principal: Principal) -> bool:
        now = await apps.context.apps.get(app["_id"])
        return now is None or await apps.read.may_view(principal, now)

    return standing.lost(may_view, app["_id"])


async def _events(
    lines: AsyncIterator[dict[str, Any]], event_id: Callable[[dict[str, Any]], str]
) -> AsyncIterator[Event]:
    async for line in lines:
        yield Event("line", {**line, "at": line["at"].isoformat()}, event_id(line))
    yield Event("end", {})
