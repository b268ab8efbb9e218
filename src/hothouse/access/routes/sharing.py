"""Routes on who has which rights on one thing, of whatever kind."""

from typing import Annotated

from fastapi import APIRouter, Path, status

from hothouse.access.dependencies import Access, SharedThing
from hothouse.access.schemas import Grant, HandOver, NewGrant, OpennessChange, Sharing
from hothouse.access.words import Subject
from hothouse.identity.dependencies import CurrentPrincipal

router = APIRouter(prefix="/api/v1/access/{kind}/{name}", tags=["access"])
Whom = Annotated[Subject, Path(description="`user:<id>`, `group:<id>`, `app:<id>` or `signed-in`.")]


@router.get("", operation_id="access.show")
async def show_sharing(thing: SharedThing, access: Access, principal: CurrentPrincipal) -> Sharing:
    """Show who has which rights on a thing."""
    return await access.sharing.show(principal, thing.kind, thing.resource)


@router.put("/grants/{subject}", operation_id="access.grant")
async def put_grant(
    thing: SharedThing, subject: Whom, body: NewGrant, access: Access, principal: CurrentPrincipal
) -> Grant:
    """Give somebody a role, in place of the one they had; the role `denied` keeps them out."""
    return await access.sharing.give(principal, thing.kind, thing.resource, subject, body)


@router.delete("/grants/{subject}", operation_id="access.revoke", status_code=status.HTTP_204_NO_CONTENT)
async def remove_grant(thing: SharedThing, subject: Whom, access: Access) -> None:
    """Take away what somebody was given; what they had open because of it ends within 2 seconds."""
    await access.sharing.take_away(thing.resource, subject)


@router.put("/openness", operation_id="access.open", status_code=status.HTTP_204_NO_CONTENT)
async def set_openness(thing: SharedThing, body: OpennessChange, access: Access) -> None:
    """Say whether a thing is private, open to everyone signed in, or public."""
    await access.sharing.open(thing.kind, thing.resource, body.openness)


@router.post("/hand-over", operation_id="access.hand-over", status_code=status.HTTP_204_NO_CONTENT)
async def hand_over(thing: SharedThing, body: HandOver, access: Access, principal: CurrentPrincipal) -> None:
    """Give a thing to another owner."""
    await access.ownership.hand_over(principal, thing.kind, thing.resource, body)
