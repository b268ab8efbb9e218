"""The seam through which every permission is asked, and what features tell it of the kinds of things they hold."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from hothouse.access.words import Everyone, LinkKind, Openness
from hothouse.identity.principal import Principal


class Action(StrEnum):
    """Everything that can be permitted: `<kind of resource>.<verb>`. A route declares exactly one."""

    # Open to anyone: the route itself proves who is asking, or tells nothing
    PUBLIC = "public"
    # For anyone signed in
    SIGNED_IN = "signed-in"
    # On one's own account: its name, password, sessions and tokens
    ACCOUNT = "account"
    # On the platform
    PLATFORM_ADMIN = "platform.admin"
    PEOPLE_MANAGE = "people.manage"
    PEOPLE_IMPERSONATE = "people.impersonate"
    AUDIT_READ = "audit.read"
    ACCESS_REVIEW = "access.review"
    GROUPS_LIST = "groups.list"
    GROUPS_CREATE = "groups.create"
    ROLES_LIST = "roles.list"
    ROLES_MANAGE = "roles.manage"
    APPS_LIST = "apps.list"
    APPS_CREATE = "apps.create"
    ENVIRONMENTS_LIST = "environments.list"
    ENVIRONMENTS_CREATE = "environments.create"
    TEMPLATES_LIST = "templates.list"
    TEMPLATES_MANAGE = "templates.manage"
    WORKSPACES_LIST = "workspaces.list"
    WORKSPACES_CREATE = "workspaces.create"
    # On one group
    GROUP_VIEW = "group.view"
    GROUP_EDIT = "group.edit"
    GROUP_DELETE = "group.delete"
    # On one app
    APP_OPEN = "app.open"
    APP_VIEW = "app.view"
    APP_EDIT = "app.edit"
    APP_SHARE = "app.share"
    APP_DELETE = "app.delete"
    # On one environment
    ENVIRONMENT_OPEN = "environment.open"
    ENVIRONMENT_VIEW = "environment.view"
    ENVIRONMENT_EDIT = "environment.edit"
    ENVIRONMENT_SHARE = "environment.share"
    ENVIRONMENT_DELETE = "environment.delete"
    # On one template
    TEMPLATE_USE = "template.use"
    TEMPLATE_SHARE = "template.share"
    # On one workspace
    WORKSPACE_VIEW = "workspace.view"
    WORKSPACE_EDIT = "workspace.edit"
    WORKSPACE_DELETE = "workspace.delete"
    # On one resource of whatever kind the path names: see it, or share it
    RESOURCE_SHARE = "resource.share"
    # Between the platform's own processes
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class Resource:
    """What an authorizer needs to know of a thing; owner and openness are facts that it is told, and never keeps."""

    kind: str
    id: str
    owner_id: str | None = None
    openness: Openness = "private"
    name: str = ""
    """What people call it in addresses: an app's slug."""
    title: str = ""

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.id}"


PLATFORM = Resource("platform", "platform", None, "signed-in", "platform", "this Hothouse")


@dataclass(frozen=True, slots=True)
class Grant:
    """One subject has one role on one resource, perhaps until a time."""

    resource: str
    subject: str
    role: str
    expires_at: datetime | None = None

    def holds_at(self, now: datetime) -> bool:
        return self.expires_at is None or self.expires_at > now


@dataclass(frozen=True, slots=True)
class Membership:
    """A subject belongs to a group; managers may change it."""

    group: str
    member: str
    is_manager: bool = False


@dataclass(frozen=True, slots=True)
class Role:
    """A named list of actions on one kind of resource."""

    kind: str
    name: str
    actions: frozenset[str]


Policy = Grant | Membership | Role


