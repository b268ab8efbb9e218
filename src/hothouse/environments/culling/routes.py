"""Routes on culling."""

from fastapi import APIRouter

from hothouse.access.dependencies import requires
from hothouse.access.interfaces import Action
from hothouse.environments.culling.schemas import Activity, Cull, Extension, Previewed
from hothouse.environments.dependencies import EditedEnvironment, Environments, ViewedEnvironment
from hothouse.kit.paging import Page, Paging

router = APIRouter(prefix="/api/v1", tags=["environments"])


@router.get("/environments/{environment}/activity", operation_id="environments.activity")
async def show_activity(environment: ViewedEnvironment, environments: Environments) -> Activity:
    """Say whether it is used, what keeps it alive, and what comes next."""
    return await environments.culling.activity(environment)


@router.post("/environments/{environment}/keep", operation_id="environments.keep")
async def keep_environment(environment: EditedEnvironment, body: Extension, environments: Environments) -> Activity:
    """Keep it for a while, though nobody uses it."""
    kept = await environments.culling.keep(environment, body.hours)
    return await environments.culling.activity(kept)


@router.post("/environments/{environment}/sleep", operation_id="environments.sleep")
async def put_to_sleep(environment: EditedEnvironment, environments: Environments) -> Activity:
    """Put it to sleep now; it goes on where it was at the next visit."""
    return await environments.culling.activity(await environments.culling.sleep(environment))


@router.get("/culling/preview", operation_id="culling.preview", dependencies=[requires(Action.PLATFORM_ADMIN)])
async def preview_culling(environments: Environments) -> Page[Previewed]:
    """Say what would be put to sleep or stopped, when and why, the soonest first."""
    return Page(items=await environments.culling.preview())


@router.get("/culling/record", operation_id="culling.record", dependencies=[requires(Action.PLATFORM_ADMIN)])
async def record_of_culling(environments: Environments, paging: Paging) -> Page[Cull]:
    """Say what was put to sleep or stopped, and why, newest first."""
    return await environments.culling.record(paging)
