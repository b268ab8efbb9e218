"""What access says and accepts over the API."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from hothouse.access.words import LinkKind, Openness

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Description = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]
RoleName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
GrantOrigin = Literal["manual", "manifest", "request"]


class SubjectInfo(BaseModel):
    """Somebody, or a group, or everybody, as shown where rights are given."""

    subject: str = Field(description="`user:<id>`, `group:<id>`, `app:<id>`, `signed-in` or `anyone`.")
    kind: Literal["user", "group", "app", "signed-in", "anyone"]
    name: str
    email: str | None = None
    is_active: bool = Field(True, description="False for a deactivated account, and for what is gone.")


class Subjects(BaseModel):
    """What a few letters may mean."""

    items: list[SubjectInfo]


class Group(BaseModel):
    """People, and other groups, who are given rights together."""

    id: str
    name: str
    description: str
    origin: str = Field(description="`manual`, or `oidc:<provider>` for one that a login provider tells of.")
    member_count: int = Field(description="Of the group itself, without members of the groups in it.")
    permissions: list[str] = Field(description="What the caller may do with the group.")
    created_at: datetime


class NewGroup(BaseModel):
    """A group to make."""

    model_config = ConfigDict(extra="forbid")

    name: Title
    description: Description = ""


class GroupChange(BaseModel):
    """What to change of a group; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    name: Title | None = None
    description: Description | None = None


class Membership(BaseModel):
    """Somebody, or a group, in a group."""

    member: SubjectInfo
    is_manager: bool = Field(description="Whether they may change the group.")
    via: str = Field(description="`manual`, or `oidc:<provider>` if a login provider says so.")
    added_at: datetime
    added_by: SubjectInfo | None


class NewMembership(BaseModel):
    """How somebody belongs to a group."""

    model_config = ConfigDict(extra="forbid")

    is_manager: bool = False


class ResourceRef(BaseModel):
    """A thing that rights are given on."""

    kind: str
    id: str
    name: str = Field(description="What people call it: an app's slug.")
    title: str


class Reached(BaseModel):
    """A thing that somebody reaches, and how."""

    resource: ResourceRef
    role: str = Field(description="Name of the role; `owner` for what they own, empty for what is open to them.")
    how: str
    expires_at: datetime | None = None


class ActionDescription(BaseModel):
    """Something that a role may allow."""

    action: str
    kind: str
    title: str
    description: str


class Actions(BaseModel):
    """All that roles may allow."""

    items: list[ActionDescription]


class Role(BaseModel):
    """A named list of actions on one kind of thing."""

    id: str
    kind: str
    name: str
    title: str
    description: str
    actions: list[str]
    is_builtin: bool


class RoleUse(BaseModel):
    """Where a role that was made here is given."""

    role_id: str
    grants: int = Field(description="How often it is given.")
    things: list[str] = Field(description="The names of some of the things on which it is; five at most.")


class RoleUses(BaseModel):
    """Where roles that were made here are given."""

    items: list[RoleUse]


class Roles(BaseModel):
    """Roles, those that every installation has first."""

    items: list[Role]


class NewRole(BaseModel):
    """A role to make."""

    model_config = ConfigDict(extra="forbid")

    kind: str
    name: RoleName
    title: Title
    description: Description = ""
    actions: Annotated[list[str], Field(min_length=1, max_length=100)]


class RoleChange(BaseModel):
    """What to change of a role; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    title: Title | None = None
    description: Description | None = None
    actions: Annotated[list[str], Field(min_length=1, max_length=100)] | None = None


class Grant(BaseModel):
    """The role that somebody has on a thing."""

    subject: SubjectInfo
    role: str
    expires_at: datetime | None
    is_expired: bool
    note: str
    granted_by: SubjectInfo | None
    granted_at: datetime
    origin: GrantOrigin


class NewGrant(BaseModel):
    """The role to give somebody."""

    model_config = ConfigDict(extra="forbid")

    role: Annotated[str, StringConstraints(max_length=40)] = Field(description="Name of a role; `denied` keeps out.")
    expires_at: AwareDatetime | None = Field(None, description="When it ends; without it, it stays.")
    note: Note = ""


class OpennessChange(BaseModel):
    """How open a thing is to be."""

    model_config = ConfigDict(extra="forbid")

    openness: Openness


class HandOver(BaseModel):
    """Whom to give a thing to."""

    model_config = ConfigDict(extra="forbid")

    user_id: str
    keep_role: Literal["editor", "viewer"] | None = Field(None, description="What the owner until now keeps.")


class Sharing(BaseModel):
    """Who has which rights on a thing."""

    resource: ResourceRef
    owner: SubjectInfo | None = Field(description="None for what has no owner: a group, the platform.")
    openness: Openness
    grants: list[Grant]
    roles: list[Role] = Field(description="Those that can be given here.")
    permissions: list[str] = Field(description="What the caller may do with it.")


class Link(BaseModel):
    """One step of an explanation."""

    kind: LinkKind
    text: str
    subject: str | None = None
    id: str | None = None


class Explanation(BaseModel):
    """Whether somebody may do something with a thing, and why."""

    is_allowed: bool
    reason: str
    chain: list[Link] = Field(description="From the person to the decision, step by step.")


class Holder(BaseModel):
    """Somebody who may do something with a thing."""

    person: SubjectInfo
    roles: list[str]
    how: str


class ReviewedResource(BaseModel):
    """A thing, as those see it who review access."""

    resource: ResourceRef
    owner: SubjectInfo | None
    openness: Openness
    grants: int = Field(description="How many hold at the moment.")
    expiring: int = Field(description="How many of them end by themselves.")
    flags: list[Literal["public", "many", "owner-deactivated", "no-owner"]]


class HandOverAll(BaseModel):
    """Whom everything that somebody owns is given to."""

    model_config = ConfigDict(extra="forbid")

    to_user_id: str


class HandedOver(BaseModel):
    """What was given to another owner."""

    items: list[ResourceRef]


class NewAccessRequest(BaseModel):
    """What somebody would like to have access to, and why."""

    model_config = ConfigDict(extra="forbid")

    kind: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z-]{0,39}$")]
    name: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    role: RoleName = "viewer"
    message: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)] = ""


class Accepted(BaseModel):
    """The same answer, whatever there is."""


class AccessRequest(BaseModel):
    """Somebody's wish to have a role on a thing."""

    id: str
    resource: ResourceRef = Field(description="In the list of one's own, only what one asked for by name.")
    person: SubjectInfo
    role: str
    message: str
    state: Literal["open", "granted", "refused", "withdrawn"]
    created_at: datetime
    decided_at: datetime | None
    decided_by: SubjectInfo | None
    note: str


class AccessDecision(BaseModel):
    """An answer to a request."""

    model_config = ConfigDict(extra="forbid")

    grant: bool
    role: Annotated[str, StringConstraints(max_length=40)] | None = Field(
        None, description="Another role than the one asked for."
    )
    expires_at: AwareDatetime | None = None
    note: Note = ""
