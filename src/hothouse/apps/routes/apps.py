"""Routes on apps themselves: list, show, settings, start, stop, deploy, delete."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Response, status

from hothouse.access.dependencies import CurrentAuthorizer, requires
from hothouse.access.interfaces import Action
from hothouse.apps.dependencies import Apps, DeletedApp, EditedApp, ViewedApp, find_app
from hothouse.apps.schemas import App, AppDetail, AppSettings, Deployment, DeployRequest, SecretRead, State
from hothouse.identity.dependencies import CurrentPrincipal, check_oneself
from hothouse.kit.paging import Page, Paging

router = APIRouter(prefix="/api/v1/apps", tags=["apps"])
ACCEPTED = status.HTTP_202_ACCEPTED


@router.get("", operation_id="apps.list", dependencies=[requires(Action.APPS_LIST)])
async def list_apps(
    apps: Apps,
    principal: CurrentPrincipal,
    paging: Paging,
    q: Annotated[str | None, Query(description="Words to find in name, slug, description or tags.")] = None,
    state: Annotated[State | None, Query(description="Only apps in this state.")] = None,
) -> Page[App]:
    """List the apps the caller may see, by slug."""
    return await apps.read.page(principal, paging, q, state)


@router.get("/{slug}", operation_id="apps.show")
async def show_app(app: ViewedApp, apps: Apps, principal: CurrentPrincipal, response: Response) -> AppDetail:
    """Show everything about one app."""
    detail = await apps.read.detail(principal, app)
    response.headers["ETag"] = detail.etag
    return detail


@router.patch("/{slug}", operation_id="apps.configure")
async def configure_app(
    app: EditedApp,
    body: AppSettings,
    apps: Apps,
    principal: CurrentPrincipal,
    authorizer: CurrentAuthorizer,
    response: Response,
    if_match: Annotated[str | None, Header(description="The `etag` the change is based on.")] = None,
) -> AppDetail:
    """Change an app's settings."""
    if body.secrets:
        check_oneself(principal)
    if body.model_fields_set & {"slug", "access", "public_paths"}:
        await find_app(apps, authorizer, principal, Action.APP_SHARE, app["slug"])
    changed = await apps.configure.change(principal, app, body, if_match)
    detail = await apps.read.detail(principal, changed)
    response.headers["ETag"] = detail.etag
    return detail


@router.post("/{slug}/start", operation_id="apps.start", status_code=ACCEPTED)
async def start_app(app: EditedApp, apps: Apps, principal: CurrentPrincipal) -> App:
    """Start a stopped app; a failed one is tried again at once."""
    return await apps.present.app(principal, await apps.control.start(principal, app))


@router.post("/{slug}/stop", operation_id="apps.stop", status_code=ACCEPTED)
async def stop_app(app: EditedApp, apps: Apps, principal: CurrentPrincipal) -> App:
    """Stop an app until somebody starts it; its data and releases stay."""
    return await apps.present.app(principal, await apps.control.stop(app))


@router.post("/{slug}/restart", operation_id="apps.restart", status_code=ACCEPTED)
async def restart_app(app: EditedApp, apps: Apps, principal: CurrentPrincipal) -> Deployment:
    """Replace the app's workload by a fresh one, which takes over once it is ready."""
    return await apps.present.deployment(app["slug"], await apps.deploy.restart(principal, app))


@router.post("/{slug}/deploy", operation_id="apps.deploy", status_code=ACCEPTED)
async def deploy_app(app: EditedApp, body: DeployRequest, apps: Apps, principal: CurrentPrincipal) -> Deployment:
    """Make a release of the app serve."""
    return await apps.present.deployment(app["slug"], await apps.deploy.deploy_release(principal, app, body.release))


@router.post("/{slug}/rollback", operation_id="apps.rollback", status_code=ACCEPTED)
async def roll_back_app(app: EditedApp, apps: Apps, principal: CurrentPrincipal) -> Deployment:
    """Go back to the release that served before the present one."""
    return await apps.present.deployment(app["slug"], await apps.deploy.roll_back(principal, app))


@router.get("/{slug}/secrets/reads", operation_id="apps.secret-reads")
async def list_secret_reads(app: EditedApp, apps: Apps, paging: Paging) -> Page[SecretRead]:
    """List which workloads of an app got which of its secrets, newest first."""
    return await apps.read.secret_reads(app, paging)


@router.delete("/{slug}", operation_id="apps.delete", status_code=status.HTTP_204_NO_CONTENT)
async def delete_app(
    app: DeletedApp,
    apps: Apps,
    confirm: Annotated[str, Query(description="The app's slug, to confirm.")] = "",
) -> None:
    """Delete an app for good: workload, database, files, releases."""
    await apps.control.delete(app, confirm)
