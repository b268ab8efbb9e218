"""Manifest v1 as pydantic models; the JSON Schema and the reference page are made from them."""

from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from hothouse.apps.manifests.data import DataSection
from hothouse.apps.manifests.entries import Entry, entry_problem
from hothouse.apps.manifests.names import path_problem, slug_form_problem
from hothouse.apps.manifests.quantities import ByteSize
from hothouse.apps.manifests.requirements import package_problem
from hothouse.kit.public_paths import MOST_PATHS, path_pattern_problem
from hothouse.kit.variables import env_problem

Kind = Literal[
    "experiment",
    "streamlit",
    "gradio",
    "dash",
    "panel",
    "marimo",
    "voila",
    "asgi",
    "wsgi",
    "static",
    "command",
]
Access = Literal["private", "members", "signed-in", "public"]
KINDS: tuple[str, ...] = get_args(Kind)
SCHEMA_VERSION = "1"


def _refuse(message: str | None) -> None:
    if message:
        raise PydanticCustomError("refused", "{message}", {"message": message})


def _slug(value: str) -> str:
    _refuse(slug_form_problem(value))  # that it is free to use is judged once, see `problems`
    return value


def _path(value: str) -> str:
    _refuse(path_problem(value))
    return value


def _env_name(value: str) -> str:
    _refuse(env_problem(value))
    return value


def _env_value(value: str) -> str:
    if "\0" in value:
        _refuse("The value contains a NUL character, which no environment variable can hold.")
    return value


def _name(value: str) -> str:
    if not value.strip() or not value.isprintable():
        _refuse("A name is one line of readable text.")
    return value.strip()


def _package(value: str) -> str:
    _refuse(package_problem(value))
    return value.strip()


def _public_path(value: str) -> str:
    _refuse(path_pattern_problem(value))
    return value


def _email(value: str) -> str:
    local, _, domain = value.strip().rpartition("@")
    if not local or not domain or any(c.isspace() for c in value.strip()):
        _refuse(f'"{value}" is not an e-mail address.')
    return value.strip().lower()


SourcePath = Annotated[str, AfterValidator(_path)]


