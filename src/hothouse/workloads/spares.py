"""Spares: workloads that have everything ready for what they run for, and wait to be told to go.

A spare is recorded, adopted and ended like every workload; `is_spare` marks it until it goes. It is `starting` until it
waits, then `warm`: it stands still, and nothing is promised to it, since it may be ended at any moment.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import structlog

from hothouse.database.connection import Document
from hothouse.kit.tasks import end_tasks
from hothouse.launch.interfaces import Launcher, Phase, Status
from hothouse.workloads.interfaces import Run
from hothouse.workloads.repository import WorkloadsRepository
from hothouse.workloads.runner import WorkloadRunner

log = structlog.get_logger(__name__)

PREPARE_SECONDS = 60.0
LOOK_SECONDS = 0.1
BEING_MADE = ("pending", "starting")


class SpareRunner:
    """Makes spares and lets them go. `touch(owner)` is called when one should be looked at again."""

    def __init__(
        self, workloads: WorkloadsRepository, launcher: Launcher, runner: WorkloadRunner, touch: Callable[[str], None]
    ) -> None:
        self._workloads = workloads
        self._launcher = launcher
        self._runner = runner
        self._touch = touch
        self._waits: dict[str, asyncio.Task[None]] = {}

    async def close(self) -> None:
        """Wait for no spare any more."""
        await end_tasks(*self._waits.values())

    async def record(self, owner: str, **about: Any) -> Document:
        """Write down a spare that is to be made."""
        return await self._runner.record(owner, is_spare=True, promised=None, **about)

    async def observe(self, run: Run, spare: Document) -> None:
        """Take a spare as far as it goes now: started, waiting and so made to stand still, or ended."""
        if spare["state"] == "pending":
            await self._runner.start(run, spare)
        if spare["state"] == "stopping":
            await self._runner.retire(spare)
        if not spare["is_live"] or spare["state"] == "stopping":
            return
        status = await self._launcher.poll(spare["_id"])
        if status is None or status.phase is not Phase.running:
            await self._runner.end(spare, "failed", status.reason if status else "it is gone without a trace")
        elif spare["state"] == "starting" and status.is_waiting:
            await self._keep(spare)
        elif spare["state"] == "starting":
            self._wait_for(spare)
        elif not status.is_waiting:  # it was told to go by a hub that then died, and nobody wants it
            await self._runner.retire(spare)

    async def _keep(self, spare: Document) -> None:
        """Have a spare that waits stand still."""
        await self._launcher.freeze(spare["_id"])
        await self._workloads.update(spare["_id"], {"state": "warm", "is_frozen": True})
        spare.update(state="warm", is_frozen=True)
        log.info("spare-warm", owner=spare["owner"], workload=spare["_id"])

    def _wait_for(self, spare: Document) -> None:
        if spare["_id"] not in self._waits:
            task = asyncio.create_task(self._until_waiting(spare), name=f"spare-{spare['_id']}")
            self._waits[spare["_id"]] = task
            task.add_done_callback(lambda _: self._waits.pop(spare["_id"], None))

    async def _until_waiting(self, spare: Document) -> None:
        """Wait until the spare does; one that takes too long is ended."""
        deadline = asyncio.get_running_loop().time() + PREPARE_SECONDS
        while _is_preparing(await self._launcher.poll(spare["_id"])):
            if asyncio.get_running_loop().time() > deadline:
                log.warning("spare-too-slow", owner=spare["owner"], workload=spare["_id"])
                await self._launcher.stop(spare["_id"])
                break
            await asyncio.sleep(LOOK_SECONDS)
        self._touch(spare["owner"])

    async def go(self, run: Run, spare: Document, promised: Document) -> None:
        """Let a spare become what it is for, with the environment that is valid now; safe to repeat.

        The record says so only afterwards: a hub that dies in between leaves what the next one repeats.

        Raises:
            LaunchError: it does not take it.
        """
        spec = await run.spec()
        await self._launcher.go(spare["_id"], spec.env)
        fields = {"was_spare": True, "state": "starting", "is_frozen": False, "promised": promised}
        if await self._workloads.let_spare_go(spare["_id"], fields):
            spare.update(fields, is_spare=False)
        else:  # by another, who may be further with it
            spare.update(await self._workloads.get(spare["_id"]) or {})
        log.info("spare-gone", owner=spare["owner"], workload=spare["_id"])


def _is_preparing(status: Status | None) -> bool:
    return status is not None and status.phase is Phase.running and not status.is_waiting
