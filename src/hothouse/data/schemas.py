"""What data says and accepts over the API."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from hothouse.apps.schemas import Person

GrantState = Literal["asked", "granted", "refused", "taken-back"]
EVERYTHING = "*"


class AppRef(BaseModel):
    """An app, as shown beside what it reads or offers."""

    slug: str
    name: str
    icon: str | None
    url: str


class DataRead(BaseModel):
    """What an app wants to read, or may read, of another one."""

    app: str = Field(description="Slug of the other app, as the manifest says it.")
    source: AppRef | None = Field(description="The other app; null unless the caller may see it.")
    wanted: list[str] = Field(description='Collections the manifest asks for; "*" is all that is offered.')
    granted: list[str] = Field(description='Collections that may be read; "*" is every one.')
    waiting: list[str] = Field(description="Collections that nobody has decided on yet.")
    state: GrantState
    is_wanted: bool = Field(description="Whether the manifest still asks for anything.")
    decided_at: datetime | None


class DataReader(BaseModel):
    """An app that asks to read an app's data, or was given an answer."""

    app: AppRef
    owner: Person | None
    wanted: list[str] = Field(description='Collections its manifest asks for; "*" is all that is offered.')
    granted: list[str] = Field(description='Collections it may read; "*" is every one.')
    waiting: list[str] = Field(description="Collections that nobody has decided on yet.")
    state: GrantState
    is_wanted: bool = Field(description="Whether its manifest still asks for anything.")
    decided_by: Person | None
    decided_at: datetime | None


class DataRequest(BaseModel):
    """An app's wish to read another one's data that waits for the caller to decide."""

    app: AppRef = Field(description="The app whose data is asked for.")
    reader: DataReader


class StorageUse(BaseModel):
    """How much an app's documents and indexes take."""

    used_bytes: int | None = Field(description="Null as long as it was not measured.")
    is_estimate: bool = Field(description="Whether it was written to since it was measured.")
    measured_at: datetime | None
    allowed_bytes: int
    allowed_by: str = Field("", description="The quota that leaves it no more; empty: its own limit.")


class LimitsInForce(BaseModel):
    """What else an app is held to."""

    max_time_ms: int
    connections: int
    batch_documents: int


class DataTotals(BaseModel):
    """What an app has had of its database, ever."""

    operations: int = 0
    errors: int = 0
    refused: int = Field(0, description="Commands that the broker refused.")
    bytes_in: int = 0
    bytes_out: int = 0
    slow: int = Field(0, description="Commands that took long.")
    milliseconds: float = Field(0, description="Time spent in all commands together.")


class LatencyCount(BaseModel):
    """How many commands took up to so long, and longer than the count before."""

    up_to_ms: float | None = Field(description="Null for those that took longer than all others.")
    count: int


class DataMinute(BaseModel):
    """What happened in one minute."""

    at: datetime = Field(description="When the minute began.")
    operations: int = 0
    errors: int = 0
    milliseconds: float = 0


class SlowCommand(BaseModel):
    """A command that took long. Values are never kept."""

    at: datetime
    command: str
    collection: str | None
    fields: list[str] = Field(description="Fields it searched by.")
    milliseconds: float


class Offered(BaseModel):
    """What an app's manifest offers to others."""

    collections: list[str]
    note: str


class DataOverview(BaseModel):
    """An app's data sandbox: what it holds and does, what the app reads of others, who reads it."""

    database: str
    storage: StorageUse
    limits: LimitsInForce
    connections: int = Field(description="Connections that are open now.")
    totals: DataTotals
    latency: list[LatencyCount]
    minutes: list[DataMinute] = Field(description="The last 60 minutes, oldest first.")
    slow_commands: list[SlowCommand] = Field(description="The last few, newest first.")
    offered: Offered
    reads: list[DataRead]
    readers: list[DataReader]


class DataGrant(BaseModel):
    """A decision on what another app may read."""

    model_config = ConfigDict(extra="forbid")

    collections: list[Annotated[str, StringConstraints(max_length=120)]] = Field(
        max_length=1_000,
        description='Collections to be readable, exactly these; none to refuse. "*", where the app asks for it, is '
        "what is offered at the moment, or every one where nothing in particular is.",
        examples=[["clicks"]],
    )


class DataStorage(BaseModel):
    """What an admin allows an app."""

    model_config = ConfigDict(extra="forbid")

    storage_bytes: int | None = Field(
        ge=2**20, le=2**50, description="Most that the app's documents and indexes may take; null: as any app."
    )