class Section(BaseModel):
    """Base of every part of a manifest: strict types, unknown fields refused, immutable."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Resources(Section):
    """What one running copy of the app may use; a field left out takes the default of its kind."""

    cpu: float | None = Field(None, gt=0, le=256, description="Processor cores.", examples=[0.5, 2])
    memory: ByteSize | None = Field(
        None,
        description="Memory; the app is stopped and restarted when it needs more.",
        examples=["512MiB", "2GiB"],
    )
    processes: int | None = Field(None, ge=1, le=32768, description="Processes and threads together.", examples=[256])
    disk: ByteSize | None = Field(
        None, description="Space in the app's folders, and the largest file.", examples=["1GiB"]
    )


class NetworkSection(Section):
    """What the app may reach beyond the platform, where it has a network of its own."""

    outbound: bool = Field(
        True,
        description="Whether the app reaches the internet. This machine and private networks are never in its reach, "
        "and other apps only through the platform.",
    )


class Scale(Section):
    """When the app sleeps, and so uses nothing."""

    idle_minutes: int | None = Field(
        None,
        ge=0,
        le=60 * 24 * 365,
        description="Minutes without visitors after which the app sleeps until the next one; 0 or null: never.",
        examples=[30],
    )


class Health(Section):
    """How the platform knows that the app is ready; until then no visitor reaches it."""

    path: str | None = Field(
        None,
        description="Path that answers with a status below 400 once the app is ready. Without one the kind's own is "
        "asked, and any answer below 500 will do.",
        examples=["/healthz"],
    )
    timeout_seconds: int | None = Field(
        None, ge=1, le=3600, description="Longest time the app may take to get ready.", examples=[60]
    )

    @field_validator("path")
    @classmethod
    def _path_starts_with_slash(cls, value: str | None) -> str | None:
        if value is not None and (not value.startswith("/") or value.startswith("//") or not value.isprintable()):
            _refuse('A health path starts with one "/", for example "/healthz".')
        return value


class Manifest(Section):
    """What an app is, needs and declares: `manifest.json` at the root of its source."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, title="Hothouse app manifest", serialize_by_alias=True
    )

    schema_uri: str | None = Field(
        None, alias="$schema", description="Address of this schema, for editors; the platform ignores it."
    )
    schema_version: Literal["1"] = Field(description="Version of the manifest format.", examples=["1"])
    slug: Annotated[str, AfterValidator(_slug)] = Field(
        description="The app's name in its address and in commands: lower-case letters, digits and hyphens.",
        examples=["click-tracker"],
        json_schema_extra={"pattern": "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", "maxLength": 63},
    )
    name: Annotated[str, AfterValidator(_name)] = Field(
        min_length=1, max_length=100, description="The app's name as people read it.", examples=["Click Tracker"]
    )
    description: str = Field("", max_length=2000, description="One or two sentences on what the app is for.")
    icon: str | None = Field(
        None,
        min_length=1,
        max_length=200,
        description="An emoji, the name of a lucide icon, or the path of an image in the source.",
        examples=["🌱", "chart-line", "assets/icon.svg"],
    )
    tags: list[Annotated[str, Field(min_length=1, max_length=40)]] = Field(
        default_factory=list, max_length=20, description="Words to find the app by.", examples=[["demo", "plots"]]
    )
    kind: Kind = Field(description="What kind of program the app is, which decides how it is started.")
    entry: Entry = Field(
        description="What to start: `module:attribute` for asgi, wsgi and experiment; a file for streamlit, gradio, "
        "dash, panel, marimo and voila; a folder for static; an argument list for command, in which `$PORT` and "
        "`$HOST` are filled in.",
        examples=["main:app", "app.py", "public", ["uvicorn", "main:app", "--host", "$HOST", "--port", "$PORT"]],
    )
    requirements: SourcePath | None = Field(
        None, description="Path of a requirements.txt or pyproject.toml in the source.", examples=["requirements.txt"]
    )
    packages: list[Annotated[str, AfterValidator(_package)]] = Field(
        default_factory=list,
        max_length=500,
        description="Requirements written here instead of, or beside, a file.",
        examples=[["pandas>=2", "plotly"]],
    )
    resources: Resources = Field(default_factory=Resources, description="Limits of one running copy.")
    network: NetworkSection = Field(default_factory=NetworkSection, description="What the app may reach.")
    scale: Scale = Field(default_factory=Scale, description="When the app sleeps.")
    env: dict[Annotated[str, AfterValidator(_env_name)], Annotated[str, AfterValidator(_env_value)]] = Field(
        default_factory=dict, description="Environment variables; nothing secret.", examples=[{"GREETING": "Hello"}]
    )
    secrets: list[Annotated[str, AfterValidator(_env_name)]] = Field(
        default_factory=list,
        description="Names of environment variables whose values are set on the app's page, never in files.",
        examples=[["OPENAI_API_KEY"]],
    )
    health: Health = Field(default_factory=Health, description="How the platform knows that the app is ready.")
    access: Access = Field(
        "private",
        description="Who may open the app: its owner, its members too, everyone signed in, or everyone.",
    )
    members: list[Annotated[str, AfterValidator(_email)]] = Field(
        default_factory=list, description="E-mail addresses of the members.", examples=[["ada@example.org"]]
    )
    public_paths: list[Annotated[str, AfterValidator(_public_path)]] = Field(
        default_factory=list,
        max_length=MOST_PATHS,
        description="Paths that everyone may ask without signing in, though the app is not public. A last part `*` "
        "stands for everything below.",
        examples=[["/health", "/api/public/*"]],
    )
    data: DataSection = Field(default_factory=DataSection, description="Indexes, and data shared between apps.")

    @model_validator(mode="after")
    def _entry_suits_kind(self) -> "Manifest":
        problem = entry_problem(self.kind, self.entry)
        if problem:
            raise PydanticCustomError("entry", "{message}", {"message": problem})
        return self

    @property
    def argv(self) -> list[str]:
        """The entry of a `command` app."""
        return self.entry if isinstance(self.entry, list) else [self.entry]


def example() -> dict[str, Any]:
    """The smallest manifest there is."""
    return {
        "schema_version": SCHEMA_VERSION,
        "slug": "echo",
        "name": "Echo",
        "kind": "asgi",
        "entry": "main:app",
        "requirements": "requirements.txt",
    }
