"""What environments say, and what is asked of them."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from hothouse.apps.manifests.model import Health
from hothouse.apps.schemas import IsolationInfo, Person
from hothouse.environments.templates.schemas import (
    BackgroundBytes,
    EnvName,
    EnvValue,
    HomePath,
    NodePackage,
    Package,
    Size,
    TerminalPath,
    Words,
)
from hothouse.workloads.schemas import UsageNow

State = Literal["pending", "starting", "running", "sleeping", "stopping", "stopped", "failed"]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60, pattern=r"^[^\x00-\x1f]+$")]
GIT_URL = r"^(https://|http://|ssh://|git@)[^\s\x00-\x1f]{1,500}$"


class Spec(BaseModel):
    """Exactly what an environment is, so that another can be started just like it."""

    model_config = ConfigDict(extra="forbid")

    template: str = Field(description="Slug of the template it was started from.")
    packages: list[Package] = Field(max_length=500, description="What the template brings.")
    node_packages: list[NodePackage] = Field(
        default_factory=list, max_length=20, description="What npm brings besides."
    )
    image: str | None = Field(None, max_length=300, description="Container image that it runs in instead.")
    port: int | None = Field(None, ge=1, le=65535, description="Port that the image listens on.")
    extra_packages: list[Package] = Field(default_factory=list, max_length=100, description="What was added to that.")
    lock: str | None = Field(None, max_length=2_000_000, description="Every package with version and hash.")
    command: list[Words] = Field(min_length=1, max_length=100)
    folder: HomePath = ""
    env: dict[EnvName, EnvValue] = Field(default_factory=dict)
    files: dict[HomePath, EnvValue] = Field(default_factory=dict, description="What a new workspace gets.")
    git_url: Annotated[str, Field(pattern=GIT_URL)] | None = Field(
        None, description="Repository that is cloned into the workspace, unless its folder is there."
    )
    health: Health = Field(default_factory=Health)
    size: Size
    outbound: bool = True
    is_culled: bool = True
    activity: Literal["jupyter"] | None = None
    background_bytes: BackgroundBytes = 0
    terminal_path: TerminalPath | None = Field(None, description="Where its address leads to a terminal.")


class NewEnvironment(BaseModel):
    """An environment to be started. Starting the same again gives the one that there is."""

    model_config = ConfigDict(extra="forbid")

    template: str = Field(description="Slug of the template.")
    name: Name | None = Field(None, description="By default the template's.")
    workspace_id: str | None = Field(None, description="A workspace of one's own; by default the one everybody has.")
    new_workspace: Name | None = Field(None, description="Or the name of a new one.")
    size: Size | None = Field(None, description="By default the template's.")
    extra_packages: list[Package] = Field(default_factory=list, max_length=100)
    env: dict[EnvName, EnvValue] = Field(default_factory=dict, max_length=100)
    secret_files: dict[HomePath, EnvValue] = Field(
        default_factory=dict, max_length=20, description="Files by their path below the home folder, kept secret."
    )
    git_url: Annotated[str, Field(pattern=GIT_URL)] | None = None
    spec: Spec | None = Field(None, description="To start one just like another: what that one is.")


class EnvironmentChange(BaseModel):
    """What can be changed; what runs gets it at its next start."""

    model_config = ConfigDict(extra="forbid")

    name: Name | None = None
    size: Size | None = None
    is_culled: bool | None = None


class Progress(BaseModel):
    """How far a start is, or how far one came that failed; `ready`: it had been running."""

    step: Literal["queued", "building", "starting", "ready"]
    position: int | None = Field(None, description="How many are to be started before it, and itself.")
    build_job: str | None = None


class Environment(BaseModel):
    """An environment as lists show it."""

    slug: str
    name: str
    icon: str | None
    template: str
    template_name: str
    owner: Person | None
    workspace_id: str
    workspace_name: str
    state: State
    reason: str | None
    url: str
    size: Size
    progress: Progress | None
    usage: UsageNow | None
    started_at: datetime | None
    last_activity_at: datetime | None
    created_at: datetime
    actions: list[str] = Field(description="What the caller may do with it.")


class EnvironmentDetail(Environment):
    """Everything about one environment."""

    spec: Spec
    secret_files: list[str] = Field(description="Paths of files that are kept secret.")
    isolation: IsolationInfo | None
    log_tail: list[str] = Field(description="The last lines of what failed.")
    database: str
    etag: str
