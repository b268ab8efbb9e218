"""Apps as access knows them: what may be done with one, by which roles, and where they are found."""

from collections.abc import Iterable

from hothouse.access.interfaces import Action, ActionInfo, BuiltInRole, Resource, ResourceKind
from hothouse.access.kinds import DENIAL
from hothouse.access.words import OWNER, Openness
from hothouse.apps.repository import AppsRepository
from hothouse.database.connection import Document
from hothouse.kit.clock import Clock

OPEN, VIEW, EDIT, SHARE, DELETE = (
    Action.APP_OPEN,
    Action.APP_VIEW,
    Action.APP_EDIT,
    Action.APP_SHARE,
    Action.APP_DELETE,
)
LOOK = frozenset({OPEN, VIEW})


def resource_of(app: Document) -> Resource:
    """Return what the authorizer needs to know of an app."""
    return Resource("app", app["_id"], app["owner_id"], app["access"], app["slug"], app["name"])


class AppShelf:
    """Finds apps, but none that is being deleted, and changes who owns them and how open they are."""

    def __init__(self, apps: AppsRepository, clock: Clock) -> None:
        self._apps = apps
        self._clock = clock

    async def by_name(self, name: str) -> Resource | None:
        app = await self._apps.by_slug(name)
        return resource_of(app) if app and app["desired"] != "deleted" else None

    async def by_ids(self, ids: Iterable[str]) -> dict[str, Resource]:
        return {app["_id"]: resource for app in await self._apps.get_many(list(ids)) for resource in _standing([app])}

    async def page(self, after: str | None, limit: int) -> list[Resource]:
        return _standing(await self._apps.page(after, limit))

    async def owned_by(self, user_id: str) -> list[Resource]:
        return _standing(await self._apps.owned_by(user_id))

    async def set_openness(self, resource: Resource, openness: Openness) -> bool:
        """Say how open an app is, whatever its manifest says."""
        while app := await self._apps.get(resource.id):
            fields = {
                "access": openness,
                "overrides": {**app["overrides"], "access": openness},
                "settings_version": app["settings_version"] + 1,
                "updated_at": self._clock.now(),
            }
            unmoved = {"settings_version": app["settings_version"]}
            if app["desired"] == "deleted":
                return False
            if await self._apps.update(resource.id, fields, **unmoved):
                return True
        return False

    async def set_owner(self, resource: Resource, user_id: str) -> bool:
        fields = {"owner_id": user_id, "updated_at": self._clock.now()}
        unmoved = {"owner_id": resource.owner_id, "desired": {"$ne": "deleted"}}
        return await self._apps.update(resource.id, fields, **unmoved)


def _standing(apps: list[Document]) -> list[Resource]:
    return [resource_of(app) for app in apps if app["desired"] != "deleted"]


def app_kind(shelf: AppShelf) -> ResourceKind:
    """Return the kind of apps."""
    return ResourceKind(
        name="app",
        title="App",
        actions=(
            ActionInfo(OPEN, "Open", "Use the app at its address."),
            ActionInfo(VIEW, "See its page", "See what it is, its releases and logs."),
            ActionInfo(EDIT, "Change", "Deploy, start, stop, and change settings."),
            ActionInfo(SHARE, "Share", "Say who may do what with it, and at which address it is."),
            ActionInfo(DELETE, "Delete", "Remove it with all its data."),
        ),
        roles=(
            BuiltInRole("viewer", "Viewer", "Opens the app, and sees its page.", LOOK),
            BuiltInRole("editor", "Editor", "Also changes and deploys it.", LOOK | {EDIT}),
            BuiltInRole(OWNER, "Owner", "May do everything; an app has one.", LOOK | {EDIT, SHARE, DELETE}, False),
            DENIAL,
        ),
        open_to={"signed-in": LOOK, "public": frozenset({OPEN})},
        view=VIEW,
        share=SHARE,
        finder=shelf,
        shelf=shelf,
    )
