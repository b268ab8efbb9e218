"""What is told of everything that runs, and what is asked of it."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from hothouse.apps.schemas import IsolationInfo, Person
from hothouse.settings import IsolationLevel
from hothouse.workloads.schemas import UsageNow

Grain = Literal["minute", "hour"]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1_000)]


class Promise(BaseModel):
    """What a workload may use at most; a limit that is None is the machine's own."""

    cpu: float | None = None
    memory_bytes: int | None = None
    gpus: int = 0


class RunningWorkload(BaseModel):
    """Something that runs, of an app or an environment."""

    id: str
    kind: Literal["app", "environment"]
    slug: str
    name: str
    template: str | None = Field(description="Name of the template that an environment was started from.")
    owner: Person | None
    state: str
    promised: Promise
    usage: UsageNow | None
    started_at: datetime | None
    last_activity_at: datetime | None
    url: str


class Extension(BaseModel):
    """For how long an environment is to be kept, though nobody uses it."""

    model_config = ConfigDict(extra="forbid")

    hours: float = Field(gt=0, le=24 * 30)


class Message(BaseModel):
    """What an admin tells the owner of something that runs."""

    model_config = ConfigDict(extra="forbid")

    text: Text


class Notice(BaseModel):
    """What somebody is told, until they have read it."""

    id: str
    text: str
    sender: str = Field(description="Name of the admin who wrote it.")
    about: str = Field(description="Name of what it is about.")
    at: datetime


class UsagePoint(BaseModel):
    """What was used within a minute or an hour."""

    at: datetime = Field(description="When it began.")
    cpu_hours: float = Field(description="Hours for which one processor core was busy.")
    memory_gib_hours: float = Field(description="GiB of memory, times hours for which they were taken.")
    workload_hours: float = Field(description="Hours that workloads ran, all together.")


class UsageSeries(BaseModel):
    """What a person used, or what was used of a template or by an app."""

    key: str
    name: str
    points: list[UsagePoint]


class CapacityPoint(BaseModel):
    """How full the machine was; within an hour, at its fullest."""

    at: datetime
    promised_cpu: float
    promised_memory_bytes: int
    used_memory_bytes: int
    running: int
    waiting: int


class Capacities(BaseModel):
    """How much may be promised, and how much was."""

    cpu: float
    memory_bytes: int
    gpus: int
    points: list[CapacityPoint]


class KindLevel(BaseModel):
    """The least level that a kind of code may run at."""

    code: Literal["apps", "environments", "builds"]
    minimum: IsolationLevel
    is_own: bool = Field(description="Whether the settings say it for this kind (`HOTHOUSE_LAUNCH_MINIMUM_LEVELS`).")
    is_refused: bool = Field(description="Whether this machine reaches less, so that none of it runs.")
    are_images_refused: bool = Field(description="Whether what runs in an image is refused, as that is `container`.")


class IsolationPolicy(BaseModel):
    """How well this machine contains code, and how well it has to."""

    machine: IsolationInfo = Field(description="What runs from packages.")
    images: IsolationLevel | None = Field(description="What runs in images; null where nothing does.")
    why_no_images: str | None
    kinds: list[KindLevel]
