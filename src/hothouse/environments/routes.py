"""Routes on environments."""

from typing import Annotated, Literal

from fastapi import APIRouter, Header, Query, Request, Response, status

from hothouse.access.dependencies import requires
from hothouse.access.interfaces import Action
from hothouse.access.standing import Standing
from hothouse.database.connection import Document
from hothouse.environments.builds import build_of
from hothouse.environments.dependencies import (
    CurrentStanding,
    DeletedEnvironment,
    EditedEnvironment,
    Environments,
    EnvironmentServices,
    ViewedEnvironment,
)
from hothouse.environments.schemas import Environment, EnvironmentChange, EnvironmentDetail, NewEnvironment, Spec
from hothouse.identity.dependencies import CurrentPrincipal
from hothouse.identity.principal import Principal
from hothouse.kit.log_answers import LINES, Follow, LastEventId, Tail, followed, position, written
from hothouse.kit.paging import Page, Paging
from hothouse.kit.sse import Ending
from hothouse.workloads.interfaces import owner_key

router = APIRouter(prefix="/api/v1/environments", tags=["environments"])
ACCEPTED = status.HTTP_202_ACCEPTED
NO_CONTENT = status.HTTP_204_NO_CONTENT
IfMatch = Annotated[str | None, Header(description="The `etag` the change is based on.")]


@router.get("", operation_id="environments.list", dependencies=[requires(Action.ENVIRONMENTS_LIST)])
async def list_environments(
    environments: Environments,
    principal: CurrentPrincipal,
    paging: Paging,
    whose: Annotated[Literal["mine", "all"], Query(description="One's own, or all that one may see.")] = "mine",
) -> Page[Environment]:
    """List environments."""
    return await environments.reading.page(principal, paging, whose)


@router.post(
    "",
    operation_id="environments.start",
    status_code=status.HTTP_201_CREATED,
    responses={200: {"model": Environment, "description": "It was there already."}},
    dependencies=[requires(Action.ENVIRONMENTS_CREATE)],
)
async def start_environment(
    body: NewEnvironment, environments: Environments, principal: CurrentPrincipal, response: Response
) -> Environment:
    """Start an environment; the same again is the one that there is."""
    document, is_new = await environments.starter.start(principal, body)
    if not is_new:
        response.status_code = status.HTTP_200_OK
    return await environments.present.one(principal, document)


@router.get("/{environment}", operation_id="environments.show")
async def show_environment(
    environment: ViewedEnvironment, environments: Environments, principal: CurrentPrincipal, response: Response
) -> EnvironmentDetail:
    """Show everything about one environment."""
    detail = await environments.present.detail(principal, environment)
    response.headers["ETag"] = detail.etag
    return detail


@router.get("/{environment}/spec", operation_id="environments.spec")
async def show_spec(environment: EditedEnvironment) -> Spec:
    """Give exactly what it is, to start another just like it."""
    return Spec.model_validate(environment["spec"])


@router.patch("/{environment}", operation_id="environments.change")
async def change_environment(
    environment: EditedEnvironment,
    body: EnvironmentChange,
    environments: Environments,
    principal: CurrentPrincipal,
    if_match: IfMatch = None,
) -> EnvironmentDetail:
    """Change settings; what runs gets them at its next start."""
    changed = await environments.control.change(environment, body, if_match)
    return await environments.present.detail(principal, changed)


@router.post("/{environment}/start", operation_id="environments.resume", status_code=ACCEPTED)
async def resume_environment(
    environment: EditedEnvironment, environments: Environments, principal: CurrentPrincipal
) -> Environment:
    """Start one that is stopped, or try one again that failed."""
    return await environments.present.one(principal, await environments.control.start(environment))


@router.post("/{environment}/stop", operation_id="environments.stop", status_code=ACCEPTED)
async def stop_environment(
    environment: EditedEnvironment, environments: Environments, principal: CurrentPrincipal
) -> Environment:
    """Stop it; its files stay in its workspace."""
    return await environments.present.one(principal, await environments.control.stop(environment))


@router.post("/{environment}/restart", operation_id="environments.restart", status_code=ACCEPTED)
async def restart_environment(
    environment: EditedEnvironment, environments: Environments, principal: CurrentPrincipal
) -> Environment:
    """Stop it and start it again."""
    return await environments.present.one(principal, await environments.control.restart(environment))


@router.delete("/{environment}", operation_id="environments.delete", status_code=NO_CONTENT)
async def delete_environment(
    environment: DeletedEnvironment,
    environments: Environments,
    confirm: Annotated[str, Query(description="The environment's slug, to confirm.")] = "",
) -> None:
    """Delete an environment; its workspace stays."""
    await environments.control.delete(environment, confirm)


@router.get("/{environment}/logs", operation_id="environments.logs", response_class=Response, responses=LINES)
async def run_log(
    environment: ViewedEnvironment,
    environments: Environments,
    request: Request,
    standing: CurrentStanding,
    follow: Follow = False,
    tail: Tail = 200,
    last_event_id: LastEventId = None,
) -> Response:
    """Give the log of what runs, and of what follows it while it is followed."""
    owner = owner_key("environment", environment["_id"])
    if not follow:
        return written([line async for line in environments.logs.tail(owner, tail)])
    lines = environments.logs.follow(owner, tail, last_event_id)
    return followed(lines, request.app.state.closing, _lost(standing, environments, environment))


@router.get(
    "/{environment}/build-log",
    operation_id="environments.build-log",
    response_class=Response,
    responses=LINES,
)
async def build_log(
    environment: ViewedEnvironment,
    environments: Environments,
    request: Request,
    standing: CurrentStanding,
    follow: Follow = False,
    last_event_id: LastEventId = None,
) -> Response:
    """Give the log of the build of what it runs in."""
    job_id = build_of(environment["owner_id"], Spec.model_validate(environment["spec"])).job_id
    if not follow:
        return written(await environments.jobs.log_lines(job_id))
    lines = environments.jobs.follow_log(job_id, position(last_event_id))
    return followed(lines, request.app.state.closing, _lost(standing, environments, environment))


def _lost(standing: Standing, environments: EnvironmentServices, environment: Document) -> Ending:
    """Wait for the moment from which the caller may not see it; one that is deleted ends its streams itself."""

    async def may_view(principal: Principal) -> bool:
        now = await environments.context.environments.get(environment["_id"])
        return now is None or await environments.reading.may_view(principal, now)

    return standing.lost(may_view, environment["_id"])
