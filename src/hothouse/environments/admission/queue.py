"""The queue of starts: in the order in which they were asked for, as far as there is room.

The queue is what the database says is to run, is built and has no workload, so it outlives any hub; only the leader
lets anybody in. Nobody is overtaken: who does not fit holds up those who asked later, until enough has ended.
"""

import asyncio
import contextlib
from collections.abc import Callable

import structlog

from hothouse.database.connection import Document
from hothouse.environments.admission.room import Amount, Capacity, in_words, is_enough, total
from hothouse.environments.admission.shedding import Shedding
from hothouse.environments.repository import EnvironmentsRepository
from hothouse.environments.schemas import Spec
from hothouse.environments.templates.schemas import Size
from hothouse.workloads.interfaces import owner_key, owner_of
from hothouse.workloads.repository import WorkloadsRepository

log = structlog.get_logger(__name__)

LOOK_SECONDS = 1.0
TURN = "waiting for its turn to start"


class Admission:
    """Lets starts in, one after the other. `look` has it see soon whether there is room."""

    def __init__(
        self,
        environments: EnvironmentsRepository,
        workloads: WorkloadsRepository,
        capacity: Capacity,
        shedding: Shedding,
        concurrent_starts: int,
    ) -> None:
        self._environments = environments
        self._workloads = workloads
        self._capacity = capacity
        self._shedding = shedding
        self._concurrent_starts = concurrent_starts
        self._admitted: dict[str, Size] = {}
        self._is_wanted = asyncio.Event()

    def lets_in(self, environment_id: str) -> bool:
        """Tell whether it is an environment's turn; else it is touched when it is."""
        if environment_id in self._admitted:
            return True
        self.look()
        return False

    def withdraw(self, environment_id: str) -> None:
        """Take back that it is an environment's turn: it has a workload now, or needs none yet."""
        if self._admitted.pop(environment_id, None):
            self.look()

    def never(self, size: Size) -> str | None:
        """Say why something of this size can never start here; None if it can."""
        return " ".join(message for _, message in self._capacity.problems(size)) or None

    def look(self) -> None:
        self._is_wanted.set()

    async def run(self, touch: Callable[[str], None], starting: Callable[[], int]) -> None:
        """Let in whoever fits, until cancelled.

        `touch` has something reconciled, by its owner's key; `starting` counts the workloads that are being waited for.
        """
        self._admitted.clear()
        while True:
            self._is_wanted.clear()
            await self._round(touch, starting)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._is_wanted.wait(), LOOK_SECONDS)

    async def _round(self, touch: Callable[[str], None], starting: Callable[[], int]) -> None:
        queue = await self._environments.queued()
        waiting = {one["_id"] for one in queue}
        self._admitted = {one: size for one, size in self._admitted.items() if one in waiting}
        if not queue:
            return
        live = await self._workloads.live()
        asleep = {owner_key("environment", one["_id"]) for one in await self._environments.asleep()}
        owners = {one["owner"] for one in live}
        unrecorded = {one: size for one, size in self._admitted.items() if _owner(one) not in owners}
        taken = total(_held(one, asleep) for one in live) + total(map(Amount.of, unrecorded.values()))
        turns = self._concurrent_starts - starting() - len(unrecorded)
        for environment in queue:
            if environment["_id"] in self._admitted:
                continue
            size = Spec.model_validate(environment["spec"]).size
            missing = self._capacity.missing(taken, size)
            if turns <= 0 or not is_enough(missing):
                await self._hold(environment, missing, live)
                return
            self._admitted[environment["_id"]] = size
            taken, turns = taken + Amount.of(size), turns - 1
            touch(_owner(environment["_id"]))

    async def _hold(self, environment: Document, missing: Amount, live: list[Document]) -> None:
        """Tell the first in the queue what it waits for, and see whether what sleeps can make room."""
        reason = TURN if is_enough(missing) else in_words(missing)
        if environment["reason"] != reason:
            unmoved = {key: environment[key] for key in ("desired", "wanted_at", "workload_id")}
            await self._environments.update(environment["_id"], {"reason": reason}, **unmoved)
        wanted = {one["workload_id"] for one in await self._environments.wanted()}
        leaving = total(Amount.promised(one) for one in live if _is_leaving(one, wanted)).memory_bytes
        needed = missing.memory_bytes - leaving
        if needed > 0 and await self._sleepers_hold(live) >= needed:
            await self._shedding.shed(needed)

    async def _sleepers_hold(self, live: list[Document]) -> int:
        """Return how much memory is promised to what sleeps: nobody's sleep is ended to no avail."""
        asleep = {_owner(one["_id"]) for one in await self._environments.asleep()}
        return total(Amount.promised(one) for one in live if one["owner"] in asleep).memory_bytes


def _owner(environment_id: str) -> str:
    return owner_key("environment", environment_id)


def _is_leaving(workload: Document, wanted: set[str]) -> bool:
    """Tell whether a workload is being ended, or is about to be."""
    is_unwanted = owner_of(workload["owner"])[0] == "environment" and workload["_id"] not in wanted
    return workload["state"] == "stopping" or is_unwanted


def _held(workload: Document, asleep: set[str]) -> Amount:
    """Return what a workload keeps from others: one that is asleep needs no processor."""
    promised = Amount.promised(workload)
    return Amount(0.0, promised.memory_bytes, promised.gpus) if workload["owner"] in asleep else promised
