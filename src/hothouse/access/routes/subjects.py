"""The route that finds people and groups by a few letters."""

from typing import Annotated

from fastapi import APIRouter, Query

from hothouse.access.dependencies import Access, requires
from hothouse.access.interfaces import Action
from hothouse.access.schemas import Subjects
from hothouse.identity.dependencies import CurrentPrincipal

router = APIRouter(prefix="/api/v1", tags=["access"])


@router.get("/subjects", operation_id="subjects.find", dependencies=[requires(Action.SIGNED_IN)])
async def find_subjects(
    access: Access,
    principal: CurrentPrincipal,
    q: Annotated[str, Query(min_length=1, max_length=100, description="How a name, or an address, begins.")],
    kinds: Annotated[str, Query(description="Any of `user`, `group`, `app`, with commas between.")] = "user,group",
) -> Subjects:
    """Find people, groups, and apps that one may see, to give rights to; ten at most."""
    return Subjects(items=await access.subjects.find(principal, q, kinds.split(",")))
