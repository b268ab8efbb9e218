"""What workspace routes get injected: the services, and the workspace in the path once the caller may use it so."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request

from hothouse.access.dependencies import CurrentAuthorizer, Requires, permit
from hothouse.access.interfaces import Action
from hothouse.database.connection import Database, Document
from hothouse.environments.workspaces.interfaces import UidOf, WorkspaceUsers
from hothouse.environments.workspaces.places import Places
from hothouse.environments.workspaces.repository import SnapshotsRepository, WorkspacesRepository
from hothouse.environments.workspaces.service import (
    Bin,
    Browsing,
    Copies,
    Editing,
    FileUploads,
    Managing,
    Sizes,
    Workspaces,
    Zipping,
)
from hothouse.environments.workspaces.service.placing import Placing
from hothouse.environments.workspaces.sharing import resource_of
from hothouse.identity.dependencies import CurrentPrincipal
from hothouse.jobs.service import Jobs
from hothouse.kit.clock import Clock
from hothouse.quotas.service import Quotas


@dataclass(frozen=True, slots=True)
class WorkspaceServices:
    """The services of workspaces, on `app.state.workspaces`."""

    repository: WorkspacesRepository
    making: Workspaces
    managing: Managing
    copies: Copies
    sizes: Sizes
    browsing: Browsing
    editing: Editing
    bin: Bin
    uploads: FileUploads
    zipping: Zipping

    @classmethod
    def make(
        cls,
        home: Path,
        quota_bytes: int,
        database: Database,
        clock: Clock,
        jobs: Jobs,
        users: WorkspaceUsers,
        uid_of: UidOf,
        allowed: Callable[[str], Awaitable[int | None]],
        quotas: Quotas,
    ) -> "WorkspaceServices":
        repository, snapshots, places = WorkspacesRepository(database), SnapshotsRepository(database), Places(home)
        making, placing = Workspaces(repository, clock, home), Placing(places)
        sizes = Sizes(repository, places, clock, quota_bytes, allowed, quotas)
        copies = Copies(repository, snapshots, making, jobs, sizes, users, uid_of, places, clock)
        return cls(
            repository=repository,
            making=making,
            managing=Managing(repository, snapshots, making, copies, jobs, sizes, users, uid_of, places),
            copies=copies,
            sizes=sizes,
            browsing=Browsing(places),
            editing=Editing(places, placing, sizes),
            bin=Bin(places, placing, sizes, clock),
            uploads=FileUploads(places, placing, sizes),
            zipping=Zipping(places),
        )


def workspace_services(request: Request) -> WorkspaceServices:
    services: WorkspaceServices = request.app.state.workspaces
    return services


CurrentWorkspaces = Annotated[WorkspaceServices, Depends(workspace_services)]


class RequiresWorkspace(Requires):
    """A dependency that gives the workspace named in the path, if the caller may do `action` with it."""

    async def __call__(  # type: ignore[override]  # the path's id comes on top
        self,
        workspace_id: str,
        workspaces: CurrentWorkspaces,
        principal: CurrentPrincipal,
        authorizer: CurrentAuthorizer,
    ) -> Document:
        found = await workspaces.repository.get(workspace_id)
        message = "There is no such workspace, or it is not yours."
        await permit(authorizer, principal, self.action, resource_of(found) if found else None, message)
        assert found is not None  # noqa: S101 -- else it was refused
        return found


ViewedWorkspace = Annotated[Document, Depends(RequiresWorkspace(Action.WORKSPACE_VIEW))]
EditedWorkspace = Annotated[Document, Depends(RequiresWorkspace(Action.WORKSPACE_EDIT))]
DeletedWorkspace = Annotated[Document, Depends(RequiresWorkspace(Action.WORKSPACE_DELETE))]


async def _for_writing(workspace: EditedWorkspace, workspaces: CurrentWorkspaces) -> Document:
    return await workspaces.managing.for_writing(workspace)


WrittenWorkspace = Annotated[Document, Depends(_for_writing)]
"""A workspace whose files the caller may change, and that can be changed now."""
