"""Invitations, and resets of passwords: what admins make and whoever has the link uses."""

from fastapi import APIRouter, Response, status

from hothouse.access.dependencies import requires
from hothouse.access.interfaces import Action
from hothouse.identity.dependencies import CurrentPrincipal, CurrentUser, CurrentVisitor, Identity, sign_in_as
from hothouse.identity.factors.schemas import NextStep
from hothouse.identity.schemas import (
    Acceptance,
    AddressOnly,
    Invitation,
    InvitationOffer,
    IssuedInvitation,
    LinkCode,
    NewInvitation,
    NewPasswordByLink,
    RegistrationAnswer,
    ResetOffer,
    SignInOptions,
    UserAnswer,
)
from hothouse.kit.paging import Page, Paging
from hothouse.kit.trail import Who, current_trail

router = APIRouter(prefix="/api/v1", tags=["identity"])
anyone = [requires(Action.PUBLIC)]
manage = [requires(Action.PEOPLE_MANAGE)]


@router.get("/invitations", operation_id="invitations.list", dependencies=manage)
async def list_invitations(identity: Identity, paging: Paging) -> Page[Invitation]:
    """List invitations, the newest first."""
    return await identity.invitations.page(paging)


@router.post(
    "/invitations", operation_id="invitations.create", status_code=status.HTTP_201_CREATED, dependencies=manage
)
async def invite(
    body: NewInvitation, identity: Identity, user: CurrentUser, principal: CurrentPrincipal
) -> IssuedInvitation:
    """Make a single-use link by which somebody makes an account; the link is in this answer only."""
    identity.people.guard_role(principal, body.role)
    made = await identity.invitations.invite(body, user)
    trail = current_trail()
    trail.concerns("invitation", made.id, made.email)
    trail.change(after=made.model_dump(mode="json", include={"email", "role", "expires_at"}))
    return made


@router.delete(
    "/invitations/{invitation_id}",
    operation_id="invitations.revoke",
    status_code=status.HTTP_204_NO_CONTENT,
    dependencies=manage,
)
async def revoke_invitation(invitation_id: str, identity: Identity) -> None:
    """Make an invitation that nobody accepted yet useless."""
    await identity.invitations.revoke(invitation_id)


@router.post("/auth/invitation", operation_id="invitations.show", dependencies=anyone)
async def show_invitation(body: LinkCode, identity: Identity) -> InvitationOffer:
    """Say what an invitation is good for, to whoever has its link."""
    return await identity.invitations.look_at(body.code)


@router.post(
    "/auth/invitation/accept",
    operation_id="invitations.accept",
    status_code=status.HTTP_201_CREATED,
    dependencies=anyone,
)
async def accept_invitation(
    body: Acceptance, identity: Identity, visitor: CurrentVisitor, response: Response
) -> UserAnswer | NextStep:
    """Make an account with an invitation, and sign in, by a second step where one is needed."""
    user = await identity.invitations.accept(body)
    trail = current_trail()
    trail.by(Who(user.id, user.name, user.email, "session"))
    trail.concerns("user", user.id, user.email)
    trail.change(after={"role": user.role})
    return await sign_in_as(response, identity, user, visitor, "link")


@router.get("/auth/options", operation_id="auth.options", dependencies=anyone)
async def show_options(identity: Identity) -> SignInOptions:
    """Say what people who are not signed in can do here."""
    return identity.registration.options()


@router.post("/auth/register", operation_id="auth.register", status_code=status.HTTP_202_ACCEPTED, dependencies=anyone)
async def register(body: AddressOnly, identity: Identity, visitor: CurrentVisitor) -> RegistrationAnswer:
    """Register by oneself, where that is open: leads to an invitation, by mail where mail is sent."""
    return await identity.registration.register(body.email, visitor)


@router.post(
    "/auth/forgotten", operation_id="passwords.forgotten", status_code=status.HTTP_202_ACCEPTED, dependencies=anyone
)
async def forgotten_password(body: AddressOnly, identity: Identity, visitor: CurrentVisitor) -> None:
    """Have a reset link sent to an address, if it has an account; the answer is the same if not."""
    await identity.registration.forgotten(body.email, visitor)


@router.post("/auth/reset", operation_id="passwords.show-reset", dependencies=anyone)
async def show_reset(body: LinkCode, identity: Identity) -> ResetOffer:
    """Say whose password a link resets, to whoever has it."""
    return await identity.resets.look_at(body.code)


@router.post(
    "/auth/reset/finish",
    operation_id="passwords.reset",
    status_code=status.HTTP_204_NO_CONTENT,
    dependencies=anyone,
)
async def finish_reset(body: NewPasswordByLink, identity: Identity) -> None:
    """Set a new password with a reset link, which ends all sessions; API tokens stay."""
    await identity.resets.reset(body.code, body.password)
