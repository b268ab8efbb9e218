"""The seam through which every permission is asked."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from hothouse.identity.principal import Principal


class Action(StrEnum):
    """Everything that can be permitted. A route declares exactly one."""

    # Open to anyone: the route itself proves who is asking, or tells nothing
    PUBLIC = "public"
    # For anyone signed in
    SIGNED_IN = "signed-in"
    # On one's own account: its name, password, sessions and tokens
    ACCOUNT = "account"
    # For admins
    PLATFORM_ADMIN = "platform.admin"
    # On the collection of apps
    APPS_LIST = "apps.list"
    APPS_CREATE = "apps.create"
    # On one app
    APP_OPEN = "app.open"
    APP_VIEW = "app.view"
    APP_EDIT = "app.edit"
    APP_SHARE = "app.share"
    APP_DELETE = "app.delete"
    # Between the platform's own processes
    INTERNAL = "internal"


APP_ACTIONS = (Action.APP_OPEN, Action.APP_VIEW, Action.APP_EDIT, Action.APP_SHARE, Action.APP_DELETE)


@dataclass(frozen=True, slots=True)
class AppResource:
    """What an authorizer needs to know of an app."""

    app_id: str
    owner_id: str | None
    access: str
    member_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class Decision:
    """May it be done, and why."""

    is_allowed: bool
    reason: str


class Authorizer(Protocol):
    """Decides. Called on every request, so an implementation answers from memory or by one indexed query."""

    async def check(self, subject: Principal, action: Action, resource: AppResource | None = None) -> Decision:
        """Say whether `subject` may do `action`; `resource` is given for the actions on one app."""
        ...

    async def allowed_actions(self, subject: Principal, resource: AppResource) -> list[Action]:
        """Return what `subject` may do with one app."""
        ...
