"""Environments as access knows them: what may be done with one, by which roles, and where they are found."""

from collections.abc import Iterable

from hothouse.access.interfaces import Action, ActionInfo, BuiltInRole, Resource, ResourceKind
from hothouse.access.kinds import DENIAL
from hothouse.access.words import OWNER, Openness
from hothouse.database.connection import Document
from hothouse.environments.repository import EnvironmentsRepository

OPEN, VIEW, EDIT, SHARE, DELETE = (
    Action.ENVIRONMENT_OPEN,
    Action.ENVIRONMENT_VIEW,
    Action.ENVIRONMENT_EDIT,
    Action.ENVIRONMENT_SHARE,
    Action.ENVIRONMENT_DELETE,
)


def resource_of(environment: Document) -> Resource:
    """Return what the authorizer needs to know of an environment; nobody has one unless it is shared with them."""
    return Resource(
        "environment",
        environment["_id"],
        environment["owner_id"],
        "private",
        environment["slug"],
        environment["name"],
    )


class EnvironmentShelf:
    """Finds environments, but none that is being deleted, and changes who owns them. They are open to nobody else."""

    def __init__(self, environments: EnvironmentsRepository) -> None:
        self._environments = environments

    async def by_name(self, name: str) -> Resource | None:
        found = await self._environments.by_slug(name)
        return resource_of(found) if found and found["desired"] != "deleted" else None

    async def by_ids(self, ids: Iterable[str]) -> dict[str, Resource]:
        return {one.id: one for one in _standing(await self._environments.get_many(list(ids)))}

    async def page(self, after: str | None, limit: int) -> list[Resource]:
        return _standing(await self._environments.page(after, limit))

    async def owned_by(self, user_id: str) -> list[Resource]:
        return _standing(await self._environments.of(user_id))

    async def set_openness(self, resource: Resource, openness: Openness) -> bool:  # noqa: ARG002 -- as shelves have it
        return openness == "private"

    async def set_owner(self, resource: Resource, user_id: str) -> bool:
        """Give it to somebody: it is stopped, and gets the new owner's files, not the old one's."""
        fields: Document = {"owner_id": user_id, "workspace_id": None, "desired": "stopped", "secret_files": {}}
        return await self._environments.update(resource.id, fields, owner_id=resource.owner_id)


def _standing(environments: list[Document]) -> list[Resource]:
    return [resource_of(one) for one in environments if one["desired"] != "deleted"]


def environment_kind(shelf: EnvironmentShelf) -> ResourceKind:
    """Return the kind of environments."""
    return ResourceKind(
        name="environment",
        title="Environment",
        actions=(
            ActionInfo(OPEN, "Use", "Work in it, with its owner's files."),
            ActionInfo(VIEW, "See its page", "See what it is, how it fares, and its log."),
            ActionInfo(EDIT, "Change", "Start, stop and extend it, and change its settings."),
            ActionInfo(SHARE, "Share", "Say who may do what with it."),
            ActionInfo(DELETE, "Delete", "Remove it; its workspace stays."),
        ),
        roles=(
            BuiltInRole("viewer", "Viewer", "Sees the environment's page.", frozenset({VIEW})),
            BuiltInRole(
                "user", "User", "Also works in it, with its owner's files and secrets.", frozenset({VIEW, OPEN})
            ),
            BuiltInRole(OWNER, "Owner", "May do everything.", frozenset({VIEW, OPEN, EDIT, SHARE, DELETE}), False),
            DENIAL,
        ),
        open_to={},
        view=VIEW,
        share=SHARE,
        finder=shelf,
        shelf=shelf,
    )
