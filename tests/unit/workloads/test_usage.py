"""What is told of usage, from what a launcher counts."""

import asyncio
from typing import Any

import pytest

from hothouse.launch.interfaces import Usage
from hothouse.workloads.schemas import UsageNow
from hothouse.workloads.usage import UsageMeter, rate


class Counting:
    """Workloads of which one runs, and a launcher that counts; once there is nothing more to count, nothing happens."""

    def __init__(self, *counts: Usage) -> None:
        self.counts = list(counts)
        self.is_over = asyncio.Event()

    async def live(self) -> list[dict[str, Any]]:
        if not self.counts:
            self.is_over.set()
            await asyncio.Event().wait()
        return [{"_id": "w", "state": "running", "memory_limit_bytes": 2**30}]

    async def usage(self, _: str) -> Usage:
        return self.counts.pop(0)


async def test_what_is_not_counted_is_not_told() -> None:
    now: dict[str, UsageNow] = {}
    counting = Counting(Usage(cpu_seconds=1, memory_bytes=5, processes=1, disk_bytes=7, disk_limit_bytes=9))
    meter = asyncio.create_task(UsageMeter(counting, counting, now, every_seconds=0).run())  # type: ignore[arg-type]
    await counting.is_over.wait()
    meter.cancel()
    told = now["w"]
    assert (told.disk_bytes, told.disk_limit_bytes) == (7, 9)
    assert (told.received_bytes_per_second, told.sent_bytes_per_second) == (None, None)


@pytest.mark.parametrize(
    ("now", "before", "seconds", "expected"),
    [(300, 100, 4.0, 50.0), (100, 100, 0.0, 0.0), (None, None, 4.0, None), (5, None, 4.0, None), (1, 300, 4.0, 0.0)],
    ids=["rising", "first look", "not counted", "counted only now", "begun anew"],
)
def test_rates(now: float | None, before: float | None, seconds: float, expected: float | None) -> None:
    assert rate(now, before, seconds) == expected
