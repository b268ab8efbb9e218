"""What quotas say, and what is asked of them."""

from pydantic import BaseModel, ConfigDict, Field

from hothouse.access.schemas import SubjectInfo
from hothouse.quotas.amounts import Amounts, Holding, HoldingKind

MOST_BYTES = 2**60


class QuotaLimits(BaseModel):
    """How much somebody may have; what is left out is not limited."""

    model_config = ConfigDict(extra="forbid")

    apps: int | None = Field(None, ge=0, le=100_000, description="How many apps there may be.")
    apps_running: int | None = Field(
        None, ge=0, le=100_000, description="How many apps may run at the same time; one that is asleep does not."
    )
    environments: int | None = Field(
        None, ge=0, le=100_000, description="How many environments may run, or be asleep, at the same time."
    )
    cpu: float | None = Field(
        None, ge=0, le=100_000, description="Processor cores of everything that runs; an app that names none has one."
    )
    memory_bytes: int | None = Field(
        None, ge=0, le=MOST_BYTES, description="Memory that everything which runs may use, in bytes."
    )
    disk_bytes: int | None = Field(
        None, ge=0, le=MOST_BYTES, description="Workspaces, and the files of apps, in bytes."
    )
    database_bytes: int | None = Field(None, ge=0, le=MOST_BYTES, description="All databases, in bytes.")


class Used(BaseModel):
    """How much there is of everything that a quota may limit."""

    apps: int
    apps_running: int
    environments: int
    cpu: float
    memory_bytes: int
    disk_bytes: int
    database_bytes: int

    @classmethod
    def of(cls, amounts: Amounts) -> "Used":
        return cls(**{name: getattr(amounts, name) for name in cls.model_fields})


class Quota(BaseModel):
    """What a person may have, or a group together."""

    subject: SubjectInfo = Field(
        description="A person; a group, whose members share it; or `signed-in`: everyone without a quota of their own, "
        "each by themselves."
    )
    limits: QuotaLimits
    used: Used | None = Field(description="What is used of it; none for what holds for each by themselves.")


class HeldThing(BaseModel):
    """Something that counts for somebody."""

    kind: HoldingKind
    name: str
    owner: SubjectInfo | None = Field(description="Whose it is; none where that is clear.")
    used: Used

    @classmethod
    def of(cls, holding: Holding, owner: SubjectInfo | None = None) -> "HeldThing":
        return cls(kind=holding.kind, name=holding.name, owner=owner, used=Used.of(holding.amounts))


class QuotaDetail(Quota):
    """A quota, and what takes it."""

    is_set: bool = Field(description="Whether there is one; else this says what is used.")
    holdings: list[HeldThing]


class MyQuotas(BaseModel):
    """What the caller has, and may have."""

    used: Used = Field(description="What the caller has alone.")
    quotas: list[Quota] = Field(
        description="What limits it: the caller's own quota, or else everyone's, and those of the caller's groups."
    )
    holdings: list[HeldThing]
