"""Routes on quotas."""

from typing import Annotated

from fastapi import APIRouter, Path, status

from hothouse.access.dependencies import Access, requires
from hothouse.access.interfaces import Action
from hothouse.access.words import Subject
from hothouse.identity.dependencies import CurrentPrincipal
from hothouse.kit.paging import Page
from hothouse.quotas.dependencies import CurrentQuotas
from hothouse.quotas.schemas import MyQuotas, Quota, QuotaDetail, QuotaLimits

router = APIRouter(prefix="/api/v1/quotas", tags=["quotas"])
admin = [requires(Action.PLATFORM_ADMIN)]
Whose = Annotated[
    Subject,
    Path(pattern="^(user:|group:|signed-in$)", description="`user:<id>`, `group:<id>`, or `signed-in`: everyone."),
]


@router.get("", operation_id="quotas.list", dependencies=admin)
async def list_quotas(quotas: CurrentQuotas) -> Page[Quota]:
    """List all quotas, with what is used of them."""
    return Page(items=await quotas.setting.all())


@router.get("/mine", operation_id="quotas.mine", dependencies=[requires(Action.SIGNED_IN)])
async def show_mine(quotas: CurrentQuotas, principal: CurrentPrincipal) -> MyQuotas:
    """Show what the caller has, and may have."""
    return await quotas.setting.mine(principal.user_id or "")


@router.get("/{subject}", operation_id="quotas.show", dependencies=admin)
async def show_quota(subject: Whose, quotas: CurrentQuotas, access: Access) -> QuotaDetail:
    """Show the quota of a person, a group or everyone, and what takes it."""
    return await quotas.setting.show(await access.subjects.one(subject))


@router.put("/{subject}", operation_id="quotas.put", dependencies=admin)
async def put_quota(subject: Whose, body: QuotaLimits, quotas: CurrentQuotas, access: Access) -> QuotaDetail:
    """Set a quota, in the place of the one there was: a person's for that person alone, a group's for all its members
    together, everyone's for each person without one of their own. What there is already stays.
    """
    found = await access.subjects.known(subject)
    await quotas.setting.put(found, body)
    return await quotas.setting.show(found)


@router.delete("/{subject}", operation_id="quotas.delete", status_code=status.HTTP_204_NO_CONTENT, dependencies=admin)
async def delete_quota(subject: Whose, quotas: CurrentQuotas, access: Access) -> None:
    """Remove a quota; a person has everyone's again, if there is one."""
    await quotas.setting.remove(await access.subjects.one(subject))
