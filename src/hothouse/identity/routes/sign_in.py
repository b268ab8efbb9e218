"""Set-up, sign-in and sign-out."""

from typing import Any

from fastapi import APIRouter, Request, Response, status

from hothouse.access.dependencies import requires
from hothouse.access.interfaces import Action
from hothouse.identity.dependencies import (
    CurrentPrincipal,
    CurrentUser,
    CurrentVisitor,
    Identity,
    OwnPrincipal,
    carry_on,
    drop_acting_cookie,
    sign_in_as,
)
from hothouse.identity.factors.schemas import NextStep
from hothouse.identity.impersonation.schemas import Me
from hothouse.identity.schemas import (
    LoginRequest,
    SetupRequest,
    SetupState,
    SignedOut,
    UserAnswer,
)
from hothouse.kit.trail import Who, current_trail

router = APIRouter(prefix="/api/v1", tags=["identity"])


anyone = [requires(Action.PUBLIC)]
signed_in = [requires(Action.SIGNED_IN)]
SECOND_STEP: dict[int | str, Any] = {202: {"model": NextStep, "description": "A second step is needed"}}


@router.get("/setup", operation_id="setup.show", dependencies=anyone)
async def show_setup(identity: Identity) -> SetupState:
    """Tell whether the first account is still to be made."""
    return SetupState(needed=await identity.accounts.is_setup_needed())


@router.post("/setup", operation_id="setup.finish", status_code=status.HTTP_201_CREATED, dependencies=anyone)
async def finish_setup(
    body: SetupRequest, identity: Identity, visitor: CurrentVisitor, request: Request, response: Response
) -> UserAnswer | NextStep:
    """Make the first admin with the code of the set-up link, and sign in, by a second step where one is needed."""
    user = await identity.accounts.set_up(body)
    current_trail().by(Who(user.id, user.name, user.email, "session"))
    await request.app.state.on_first_admin(user)
    return await sign_in_as(response, identity, user, visitor, "link")


@router.post("/auth/login", operation_id="auth.login", dependencies=anyone, responses=SECOND_STEP)
async def login(
    body: LoginRequest, identity: Identity, visitor: CurrentVisitor, response: Response
) -> UserAnswer | NextStep:
    """Sign in by e-mail and password; the answer sets the session cookie, or says what is still to be done (202)."""
    trail = current_trail()
    trail.concerns("user", None, body.email.lower())
    outcome = await identity.sign_in.by_password(body.email, body.password, body.code, visitor)
    user = outcome.user
    trail.by(Who(user.id, user.name, user.email, "session"))
    return carry_on(response, identity, outcome)


@router.post(
    "/auth/logout",
    operation_id="auth.logout",
    status_code=status.HTTP_204_NO_CONTENT,
    response_model=None,
    dependencies=anyone,
    responses={status.HTTP_200_OK: {"model": SignedOut, "description": "Signed out here, and to be at a provider"}},
)
async def logout(identity: Identity, principal: OwnPrincipal, request: Request, response: Response) -> SignedOut | None:
    """End the session, here and on every app's origin it was handed to, and with it acting as somebody else.

    Answers 200 if it began at an OpenID provider at which the browser can sign out, too, and says where.
    """
    leave_at: str | None = None
    if principal.user:
        current_trail().by(Who(principal.user.id, principal.user.name, principal.user.email, principal.via))
    if principal.session_id:
        leave_at = await request.app.state.sign_out_url(principal.session_id)
        await identity.sessions.end(principal.session_id)
    response.delete_cookie(identity.cookie_name, path="/", secure=identity.is_https, httponly=True)
    drop_acting_cookie(response, identity)
    if leave_at is None:
        return None
    response.status_code = status.HTTP_200_OK
    return SignedOut(url=leave_at)


@router.get("/auth/me", operation_id="auth.me", dependencies=signed_in)
async def me(user: CurrentUser, identity: Identity, principal: CurrentPrincipal) -> Me:
    """Return the account the caller acts as, and since when somebody else's."""
    return Me(user=user, impersonation=await identity.impersonations.current(principal))
