"""The route that finds people and groups by a few letters."""

from typing import Annotated

from fastapi import APIRouter, Query

from hothouse.access.dependencies import Access, requires
from hothouse.access.interfaces import Action
from hothouse.access.schemas import Subjects

router = APIRouter()


@router.get("/subjects", operation_id="subjects.find", dependencies=[requires(Action.SIGNED_IN)])
async def find_subjects(
    access: Access,
    q: Annotated[str, Query(min_length=1, max_length=100, description="How a name, or an address, begins.")],
    kinds: Annotated[str, Query(description="`user`, `group`, or both with a comma between.")] = "user,group",
) -> Subjects:
    """Find people and groups to give rights to, ten at most."""
    return Subjects(items=await access.subjects.find(q, kinds.split(",")))
