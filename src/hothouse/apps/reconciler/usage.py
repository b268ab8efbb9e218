"""Measuring what running workloads use."""

import asyncio

from hothouse.apps.schemas import UsageNow
from hothouse.apps.service.context import AppsContext
from hothouse.launch.interfaces import Launcher

MEASURE_SECONDS = 5.0


class UsageMeter:
    """Keeps `context.usage` fresh; processor use is the mean since the measurement before."""

    def __init__(self, context: AppsContext, launcher: Launcher) -> None:
        self._context = context
        self._launcher = launcher
        self._before: dict[str, tuple[float, float]] = {}  # workload id: (loop time, cpu seconds)

    async def run(self) -> None:
        """Measure until cancelled."""
        while True:
            live = [one for one in await self._context.workloads.live() if one["state"] == "running"]
            for workload_id in {*self._context.usage} - {one["_id"] for one in live}:
                self._context.usage.pop(workload_id, None)
                self._before.pop(workload_id, None)
            for workload in live:
                await self._measure(workload["_id"], workload.get("memory_limit_bytes"))
            await asyncio.sleep(MEASURE_SECONDS)

    async def _measure(self, workload_id: str, memory_limit_bytes: int | None) -> None:
        usage = await self._launcher.usage(workload_id)
        if usage is None:
            return
        now = asyncio.get_running_loop().time()
        then, spent = self._before.get(workload_id, (now, usage.cpu_seconds))
        percent = 100 * (usage.cpu_seconds - spent) / (now - then) if now > then else 0.0
        self._before[workload_id] = (now, usage.cpu_seconds)
        self._context.usage[workload_id] = UsageNow(
            cpu_percent=round(percent, 1),
            memory_bytes=usage.memory_bytes,
            memory_limit_bytes=memory_limit_bytes,
            processes=usage.processes,
        )
