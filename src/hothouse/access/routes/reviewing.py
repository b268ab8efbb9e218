"""Routes to review who reaches what, and to hand over what somebody leaves."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from hothouse.access.dependencies import Access, RequiresReview, requires
from hothouse.access.interfaces import Action
from hothouse.access.schemas import HandedOver, HandOverAll, Reached, ReviewedResource
from hothouse.kit.paging import Page, Paging
from hothouse.kit.trail import current_trail

router = APIRouter(prefix="/api/v1", tags=["access"])


@router.get(
    "/access/review/people/{user_id}", operation_id="access.review-person", dependencies=[Depends(RequiresReview())]
)
async def review_person(user_id: str, access: Access, paging: Paging) -> Page[Reached]:
    """List all that somebody may see, and by what right; everybody may for themselves."""
    return await access.reviewing.of_person(user_id, paging)


@router.get(
    "/access/review/resources",
    operation_id="access.review-resources",
    dependencies=[requires(Action.ACCESS_REVIEW)],
)
async def review_resources(
    access: Access,
    paging: Paging,
    kind: Annotated[str | None, Query(max_length=40, description="Only things of this kind.")] = None,
    q: Annotated[str | None, Query(max_length=100, description="Words in the name or title.")] = None,
) -> Page[ReviewedResource]:
    """List all things with their owners, how open they are, and what is worth a second look."""
    return await access.reviewing.of_things(kind, q, paging)


@router.post(
    "/users/{user_id}/hand-over", operation_id="users.hand-over", dependencies=[requires(Action.PLATFORM_ADMIN)]
)
async def hand_over_all(user_id: str, body: HandOverAll, access: Access) -> HandedOver:
    """Give everything that somebody owns to somebody else."""
    current_trail().concerns("user", user_id)
    return HandedOver(items=await access.ownership.hand_over_all(user_id, body.to_user_id))
