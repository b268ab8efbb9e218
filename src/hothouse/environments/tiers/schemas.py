"""What tiers say, and what is asked of them."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from hothouse.access.schemas import SubjectInfo

TIER = r"^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$"
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]


class TierFields(BaseModel):
    """How much a person's environments may take."""

    model_config = ConfigDict(extra="forbid")

    title: Title = Field(description="As people read it.")
    rank: int = Field(ge=0, le=1000, description="Of several tiers that somebody has, the one of the highest counts.")
    environments: int = Field(ge=0, le=1000, description="How many may run, or be asleep, at the same time.")
    cpu: float = Field(gt=0, le=256, description="Most processor cores of one environment.")
    memory_bytes: int = Field(ge=64 * 2**20, le=4096 * 2**30, description="Most memory of one environment, in bytes.")
    gpus: int = Field(0, ge=0, le=64, description="Most graphics processors of one environment.")
    disk_bytes: int | None = Field(
        None,
        ge=2**20,
        description="Most that a workspace may take up, in bytes; none: as HOTHOUSE_ENVIRONMENTS_WORKSPACE_BYTES says.",
    )
    lifetime_hours: float = Field(0, ge=0, le=24 * 3650, description="Longest that one may run; 0: for ever.")
    idle_minutes: int = Field(
        60, ge=0, le=60 * 24 * 365, description="After how long without use one is put to sleep; 0: never."
    )


class Tier(TierFields):
    """A tier."""

    tier: str = Field(description="Its name in addresses.")
    is_shipped: bool = Field(description="Whether Hothouse brought it.")
    is_default: bool = Field(description="Whether people have it who were given none.")
    given_to: int = Field(description="To how many people and groups it was given.")


class GivenTier(BaseModel):
    """A tier that a person or a group was given."""

    subject: SubjectInfo
    tier: str


class TierGift(BaseModel):
    """The tier that somebody is to have; none: no longer one of their own."""

    model_config = ConfigDict(extra="forbid")

    tier: str | None = Field(pattern=TIER)


class Allowance(BaseModel):
    """What somebody may have, and what of that they have."""

    tier: Tier
    running: int = Field(description="How many of their environments run, or are asleep.")
