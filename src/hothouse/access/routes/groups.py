"""Routes on groups and their members."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, status

from hothouse.access.dependencies import Access, DeletedGroup, EditedGroup, ViewedGroup, requires
from hothouse.access.interfaces import Action
from hothouse.access.schemas import Group, GroupChange, Membership, NewGroup, NewMembership, Reached
from hothouse.access.words import Subject
from hothouse.identity.dependencies import CurrentPrincipal
from hothouse.kit.paging import Page, Paging

router = APIRouter(prefix="/api/v1/groups", tags=["access"])
Member = Annotated[Subject, Path(description="`user:<id>` or `group:<id>`.")]


@router.get("", operation_id="groups.list", dependencies=[requires(Action.GROUPS_LIST)])
async def list_groups(
    access: Access,
    principal: CurrentPrincipal,
    paging: Paging,
    q: Annotated[str | None, Query(max_length=100, description="How a word of the name begins.")] = None,
) -> Page[Group]:
    """List groups by name."""
    return await access.groups.page(principal, q, paging)


@router.post(
    "",
    operation_id="groups.create",
    status_code=status.HTTP_201_CREATED,
    dependencies=[requires(Action.GROUPS_CREATE)],
)
async def create_group(body: NewGroup, access: Access, principal: CurrentPrincipal) -> Group:
    """Make a group; the caller becomes its manager."""
    return await access.groups.make(principal, body)


@router.get("/{group_id}", operation_id="groups.show")
async def show_group(group: ViewedGroup, access: Access, principal: CurrentPrincipal) -> Group:
    """Show one group."""
    return await access.groups.present(principal, group)


@router.patch("/{group_id}", operation_id="groups.update")
async def update_group(group: EditedGroup, body: GroupChange, access: Access, principal: CurrentPrincipal) -> Group:
    """Rename or describe a group."""
    return await access.groups.change(principal, group, body)


@router.delete("/{group_id}", operation_id="groups.delete", status_code=status.HTTP_204_NO_CONTENT)
async def delete_group(
    group: DeletedGroup,
    access: Access,
    confirm: Annotated[str, Query(description="The group's name, to confirm.")] = "",
) -> None:
    """Delete a group and all that it was granted."""
    await access.groups.remove(group, confirm)


@router.get("/{group_id}/members", operation_id="groups.members")
async def list_members(group: ViewedGroup, access: Access, paging: Paging) -> Page[Membership]:
    """List who is in a group: groups, then people."""
    return await access.members.page(group, paging)


@router.put("/{group_id}/members/{subject}", operation_id="groups.add-member")
async def put_member(
    group: EditedGroup, subject: Member, body: NewMembership, access: Access, principal: CurrentPrincipal
) -> Membership:
    """Add somebody, or a group, to a group, or say whether they manage it."""
    return await access.members.put(principal, group, subject, body)


@router.delete(
    "/{group_id}/members/{subject}", operation_id="groups.remove-member", status_code=status.HTTP_204_NO_CONTENT
)
async def remove_member(group: EditedGroup, subject: Member, access: Access) -> None:
    """Take somebody out of a group; what they had open because of it ends within 2 seconds."""
    await access.members.remove(group, subject)


@router.get("/{group_id}/grants", operation_id="groups.grants")
async def list_group_grants(group: ViewedGroup, access: Access) -> Page[Reached]:
    """List what a group may reach."""
    return Page(items=await access.groups.reach(group))
