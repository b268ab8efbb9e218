"""Giving back the memory of environments that are asleep, when others need it."""

import asyncio
from collections.abc import Callable

import structlog

from hothouse.environments.repository import EnvironmentsRepository
from hothouse.launch import machine
from hothouse.workloads.interfaces import owner_key
from hothouse.workloads.repository import WorkloadsRepository

log = structlog.get_logger(__name__)

REASON = "stopped while it was asleep, since others needed the memory; its files are kept"
LOOK_SECONDS = 5.0
TIGHT, ENOUGH = 0.05, 0.10
"""Shares of the machine's memory: below the first there is pressure, up to the second it is relieved."""


class Shedding:
    """Stops environments that are asleep, those first that sleep longest."""

    def __init__(
        self,
        environments: EnvironmentsRepository,
        workloads: WorkloadsRepository,
        shed_first: Callable[[], bool] = lambda: False,
    ) -> None:
        """Make it; `shed_first` has others give memory back before, and tells whether they had any."""
        self._shed_first = shed_first
        self._environments = environments
        self._workloads = workloads

    async def shed(self, bytes_needed: int) -> int:
        """Have sleeping ones stopped until so much memory was promised to them; returns how much it was.

        Returns before they have ended. One that wakes at this very moment stays.
        """
        promised = {one["owner"]: one.get("promised") or {} for one in await self._workloads.live()}
        given = 0
        for environment in await self._environments.asleep():
            if given >= bytes_needed:
                break
            fields = {"desired": "stopped", "is_asleep": False, "stop_reason": REASON}
            if await self._environments.update(environment["_id"], fields, desired="running", is_asleep=True):
                log.info("environment-shed", environment=environment["slug"])
                given += promised.get(owner_key("environment", environment["_id"]), {}).get("memory_bytes") or 0
        return given

    async def run(self) -> None:
        """Relieve the machine whenever it is short of memory, until cancelled."""
        whole = machine.memory_bytes()
        while True:
            free = machine.free_bytes()
            if free < TIGHT * whole:
                log.warning("memory-tight", free_bytes=free)
                if not self._shed_first():
                    await self.shed(int(ENOUGH * whole - free))
            await asyncio.sleep(LOOK_SECONDS)
