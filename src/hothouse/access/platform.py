"""The kinds that access itself holds: the platform, whose roles are those of accounts, and groups."""

from collections.abc import Iterable

from hothouse.access.interfaces import (
    PLATFORM,
    Action,
    ActionInfo,
    BuiltInRole,
    Finder,
    Resource,
    ResourceKind,
)
from hothouse.access.kinds import DENIAL

FOR_EVERYONE = frozenset(
    {
        Action.SIGNED_IN,
        Action.ACCOUNT,
        Action.APPS_LIST,
        Action.GROUPS_LIST,
        Action.ROLES_LIST,
        Action.RESOURCE_SHARE,
        Action.ENVIRONMENTS_LIST,
        Action.ENVIRONMENTS_CREATE,
        Action.TEMPLATES_LIST,
        Action.WORKSPACES_LIST,
        Action.WORKSPACES_CREATE,
    }
)
"""What every account may do; of a thing that a path names, `RESOURCE_SHARE` asks again by the thing's own kind."""

PLATFORM_ACTIONS = (
    ActionInfo(Action.SIGNED_IN, ""),
    ActionInfo(Action.ACCOUNT, ""),
    ActionInfo(Action.GROUPS_LIST, ""),
    ActionInfo(Action.ROLES_LIST, ""),
    ActionInfo(Action.APPS_LIST, ""),
    ActionInfo(Action.RESOURCE_SHARE, ""),
    ActionInfo(Action.ENVIRONMENTS_LIST, ""),
    ActionInfo(Action.ENVIRONMENTS_CREATE, ""),
    ActionInfo(Action.TEMPLATES_LIST, ""),
    ActionInfo(Action.WORKSPACES_LIST, ""),
    ActionInfo(Action.WORKSPACES_CREATE, ""),
    ActionInfo(Action.PLATFORM_ADMIN, ""),
    ActionInfo(Action.APPS_CREATE, "Publish apps", "Upload source and make apps of it."),
    ActionInfo(Action.TEMPLATES_MANAGE, "Manage templates", "Say what environments can be started from."),
    ActionInfo(Action.GROUPS_CREATE, "Make groups", "Make groups, and manage those one made."),
    ActionInfo(Action.PEOPLE_MANAGE, "Manage people", "Invite, rename and deactivate people, but no admins."),
    ActionInfo(Action.PEOPLE_IMPERSONATE, "Act as others", "See Hothouse as somebody else does, for a while."),
    ActionInfo(Action.ROLES_MANAGE, "Manage roles", "Make roles, of what one may do oneself."),
    ActionInfo(Action.ACCESS_REVIEW, "Review access", "See who may do what with everything."),
    ActionInfo(Action.AUDIT_READ, "Read the audit record", "See who did what, and export it."),
)


class PlatformFinder:
    """Finds the one platform."""

    async def by_name(self, name: str) -> Resource | None:
        return PLATFORM if name == PLATFORM.name else None

    async def by_ids(self, ids: Iterable[str]) -> dict[str, Resource]:
        return {PLATFORM.id: PLATFORM} if PLATFORM.id in set(ids) else {}


def platform_kind() -> ResourceKind:
    """Return the kind of the platform, whose built-in roles every account has one of."""
    developer = frozenset({Action.APPS_CREATE})
    return ResourceKind(
        name="platform",
        title="Platform",
        actions=PLATFORM_ACTIONS,
        roles=(
            BuiltInRole("admin", "Admin", "May do everything.", is_granted=False),
            BuiltInRole("developer", "Developer", "May publish apps.", developer),
            BuiltInRole("member", "Member", "May use what is shared with them.", is_granted=False),
        ),
        open_to={"signed-in": FOR_EVERYONE},
        share=Action.ROLES_MANAGE,
        view=Action.ROLES_MANAGE,
        finder=PlatformFinder(),
    )


def group_kind(finder: Finder) -> ResourceKind:
    """Return the kind of groups; members see theirs, and managers change it."""
    view, edit, delete = Action.GROUP_VIEW, Action.GROUP_EDIT, Action.GROUP_DELETE
    return ResourceKind(
        name="group",
        title="Group",
        actions=(
            ActionInfo(view, "See members", "See who is in a group and what it reaches."),
            ActionInfo(edit, "Change", "Rename a group, and say who is in it."),
            ActionInfo(delete, "Delete", "Remove a group, and with it all that it was granted."),
        ),
        roles=(
            BuiltInRole("viewer", "Viewer", "Sees the group's members.", frozenset({view})),
            BuiltInRole("manager", "Manager", "Changes the group.", frozenset({view, edit, delete})),
            DENIAL,
        ),
        view=view,
        share=edit,
        finder=finder,
    )
