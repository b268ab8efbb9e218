"""Routes on templates."""

from typing import Annotated

from fastapi import APIRouter, Header, Request, Response, status

from hothouse.access.dependencies import requires
from hothouse.access.interfaces import Action
from hothouse.environments.dependencies import Environments, ManagedTemplate, ManagerStanding, UsedTemplate
from hothouse.environments.templates.schemas import NewTemplate, SavedTemplate, Template, TemplateChange
from hothouse.identity.dependencies import CurrentPrincipal
from hothouse.kit.log_answers import LINES, Follow, LastEventId, followed, position, written
from hothouse.kit.paging import Page

router = APIRouter(prefix="/api/v1/templates", tags=["environments"])
ACCEPTED = status.HTTP_202_ACCEPTED
NO_CONTENT = status.HTTP_204_NO_CONTENT
IfMatch = Annotated[str | None, Header(description="The `etag` the change is based on.")]


@router.get("", operation_id="templates.list", dependencies=[requires(Action.TEMPLATES_LIST)])
async def list_templates(environments: Environments, principal: CurrentPrincipal) -> Page[Template]:
    """List what the caller may start environments from."""
    return Page(items=await environments.context.templates.visible(principal))


@router.post(
    "",
    operation_id="templates.create",
    status_code=status.HTTP_201_CREATED,
    dependencies=[requires(Action.TEMPLATES_MANAGE)],
)
async def create_template(body: NewTemplate, environments: Environments, principal: CurrentPrincipal) -> Template:
    """Make a template."""
    made = await environments.context.templates.create(principal, body)
    return await environments.context.templates.show(principal, made)


@router.post(
    "/from-environment",
    operation_id="templates.save",
    status_code=status.HTTP_201_CREATED,
    dependencies=[requires(Action.TEMPLATES_MANAGE)],
)
async def save_template(body: SavedTemplate, environments: Environments, principal: CurrentPrincipal) -> Template:
    """Make a template of what an environment is, which the caller must be allowed to change."""
    made = await environments.saver.save(principal, body)
    return await environments.context.templates.show(principal, made)


@router.get("/{template}", operation_id="templates.show")
async def show_template(
    template: UsedTemplate, environments: Environments, principal: CurrentPrincipal, response: Response
) -> Template:
    """Show one template."""
    shown = await environments.context.templates.show(principal, template)
    response.headers["ETag"] = shown.etag
    return shown


@router.put("/{template}", operation_id="templates.change")
async def change_template(
    template: ManagedTemplate,
    body: TemplateChange,
    environments: Environments,
    principal: CurrentPrincipal,
    if_match: IfMatch = None,
) -> Template:
    """Change a template; what was started from it stays as it is."""
    changed = await environments.context.templates.change(template, body, if_match)
    return await environments.context.templates.show(principal, changed)


@router.delete(
    "/{template}",
    operation_id="templates.delete",
    status_code=NO_CONTENT,
)
async def delete_template(template: ManagedTemplate, environments: Environments) -> None:
    """Remove a template from which nothing was started."""
    await environments.context.templates.remove(template)


@router.post(
    "/{template}/build",
    operation_id="templates.build",
    status_code=ACCEPTED,
)
async def build_template(
    template: ManagedTemplate, environments: Environments, principal: CurrentPrincipal
) -> Template:
    """Make what it runs in ready, with the newest packages that suit."""
    await environments.context.templates.build(template)
    return await environments.context.templates.show(principal, template)


@router.get("/{template}/build-log", operation_id="templates.build-log", response_class=Response, responses=LINES)
async def build_log(
    template: ManagedTemplate,
    environments: Environments,
    request: Request,
    standing: ManagerStanding,
    follow: Follow = False,
    last_event_id: LastEventId = None,
) -> Response:
    """Give the log of making ready what it runs in, as it goes on."""
    job_id = environments.context.templates.job_of(template)
    if not follow:
        return written(await environments.jobs.log_lines(job_id))
    lines = environments.jobs.follow_log(job_id, position(last_event_id))
    return followed(lines, request.app.state.closing, standing.lost())
