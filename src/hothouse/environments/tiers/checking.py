"""Whether somebody may have an environment of a size, and one more of them."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext

from hothouse.database.connection import Document
from hothouse.environments.admission.room import Capacity
from hothouse.environments.errors import SpecRefused
from hothouse.environments.holdings import taken_by
from hothouse.environments.repository import EnvironmentsRepository
from hothouse.environments.templates.schemas import Size
from hothouse.environments.tiers.errors import LimitReached
from hothouse.environments.tiers.schemas import Tier
from hothouse.environments.tiers.service import Tiers
from hothouse.kit.amounts import bytes_in_words
from hothouse.kit.problems import FieldProblem
from hothouse.quotas.amounts import Amounts
from hothouse.quotas.service import Quotas


class Limits:
    """What keeps a person's environments within their tier and quotas, and what is asked for within the machine."""

    def __init__(self, environments: EnvironmentsRepository, tiers: Tiers, capacity: Capacity, quotas: Quotas) -> None:
        self._environments = environments
        self._tiers = tiers
        self._capacity = capacity
        self._quotas = quotas
        self._one_by_one = asyncio.Lock()

    async def check_size(self, owner_id: str, size: Size) -> None:
        """Raises: `SpecRefused` with all of a size that a person's tier or the machine does not allow."""
        tier = await self._tiers.of(owner_id)
        problems = dict(_problems(tier, size))
        for field, message in self._capacity.problems(size):
            problems.setdefault(field, message)
        if problems:
            raise SpecRefused([FieldProblem(pointer=f"/size/{key}", message=text) for key, text in problems.items()])

    @asynccontextmanager
    async def one_more(self, owner_id: str, size: Size, *, is_workspace_new: bool = False) -> AsyncIterator[None]:
        """Let one more of somebody's environments be started inside the block; others wait meanwhile.

        Raises: `SpecRefused`, `LimitReached`, `QuotaReached`.
        """
        await self.check_size(owner_id, size)
        async with self._one_by_one:  # or two that are asked for at once would both be the last one allowed
            await self._check_number(owner_id)
            async with self._quotas.room_for(owner_id, taken_by(size) + Amounts(disk_bytes=int(is_workspace_new))):
                yield

    def growing(self, environment: Document, before: Size, after: Size) -> AbstractAsyncContextManager[None]:
        """Let what runs have another size inside the block, as far as quotas allow. Raises: `QuotaReached`."""
        if environment["desired"] != "running":
            return nullcontext()
        return self._quotas.room_for(environment["owner_id"], taken_by(after).beyond(taken_by(before)))

    async def _check_number(self, owner_id: str) -> None:
        tier, names = await self._tiers.of(owner_id), await self.running(owner_id)
        if len(names) >= tier.environments:
            raise LimitReached(tier.title, tier.environments, names)

    async def running(self, owner_id: str) -> list[str]:
        """Return the names of a person's environments that run or sleep, or are to."""
        return [one["name"] for one in await self._environments.of(owner_id) if one["desired"] == "running"]


def _problems(tier: Tier, size: Size) -> Iterator[tuple[str, str]]:
    for field, allowed, asked in (
        ("cpu", f"{tier.cpu:g} cores", f"{size.cpu:g}"),
        ("memory_bytes", f"{bytes_in_words(tier.memory_bytes)} of memory", bytes_in_words(size.memory_bytes)),
        ("gpus", f"{tier.gpus} GPUs", str(size.gpus)),
    ):
        if getattr(size, field) > getattr(tier, field):
            said = f'The tier "{tier.title}" allows {allowed} for an environment, and {asked} were asked for.'
            yield field, f"{said} Ask for less, or ask an admin for another tier."
