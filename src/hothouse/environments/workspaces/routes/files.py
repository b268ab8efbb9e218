"""Routes that change files in a workspace: texts, folders, moving, and the bin."""

from typing import Annotated

from fastapi import APIRouter, Header, Response, status

from hothouse.environments.workspaces.dependencies import CurrentWorkspaces, ViewedWorkspace, WrittenWorkspace
from hothouse.environments.workspaces.schemas import (
    BinEntry,
    FileDeletion,
    FileEntry,
    FileMove,
    NewFolder,
    TextChange,
)
from hothouse.kit.paging import Page, Paging

router = APIRouter(prefix="/api/v1/workspaces/{workspace_id}", tags=["workspaces"])
CREATED, DONE = status.HTTP_201_CREATED, status.HTTP_204_NO_CONTENT


@router.put("/files/text", operation_id="workspace-files.write")
async def write_text(
    workspace: WrittenWorkspace,
    body: TextChange,
    workspaces: CurrentWorkspaces,
    response: Response,
    if_match: Annotated[
        str | None, Header(description="The `etag` of the file that is replaced; none: a new one.")
    ] = None,
) -> FileEntry:
    """Write a text file: a new one, or, with `If-Match`, another text into the one that was read."""
    entry = await workspaces.editing.write(workspace, body.path, body.text, if_match)
    response.headers["ETag"] = entry.etag
    return entry


@router.post("/files/folders", operation_id="workspace-files.make-folder", status_code=CREATED)
async def make_folder(workspace: WrittenWorkspace, body: NewFolder, workspaces: CurrentWorkspaces) -> FileEntry:
    """Make a folder."""
    return await workspaces.editing.make_folder(workspace, body.path)


@router.post("/files/move", operation_id="workspace-files.move")
async def move_file(workspace: WrittenWorkspace, body: FileMove, workspaces: CurrentWorkspaces) -> FileEntry:
    """Rename or move a file or folder; nothing is replaced."""
    return await workspaces.editing.move(workspace, body.path, body.to)


@router.post("/files/delete", operation_id="workspace-files.delete")
async def delete_file(workspace: WrittenWorkspace, body: FileDeletion, workspaces: CurrentWorkspaces) -> BinEntry:
    """Put a file or folder into the bin."""
    return await workspaces.bin.delete(workspace, body.path)


@router.get("/bin", operation_id="workspace-bin.list")
async def list_bin(workspace: ViewedWorkspace, workspaces: CurrentWorkspaces, paging: Paging) -> Page[BinEntry]:
    """List what is in the bin, newest first."""
    return await workspaces.bin.page(workspace, paging)


@router.post("/bin/{bin_id}/restore", operation_id="workspace-bin.restore")
async def restore_from_bin(bin_id: str, workspace: WrittenWorkspace, workspaces: CurrentWorkspaces) -> FileEntry:
    """Put something back where it was."""
    return await workspaces.bin.restore(workspace, bin_id)


@router.delete("/bin/{bin_id}", operation_id="workspace-bin.remove", status_code=DONE)
async def remove_from_bin(bin_id: str, workspace: WrittenWorkspace, workspaces: CurrentWorkspaces) -> None:
    """Remove one thing in the bin for good."""
    await workspaces.bin.remove(workspace, bin_id)


@router.delete("/bin", operation_id="workspace-bin.empty", status_code=DONE)
async def empty_bin(workspace: WrittenWorkspace, workspaces: CurrentWorkspaces) -> None:
    """Remove everything in the bin for good."""
    await workspaces.bin.empty(workspace)
