"""Routes that take source archives in and deploy them."""

import asyncio
import shutil
import tempfile
from pathlib import Path

from fastapi import APIRouter, Request, status
from starlette.datastructures import UploadFile

from hothouse.access.dependencies import requires
from hothouse.access.interfaces import Action
from hothouse.apps.dependencies import Apps
from hothouse.apps.schemas import Deployment, DeployUpload, Upload
from hothouse.identity.dependencies import CurrentPrincipal
from hothouse.kit.problems import FieldProblem, Invalid

FORM = {
    "type": "object",
    "required": ["file"],
    "properties": {"file": {"type": "string", "format": "binary", "description": "A zip of the source."}},
}

router = APIRouter(prefix="/api/v1", tags=["apps"], dependencies=[requires(Action.APPS_CREATE)])


@router.post(
    "/uploads",
    operation_id="uploads.create",
    status_code=status.HTTP_201_CREATED,
    openapi_extra={"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": FORM}}}},
)
async def create_upload(request: Request, apps: Apps, principal: CurrentPrincipal) -> Upload:
    """Upload a zip of an app's source; the answer says what it is and which manifest it would be deployed with."""
    # The form is read here, not by the framework, which would take in 100 MiB before it looks who is asking.
    async with request.form(max_files=1, max_fields=10) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            message = "Send the zip as the file field `file` of a multipart form."
            raise Invalid(message, errors=[FieldProblem(pointer="/file", message=message)])
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
