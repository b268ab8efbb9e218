"""The caller's own account: name, password, sessions."""

from fastapi import APIRouter, status

from hothouse.access.dependencies import requires
from hothouse.access.interfaces import Action
from hothouse.identity.dependencies import CurrentPrincipal, CurrentUser, Identity
from hothouse.identity.schemas import PasswordChange, Profile, Session, UserAnswer
from hothouse.kit.paging import Page, Paging

router = APIRouter(prefix="/api/v1/account", tags=["identity"])
own = [requires(Action.ACCOUNT)]


@router.patch("", operation_id="account.update", dependencies=own)
async def update_profile(body: Profile, identity: Identity, user: CurrentUser) -> UserAnswer:
    """Change the caller's name."""
    return UserAnswer(user=await identity.accounts.rename(user, body.name))


@router.post(
    "/password",
    operation_id="account.change-password",
    status_code=status.HTTP_204_NO_CONTENT,
    dependencies=own,
)
async def change_password(body: PasswordChange, identity: Identity, principal: CurrentPrincipal) -> None:
    """Change the caller's password, which ends all sessions but this one; API tokens stay."""
    await identity.credentials.change(principal, body.current_password, body.new_password)


@router.get("/sessions", operation_id="sessions.list", dependencies=own)
async def list_sessions(identity: Identity, principal: CurrentPrincipal, paging: Paging) -> Page[Session]:
    """List the caller's sessions, the newest first."""
    return await identity.sessions.page(principal, paging)


@router.delete(
    "/sessions",
    operation_id="sessions.revoke-others",
    status_code=status.HTTP_204_NO_CONTENT,
    dependencies=own,
)
async def revoke_other_sessions(identity: Identity, principal: CurrentPrincipal, user: CurrentUser) -> None:
    """End the caller's sessions everywhere but here."""
    await identity.sessions.end_others(user.id, principal.session_id)


@router.delete(
    "/sessions/{session_id}",
    operation_id="sessions.revoke",
    status_code=status.HTTP_204_NO_CONTENT,
    dependencies=own,
)
async def revoke_session(session_id: str, identity: Identity, user: CurrentUser) -> None:
    """End one of the caller's sessions, here and on every app's origin it was handed to."""
    await identity.sessions.end_own(user, session_id)
