"""What the audit record says over the API."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

Result = Literal["done", "denied", "failed", "unknown"]


class AuditPerson(BaseModel):
    """Who it was, as they were called then."""

    id: str | None = Field(None, description="None for somebody who was not signed in, and for Hothouse itself.")
    name: str = ""
    email: str = ""
    via: str = Field("none", description="`session`, `token`, `none`; `platform` for what Hothouse did by itself.")
    impersonator: "AuditPerson | None" = Field(None, description="The admin who acted as this person.")


class AuditThing(BaseModel):
    """What it was done to."""

    kind: str
    id: str | None = None
    name: str | None = None


class AuditEntry(BaseModel):
    """One thing that was done, or refused."""

    seq: int = Field(description="Place in the record, from 1.")
    id: str
    at: datetime
    who: AuditPerson
    action: str = Field(description="Operation of the API, e.g. `apps.deploy`.")
    about: list[AuditThing]
    result: Result = Field(
        description="`done`; `denied` for lack of permission; `failed` on the way; `unknown` where Hothouse ended "
        "before it could say."
    )
    status: int | None = Field(None, description="Status of the answer.")
    reason: str | None = Field(None, description="Why it was denied or failed.")
    address: str = Field("", description="Address it was asked from.")
    before: dict[str, Any] | None = Field(None, description="What was changed, as it was before; never secrets.")
    after: dict[str, Any] | None = Field(None, description="What was changed, as it is now; never secrets.")
    began_at: datetime | None = Field(None, description="When it began, where its end is not known.")
    prev: str = Field(description="Hash of the entry before.")
    hash: str
    seal: str


class AuditFault(BaseModel):
    """Something that is wrong with the record."""

    seq: int
    message: str


class AuditVerdict(BaseModel):
    """Whether the record is as it was written."""

    is_intact: bool
    entries: int
    first_seq: int | None = Field(description="Earlier ones were removed when the time to keep them had passed.")
    last_seq: int | None
    last_hash: str | None = Field(description="Keep it elsewhere to prove later that nothing up to here was changed.")
    faults: list[AuditFault] = Field(description="The first hundred.")


class AuditVerification(BaseModel):
    """The last check of the whole record, or the one that is going on."""

    state: Literal["running", "intact", "broken", "cut-short"] = Field(
        description="`cut-short`: Hothouse ended before it was through."
    )
    checked: int = Field(description="How many entries were checked.")
    total: int = Field(description="How many there are to check.")
    began_at: datetime
    ended_at: datetime | None = None
    verdict: AuditVerdict | None = Field(None, description="None until it has ended.")


class AuditState(BaseModel):
    """What is known of the record without reading it."""

    first_seq: int = Field(description="Place of the oldest entry that is still kept.")
    last_seq: int = Field(description="Place of the newest entry, from which nothing is missing up to the first.")
    last_at: datetime | None
    retention_days: int | None = Field(description="Older entries are removed; None: never.")
    actions: list[str] = Field(description="Everything that entries can say was done, e.g. `apps.deploy`.")
    verification: AuditVerification | None = Field(description="None if it was never asked for here.")
