"""Routes that take files into a workspace, in parts that can be sent again."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, status

from hothouse.environments.workspaces.dependencies import CurrentWorkspaces, ViewedWorkspace, WrittenWorkspace
from hothouse.environments.workspaces.schemas import FileUpload, NewUpload
from hothouse.environments.workspaces.service.uploads import Part
from hothouse.kit.paging import Page

router = APIRouter(prefix="/api/v1/workspaces/{workspace_id}/uploads", tags=["workspaces"])
PART = {"required": True, "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}


@router.post("", operation_id="workspace-uploads.begin", status_code=status.HTTP_201_CREATED)
async def begin_upload(workspace: WrittenWorkspace, body: NewUpload, workspaces: CurrentWorkspaces) -> FileUpload:
    """Announce a file that will be sent in parts; missing folders are made when it has arrived."""
    return await workspaces.uploads.begin(workspace, body)


@router.get("", operation_id="workspace-uploads.list")
async def list_uploads(workspace: ViewedWorkspace, workspaces: CurrentWorkspaces) -> Page[FileUpload]:
    """List files that have not arrived wholly, to go on with."""
    return Page(items=await workspaces.uploads.unfinished(workspace))


@router.get("/{file_upload_id}", operation_id="workspace-uploads.show")
async def show_upload(file_upload_id: str, workspace: ViewedWorkspace, workspaces: CurrentWorkspaces) -> FileUpload:
    """Say how far an upload is."""
    return await workspaces.uploads.show(workspace, file_upload_id)


@router.put("/{file_upload_id}", operation_id="workspace-uploads.add", openapi_extra={"requestBody": PART})
async def add_part(
    file_upload_id: str,
    request: Request,
    workspace: WrittenWorkspace,
    workspaces: CurrentWorkspaces,
    offset: Annotated[int, Query(ge=0, le=2**42, description="Where in the file this part begins.")],
    overwrite: Annotated[bool, Query(description="Replace a file that is there; with the last part.")] = False,
    content_digest: Annotated[str | None, Header(description="`sha-256=:…:` of this part, RFC 9530.")] = None,
) -> FileUpload:
    """Send a part. With the last one the file appears, complete, at its path."""
    part = Part(offset, await request.body(), content_digest)
    return await workspaces.uploads.add(workspace, file_upload_id, part, overwrite=overwrite)


@router.delete("/{file_upload_id}", operation_id="workspace-uploads.cancel", status_code=status.HTTP_204_NO_CONTENT)
async def cancel_upload(file_upload_id: str, workspace: WrittenWorkspace, workspaces: CurrentWorkspaces) -> None:
    """Give an upload up."""
    await workspaces.uploads.cancel(workspace, file_upload_id)
