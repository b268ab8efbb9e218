"""What is told of culling."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from hothouse.apps.schemas import Person


class Culling(BaseModel):
    """What comes next for an environment that is not used."""

    action: Literal["sleep", "stop"]
    at: datetime
    reason: str
    is_near: bool = Field(description="Whether it is time to warn those who use it.")


class Activity(BaseModel):
    """How an environment is used, and what that leads to."""

    active_at: datetime | None = Field(description="When anything last showed that it is used.")
    kept_by: str | None = Field(description="What showed it: somebody's visit, a kernel, a terminal, the processor.")
    kept_until: datetime | None = Field(description="Until when somebody asked to have it kept.")
    asleep_since: datetime | None
    next: Culling | None


class Extension(BaseModel):
    """For how long an environment is to be kept whatever happens."""

    hours: float = Field(gt=0, le=72, description="From now on, at most as long as the settings allow.")


class Previewed(BaseModel):
    """What would happen to one environment, for admins."""

    slug: str
    name: str
    owner: Person | None
    state: str
    activity: Activity


class Cull(BaseModel):
    """Something that was put to sleep or stopped."""

    slug: str
    name: str
    owner: Person | None
    action: Literal["sleep", "stop"]
    reason: str
    active_at: datetime | None
    at: datetime
