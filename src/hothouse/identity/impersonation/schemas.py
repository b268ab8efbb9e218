"""What viewing as somebody else says and accepts over the API."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from hothouse.identity.schemas import UserAnswer

LONGEST_MINUTES = 30
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=5, max_length=500)]


class NewImpersonation(BaseModel):
    """Why, and for how long."""

    reason: Reason = Field(description="On record, and shown to the person.")
    minutes: int = Field(LONGEST_MINUTES, ge=1, le=LONGEST_MINUTES)


class Somebody(BaseModel):
    """A person, by name."""

    id: str
    name: str
    email: str


class Impersonation(BaseModel):
    """A time during which an admin acted, or acts, as somebody else."""

    id: str
    person: Somebody = Field(description="Who was acted as.")
    by: Somebody
    reason: str
    began_at: datetime
    expires_at: datetime
    ended_at: datetime | None = Field(None, description="None: by itself, or not yet.")


class Me(UserAnswer):
    """The account the caller acts as."""

    impersonation: Impersonation | None = Field(None, description="Where that is not the caller's own.")
