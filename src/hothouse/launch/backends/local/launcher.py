"""LocalLauncher: start keepers, and answer for workloads from what keepers wrote down."""

import asyncio
import os
import re
import shutil
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from hothouse.launch import levels
from hothouse.launch.errors import InvalidSpecError, LaunchError, StillRunningError
from hothouse.launch.interfaces import Isolation, Level, LogLine, Minimum, Phase, Status, Usage, WorkloadSpec

from . import cgroups, freezing, going, mounting, sweep
from .keeper.plan import Plan
from .logs import LogReader
from .metering import metered
from .plans import check, make_plan
from .records import WorkloadFolder, status_of
from .starting import START_SECONDS, start_once

KEEPER_MARGIN_SECONDS = 10.0
FOLLOW_SECONDS = 0.1


class LocalLauncher:
    """Runs workloads as process trees of this machine; all it knows is in files below `root`.

    Nothing new is started where `isolation` is below `minimum_level`, or below what a workload asks for.

    Any number of these, in any number of processes, may work on the same `root` at the same time.
    """

    name = "local"
    has_spares = True

    def __init__(self, root: Path, isolation: Isolation, minimum_level: Level = "weak") -> None:
        self._root = root
        self._isolation = isolation
        self._minimum = Minimum(level=minimum_level)
        self._hierarchy = cgroups.find()

    async def start(self, spec: WorkloadSpec) -> Status:
        """Start a workload once; see `Launcher.start`."""
        folder = self._folder(spec.workload_id)
        deadline = time.monotonic() + START_SECONDS
        while True:
            status = await self.poll(spec.workload_id)
            if status is not None and not _is_half_started(status):
                return status
            if status is None and await asyncio.to_thread(self._spawn, folder, spec):
                return await self._first_status(folder)
            if time.monotonic() > deadline:
                raise LaunchError(f"another start of {spec.workload_id} did not end within {START_SECONDS:.0f} s")
            await asyncio.sleep(0.005)

    def _spawn(self, folder: WorkloadFolder, spec: WorkloadSpec) -> bool:
        """Make the disks ready and spawn the keeper; False where another has."""
        self._prepare(spec)
        for minimum in (self._minimum, spec.minimum):
            levels.require(self._isolation, minimum)
        check(spec)
        with mounting.made_ready(spec, self._isolation):
            return start_once(folder, self._plan(spec, folder.path))

    def _prepare(self, spec: WorkloadSpec) -> None:
        """See that this launcher runs such workloads, before anything is touched. Raises: LaunchError."""
        if spec.image is not None:
            raise InvalidSpecError(f"workload {spec.workload_id} runs in an image, which needs podman")

    def _plan(self, spec: WorkloadSpec, folder: Path) -> Plan:
        return make_plan(spec, folder, self._isolation, self._hierarchy)

    async def _first_status(self, folder: WorkloadFolder) -> Status:
        status = await self.poll(folder.workload_id)
        if status is None:
            raise LaunchError(
                f"the keeper of {folder.workload_id} ended without a record in {folder.path}: is the disk full?"
            )
        return status

    async def poll(self, workload_id: str) -> Status | None:
        """Tell how a workload stands; see `Launcher.poll`."""
        folder = self._folder(workload_id)
        record = folder.state()
        if record is None:
            return None
        if record["phase"] in ("starting", "running") and not folder.is_kept():
            record = await asyncio.to_thread(_settle, folder)
        if record is None:
            return None
        status = status_of(record)
        if status.phase is not Phase.running:
            return status
        return replace(
            status,
            is_frozen=freezing.is_frozen(record, folder.path),
            is_waiting=going.is_waiting(record, folder.path),
        )

    async def freeze(self, workload_id: str) -> Status | None:
        """Make a workload stand still; see `Launcher.freeze`."""
        return await self._change(workload_id, freezing.freeze)

    async def thaw(self, workload_id: str) -> Status | None:
        """Let a frozen workload go on; see `Launcher.thaw`."""
        return await self._change(workload_id, freezing.thaw)

    async def go(self, workload_id: str, env: Mapping[str, str]) -> Status | None:
        """Tell a workload that waits to go on; see `Launcher.go`."""
        return await self._change(workload_id, partial(going.go, env=env))

    async def _change(self, workload_id: str, change: Callable[[dict[str, Any], Path], None]) -> Status | None:
        """Change how a workload stands, once it has started."""
        folder = self._folder(workload_id)
        record = await self._known_state(folder, is_started=True)
        status = await self.poll(workload_id)
        if record is None or status is None or status.phase is not Phase.running:
            return status
        await asyncio.to_thread(change, record, folder.path)
        return await self.poll(workload_id)

    async def stop(self, workload_id: str, *, grace_seconds: float | None = None) -> Status | None:
        """End a workload and all it started; see `Launcher.stop`."""
        folder = self._folder(workload_id)
        record = await self._known_state(folder)
        status = await self.poll(workload_id)
        if record is None or status is None or status.phase is not Phase.running:
            return status
        grace = record["grace_seconds"] if grace_seconds is None else grace_seconds
        _write_grace(folder, grace)
        await asyncio.to_thread(freezing.thaw, record, folder.path)
        await _end_keeper(folder, record["keeper"], grace + KEEPER_MARGIN_SECONDS)
        await asyncio.to_thread(self._release, record)
        return await self.poll(workload_id)

    def _release(self, record: dict[str, Any]) -> None:
        """Unmount the disks of an ended workload."""
        mounting.release(record, (other for other in self._records() if other["workload_id"] != record["workload_id"]))

    def _records(self) -> Iterator[dict[str, Any]]:
        """Read the records of all that runs, or is just being started."""
        for path in self._root.iterdir():
            folder = WorkloadFolder(path)
            if (record := folder.state()) is not None and folder.is_kept():
                yield record

    async def _known_state(self, folder: WorkloadFolder, *, is_started: bool = False) -> dict[str, Any] | None:
        """Read the state, waiting for it where a start is just under way; with `is_started` until that is over."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            record = folder.state()
            is_known = record is not None and not (is_started and record["phase"] == "starting")
            if is_known or not folder.is_kept():
                return record
            await asyncio.sleep(0.01)
        return None

    async def stop_all(self, *, grace_seconds: float | None = None) -> list[Status]:
        """Stop everything that runs, all at once; returns how each ended."""
        running = [status.workload_id for status in await self.adopt() if status.phase is Phase.running]
        ended = await asyncio.gather(*(self.stop(each, grace_seconds=grace_seconds) for each in running))
        return [status for status in ended if status is not None]

    async def logs(
        self, workload_id: str, *, after: int = 0, tail: int | None = None, follow: bool = False
    ) -> AsyncIterator[LogLine]:
        """Yield log lines; see `Launcher.logs`."""
        reader = LogReader(self._folder(workload_id).path, after)
        if tail is not None:
            reader.skip_to_last(tail)
        while True:
            # Asked before reading: what is read after the end was known is all there will ever be.
            is_over = not follow or not await self._is_running(workload_id)
            while lines := reader.read():
                for line in lines:
                    yield line
            if is_over:
                return
            await asyncio.sleep(FOLLOW_SECONDS)

    async def _is_running(self, workload_id: str) -> bool:
        status = await self.poll(workload_id)
        return status is not None and status.phase is Phase.running

    async def usage(self, workload_id: str) -> Usage | None:
        """Measure a running workload; see `Launcher.usage`."""
        record = self._folder(workload_id).state()
        if record is None or not await self._is_running(workload_id):
            return None
        found = cgroups.usage([Path(path) for path in record["groups"]]) or sweep.tree_usage(record["keeper"])
        return metered(found, record, self._folder(workload_id).path) if found is not None else None

    async def adopt(self) -> list[Status]:
        """List all workloads below the root; see `Launcher.adopt`."""
        names = sorted(path.name for path in self._root.iterdir()) if self._root.is_dir() else []
        found = [await self.poll(name) for name in names if _is_valid_id(name)]
        return [status for status in found if status is not None]

    async def discard(self, workload_id: str) -> None:
        """Remove an ended workload's files; see `Launcher.discard`."""
        folder = self._folder(workload_id)
        if not folder.path.exists():
            return
        status = await self.poll(workload_id)
        if status is not None and status.phase is not Phase.running:
            # A keeper that has just written the end down is about to go.
            await _until_let_go(folder, time.monotonic() + KEEPER_MARGIN_SECONDS)
        with folder.locked() as lock:
            if lock is None:
                raise StillRunningError(f"{workload_id} is still running: stop it before discarding it")
            if record := folder.state():
                await asyncio.to_thread(self._release, record)
            await asyncio.to_thread(shutil.rmtree, folder.path, ignore_errors=True)

    def _folder(self, workload_id: str) -> WorkloadFolder:
        if not _is_valid_id(workload_id):
            raise InvalidSpecError(f"workload id {workload_id!r} must consist of a-z, 0-9 and hyphens, 100 at most")
        return WorkloadFolder(self._root / workload_id)


