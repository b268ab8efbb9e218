"""Routes on tiers."""

from typing import Annotated

from fastapi import APIRouter, Path, status

from hothouse.access.dependencies import Access, requires
from hothouse.access.interfaces import Action
from hothouse.access.words import Subject
from hothouse.environments.dependencies import Environments
from hothouse.environments.tiers.schemas import TIER, Allowance, GivenTier, Tier, TierFields, TierGift
from hothouse.identity.dependencies import CurrentPrincipal
from hothouse.kit.paging import Page
from hothouse.kit.trail import current_trail

router = APIRouter(prefix="/api/v1/tiers", tags=["environments"])
admin = [requires(Action.PLATFORM_ADMIN)]
TierName = Annotated[str, Path(pattern=TIER)]
Whose = Annotated[Subject, Path(pattern="^(user|group):", description="`user:<id>` or `group:<id>`.")]


@router.get("", operation_id="tiers.list", dependencies=admin)
async def list_tiers(environments: Environments) -> Page[Tier]:
    """List tiers, the lowest first."""
    return Page(items=await environments.context.tiers.all())


@router.get("/mine", operation_id="tiers.mine", dependencies=[requires(Action.SIGNED_IN)])
async def show_allowance(environments: Environments, principal: CurrentPrincipal) -> Allowance:
    """Show what the caller's environments may take."""
    owner_id = principal.user_id or ""
    tier = await environments.context.tiers.of(owner_id)
    return Allowance(tier=tier, running=len(await environments.context.limits.running(owner_id)))


@router.get("/given", operation_id="tiers.given", dependencies=admin)
async def list_given(environments: Environments, access: Access) -> Page[GivenTier]:
    """List the people and groups that were given a tier."""
    given = {one["_id"]: one["tier"] for one in await environments.context.tiers.given()}
    described = await access.subjects.describe(given)
    return Page(items=[GivenTier(subject=described[subject], tier=tier) for subject, tier in given.items()])


@router.put("/given/{subject}", operation_id="tiers.give", dependencies=admin)
async def give_tier(subject: Whose, body: TierGift, environments: Environments, access: Access) -> TierGift:
    """Give a tier to a person or a group; of a person's own and those of their groups the highest counts."""
    found = await access.subjects.known(subject)
    current_trail().concerns(found.kind, subject.partition(":")[2], found.name)
    await environments.context.tiers.give(subject, body.tier)
    return body


@router.put("/{tier}", operation_id="tiers.put", dependencies=admin)
async def put_tier(tier: TierName, body: TierFields, environments: Environments) -> Tier:
    """Make a tier, or change it; what runs gets the new limits at its next start."""
    return await environments.context.tiers.put(tier, body)


@router.delete("/{tier}", operation_id="tiers.delete", status_code=status.HTTP_204_NO_CONTENT, dependencies=admin)
async def delete_tier(tier: TierName, environments: Environments) -> None:
    """Remove a tier that nobody has."""
    await environments.context.tiers.remove(tier)
