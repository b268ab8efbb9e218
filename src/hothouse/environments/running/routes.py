"""Routes on everything that runs, and on what people are told of it."""

from typing import Annotated

from fastapi import APIRouter, Query, Response, status

from hothouse.access.dependencies import requires
from hothouse.access.interfaces import Action
from hothouse.environments.running.dependencies import CurrentRunning
from hothouse.environments.running.schemas import (
    Capacities,
    Extension,
    Grain,
    IsolationPolicy,
    Message,
    Notice,
    RunningWorkload,
    UsageSeries,
)
from hothouse.environments.running.usage import By
from hothouse.identity.dependencies import CurrentPrincipal
from hothouse.kit.paging import Page

router = APIRouter(prefix="/api/v1", tags=["running"])
admin = [requires(Action.PLATFORM_ADMIN)]
own = [requires(Action.ACCOUNT)]
NO_CONTENT = status.HTTP_204_NO_CONTENT
Hours = Annotated[float, Query(gt=0, le=24 * 400, description="How far back.")]


@router.get("/admin/workloads", operation_id="running.list", dependencies=admin)
async def list_running(running: CurrentRunning) -> Page[RunningWorkload]:
    """List everything that runs, the newest first."""
    return Page(items=await running.running.all())


@router.post(
    "/admin/workloads/{workload_id}/stop", operation_id="running.stop", status_code=NO_CONTENT, dependencies=admin
)
async def stop_running(workload_id: str, running: CurrentRunning) -> None:
    """Stop the app or environment that a workload runs for."""
    await running.running.stop(workload_id)


@router.post(
    "/admin/workloads/{workload_id}/extend", operation_id="running.extend", status_code=NO_CONTENT, dependencies=admin
)
async def extend_running(workload_id: str, body: Extension, running: CurrentRunning) -> None:
    """Keep an environment running for a while, though nobody uses it."""
    await running.running.extend(workload_id, body.hours)


@router.post(
    "/admin/workloads/{workload_id}/message", operation_id="running.message", status_code=NO_CONTENT, dependencies=admin
)
async def send_message(workload_id: str, body: Message, running: CurrentRunning, principal: CurrentPrincipal) -> None:
    """Tell the owner of what runs something; they see it wherever they are in Hothouse."""
    await running.running.message(principal, workload_id, body.text)


@router.get("/admin/usage", operation_id="running.usage", dependencies=admin)
async def show_usage(
    running: CurrentRunning, grain: Grain = "hour", by: By = "person", hours: Hours = 168
) -> Page[UsageSeries]:
    """Show what was used, by person, or by template and app."""
    return Page(items=await running.reports.series(grain, by, hours))


@router.get(
    "/admin/usage.csv",
    operation_id="running.export-usage",
    dependencies=admin,
    response_class=Response,
    responses={200: {"content": {"text/csv": {}}}},
)
async def export_usage(running: CurrentRunning, grain: Grain = "hour", hours: Hours = 168) -> Response:
    """Give what was used as a table."""
    headers = {"Content-Disposition": 'attachment; filename="usage.csv"'}
    return Response(await running.reports.table(grain, hours), media_type="text/csv", headers=headers)


@router.get("/admin/capacity", operation_id="running.capacity", dependencies=admin)
async def show_capacity(running: CurrentRunning, grain: Grain = "minute", hours: Hours = 24) -> Capacities:
    """Show how full the machine is, and was."""
    return await running.reports.capacity(grain, hours)


@router.get("/admin/isolation", operation_id="running.isolation", dependencies=admin)
async def show_isolation(running: CurrentRunning) -> IsolationPolicy:
    """Show how well this machine contains code, and how well each kind of code has to be."""
    return running.levels.policy()


@router.get("/account/notices", operation_id="notices.list", dependencies=own)
async def list_notices(running: CurrentRunning, principal: CurrentPrincipal) -> Page[Notice]:
    """List what admins tell the caller."""
    return Page(items=await running.running.notices(principal.user_id or ""))


@router.delete("/account/notices/{notice_id}", operation_id="notices.read", status_code=NO_CONTENT, dependencies=own)
async def read_notice(notice_id: str, running: CurrentRunning, principal: CurrentPrincipal) -> None:
    """Put away something that was read."""
    await running.running.read(principal.user_id or "", notice_id)
