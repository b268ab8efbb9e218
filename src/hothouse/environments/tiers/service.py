"""Tiers: those that there are, and which of them somebody has."""

from collections.abc import Callable
from typing import Any

import structlog

from hothouse.access.words import group, user
from hothouse.database.connection import Document
from hothouse.environments.tiers.errors import TierInUse
from hothouse.environments.tiers.repository import TiersRepository
from hothouse.environments.tiers.schemas import Tier, TierFields
from hothouse.environments.tiers.shipped import SHIPPED
from hothouse.kit.problems import NotFound
from hothouse.kit.trail import current_trail

log = structlog.get_logger(__name__)


class Tiers:
    """All tiers of this installation."""

    def __init__(self, tiers: TiersRepository, default: str, groups_of: Callable[[str], list[str]]) -> None:
        """Make it; `default` is the tier of who was given none, `groups_of` names the groups of a subject."""
        self._tiers = tiers
        self._default = default
        self._groups_of = groups_of

    async def ship(self) -> None:
        """See to it that every shipped tier is there; what admins changed stays as they want it."""
        known = {one["_id"] for one in await self._tiers.all()}
        if not known:  # one that an admin removed is not brought back
            for tier, fields in SHIPPED.items():
                await self._tiers.add(tier, fields.model_dump(mode="json"))
            known = set(SHIPPED)
        if self._default not in known:
            log.warning("default-tier-unknown", tier=self._default, known=sorted(known))

    async def of(self, user_id: str) -> Tier:
        """Return the tier that counts for a person: the highest of their own and those of their groups."""
        subject = user(user_id)
        subjects = [subject, *map(group, self._groups_of(subject))]
        given = {one["tier"] for one in await self._tiers.given_to(subjects)}
        every = await self._tiers.all()
        found = [one for one in every if one["_id"] in given]
        found = found or [one for one in every if one["_id"] == self._default] or every[:1]
        if not found:
            return self._shown("free", SHIPPED["free"].model_dump(), 0)
        return self._shown(found[-1]["_id"], found[-1], 0)

    async def all(self) -> list[Tier]:
        """Return every tier, the lowest first."""
        return [
            self._shown(one["_id"], one, await self._tiers.count_given(one["_id"])) for one in await self._tiers.all()
        ]

    async def put(self, tier: str, fields: TierFields) -> Tier:
        """Make a tier, or change it; environments that run get the new limits at their next start."""
        after = fields.model_dump(mode="json")
        before = await self._tiers.put(tier, after) or {}
        changed = [key for key in after if before.get(key) != after[key]]
        trail = current_trail()
        trail.concerns("tier", tier, fields.title)
        trail.change(before=_some(before, changed), after=_some(after, changed))
        return self._shown(tier, after, await self._tiers.count_given(tier))

    async def remove(self, tier: str) -> None:
        """Remove a tier that nobody has. Raises: `NotFound`, `TierInUse`."""
        found = await self._existing(tier)
        if tier == self._default:
            raise TierInUse(f"People who were given no tier have {tier}; see HOTHOUSE_ENVIRONMENTS_DEFAULT_TIER.")
        if count := await self._tiers.count_given(tier):
            raise TierInUse(f"{count} people and groups have {tier}. Give them another tier first.")
        current_trail().concerns("tier", tier, found["title"])
        await self._tiers.remove(tier)

    async def given(self) -> list[Document]:
        """Return who was given a tier, as `{_id, tier}` by subject."""
        return await self._tiers.given()

    async def give(self, subject: str, tier: str | None) -> None:
        """Give a tier to a person or group, or take away what it was given. Raises: `NotFound`."""
        if tier is not None:
            await self._existing(tier)
        before = await (self._tiers.take(subject) if tier is None else self._tiers.give(subject, tier))
        current_trail().change(before={"tier": before["tier"] if before else None}, after={"tier": tier})

    async def _existing(self, tier: str) -> Document:
        found = await self._tiers.get(tier)
        if found is None:
            raise NotFound(f'There is no tier "{tier}".')
        return found

    def _shown(self, tier: str, fields: Document, given_to: int) -> Tier:
        return Tier(
            tier=tier,
            is_shipped=tier in SHIPPED,
            is_default=tier == self._default,
            given_to=given_to,
            **_some(fields, TierFields.model_fields),
        )


def _some(fields: Document, keys: Any) -> dict[str, Any]:
    return {key: fields[key] for key in keys if key in fields}
