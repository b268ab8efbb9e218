"""The reconciler's loop, when the lease is lost."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from hothouse.kit.tasks import end_tasks
from hothouse.workloads.loop import Reconciler


class LostLease:
    """A lease that is lost once the duties have begun, and can be had again."""

    holder, seconds = "tests", 0.1

    def __init__(self, began: asyncio.Event) -> None:
        self.times = 0
        self.began = began
        self.is_had_again = asyncio.Event()

    async def wait(self) -> None:
        self.times += 1
        if self.times > 1:
            self.is_had_again.set()

    async def keep(self) -> bool:
        await self.began.wait()
        return self.times > 1

    async def release(self) -> None: ...


class Nothing:
    """A launcher, its workloads and a feed of changes, in all of which nothing ever happens."""

    async def live(self) -> list[Any]:
        return []

    adopt = live

    async def let_go(self) -> None: ...

    @asynccontextmanager
    async def listen(self) -> AsyncIterator[asyncio.Queue[Any]]:
        yield asyncio.Queue()


async def deaf_once(began: asyncio.Event) -> None:
    """Miss being cancelled, as what waits in `asyncio.wait_for` may."""
    began.set()
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        await asyncio.Event().wait()


async def test_leads_again_though_a_duty_missed_that_it_was_cancelled() -> None:
    nothing, began = Nothing(), asyncio.Event()
    lease = LostLease(began)
    reconciler = Reconciler(nothing, nothing, nothing, lease)  # type: ignore[arg-type]
    running = asyncio.create_task(reconciler.run(nothing, [lambda: deaf_once(began)]))  # type: ignore[arg-type]
    try:
        await asyncio.wait_for(lease.is_had_again.wait(), 10)
    finally:
        await end_tasks(running)
