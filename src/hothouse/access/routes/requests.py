"""Routes to ask for access, and to answer."""

from collections.abc import AsyncIterator
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response, status

from hothouse.access.dependencies import Access, AccessServices, requires
from hothouse.access.interfaces import Action
from hothouse.access.schemas import Accepted, AccessDecision, AccessRequest, NewAccessRequest
from hothouse.access.standing import Standing
from hothouse.database.changes import Changes
from hothouse.identity.dependencies import CurrentPrincipal, Identity
from hothouse.identity.principal import Principal
from hothouse.kit.paging import Page, Paging
from hothouse.kit.sse import Event, stream

router = APIRouter(prefix="/api/v1/access", tags=["access"])
own = [requires(Action.ACCOUNT)]
signed_in = [requires(Action.SIGNED_IN)]
MATTER = frozenset({"access_requests", "grants", "memberships", "roles", "apps"})


@router.post("/requests", operation_id="access.request", status_code=status.HTTP_202_ACCEPTED, dependencies=own)
async def ask_for_access(body: NewAccessRequest, access: Access, principal: CurrentPrincipal) -> Accepted:
    """Ask for a role on a thing; the answer is the same whether there is such a thing or not."""
    await access.requests.ask(principal, body)
    return Accepted()


@router.get("/requests", operation_id="access.requests", dependencies=signed_in)
async def list_requests(
    access: Access,
    principal: CurrentPrincipal,
    paging: Paging,
    state: Annotated[Literal["open", "granted", "refused"], Query(description="Only those in this state.")] = "open",
) -> Page[AccessRequest]:
    """List requests that the caller may decide, the newest first."""
    return await access.requests.page(principal, state, paging)


@router.get("/requests/mine", operation_id="access.own-requests", dependencies=own)
async def list_own_requests(access: Access, principal: CurrentPrincipal) -> Page[AccessRequest]:
    """List what the caller asked for."""
    return await access.requests.own(principal)


@router.post("/requests/{request_id}/decision", operation_id="access.decide", dependencies=signed_in)
async def decide_request(
    request_id: str, body: AccessDecision, access: Access, principal: CurrentPrincipal
) -> AccessRequest:
    """Grant or refuse a request; with another role, or for a time, if need be."""
    return await access.requests.decide(principal, request_id, body)


@router.delete(
    "/requests/{request_id}",
    operation_id="access.withdraw-request",
    status_code=status.HTTP_204_NO_CONTENT,
    dependencies=own,
)
async def withdraw_request(request_id: str, access: Access, principal: CurrentPrincipal) -> None:
    """Take back a request that nobody answered."""
    await access.requests.withdraw(principal, request_id)


@router.get(
    "/events",
    operation_id="access.events",
    response_class=Response,
    responses={200: {"content": {"text/event-stream": {}}}},
    dependencies=signed_in,
)
async def follow_requests(
    access: Access, principal: CurrentPrincipal, identity: Identity, request: Request
) -> Response:
    """Follow how many requests wait for the caller: `requests`, at once and whenever the number is another."""
    changes: Changes = request.app.state.changes
    lost = Standing(changes, identity, principal).lost()
    return stream(_counts(access, changes, principal), request.app.state.closing, lost)


async def _counts(access: AccessServices, changes: Changes, principal: Principal) -> AsyncIterator[Event]:
    told: int | None = None
    async with changes.listen() as queue:
        while True:
            count = await access.requests.count(principal)
            if count != told:
                told = count
                yield Event("requests", {"open": count})
            while (change := await queue.get()).key is not None and change.collection not in MATTER:
                pass
            while not queue.empty():  # what comes at once is counted once
                queue.get_nowait()
