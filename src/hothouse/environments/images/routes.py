"""Routes on images."""

from fastapi import APIRouter, Query, Request, Response, status

from hothouse.access.dependencies import requires
from hothouse.access.interfaces import Action
from hothouse.environments.dependencies import Environments, ManagerStanding
from hothouse.environments.images.schemas import ImageBuild, ImageJob, Images, Pull
from hothouse.kit.log_answers import LINES, Follow, LastEventId, followed, position, written

router = APIRouter(prefix="/api/v1/images", tags=["environments"], dependencies=[requires(Action.TEMPLATES_MANAGE)])
ACCEPTED = status.HTTP_202_ACCEPTED


@router.get("", operation_id="images.list")
async def list_images(environments: Environments) -> Images:
    """List the container images on this machine."""
    return await environments.images.all()


@router.post("/pull", operation_id="images.pull", status_code=ACCEPTED)
async def pull_image(body: Pull, environments: Environments) -> ImageJob:
    """Fetch an image from its registry, in the background."""
    return await environments.images.pull(body.name)


@router.post("/build", operation_id="images.build", status_code=ACCEPTED)
async def build_image(body: ImageBuild, environments: Environments) -> ImageJob:
    """Build an image of a Containerfile, in the background."""
    return await environments.images.build(body)


@router.get("/jobs/{image_job_id}", operation_id="images.job")
async def show_image_job(image_job_id: str, environments: Environments) -> ImageJob:
    """Tell how far fetching or building an image is."""
    return await environments.images.job(image_job_id)


@router.get("/jobs/{image_job_id}/log", operation_id="images.log", response_class=Response, responses=LINES)
async def image_log(
    image_job_id: str,
    environments: Environments,
    request: Request,
    standing: ManagerStanding,
    follow: Follow = False,
    last_event_id: LastEventId = None,
) -> Response:
    """Give what fetching or building an image says, as it goes on."""
    job_id = (await environments.images.job(image_job_id)).job
    if not follow:
        return written(await environments.jobs.log_lines(job_id))
    lines = environments.jobs.follow_log(job_id, position(last_event_id))
    return followed(lines, request.app.state.closing, standing.lost())


@router.delete("", operation_id="images.remove", status_code=status.HTTP_204_NO_CONTENT)
async def remove_image(environments: Environments, name: str = Query(max_length=300)) -> None:
    """Remove an image that nothing needs."""
    await environments.images.remove(name)
