"""Routes on an app's releases and deployments."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from hothouse.access.dependencies import requires
from hothouse.access.interfaces import Action
from hothouse.apps.archives import archive_key
from hothouse.apps.dependencies import Apps, ReleaseNumber, ViewedApp
from hothouse.apps.schemas import Deployment, Release, ReleaseDetail, ReleaseDiff
from hothouse.identity.dependencies import CurrentPrincipal
from hothouse.kit.paging import MOST, Page, Paging
from hothouse.storage import objects

router = APIRouter(prefix="/api/v1", tags=["apps"])


@router.get("/apps/{slug}/releases", operation_id="releases.list")
async def list_releases(app: ViewedApp, apps: Apps, paging: Paging) -> Page[Release]:
    """List an app's releases, newest first."""
    return await apps.read.releases(app, paging)


@router.get("/apps/{slug}/releases/{number}", operation_id="releases.show")
async def show_release(number: ReleaseNumber, app: ViewedApp, apps: Apps) -> ReleaseDetail:
    """Show a release with its manifest and dependency lock."""
    return await apps.read.release(app, number)


@router.get("/apps/{slug}/releases/{number}/diff", operation_id="releases.diff")
async def compare_releases(
    number: ReleaseNumber,
    app: ViewedApp,
    apps: Apps,
    against: Annotated[int, Query(ge=1, le=MOST, description="The release to compare with.")],
) -> ReleaseDiff:
    """Say what changed in manifest and packages from release `against` to this one."""
    return await apps.read.compare(app, number, against)


@router.get(
    "/apps/{slug}/releases/{number}/source",
    operation_id="releases.source",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/zip": {}}}},
)
async def download_source(number: ReleaseNumber, app: ViewedApp, apps: Apps) -> StreamingResponse:
    """Download the source archive of a release."""
    release = await apps.read.release_document(app, number)
    return StreamingResponse(
        objects.read(apps.context.store, archive_key(release["digest"])),
        media_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{app["slug"]}-{number}.zip"'},
    )


@router.get("/apps/{slug}/deployments", operation_id="deployments.list")
async def list_deployments(app: ViewedApp, apps: Apps, paging: Paging) -> Page[Deployment]:
    """List an app's deployments, newest first."""
    return await apps.read.deployments(app, paging)


@router.get("/deployments/{deployment_id}", operation_id="deployments.show", dependencies=[requires(Action.SIGNED_IN)])
async def show_deployment(deployment_id: str, apps: Apps, principal: CurrentPrincipal) -> Deployment:
    """Show where a deployment stands."""
    return await apps.read.deployment(principal, deployment_id)
