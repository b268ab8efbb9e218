"""A small world of people, groups, apps and grants, and a naive model of who may do what in it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from hothouse.access.interfaces import Action, Grant, Membership, Policy, Resource, Role
from hothouse.access.kinds import Kinds
from hothouse.access.platform import group_kind, platform_kind
from hothouse.access.policies import Policies
from hothouse.apps.sharing import app_kind
from hothouse.identity.principal import Principal
from hothouse.identity.schemas import Role as PlatformRole
from hothouse.identity.schemas import User

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
LATER, EARLIER = NOW + timedelta(hours=1), NOW - timedelta(hours=1)
OPEN, VIEW, EDIT, SHARE, DELETE = (
    Action.APP_OPEN,
    Action.APP_VIEW,
    Action.APP_EDIT,
    Action.APP_SHARE,
    Action.APP_DELETE,
)
APP_ACTIONS = (OPEN, VIEW, EDIT, SHARE, DELETE)
BUILT_IN = {"viewer": {OPEN, VIEW}, "editor": {OPEN, VIEW, EDIT}}


def kinds() -> Kinds:
    """Return the kinds that a hub knows; nothing is looked up in them here."""
    nowhere: Any = None
    return Kinds(platform_kind(), group_kind(nowhere), app_kind(nowhere))


def person(name: str, role: PlatformRole = "developer", **more: Any) -> Principal:
    """Return somebody who is signed in."""
    user = User(id=name, name=name.title(), email=f"{name}@example.org", role=role, created_at=EARLIER)
    return Principal(user, "session", **more)


def app(name: str = "a", **more: Any) -> Resource:
    return Resource("app", name, name=name, title=name.title(), **more)


def grant(resource: Resource, subject: str, role: str = "viewer", expires_at: datetime | None = None) -> Grant:
    return Grant(resource.key, subject, role, expires_at)


@dataclass
class World:
    """What is known, and what it means, worked out the long way: for each question from all there is."""

    policies: list[Policy] = field(default_factory=list)

    def index(self) -> Policies:
        made = Policies()
        made.replace(self.policies)
        return made

    def _of(self, kind: type) -> Iterable[Any]:
        return [one for one in self.policies if isinstance(one, kind)]

    def acts_as(self, subject: str) -> set[str]:
        found = {subject}
        while True:
            more = {f"group:{one.group}" for one in self._of(Membership) if one.member in found} - found
            if not more:
                return found | {"signed-in"}
            found |= more

    def may(self, principal: Principal, action: Action, resource: Resource) -> bool:
        """Tell whether somebody may do something with an app."""
        user = principal.user
        if user is not None and (user.role == "admin" or user.id == resource.owner_id):
            return True
        roles = self._roles(principal, resource)
        if "denied" in roles:
            return False
        if action is OPEN and resource.openness == "public":
            return True
        if user is not None and action in (OPEN, VIEW) and resource.openness != "private":
            return True
        made = {role.name: role.actions for role in self._of(Role) if role.kind == "app"}
        return any(action in BUILT_IN.get(role, made.get(role, ())) for role in roles)

    def _roles(self, principal: Principal, resource: Resource) -> set[str]:
        subjects = self.acts_as(f"user:{principal.user.id}") if principal.user else set()
        return {
            one.role
            for one in self._of(Grant)
            if one.resource == resource.key
            and one.subject in subjects
            and (one.expires_at is None or one.expires_at > NOW)
        }
