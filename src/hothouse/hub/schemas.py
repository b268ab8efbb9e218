"""What the hub says about the platform itself, to people and to its other processes."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from hothouse.apps.schemas import AccessMode, DeploymentState, IsolationInfo, State


class DatabaseInfo(BaseModel):
    """The MongoDB in use."""

    embedded: bool
    version: str


class PlatformInfo(BaseModel):
    """This installation."""

    name: str = "Hothouse"
    version: str
    url: str
    apps_domain: str
    isolation: IsolationInfo
    database: DatabaseInfo
    kinds: list[str]


class Readiness(BaseModel):
    """Whether every part of the platform works."""

    status: Literal["ok", "unavailable"]
    parts: dict[str, str] = Field(description="`ok`, or what is wrong, by part.")


class RouteDeployment(BaseModel):
    """The deployment that a page about a starting or failed app tells of."""

    id: str
    state: DeploymentState
    reason: str | None
    log_tail: list[str]


class Route(BaseModel):
    """Where a gateway sends the requests of an app."""

    app_id: str
    slug: str
    former_slugs: list[str] = Field(description="Slugs whose addresses lead to the present one.")
    name: str
    icon: str | None
    state: State
    reason: str | None
    endpoint: str | None = Field(description="`unix:/path` or `http://127.0.0.1:port` while a workload serves.")
    access: AccessMode
    public_paths: list[str] = Field(description="Paths that everyone may ask, though the app is not public.")
    audience: str = Field(description="Another text whenever other people may open the app.")
    background_bytes: int = Field(
        description="Bytes that an open tab sends over a WebSocket in half a minute though nobody uses it."
    )
    release: int | None
    workload_id: str | None
    deployment: RouteDeployment | None


class Recheck(BaseModel):
    """Whose decisions a gateway is to have made anew, and whose connections it is to look at."""

    app_ids: list[str] = Field(default_factory=list)
    user_ids: list[str] = Field(default_factory=list)
    credentials: list[str] = Field(default_factory=list, description="Ids that admissions name.")


class AdmitRequest(BaseModel):
    """May whoever holds this credential open an app?"""

    app_id: str
    app_session: str | None = None
    bearer: str | None = None


class Identity(BaseModel):
    """Who an app is told the visitor is: a person, or an app, whose `user_id` is `app:` and its id."""

    user_id: str
    email: str
    name: str
    groups: list[str]
    impersonator: str | None = Field(None, description="E-mail address of the admin who acts as this person.")
    app: str | None = Field(None, description="Slug of the app, where it is one that asks.")


class Admission(BaseModel):
    """The answer, and how long it may be remembered."""

    outcome: Literal["allowed", "sign-in", "forbidden"]
    identity: Identity | None
    assertion: str | None = Field(description="The identity as a signed statement for the app.")
    credentials: list[str] = Field(description="Ids of what proves the identity: session and parent, or token.")
    ttl_seconds: float
    reason: str


class RedeemRequest(BaseModel):
    """A hand-over code that arrived on an app's origin."""

    app_id: str
    code: str
    state: str


class AppSession(BaseModel):
    """The session to set on the app's origin."""

    app_session: str
    max_age_seconds: int


class ActivityItem(BaseModel):
    """What a gateway saw of one app since its last report."""

    app_id: str
    last_request_at: datetime | None = None
    requests: int = 0
    open_connections: int = 0


class ActivityReport(BaseModel):
    """What a gateway saw since its last report."""

    items: list[ActivityItem]


class SetupLink(BaseModel):
    """The code of a fresh set-up link; None when there is an account."""

    code: str | None
