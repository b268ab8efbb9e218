"""What templates say, and what is asked of them."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from hothouse.apps.builds.node import PACKAGE_PATTERN
from hothouse.apps.manifests.model import Health
from hothouse.apps.manifests.requirements import package_problem
from hothouse.kit.variables import env_problem

MIB = 2**20
GIB = 2**30


def _checked(problem: str | None, value: str) -> str:
    if problem:
        raise ValueError(problem)
    return value


def _package(value: str) -> str:
    return _checked(package_problem(value), value.strip())


def _env_name(value: str) -> str:
    return _checked(env_problem(value), value)


def _text(value: str) -> str:
    return _checked("It contains a NUL character." if "\0" in value else None, value)


def _relative(value: str) -> str:
    parts = value.split("/")
    bad = value.startswith("/") or ".." in parts or "." in parts or not value.isprintable()
    return _checked("Give a path inside the home folder, without `.` and `..`." if bad else None, value.strip("/"))


Package = Annotated[str, Field(max_length=500), AfterValidator(_package)]
NodePackage = Annotated[str, Field(max_length=250, pattern=PACKAGE_PATTERN)]
EnvName = Annotated[str, AfterValidator(_env_name)]
EnvValue = Annotated[str, Field(max_length=32_768), AfterValidator(_text)]
HomePath = Annotated[str, Field(max_length=500), AfterValidator(_relative)]
TerminalPath = Annotated[str, Field(max_length=200, pattern=r"^/([^/\\\s][^\\\s]*)?$")]
BackgroundBytes = Annotated[
    int,
    Field(
        ge=0,
        le=MIB,
        description="What an open tab sends over each WebSocket in half a minute though nobody uses it, in bytes; "
        "only more is use.",
    ),
]
TemplateSlug = Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$")]
Words = Annotated[str, Field(min_length=1, max_length=2_000), AfterValidator(_text)]


class Size(BaseModel):
    """What an environment may use; a limit that is None is the machine's own."""

    cpu: float = Field(gt=0, le=256, description="Processor cores.")
    memory_bytes: int = Field(ge=64 * MIB, le=4096 * GIB, description="Memory, in bytes.")
    gpus: int = Field(0, ge=0, le=64, description="Graphics processors, where the machine offers any.")


class TemplateFields(BaseModel):
    """What a template says."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=80, description="As people read it.")
    summary: str = Field("", max_length=140, description="One line for the card.")
    description: str = Field("", max_length=4_000, description="What is in it and what it is good for.")
    icon: str | None = Field(None, max_length=200, description="An emoji, or the name of a lucide icon.")
    category: str = Field("Other", min_length=1, max_length=40)
    tags: list[Annotated[str, Field(min_length=1, max_length=40)]] = Field(default_factory=list, max_length=20)
    kind: Literal["packages", "image"] = Field(
        "packages", description="Whether it runs in an environment made of packages, or in a container image."
    )
    packages: list[Package] = Field(default_factory=list, max_length=500, description="Python requirements.")
    node_packages: list[NodePackage] = Field(
        default_factory=list,
        max_length=20,
        description="Node packages, each as `name@version`; none of their scripts is run.",
    )
    image: str | None = Field(
        None, pattern=r"^[a-z0-9][A-Za-z0-9._:/@-]{0,299}$", description="Container image, for the kind `image`."
    )
    command: list[Words] = Field(
        min_length=1, max_length=100, description="What to run; `$PORT`, `$HOST` and `$HOME` are filled in."
    )
    port: int | None = Field(
        None, ge=1, le=65535, description="Port an image listens on; programs of packages are told theirs."
    )
    folder: HomePath = Field("", description="Working folder, below the home folder.")
    env: dict[EnvName, EnvValue] = Field(default_factory=dict)
    files: dict[HomePath, EnvValue] = Field(
        default_factory=dict, description="Files that a new workspace gets, unless it has them already."
    )
    health: Health = Field(default_factory=Health)
    size: Size = Field(
        default_factory=lambda: Size(cpu=1, memory_bytes=2 * GIB), description="Unless another is asked."
    )
    maximum: Size = Field(default_factory=lambda: Size(cpu=4, memory_bytes=8 * GIB), description="What may be asked.")
    outbound: bool = Field(True, description="Whether it may reach the internet.")
    is_culled: bool = Field(True, description="Whether idle ones are put to sleep; False opts out.")
    activity: Literal["jupyter"] | None = Field(
        None, description="How to ask it whether it is at work, beside its visitors and the processor."
    )
    background_bytes: BackgroundBytes = 0
    terminal_path: TerminalPath | None = Field(
        None, description="Where its address leads to a terminal, e.g. `/terminals/1`, if it has one."
    )
    is_retired: bool = Field(False, description="Whether nobody starts from it any more.")

    @model_validator(mode="after")
    def _is_whole(self) -> "TemplateFields":
        if (self.kind == "image") is not (self.image is not None):
            raise ValueError("An image template names an image, and no other does.")
        if self.image is not None and self.node_packages:
            raise ValueError("An image has its packages itself; name no node packages.")
        if any(getattr(self.size, key) > getattr(self.maximum, key) for key in Size.model_fields):
            raise ValueError("The size to start with is above the maximum.")
        return self


class NewTemplate(TemplateFields):
    """A template to be made."""

    slug: TemplateSlug = Field(description="Its name in addresses.")


class SavedTemplate(BaseModel):
    """A template to be made of what an environment is."""

    model_config = ConfigDict(extra="forbid")

    environment: str = Field(description="Slug of the environment.")
    slug: TemplateSlug = Field(description="Its name in addresses.")
    name: str = Field(min_length=1, max_length=80)
    summary: str = Field("", max_length=140)
    category: str = Field("Other", min_length=1, max_length=40)
    access: Literal["private", "signed-in"] = Field(
        "private", description="Whether everyone may start from it, or only whom it is shared with."
    )
    keep_env: list[EnvName] = Field(
        default_factory=list,
        max_length=100,
        description="Variables of the environment that go along with their values.",
    )


class TemplateChange(TemplateFields):
    """A template as it is to be; what environments were started with stays as it was."""


class Template(TemplateFields):
    """A template of the catalogue."""

    slug: str
    is_shipped: bool = Field(description="Whether Hothouse brought it.")
    access: Literal["private", "signed-in"] = Field(description="Whether everyone may start from it.")
    build: Literal["unbuilt", "building", "built", "failed"] = Field(
        description="Whether what it runs in is ready on this machine, so that the first start need not wait."
    )
    build_reason: str | None
    may_manage: bool
    updated_at: datetime
    etag: str
