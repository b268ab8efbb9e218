"""Routes that say why somebody may do something with a thing, and who can."""

from typing import Annotated

from fastapi import APIRouter, Query

from hothouse.access.dependencies import Access, SharedThing
from hothouse.access.schemas import Explanation, Holder
from hothouse.access.words import Subject
from hothouse.kit.paging import Page, Paging

router = APIRouter(prefix="/api/v1/access/{kind}/{name}", tags=["access"])
Asked = Annotated[str, Query(max_length=60, description="An action of the thing's kind.", examples=["app.open"])]


@router.get("/explain", operation_id="access.explain")
async def explain(
    thing: SharedThing,
    access: Access,
    subject: Annotated[Subject, Query(description="`user:<id>`, `group:<id>`, `app:<id>`, or `anyone`.")],
    action: Asked,
) -> Explanation:
    """Say whether somebody may do something with a thing, and why, step by step."""
    return await access.explaining.explain(thing.kind, thing.resource, subject, action)


@router.get("/people", operation_id="access.people")
async def who_can(thing: SharedThing, access: Access, action: Asked, paging: Paging) -> Page[Holder]:
    """List the people who may do something with a thing."""
    return await access.explaining.who_can(thing.kind, thing.resource, action, paging)
