"""Noting what is used, once a minute, for as long as this process leads."""

import asyncio
from collections.abc import Awaitable, Callable

from hothouse.database.connection import Document
from hothouse.environments.admission.room import Amount, total
from hothouse.environments.running.repository import HistoryRepository
from hothouse.environments.running.service import Running
from hothouse.kit.clock import Clock
from hothouse.workloads.interfaces import is_spare

SAMPLE_SECONDS = 60.0
GIB = 2**30


class History:
    """Adds what runs to what was used; each sample counts for the time until the next one."""

    def __init__(
        self,
        history: HistoryRepository,
        running: Running,
        queue: Callable[[], Awaitable[list[str]]],
        clock: Clock,
        seconds: float = SAMPLE_SECONDS,
    ) -> None:
        self._history = history
        self._running = running
        self._queue = queue
        self._clock = clock
        self._seconds = seconds

    async def run(self) -> None:
        """Take samples until cancelled."""
        while True:
            await self.sample()
            await asyncio.sleep(self._seconds)

    async def sample(self) -> None:
        """Note what is used now."""
        at, hours = self._clock.now(), self._seconds / 3600
        found = await self._running.found()
        for one in found:
            usage = one.usage
            amounts: Document = {
                "cpu_hours": (usage.cpu_percent / 100 if usage else 0.0) * hours,
                "memory_gib_hours": (usage.memory_bytes / GIB if usage else 0.0) * hours,
                "workload_hours": 0.0 if is_spare(one.workload) else hours,
            }
            await self._history.add(at, one.owner_id, one.what, one.what_name, amounts)
        promised = total(Amount.promised(one.workload) for one in found)
        await self._history.note_capacity(
            at,
            {
                "promised_cpu": promised.cpu,
                "promised_memory_bytes": promised.memory_bytes,
                "used_memory_bytes": sum(one.usage.memory_bytes for one in found if one.usage),
                "running": sum(not is_spare(one.workload) for one in found),
                "waiting": len(await self._queue()),
            },
        )
