"""Workspaces as access knows them: their owner's alone, and handed over rather than shared."""

from collections.abc import Iterable

from hothouse.access.interfaces import Action, ActionInfo, BuiltInRole, Resource, ResourceKind
from hothouse.access.words import OWNER, Openness
from hothouse.database.connection import Document
from hothouse.environments.errors import WorkspaceTaken
from hothouse.environments.workspaces.repository import WorkspacesRepository

VIEW, EDIT, DELETE = Action.WORKSPACE_VIEW, Action.WORKSPACE_EDIT, Action.WORKSPACE_DELETE
_MOST_OF_A_NAME = 100


def resource_of(workspace: Document) -> Resource:
    """Return what the authorizer needs to know of a workspace."""
    return Resource(
        "workspace", workspace["_id"], workspace["owner_id"], "private", workspace["_id"], workspace["name"]
    )


class WorkspaceShelf:
    """Finds workspaces, and changes who owns them; in addresses they go by their ids."""

    def __init__(self, workspaces: WorkspacesRepository) -> None:
        self._workspaces = workspaces

    async def by_name(self, name: str) -> Resource | None:
        workspace = await self._workspaces.get(name)
        return resource_of(workspace) if workspace else None

    async def by_ids(self, ids: Iterable[str]) -> dict[str, Resource]:
        return {one["_id"]: resource_of(one) for one in await self._workspaces.get_many(list(ids))}

    async def page(self, after: str | None, limit: int) -> list[Resource]:
        return [resource_of(one) for one in await self._workspaces.page(after, limit)]

    async def owned_by(self, user_id: str) -> list[Resource]:
        return [resource_of(one) for one in await self._workspaces.of(user_id)]

    async def set_openness(self, resource: Resource, openness: Openness) -> bool:  # noqa: ARG002 -- as shelves have it
        """Workspaces are never open to others."""
        return False

    async def set_owner(self, resource: Resource, user_id: str) -> bool:
        """Give it to somebody, under a name that none of theirs has; their environments take the files over."""
        for number in range(1, _MOST_OF_A_NAME):
            name = resource.title if number == 1 else f"{resource.title} ({number})"
            try:
                return await self._workspaces.update(
                    resource.id, {"owner_id": user_id, "name": name}, owner_id=resource.owner_id
                )
            except WorkspaceTaken:
                continue
        return False


def workspace_kind(shelf: WorkspaceShelf) -> ResourceKind:
    """Return the kind of workspaces."""
    return ResourceKind(
        name="workspace",
        title="Workspace",
        actions=(
            ActionInfo(VIEW, "Look into it", "See its files, and download them."),
            ActionInfo(EDIT, "Change", "Rename it, and change its files."),
            ActionInfo(DELETE, "Delete", "Remove it with all its files."),
        ),
        roles=(BuiltInRole(OWNER, "Owner", "May do everything.", frozenset({VIEW, EDIT, DELETE}), False),),
        view=VIEW,
        finder=shelf,
        shelf=shelf,
    )
