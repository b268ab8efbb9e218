"""Routes of viewing as somebody else."""

from fastapi import APIRouter, Request, Response, status

from hothouse.access.dependencies import requires
from hothouse.access.interfaces import Action
from hothouse.identity.dependencies import (
    CurrentPrincipal,
    CurrentUser,
    CurrentVisitor,
    Identity,
    cookie_of,
    drop_acting_cookie,
    set_acting_cookie,
)
from hothouse.identity.impersonation.schemas import Impersonation, NewImpersonation
from hothouse.kit.paging import Page, Paging
from hothouse.kit.trail import Who, current_trail

router = APIRouter(prefix="/api/v1", tags=["identity"])


@router.post(
    "/users/{user_id}/impersonate",
    operation_id="people.impersonate",
    status_code=status.HTTP_201_CREATED,
    dependencies=[requires(Action.PEOPLE_IMPERSONATE)],
)
async def impersonate(
    user_id: str,
    body: NewImpersonation,
    identity: Identity,
    principal: CurrentPrincipal,
    visitor: CurrentVisitor,
    response: Response,
) -> Impersonation:
    """Act as somebody else in this browser, for 30 minutes at most; they see that it happened."""
    began, secret = await identity.impersonations.begin(principal, user_id, body, visitor)
    trail = current_trail()
    trail.concerns("user", began.person.id, began.person.email)
    trail.change(after={"reason": began.reason, "expires_at": began.expires_at.isoformat()})
    set_acting_cookie(response, identity, secret)
    return began


@router.post(
    "/auth/impersonation/stop",
    operation_id="people.stop-impersonating",
    status_code=status.HTTP_204_NO_CONTENT,
    dependencies=[requires(Action.PUBLIC)],
)
async def stop(identity: Identity, request: Request, response: Response) -> None:
    """Act as oneself again; harmless when that is so already."""
    secret = cookie_of(request, identity.acting_cookie)
    ended = await identity.impersonations.stop(secret) if secret else None
    if ended:
        trail = current_trail()
        by = Who(ended.by.id, ended.by.name, ended.by.email, "session")
        trail.by(Who(ended.person.id, ended.person.name, ended.person.email, "session", by))
        trail.concerns("user", ended.person.id, ended.person.email)
    drop_acting_cookie(response, identity)


@router.get("/account/impersonations", operation_id="account.impersonations", dependencies=[requires(Action.ACCOUNT)])
async def list_impersonations(identity: Identity, user: CurrentUser, paging: Paging) -> Page[Impersonation]:
    """List when admins acted as the caller, the newest first."""
    return await identity.impersonations.page(user, paging)
