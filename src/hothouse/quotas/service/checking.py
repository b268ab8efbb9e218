"""Whether somebody may have more of something."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import asynccontextmanager

from hothouse.access.interfaces import Resource
from hothouse.access.schemas import SubjectInfo
from hothouse.access.words import split
from hothouse.database.leases import Lease
from hothouse.kit.trail import current_trail
from hothouse.quotas.amounts import Amounts, Holding, Limit, total
from hothouse.quotas.errors import QuotaReached
from hothouse.quotas.interfaces import Holder
from hothouse.quotas.service.rules import Rule, Rules

Describe = Callable[[Collection[str]], Awaitable[dict[str, SubjectInfo]]]


class Quotas:
    """What keeps people and groups within their quotas. What is there already is left as it is, however much."""

    def __init__(self, rules: Rules, describe: Describe, changing: Lease) -> None:
        """Make it; `changing` is the lease under which something comes to be that a quota limits."""
        self._rules = rules
        self._holders: list[Holder] = []
        self._describe = describe
        self._changing = changing
        self._one_by_one = asyncio.Lock()

    def count(self, *holders: Holder) -> None:
        """Have what features hold counted; each is to be told of once, before anybody is held to a quota."""
        self._holders += holders

    async def is_limited(self, owner_id: str | None) -> bool:
        """Tell whether any quota holds for somebody, so that others need not find out what they would take."""
        return owner_id is not None and bool(await self._rules.of(owner_id))

    @asynccontextmanager
    async def room_for(
        self, owner_id: str | None, more: Amounts, *, former_id: str | None = None
    ) -> AsyncIterator[None]:
        """Let so much more come to be of somebody's inside the block; what is nobody's is not limited.

        It has to be on record, for `Holder`s to tell, when the block ends. Others wait meanwhile, so this must not be
        done within itself. `former_id` is whose it was before. Raises: `QuotaReached`.
        """
        rules = [rule for rule in await self._limiting(owner_id, more) if former_id not in rule.people]
        if not rules:
            yield
            return
        async with self._one_by_one:  # or two that are asked for at once would both be the last one allowed
            await self._changing.wait()
            try:
                await self._check(rules, owner_id or "", more, is_received=former_id is not None)
                yield
            finally:
                await self._changing.release()

    @asynccontextmanager
    async def room_to_receive(self, user_id: str, resources: Sequence[Resource]) -> AsyncIterator[None]:
        """Let things of one other person become somebody's inside the block; see `room_for`.

        A quota that both share has as much of it before as after. Raises: `QuotaReached`.
        """
        former = next((one.owner_id for one in resources if one.owner_id not in (None, user_id)), None)
        keys = {(one.kind, one.id) for one in resources}
        rules = await self._rules.of(user_id) if former else []
        if not any(former not in rule.people for rule in rules):
            yield
            return
        more = total(one.amounts for one in await self.held_by([former or ""]) if (one.kind, one.id) in keys)
        async with self.room_for(user_id, more, former_id=former):
            yield

    async def check(self, owner_id: str, more: Amounts) -> None:
        """See that there is room now, for what comes to be later. Raises: `QuotaReached`."""
        if rules := await self._limiting(owner_id, more):
            await self._check(rules, owner_id, more)

    async def left(self, owner_id: str, limit: Limit) -> float | None:
        """Return how much more of something somebody may have; None: it is not limited."""
        rules = [rule for rule in await self._rules.of(owner_id) if limit in rule.limits]
        held = await self.held_by(frozenset[str]().union(*(rule.people for rule in rules))) if rules else []
        return min((_room(rule, held, limit) for rule in rules), default=None)

    async def held_by(self, owner_ids: Collection[str]) -> list[Holding]:
        """Return everything that people have."""
        return [one for holder in self._holders for one in await holder.held_by(owner_ids)]

    async def _limiting(self, owner_id: str | None, more: Amounts) -> list[Rule]:
        asked = more.asked()
        if owner_id is None or not asked:
            return []
        return [rule for rule in await self._rules.of(owner_id) if not rule.limits.keys().isdisjoint(asked)]

    async def _check(self, rules: list[Rule], owner_id: str, more: Amounts, *, is_received: bool = False) -> None:
        held = await self.held_by(frozenset[str]().union(*(rule.people for rule in rules)))
        for limit in more.asked():
            limiting = [rule for rule in rules if limit in rule.limits]
            rule = min(limiting, key=lambda rule: _room(rule, held, limit), default=None)
            if rule is not None and _room(rule, held, limit) < more.of(limit):
                raise await self._refusal(rule, limit, more, owner_id, held, is_received=is_received)

    async def _refusal(
        self, rule: Rule, limit: Limit, more: Amounts, owner_id: str, held: list[Holding], *, is_received: bool
    ) -> QuotaReached:
        takers = [one for one in held if one.owner_id in rule.people and one.amounts.of(limit)]
        # Who asks need not be the owner, nor be let see what members of the same group have: names are for their owner.
        is_owner = current_trail().who.id == owner_id
        named = [one.name for one in takers if is_owner and one.owner_id == owner_id]
        return QuotaReached(
            await self._whose(rule, "its new owner" if is_received else "its owner", is_owner=is_owner),
            limit,
            allowed=rule.limits[limit],
            used=total(one.amounts for one in takers).of(limit),
            asked=more.of(limit),
            names=named,
            others=len(takers) - len(named),
        )

    async def _whose(self, rule: Rule, owner: str, *, is_owner: bool) -> str:
        if split(rule.subject)[0] == "group":
            name = (await self._describe([rule.subject]))[rule.subject].name
            return f'The quota of the group "{name}", which its members share,'
        return "Your quota" if is_owner else f"The quota of {owner}"


def _room(rule: Rule, held: list[Holding], limit: Limit) -> float:
    """Return how much of something a quota still has; less than nothing where it was made smaller later."""
    used = total(one.amounts for one in held if one.owner_id in rule.people)
    return rule.limits[limit] - used.of(limit)
