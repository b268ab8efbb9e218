"""Routes that give the logs of apps and of their builds."""

from fastapi import APIRouter, Request, Response

from hothouse.access.standing import Standing
from hothouse.apps.dependencies import Apps, AppServices, CurrentStanding, ReleaseNumber, ViewedApp
from hothouse.database.connection import Document
from hothouse.identity.principal import Principal
from hothouse.kit.log_answers import LINES, Follow, LastEventId, Tail, followed, position, written
from hothouse.kit.sse import Ending
from hothouse.workloads.interfaces import owner_key

router = APIRouter(prefix="/api/v1/apps/{slug}", tags=["apps"])


@router.get("/logs", operation_id="apps.logs", response_class=Response, responses=LINES)
async def run_log(
    app: ViewedApp,
    apps: Apps,
    request: Request,
    standing: CurrentStanding,
    follow: Follow = False,
    tail: Tail = 200,
    last_event_id: LastEventId = None,
) -> Response:
    """Give the log of the app's workload, and of those that follow it while it is followed."""
    owner = owner_key("app", app["_id"])
    if not follow:
        return written([line async for line in apps.logs.tail(owner, tail)])
    lines = apps.logs.follow(owner, tail, last_event_id)
    return followed(lines, request.app.state.closing, _lost(standing, apps, app))


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
        return written(await apps.context.jobs.log_lines(job_id))
    lines = apps.read.follow_build(app, number, position(last_event_id))
    return followed(lines, request.app.state.closing, _lost(standing, apps, app))


def _lost(standing: Standing, apps: AppServices, app: Document) -> Ending:
    """Wait for the moment from which the caller may not see the app; one that is deleted ends its streams itself."""

    async def may_view(principal: Principal) -> bool:
        now = await apps.context.apps.get(app["_id"])
        return now is None or await apps.read.may_view(principal, now)

    return standing.lost(may_view, app["_id"])
