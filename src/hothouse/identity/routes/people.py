"""Everybody's accounts, for admins."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, status

from hothouse.access.dependencies import requires
from hothouse.access.interfaces import Action
from hothouse.identity.dependencies import CurrentPrincipal, Identity
from hothouse.identity.repository import Wanted
from hothouse.identity.schemas import Account, AccountChange, NewUser, ResetLink, Role, User
from hothouse.kit.paging import Page, Paging
from hothouse.kit.trail import current_trail

router = APIRouter(prefix="/api/v1/users", tags=["identity"])
manage = [requires(Action.PEOPLE_MANAGE)]
admin = [requires(Action.PLATFORM_ADMIN)]


@router.get("", operation_id="users.list", dependencies=manage)
async def list_users(
    identity: Identity,
    paging: Paging,
    q: Annotated[
        str | None, Query(max_length=100, description="How a name, a word of it, or an address begins.")
    ] = None,
    role: Role | None = None,
    state: Literal["active", "deactivated"] | None = None,
) -> Page[Account]:
    """List accounts, the newest first."""
    is_active = None if state is None else state == "active"
    return await identity.people.page(Wanted(q, role, is_active), paging)


@router.post("", operation_id="users.create", status_code=status.HTTP_201_CREATED, dependencies=manage)
async def create_user(body: NewUser, identity: Identity, principal: CurrentPrincipal) -> User:
    """Make an account for somebody."""
    identity.people.guard_role(principal, body.role)
    user = await identity.accounts.create(body)
    trail = current_trail()
    trail.concerns("user", user.id, user.email)
    trail.change(after={"name": user.name, "email": user.email, "role": user.role})
    return user


@router.get("/{user_id}", operation_id="users.show", dependencies=manage)
async def show_user(user_id: str, identity: Identity) -> Account:
    """Show one account."""
    return await identity.people.show(user_id)


@router.patch("/{user_id}", operation_id="users.update", dependencies=manage)
async def update_user(user_id: str, body: AccountChange, identity: Identity, principal: CurrentPrincipal) -> Account:
    """Change somebody's name or role; the last admin stays one."""
    identity.people.guard_role(principal, body.role)
    await identity.people.guard(principal, user_id)
    return await identity.people.change(user_id, body)


@router.post("/{user_id}/deactivate", operation_id="users.deactivate", dependencies=manage)
async def deactivate_user(user_id: str, identity: Identity, principal: CurrentPrincipal) -> Account:
    """Close an account, which ends its sessions and API tokens; what it owns stays."""
    await identity.people.guard(principal, user_id)
    return await identity.people.deactivate(user_id)


@router.post("/{user_id}/reactivate", operation_id="users.reactivate", dependencies=manage)
async def reactivate_user(user_id: str, identity: Identity, principal: CurrentPrincipal) -> Account:
    """Open an account again; its sessions and API tokens stay ended."""
    await identity.people.guard(principal, user_id)
    return await identity.people.reactivate(user_id)


@router.post(
    "/{user_id}/reset-link",
    operation_id="users.reset-password",
    status_code=status.HTTP_201_CREATED,
    dependencies=admin,
)
async def make_reset_link(user_id: str, identity: Identity) -> ResetLink:
    """Make a single-use link by which somebody chooses a new password; it replaces earlier ones."""
    return await identity.resets.issue(user_id)


@router.delete(
    "/{user_id}/second-factor",
    operation_id="users.reset-second-factor",
    status_code=status.HTTP_204_NO_CONTENT,
    dependencies=admin,
)
async def reset_second_factor(user_id: str, identity: Identity) -> None:
    """Take away a second factor that somebody lost; all their sessions end, and the password alone signs in."""
    await identity.factors.reset(user_id)
    current_trail().change(before={"second_factor": "on"}, after={"second_factor": "off"})
