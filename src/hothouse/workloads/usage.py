"""Measuring what running workloads use."""

import asyncio

from hothouse.launch.interfaces import Launcher, Usage
from hothouse.workloads.repository import WorkloadsRepository
from hothouse.workloads.schemas import UsageNow

MEASURE_SECONDS = 5.0


class UsageMeter:
    """Keeps what is used `now`, by workload id, fresh; rates are means since the measurement before."""

    def __init__(
        self,
        workloads: WorkloadsRepository,
        launcher: Launcher,
        now: dict[str, UsageNow],
        every_seconds: float = MEASURE_SECONDS,
    ) -> None:
        self._workloads = workloads
        self._launcher = launcher
        self._now = now
        self._every_seconds = every_seconds
        self._before: dict[str, tuple[float, Usage]] = {}  # workload id: (loop time, usage then)

    async def run(self) -> None:
        """Measure until cancelled."""
        while True:
            live = [one for one in await self._workloads.live() if one["state"] in ("running", "warm")]
            for workload_id in {*self._now} - {one["_id"] for one in live}:
                self._now.pop(workload_id, None)
                self._before.pop(workload_id, None)
            for workload in live:
                await self._measure(workload["_id"], workload.get("memory_limit_bytes"))
            await asyncio.sleep(self._every_seconds)

    async def _measure(self, workload_id: str, memory_limit_bytes: int | None) -> None:
        usage = await self._launcher.usage(workload_id)
        if usage is None:
            self._now.pop(workload_id, None)
            return
        now = asyncio.get_running_loop().time()
        then, before = self._before.get(workload_id, (now, usage))
        self._before[workload_id] = (now, usage)
        seconds = now - then
        self._now[workload_id] = UsageNow(
            cpu_percent=round(100 * (rate(usage.cpu_seconds, before.cpu_seconds, seconds) or 0), 1),
            memory_bytes=usage.memory_bytes,
            memory_limit_bytes=memory_limit_bytes,
            processes=usage.processes,
            disk_bytes=usage.disk_bytes,
            disk_limit_bytes=usage.disk_limit_bytes,
            received_bytes_per_second=rate(usage.received_bytes, before.received_bytes, seconds),
            sent_bytes_per_second=rate(usage.sent_bytes, before.sent_bytes, seconds),
        )


def rate(now: float | None, before: float | None, seconds: float) -> float | None:
    """Return how much a count rose in each second, 0 after only one look; None where it is not counted."""
    if now is None or before is None:
        return None
    return max(0.0, (now - before) / seconds) if seconds > 0 else 0.0
