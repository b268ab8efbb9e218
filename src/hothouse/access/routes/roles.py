"""Routes on roles, and on the actions that they may allow."""

from typing import Annotated

from fastapi import APIRouter, Query, status

from hothouse.access.dependencies import Access, requires
from hothouse.access.interfaces import Action
from hothouse.access.schemas import Actions, NewRole, Role, RoleChange, Roles, RoleUses
from hothouse.identity.dependencies import CurrentPrincipal

router = APIRouter(prefix="/api/v1", tags=["access"])
readers = [requires(Action.ROLES_LIST)]
managers = [requires(Action.ROLES_MANAGE)]


@router.get("/roles", operation_id="roles.list", dependencies=readers)
async def list_roles(
    access: Access, kind: Annotated[str | None, Query(description="Only roles on this kind of thing.")] = None
) -> Roles:
    """List roles, built-in ones first."""
    return Roles(items=await access.roles.of_kind(kind))


@router.post("/roles", operation_id="roles.create", status_code=status.HTTP_201_CREATED, dependencies=managers)
async def create_role(body: NewRole, access: Access, principal: CurrentPrincipal) -> Role:
    """Make a role of actions on one kind of thing."""
    return await access.roles.make(principal, body)


@router.get("/roles/uses", operation_id="roles.uses", dependencies=managers)
async def list_role_uses(access: Access) -> RoleUses:
    """Say where the roles that were made here are given; such a role cannot be deleted."""
    return RoleUses(items=await access.roles.uses())


@router.patch("/roles/{role_id}", operation_id="roles.update", dependencies=managers)
async def update_role(role_id: str, body: RoleChange, access: Access, principal: CurrentPrincipal) -> Role:
    """Change a role that was made here; whoever has it has the new actions at once."""
    return await access.roles.change(principal, role_id, body)


@router.delete(
    "/roles/{role_id}", operation_id="roles.delete", status_code=status.HTTP_204_NO_CONTENT, dependencies=managers
)
async def delete_role(role_id: str, access: Access) -> None:
    """Remove a role that was made here and that nobody has."""
    await access.roles.remove(role_id)


@router.get("/actions", operation_id="actions.list", dependencies=readers)
async def list_actions(access: Access) -> Actions:
    """List what roles may allow."""
    return Actions(items=access.roles.actions())
