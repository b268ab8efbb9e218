"""What apps say and accept over the API."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from hothouse.access.words import Openness
from hothouse.apps.manifests.names import slug_problem
from hothouse.kit.problems import FieldProblem
from hothouse.kit.public_paths import MOST_PATHS, path_pattern_problem
from hothouse.workloads.schemas import UsageNow

State = Literal["pending", "starting", "running", "sleeping", "stopping", "stopped", "failed"]
ReleaseState = Literal["uploaded", "building", "built", "failed"]
DeploymentState = Literal["queued", "building", "starting", "serving", "failed", "superseded"]
DeploymentKind = Literal["deploy", "rollback", "restart"]
AccessMode = Openness
ACTIVE_DEPLOYMENT = ("queued", "building", "starting")


class Person(BaseModel):
    """Somebody, as shown beside the things they own or made."""

    id: str
    name: str
    email: str


class Deployment(BaseModel):
    """One attempt to make a release serve an app."""

    id: str
    app: str = Field(description="Slug of the app.")
    kind: DeploymentKind
    release: int
    state: DeploymentState
    reason: str | None = Field(None, description="What is being waited for, or why it failed.")
    log_tail: list[str] = Field(default_factory=list, description="Last log lines of what failed.")
    created_at: datetime
    finished_at: datetime | None = None
    created_by: Person | None = None


class App(BaseModel):
    """A runnable thing published at an address."""

    id: str
    slug: str
    name: str
    description: str
    icon: str | None
    tags: list[str]
    kind: str
    state: State
    reason: str | None = Field(description="Why the app is in this state, for people.")
    release: int | None = Field(description="Number of the release that serves, if any.")
    url: str
    owner: Person | None = Field(description="None for the examples until somebody sets the platform up.")
    access: AccessMode
    last_activity_at: datetime | None
    created_at: datetime
    updated_at: datetime
    deployment: Deployment | None = Field(description="The latest deployment while it runs or if it failed.")
    permissions: list[str] = Field(description="What the caller may do with the app.")


class SecretRead(BaseModel):
    """That a workload got secrets when it started."""

    at: datetime
    release: int
    workload_id: str
    names: list[str] = Field(description="Names of the secrets that it got.")


class IsolationInfo(BaseModel):
    """How well a workload is kept apart from everything else."""

    level: Literal["strong", "good", "container", "weak"]
    mechanism: str
    reasons: list[str] = Field(description="Why the level is not higher.")


class WorkloadInfo(BaseModel):
    """The workload that serves the app."""

    id: str
    started_at: datetime | None
    restarts: int
    isolation: IsolationInfo | None


class AppDetail(App):
    """Everything about one app."""

    former_slugs: list[str] = Field(description="Slugs it had before; they lead to it still and stay its own.")
    manifest: dict[str, Any] | None = Field(description="The manifest of the serving, or else the newest, release.")
    public_paths: list[str] = Field(description="Paths that everyone may ask, though the app is not public.")
    overrides: dict[str, Any] = Field(description="Settings made here, which go before the manifest's.")
    idle_minutes: int | None = Field(description="Minutes without visitors after which the app sleeps; null: never.")
    env: dict[str, str] = Field(description="Environment variables set here, which go before the manifest's.")
    secret_names: list[str] = Field(description="Secrets that have a value.")
    secrets_missing: list[str] = Field(description="Secrets the manifest names that have no value yet.")
    database: str = Field(description="Name of the app's own database.")
    usage: UsageNow | None
    workload: WorkloadInfo | None
    etag: str


def _free_slug(value: str) -> str:
    if message := slug_problem(value):
        raise PydanticCustomError("refused", "{message}", {"message": message})
    return value


def _public_path(value: str) -> str:
    if message := path_pattern_problem(value):
        raise PydanticCustomError("refused", "{message}", {"message": message})
    return value


Slug = Annotated[str, AfterValidator(_free_slug)]
PublicPath = Annotated[str, AfterValidator(_public_path)]
Tag = Annotated[str, StringConstraints(min_length=1, max_length=40)]
EnvName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", max_length=200)]
EnvValue = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=10_000)]  # no environment can hold a NUL


class AppSettings(BaseModel):
    """A change to an app's settings; fields left out stay as they are, null goes back to the manifest's."""

    model_config = ConfigDict(extra="forbid")

    slug: Slug | None = Field(
        None, description="A new slug, and with it a new address; needs `app.share`. Earlier ones lead to it still."
    )
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)] | None = None
    description: Annotated[str, StringConstraints(max_length=2000)] | None = None
    icon: Annotated[str, StringConstraints(max_length=200)] | None = None
    tags: (
        Annotated[list[Annotated[str, StringConstraints(min_length=1, max_length=40)]], Field(max_length=20)] | None
    ) = None
    access: AccessMode | None = Field(None, description="Needs `app.share`.")
    public_paths: Annotated[list[PublicPath], Field(max_length=MOST_PATHS)] | None = Field(
        None, description="Paths that everyone may ask, though the app is not public; needs `app.share`."
    )
    idle_minutes: Annotated[int, Field(ge=0, le=60 * 24 * 365)] | None = None
    env: Annotated[dict[EnvName, EnvValue], Field(max_length=200)] | None = None
    secrets: Annotated[dict[EnvName, EnvValue | None], Field(max_length=200)] | None = None


class Release(BaseModel):
    """An immutable numbered upload of an app."""

    number: int
    state: ReleaseState
    serving: bool
    created_at: datetime
    created_by: Person | None
    message: str
    digest: str = Field(description="SHA-256 of the source's content.")
    size: int = Field(description="Bytes of the archive.")
    file_count: int
    lock_digest: str | None
    error: str | None


class ReleaseDetail(Release):
    """A release with its manifest and dependency lock."""

    manifest: dict[str, Any]
    lock: str | None


class ManifestChange(BaseModel):
    """One difference between two manifests."""

    op: Literal["add", "remove", "replace"]
    pointer: str
    before: Any = None
    after: Any = None


class PackageChange(BaseModel):
    """One difference between two dependency locks."""

    name: str
    before: str | None
    after: str | None


class ReleaseDiff(BaseModel):
    """What changed from one release to another."""

    changes: list[ManifestChange]
    packages: list[PackageChange]


class DeployRequest(BaseModel):
    """Which release is to serve."""

    release: int = Field(ge=1)


class ReportLine(BaseModel):
    """One remark on how a manifest was proposed or imported."""

    level: Literal["mapped", "changed", "dropped", "guess"]
    pointer: str
    message: str


class ExistingApp(BaseModel):
    """The app that an upload would become a new release of."""

    slug: str = Field(description="As the manifest says it; the app may have another one by now.")
    name: str
    release: int | None


class Upload(BaseModel):
    """A source archive that was received and looked at, waiting to be deployed."""

    id: str
    digest: str
    size: int
    file_count: int
    files: list[str] = Field(description="Paths in the archive, the first 200.")
    manifest: dict[str, Any] | None = Field(description="The manifest found, proposed or imported.")
    origin: Literal["manifest", "proposed", "imported"]
    report: list[ReportLine]
    problems: list[FieldProblem] = Field(description="What must be mended before it can be deployed.")
    existing_app: ExistingApp | None
    expires_at: datetime


class DeployUpload(BaseModel):
    """Go ahead with an upload."""

    manifest: dict[str, Any] | None = Field(
        None, description="The manifest as confirmed or edited; required unless the archive brought its own."
    )
    message: str = Field("", max_length=500, description="What this release is about.")
