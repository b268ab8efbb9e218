"""HTTP routes of the audit record: search, export, verify."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, FastAPI, Path, Query, Request, status
from fastapi.responses import StreamingResponse
from pydantic import AfterValidator

from hothouse.access.dependencies import requires
from hothouse.access.interfaces import Action
from hothouse.audit.chain import PRUNE
from hothouse.audit.dependencies import AuditLog
from hothouse.audit.middleware import READING
from hothouse.audit.schemas import AuditEntry, AuditState, AuditVerdict, AuditVerification, Result
from hothouse.audit.service import Draft, Wanted
from hothouse.audit.service.flood import MORE_DENIED
from hothouse.kit.paging import MOST, Page, Paging
from hothouse.kit.trail import current_trail

router = APIRouter(prefix="/api/v1/audit", tags=["audit"], dependencies=[requires(Action.AUDIT_READ)])
MEDIA_TYPES = {"ndjson": "application/x-ndjson", "csv": "text/csv"}
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
    responses={200: {"content": {media_type: {} for media_type in MEDIA_TYPES.values()}}},
)
async def export_entries(
    log: AuditLog,
    search: Search,
    format: Annotated[  # noqa: A002 -- the name of the parameter in addresses
        Literal["ndjson", "csv"], Query(description="`ndjson` can be verified later; `csv` is for spreadsheets.")
    ] = "ndjson",
) -> StreamingResponse:
    """Give the entries as lines of JSON or as a table, oldest first; who took them is put on record."""
    trail = current_trail()
    trail.change(after=search.only)
    await log.record.record(Draft("audit.export").told_by(trail))
    headers = {"Content-Disposition": f'attachment; filename="audit.{format}"'}
    lines = log.search.table(search) if format == "csv" else log.search.export(search)
    return StreamingResponse(lines, media_type=MEDIA_TYPES[format], headers=headers)


@router.get("/verify", operation_id="audit.verify")
async def verify_entries(log: AuditLog) -> AuditVerdict:
    """Check that nothing in the record was altered, removed, added or reordered."""
    return await log.search.verify()


def recorded_actions(app: FastAPI) -> list[str]:
    """Return what entries can say was done: the operations of the API, and what the record says of itself."""
    operations = (one for path in app.openapi()["paths"].values() for one in path.values())
    names = {one["operationId"] for one in operations} - READING
    return sorted(names | {PRUNE, MORE_DENIED})


@router.get("/state", operation_id="audit.state")
async def show_state(log: AuditLog, request: Request) -> AuditState:
    """Say how far the record goes, how long it is kept, and what its last verification found."""
    first, last, at = await log.search.span()
    return AuditState(
        first_seq=first,
        last_seq=last,
        last_at=at,
        retention_days=log.retention_days,
        actions=recorded_actions(request.app),
        verification=await log.verification.show(),
    )


@router.post("/verification", operation_id="audit.start-verification", status_code=status.HTTP_202_ACCEPTED)
async def start_verification(log: AuditLog) -> AuditVerification:
    """Begin to check the whole record in the background; `GET /audit/state` tells how far it got."""
    return await log.verification.start()


@router.get("/entries/{seq}", operation_id="audit.show")
async def show_entry(log: AuditLog, seq: Annotated[int, Path(ge=1, le=MOST)]) -> AuditEntry:
    """Show one entry by its place in the record."""
    return await log.search.show(seq)
