"""Everybody's accounts, for admins."""

from fastapi import APIRouter, status

from hothouse.access.dependencies import requires
from hothouse.access.interfaces import Action
from hothouse.identity.dependencies import Identity
from hothouse.identity.schemas import NewUser, User
from hothouse.kit.paging import Page, Paging

router = APIRouter()
admin = [requires(Action.PLATFORM_ADMIN)]


@router.get("/users", operation_id="users.list", dependencies=admin)
async def list_users(identity: Identity, paging: Paging) -> Page[User]:
    """List all accounts."""
    return await identity.accounts.page(paging)


@router.post("/users", operation_id="users.create", status_code=status.HTTP_201_CREATED, dependencies=admin)
async def create_user(body: NewUser, identity: Identity) -> User:
    """Make an account for somebody."""
    return await identity.accounts.create(body)
