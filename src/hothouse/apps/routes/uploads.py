"""Routes that take source archives in and deploy them."""

import asyncio
import shutil
import tempfile
from pathlib import Path

from fastapi import APIRouter, UploadFile, status

from hothouse.access.dependencies import requires
from hothouse.access.interfaces import Action
from hothouse.apps.dependencies import Apps
from hothouse.apps.schemas import Deployment, DeployUpload, Upload
from hothouse.identity.dependencies import CurrentPrincipal

router = APIRouter(dependencies=[requires(Action.APPS_CREATE)])


@router.post("/uploads", operation_id="uploads.create", status_code=status.HTTP_201_CREATED)
async def create_upload(file: UploadFile, apps: Apps, principal: CurrentPrincipal) -> Upload:
    """Upload a zip of an app's source; the answer says what it is and which manifest it would be deployed with."""
    with tempfile.NamedTemporaryFile(prefix="hothouse-upload-", suffix=".zip") as received:
        await asyncio.to_thread(shutil.copyfileobj, file.file, received)
        received.flush()
        return await apps.uploads.receive(principal, Path(received.name), file.filename or "app.zip")


@router.post("/uploads/{upload_id}/deploy", operation_id="uploads.deploy", status_code=status.HTTP_202_ACCEPTED)
async def deploy_upload(upload_id: str, body: DeployUpload, apps: Apps, principal: CurrentPrincipal) -> Deployment:
    """Make the upload a release of the app its manifest names, a new one or the next, and deploy it."""
    upload, manifest = await apps.uploads.take(principal, upload_id, body.manifest)
    app, deployment = await apps.deploy.deploy_upload(principal, upload, manifest, body.message)
    return await apps.present.deployment(app["slug"], deployment)
