"""Quotas as they are set, with what is used of them."""

from collections.abc import Iterable

from hothouse.access.schemas import SubjectInfo
from hothouse.access.words import SIGNED_IN, user
from hothouse.database.connection import Document
from hothouse.kit.problems import NotFound
from hothouse.kit.trail import current_trail
from hothouse.quotas.amounts import Amounts, Holding, total
from hothouse.quotas.repository import QuotasRepository
from hothouse.quotas.schemas import HeldThing, MyQuotas, Quota, QuotaDetail, QuotaLimits, Used
from hothouse.quotas.service.checking import Describe, Quotas
from hothouse.quotas.service.rules import Rules


class Setting:
    """Sets quotas, and shows them."""

    def __init__(self, quotas: QuotasRepository, rules: Rules, checking: Quotas, describe: Describe) -> None:
        self._quotas = quotas
        self._rules = rules
        self._checking = checking
        self._describe = describe

    async def all(self) -> list[Quota]:
        """Return every quota: everyone's first, then by name."""
        found = await self._quotas.all()
        described = await self._describe([one["_id"] for one in found])
        people = {one["_id"]: self._rules.people(one["_id"]) for one in found}
        held = await self._checking.held_by(frozenset[str]().union(*people.values()))
        shown = [_shown(described[one["_id"]], one, _of(held, people[one["_id"]])) for one in found]
        return sorted(shown, key=lambda one: (one.subject.kind != SIGNED_IN, one.subject.kind, one.subject.name))

    async def show(self, subject: SubjectInfo) -> QuotaDetail:
        """Return the quota of somebody, with what takes it; where there is none, what there is. Raises: `NotFound`."""
        found = next(iter(await self._quotas.of([subject.subject])), None)
        if found is None and not subject.is_active:
            raise NotFound(f"There is no {subject.subject} here, or it is deactivated, and it has no quota.")
        people = self._rules.people(subject.subject)
        held = await self._checking.held_by(people)
        owners = await self._describe({user(one.owner_id) for one in held})
        shown = _shown(subject, found or {"_id": subject.subject, "limits": {}}, held)
        return QuotaDetail(
            **shown.model_dump(),
            is_set=found is not None,
            holdings=[HeldThing.of(one, owners[user(one.owner_id)]) for one in held],
        )

    async def mine(self, user_id: str) -> MyQuotas:
        """Return what a person has, and what limits that; of others in the same groups only sums are told."""
        rules = await self._rules.of(user_id)
        held = await self._checking.held_by(frozenset({user_id}).union(*(rule.people for rule in rules)))
        described = await self._describe([rule.subject for rule in rules])
        mine = _of(held, {user_id})
        quotas = [
            Quota(
                subject=described[rule.subject],
                limits=QuotaLimits.model_validate(rule.limits),
                used=Used.of(total(one.amounts for one in _of(held, rule.people))),
            )
            for rule in rules
        ]
        used = Used.of(total(one.amounts for one in mine))
        return MyQuotas(used=used, quotas=quotas, holdings=[HeldThing.of(one) for one in mine])

    async def put(self, subject: SubjectInfo, limits: QuotaLimits) -> None:
        """Set a quota; what there is already stays, also where it is more."""
        after = limits.model_dump(mode="json", exclude_none=True)
        before = (await self._quotas.put(subject.subject, after) or {}).get("limits", {})
        changed = sorted({key for key in {*before, *after} if before.get(key) != after.get(key)})
        _tell(subject, {key: before.get(key) for key in changed}, {key: after.get(key) for key in changed})

    async def remove(self, subject: SubjectInfo) -> None:
        """Remove a quota. Raises: `NotFound`."""
        found = await self._quotas.remove(subject.subject)
        if found is None:
            raise NotFound(f"{subject.name} has no quota.")
        _tell(subject, found["limits"], {})


def _of(held: list[Holding], people: Iterable[str]) -> list[Holding]:
    return [one for one in held if one.owner_id in people]


def _shown(subject: SubjectInfo, quota: Document, held: list[Holding]) -> Quota:
    used: Amounts | None = None if subject.kind == SIGNED_IN else total(one.amounts for one in held)
    limits = QuotaLimits.model_validate(quota["limits"])
    return Quota(subject=subject, limits=limits, used=Used.of(used) if used is not None else None)


def _tell(subject: SubjectInfo, before: Document, after: Document) -> None:
    trail = current_trail()
    trail.concerns("quota", subject.subject, subject.name)
    trail.change(before=before, after=after)
