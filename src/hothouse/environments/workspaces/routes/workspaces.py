"""Routes on workspaces: list, make, rename, clone, delete; their snapshots, and work on them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, status

from hothouse.access.dependencies import Requires
from hothouse.access.interfaces import Action
from hothouse.environments.workspaces.dependencies import (
    CurrentWorkspaces,
    DeletedWorkspace,
    EditedWorkspace,
    ViewedWorkspace,
)
from hothouse.environments.workspaces.schemas import (
    NewSnapshot,
    NewWorkspace,
    Workspace,
    WorkspaceClone,
    WorkspaceJob,
    WorkspaceSnapshot,
)
from hothouse.identity.principal import Principal
from hothouse.kit.paging import Page, Paging

router = APIRouter(prefix="/api/v1/workspaces", tags=["workspaces"])
ACCEPTED, CREATED, DONE = status.HTTP_202_ACCEPTED, status.HTTP_201_CREATED, status.HTTP_204_NO_CONTENT
Lister = Annotated[Principal, Depends(Requires(Action.WORKSPACES_LIST))]
Creator = Annotated[Principal, Depends(Requires(Action.WORKSPACES_CREATE))]


@router.get("", operation_id="workspaces.list")
async def list_workspaces(principal: Lister, workspaces: CurrentWorkspaces, paging: Paging) -> Page[Workspace]:
    """List the caller's workspaces by name, with what they take up and who uses them."""
    return await workspaces.managing.page(str(principal.user_id), paging)


@router.post("", operation_id="workspaces.create", status_code=CREATED)
async def create_workspace(body: NewWorkspace, principal: Creator, workspaces: CurrentWorkspaces) -> Workspace:
    """Make an empty workspace."""
    return await workspaces.managing.create(str(principal.user_id), body.name)


@router.get("/{workspace_id}", operation_id="workspaces.show")
async def show_workspace(workspace: ViewedWorkspace, workspaces: CurrentWorkspaces) -> Workspace:
    """Show one workspace."""
    return await workspaces.managing.present(workspace)


@router.patch("/{workspace_id}", operation_id="workspaces.rename")
async def rename_workspace(workspace: EditedWorkspace, body: NewWorkspace, workspaces: CurrentWorkspaces) -> Workspace:
    """Give a workspace another name."""
    return await workspaces.managing.rename(workspace, body.name)


@router.post("/{workspace_id}/clone", operation_id="workspaces.clone", status_code=ACCEPTED)
async def clone_workspace(workspace: EditedWorkspace, body: WorkspaceClone, workspaces: CurrentWorkspaces) -> Workspace:
    """Copy a workspace, or one of its snapshots, to a new one; `job_id` of the answer is the work on it."""
    return await workspaces.managing.clone(workspace, body.name, body.snapshot_id)


@router.delete("/{workspace_id}", operation_id="workspaces.delete", status_code=DONE)
async def delete_workspace(
    workspace: DeletedWorkspace,
    workspaces: CurrentWorkspaces,
    confirm: Annotated[str, Query(description="The workspace's name, to confirm.")] = "",
) -> None:
    """Delete a workspace with its files and snapshots; refused while an environment has it."""
    await workspaces.managing.delete(workspace, confirm)


@router.get("/{workspace_id}/jobs/{workspace_job_id}", operation_id="workspaces.job")
async def show_job(workspace_job_id: str, workspace: ViewedWorkspace, workspaces: CurrentWorkspaces) -> WorkspaceJob:
    """Show how the work on a workspace stands, with its log."""
    return await workspaces.managing.job(workspace, workspace_job_id)


@router.get("/{workspace_id}/snapshots", operation_id="workspaces.snapshots")
async def list_snapshots(
    workspace: ViewedWorkspace, workspaces: CurrentWorkspaces, paging: Paging
) -> Page[WorkspaceSnapshot]:
    """List a workspace's snapshots, newest first."""
    return await workspaces.copies.page(workspace, paging)


@router.post("/{workspace_id}/snapshots", operation_id="workspaces.snapshot", status_code=ACCEPTED)
async def make_snapshot(
    workspace: EditedWorkspace, body: NewSnapshot, workspaces: CurrentWorkspaces
) -> WorkspaceSnapshot:
    """Keep the files as they are now."""
    return await workspaces.copies.snapshot(workspace, body.name)


@router.post("/{workspace_id}/snapshots/{snapshot_id}/restore", operation_id="workspaces.restore", status_code=ACCEPTED)
async def restore_snapshot(snapshot_id: str, workspace: EditedWorkspace, workspaces: CurrentWorkspaces) -> Workspace:
    """Make the files as they were; what they are now becomes a snapshot. Refused while an environment runs on them."""
    await workspaces.copies.restore(workspace, snapshot_id)
    return await workspaces.managing.present(await workspaces.repository.get(workspace["_id"]) or workspace)


@router.delete("/{workspace_id}/snapshots/{snapshot_id}", operation_id="workspaces.delete-snapshot", status_code=DONE)
async def delete_snapshot(snapshot_id: str, workspace: EditedWorkspace, workspaces: CurrentWorkspaces) -> None:
    """Delete a snapshot."""
    await workspaces.copies.remove(workspace, snapshot_id)