@dataclass(frozen=True, slots=True)
class Link:
    """One step of an explanation; `text` says it to people, `subject` and `id` name what it is about."""

    kind: LinkKind
    text: str
    subject: str | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """May it be done, and why. `until` is when what it rests on runs out, if it does."""

    is_allowed: bool
    reason: str
    chain: tuple[Link, ...] = ()
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Holders:
    """Who may do something with a resource, beside admins.

    `users` are ids of accounts, with the roles that let them; `everyone` is set when anybody may whom `denied` does
    not name, signed in or not.
    """

    users: Mapping[str, frozenset[str]]
    everyone: Everyone | None = None
    denied: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Reach:
    """What of a kind somebody may do something with, beside what they own and what is open to them.

    `is_all`: everything. `granted` are ids of resources, `denied` those from which they are kept, even open ones.
    """

    is_all: bool = False
    granted: frozenset[str] = frozenset()
    denied: frozenset[str] = frozenset()


class Authorizer(Protocol):
    """Decides, from what it was told by `load` and `apply`. Called on every request, so it answers at once."""

    async def check(self, principal: Principal, action: Action, resource: Resource | None = None) -> Decision:
        """Say whether `principal` may do `action`.

        `resource` is what it is to be done with; None is the platform, or a thing that does not exist.
        """
        ...

    async def allowed_actions(self, principal: Principal, resource: Resource) -> list[Action]:
        """Return what `principal` may do with one resource, in the order in which its kind names its actions."""
        ...

    async def explain(self, principal: Principal, action: Action, resource: Resource) -> Decision:
        """Decide as `check` does, and give the chain of links that leads to the decision; without names in it."""
        ...

    async def who_can(self, action: Action, resource: Resource) -> Holders:
        """Return who may do `action` with a resource."""
        ...

    async def list_resources(self, principal: Principal, action: Action) -> Reach:
        """Return which resources of the action's kind `principal` may do `action` with."""
        ...

    async def load(self, policies: Iterable[Policy]) -> None:
        """Forget all, and decide by these from now on."""
        ...

    async def apply(self, gone: Sequence[Policy], added: Sequence[Policy]) -> None:
        """Decide without some policies and with some others from now on.

        Returns once that is so: nobody is told of a change before. May come twice.
        """
        ...


@dataclass(frozen=True, slots=True)
class ActionInfo:
    """An action, as people see it."""

    action: Action
    title: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class BuiltInRole:
    """A role that every installation has. One that is not granted is had by nature, as ownership is."""

    name: str
    title: str
    description: str
    actions: frozenset[Action] = frozenset()
    is_granted: bool = True


class Finder(Protocol):
    """Finds the resources of one kind."""

    async def by_name(self, name: str) -> Resource | None: ...

    async def by_ids(self, ids: Iterable[str]) -> dict[str, Resource]: ...


class Shelf(Finder, Protocol):
    """Holds resources that have an owner and are more or less open, and changes these two facts of access."""

    async def page(self, after: str | None, limit: int) -> list[Resource]:
        """Return resources in the order of their names, from behind the name `after`."""
        ...

    async def owned_by(self, user_id: str) -> list[Resource]: ...

    async def set_openness(self, resource: Resource, openness: Openness) -> bool:
        """Say how open it is; false when it is gone."""
        ...

    async def set_owner(self, resource: Resource, user_id: str) -> bool:
        """Give it to somebody; false when it is gone, or not its owner's any more who had it."""
        ...


class Receiving(Protocol):
    """Knows how much people may have."""

    def room_to_receive(self, user_id: str, resources: Sequence[Resource]) -> AbstractAsyncContextManager[None]:
        """Let things of one other person become somebody's inside the block. Raises: a `Conflict` without room."""
        ...


@dataclass(frozen=True, slots=True)
class ResourceKind:
    """A kind of thing that a feature holds, told to `Kinds` once."""

    name: str
    title: str
    actions: tuple[ActionInfo, ...]
    roles: tuple[BuiltInRole, ...]
    open_to: Mapping[Openness, frozenset[Action]] = field(default_factory=dict)
    """What anybody signed in, or anyone at all, may do with what is so open."""
    view: Action | None = None
    """What one must be allowed to do to learn that a thing is there."""
    share: Action | None = None
    """What one must be allowed to do to share it; None for what is not shared."""
    finder: Finder | None = None
    shelf: Shelf | None = None
    """The finder again, if things of this kind have owners."""
