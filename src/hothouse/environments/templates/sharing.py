"""Templates as access knows them: who may start from one."""

from collections.abc import Iterable

from hothouse.access.interfaces import Action, ActionInfo, BuiltInRole, Resource, ResourceKind
from hothouse.access.kinds import DENIAL
from hothouse.access.words import OWNER, Openness
from hothouse.database.connection import Document
from hothouse.environments.templates.repository import TemplatesRepository
from hothouse.kit.clock import Clock

USE, SHARE = Action.TEMPLATE_USE, Action.TEMPLATE_SHARE


def resource_of(template: Document) -> Resource:
    """Return what the authorizer needs to know of a template."""
    return Resource(
        "template", template["_id"], template["owner_id"], template["access"], template["slug"], template["name"]
    )


class TemplateShelf:
    """Finds templates, and changes who owns them and how open they are."""

    def __init__(self, templates: TemplatesRepository, clock: Clock) -> None:
        self._templates = templates
        self._clock = clock

    async def by_name(self, name: str) -> Resource | None:
        template = await self._templates.by_slug(name)
        return resource_of(template) if template else None

    async def by_ids(self, ids: Iterable[str]) -> dict[str, Resource]:
        return {one["_id"]: resource_of(one) for one in await self._templates.get_many(list(ids))}

    async def page(self, after: str | None, limit: int) -> list[Resource]:
        return [resource_of(one) for one in await self._templates.page(after, limit)]

    async def owned_by(self, user_id: str) -> list[Resource]:
        return [resource_of(one) for one in await self._templates.owned_by(user_id)]

    async def set_openness(self, resource: Resource, openness: Openness) -> bool:
        """Say whether everyone may start from it; nobody does who is not signed in."""
        access = "private" if openness == "private" else "signed-in"
        return await self._templates.update(resource.id, {"access": access, "updated_at": self._clock.now()})

    async def set_owner(self, resource: Resource, user_id: str) -> bool:
        return await self._templates.update(resource.id, {"owner_id": user_id}, owner_id=resource.owner_id)


def template_kind(shelf: TemplateShelf) -> ResourceKind:
    """Return the kind of templates."""
    return ResourceKind(
        name="template",
        title="Template",
        actions=(
            ActionInfo(USE, "Start from it", "Start environments from it."),
            ActionInfo(SHARE, "Share", "Say who may start from it."),
        ),
        roles=(
            BuiltInRole("user", "User", "Starts environments from it.", frozenset({USE})),
            BuiltInRole(OWNER, "Owner", "Also says who else may.", frozenset({USE, SHARE}), False),
            DENIAL,
        ),
        open_to={"signed-in": frozenset({USE})},
        view=USE,
        share=SHARE,
        finder=shelf,
        shelf=shelf,
    )
