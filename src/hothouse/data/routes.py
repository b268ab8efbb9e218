"""HTTP routes of data: an app's sandbox, who may read it, what waits for the caller to decide."""

from typing import Annotated

from fastapi import APIRouter, status

from hothouse.access.dependencies import requires
from hothouse.access.interfaces import Action
from hothouse.apps.dependencies import EditedApp, SharedApp, the_app
from hothouse.data.dependencies import Data
from hothouse.data.schemas import DataGrant, DataOverview, DataReader, DataRequest, DataStorage
from hothouse.database.connection import Document
from hothouse.identity.dependencies import CurrentPrincipal
from hothouse.kit.paging import Page, Paging

router = APIRouter(prefix="/api/v1", tags=["data"])

AdministeredApp = Annotated[Document, the_app(Action.PLATFORM_ADMIN)]


@router.get("/apps/{slug}/data", operation_id="data.show")
async def show_data(app: EditedApp, data: Data, principal: CurrentPrincipal) -> DataOverview:
    """Show what an app uses of its database, what it reads of other apps, and which apps read it."""
    return await data.overviews.show(principal, app)


@router.patch("/apps/{slug}/data", operation_id="data.limit")
async def limit_data(app: AdministeredApp, body: DataStorage, data: Data, principal: CurrentPrincipal) -> DataOverview:
    """Say how much an app may store."""
    app = await data.overviews.allow_storage(principal, app, body.storage_bytes)
    return await data.overviews.show(principal, app)


@router.put("/apps/{slug}/data/readers/{reader}", operation_id="data.grant")
async def grant_data(
    reader: str, app: SharedApp, body: DataGrant, data: Data, principal: CurrentPrincipal
) -> DataReader:
    """Decide what another app may read: exactly these collections, or nothing."""
    return await data.decisions.decide(principal, app, reader, body.collections)


@router.delete(
    "/apps/{slug}/data/readers/{reader}", operation_id="data.take_back", status_code=status.HTTP_204_NO_CONTENT
)
async def take_back_data(reader: str, app: SharedApp, data: Data, principal: CurrentPrincipal) -> None:
    """Take back what another app may read; its open change streams end within 2 seconds."""
    await data.decisions.take_back(principal, app, reader)


@router.get("/data/requests", operation_id="data.requests", dependencies=[requires(Action.SIGNED_IN)])
async def list_requests(data: Data, principal: CurrentPrincipal, paging: Paging) -> Page[DataRequest]:
    """List what waits for the caller to decide."""
    return await data.requests.page(principal, paging)