def _is_half_started(status: Status) -> bool:
    """Tell whether a keeper is just spawning the program."""
    return status.phase is Phase.running and status.pid is None


def _is_valid_id(workload_id: str) -> bool:
    return re.fullmatch(r"[a-z0-9][a-z0-9-]{0,99}", workload_id) is not None


def _settle(folder: WorkloadFolder) -> dict[str, Any] | None:
    """Read the state of a workload without a keeper; one that recorded no end is lost, and what is left is ended."""
    with folder.locked() as lock:
        record = folder.state()
        if lock is not None and record is not None and record["phase"] in ("starting", "running"):
            sweep.end_leftovers(record)
            folder.mark_lost(record)
        return record


def _write_grace(folder: WorkloadFolder, grace_seconds: float) -> None:
    partial = folder.path / "grace.tmp"
    partial.write_text(str(grace_seconds), encoding="ascii")
    partial.replace(folder.path / "grace")


async def _end_keeper(folder: WorkloadFolder, pid: int, patience_seconds: float) -> None:
    """Ask the keeper to end its workload and wait until it has; a keeper that does not is killed with it."""
    deadline = time.monotonic() + patience_seconds
    number = signal.SIGTERM
    while folder.is_kept():
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return
        await _until_let_go(folder, deadline)
        number, deadline = signal.SIGKILL, time.monotonic() + KEEPER_MARGIN_SECONDS


async def _until_let_go(folder: WorkloadFolder, deadline: float) -> None:
    while folder.is_kept():
        if time.monotonic() > deadline:
            return
        await asyncio.sleep(0.01)
