"""HTTP routes of the audit record: search, export, verify."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse
from pydantic import AfterValidator

from hothouse.access.dependencies import requires
from hothouse.access.interfaces import Action
from hothouse.audit.dependencies import AuditLog
from hothouse.audit.schemas import AuditEntry, AuditVerdict, Result
from hothouse.audit.service import Draft, Wanted
from hothouse.kit.paging import Page, Paging
from hothouse.kit.trail import current_trail

router = APIRouter(prefix="/api/v1/audit", tags=["audit"], dependencies=[requires(Action.AUDIT_READ)])
NDJSON = "application/x-ndjson"
Word = Annotated[str, Query(max_length=320)]
Moment = Annotated[datetime, AfterValidator(lambda moment: moment if moment.tzinfo else moment.replace(tzinfo=UTC))]


def wanted(
    person: Annotated[Word | None, Query(description="Only what this person did: an id or e-mail address.")] = None,
    action: Annotated[Word | None, Query(description="Only this operation, e.g. `apps.deploy`.")] = None,
    about: Annotated[
        Word | None, Query(description="Only about this thing: an id or name, or kind and name as `app:my-app`.")
    ] = None,
    result: Annotated[Result | None, Query(description="Only with this result.")] = None,
    since: Annotated[Moment | None, Query(description="Only from this time on.")] = None,
    until: Annotated[Moment | None, Query(description="Only before this time.")] = None,
) -> Wanted:
    """Read what is searched for."""
    return Wanted(person, action, about, result, since, until)


Search = Annotated[Wanted, Depends(wanted)]


@router.get("", operation_id="audit.list")
async def list_entries(log: AuditLog, search: Search, paging: Paging) -> Page[AuditEntry]:
    """List who did what, and what was denied to whom, newest first."""
    return await log.search.page(search, paging)


@router.get(
    "/export",
    operation_id="audit.export",
    response_class=StreamingResponse,
    responses={200: {"content": {NDJSON: {}}}},
)
async def export_entries(log: AuditLog, search: Search) -> StreamingResponse:
    """Give the entries as lines of JSON, oldest first; who took them is put on record."""
    trail = current_trail()
    trail.change(after=search.only)
    await log.record.record(Draft("audit.export").told_by(trail))
    headers = {"Content-Disposition": 'attachment; filename="audit.ndjson"'}
    return StreamingResponse(log.search.export(search), media_type=NDJSON, headers=headers)


@router.get("/verify", operation_id="audit.verify")
async def verify_entries(log: AuditLog) -> AuditVerdict:
    """Check that nothing in the record was altered, removed, added or reordered."""
    return await log.search.verify()
