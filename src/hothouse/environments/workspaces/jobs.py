"""Background work of workspaces: making snapshots, going back to them, and copying whole workspaces.

A copy is made in the sandbox, as the owner's user, in a folder that nobody else sees; complete, it takes its place by
one rename. Every step may be done again after a crash: a copy that was begun is attached to or made anew, and one that
took its place is known by its inode.
"""

import asyncio
import os
import sys
from collections import deque
from contextlib import suppress
from importlib import resources
from pathlib import Path
from typing import Any

from hothouse.database.connection import Database, Document
from hothouse.environments.workspaces.places import Part, Places
from hothouse.environments.workspaces.repository import SnapshotsRepository, WorkspacesRepository
from hothouse.jobs.interfaces import Handler, JobFailed, WriteLine
from hothouse.kit import beneath, trees
from hothouse.kit.clock import Clock
from hothouse.launch.errors import LaunchError, StillRunningError
from hothouse.launch.interfaces import Launcher, Limits, Mount, Phase, Status, WorkloadSpec

KIND = "workspace"
"""Kind of the jobs that copy files of workspaces."""
MEMORY_BYTES, PROCESSES = 512 * 2**20, 16
_KEPT_LINES = 50


class CopyFiles:
    """Does one copy, of which `args` say what it is to be: a `snapshot`, a `clone`, or the files again (`restore`)."""

    def __init__(self, home: Path, database: Database, launcher: Launcher, clock: Clock) -> None:
        self._workspaces = WorkspacesRepository(database)
        self._snapshots = SnapshotsRepository(database)
        self._places = Places(home)
        self._launcher = launcher
        self._clock = clock

    async def __call__(self, job: Document, write: WriteLine) -> dict[str, Any]:
        """Copy, or go on copying. Raises: `JobFailed`."""
        args = job["args"]
        try:
            if not await asyncio.to_thread(self._is_placed, job):
                await self._copy(job, write)
                await asyncio.to_thread(self._place, job)
        except JobFailed as failure:
            await self._end(args, failure.reason)
            await self.abandon(job)
            raise
        await self._end(args, None)
        await self.abandon(job)
        return {}

    async def abandon(self, job: Document) -> None:
        """End what runs of a copy and remove what it made so far."""
        workload = job["_id"]
        await self._launcher.stop(workload, grace_seconds=1)
        await self._discard(workload)
        await asyncio.to_thread(self._clear, job)

    async def _copy(self, job: Document, write: WriteLine) -> None:
        """Run the copy to its end in the sandbox. Raises: `JobFailed`."""
        workload = job["_id"]
        status = await self._launcher.poll(workload)
        if status is None or _was_interrupted(status):
            if status is not None:
                await self._discard(workload)
            try:
                await self._launcher.start(await asyncio.to_thread(self._describe, job))
            except (LaunchError, OSError) as error:
                raise JobFailed(f"the copy could not be started on this machine: {error}") from error
        last = deque[str](maxlen=_KEPT_LINES)
        async for line in self._launcher.logs(workload, follow=True):
            last.append(line.text)
            write("stdout", line.text)
        status = await self._launcher.poll(workload)
        if status is None or status.phase is Phase.running:
            raise RuntimeError(f"the log of {workload} ended, but the copy did not")
        if status.exit_code != 0:
            raise JobFailed(_why(status, list(last)), log_tail=list(last))

    def _describe(self, job: Document) -> WorkloadSpec:
        """Make an empty folder for the copy, and say how to run it."""
        args = job["args"]
        self._clear(job)
        with self._places.opened(_target(args), "staging") as staging:
            os.mkdir(job["_id"], 0o700, dir_fd=staging)
            if args["uid"] is not None:
                os.chown(job["_id"], args["uid"], args["uid"], dir_fd=staging, follow_symlinks=False)
        source, target = self._source(args), self._staged(job)
        return WorkloadSpec(
            workload_id=job["_id"],
            argv=(_python(), "-I", "-S", "-c", _script(), str(source), str(target), str(args["most_bytes"])),
            env={"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"},
            cwd=Path("/"),
            mounts=(Mount(source=source), Mount(source=target, writable=True)),
            limits=Limits(memory_bytes=MEMORY_BYTES, processes=PROCESSES),
            uid=args["uid"],
        )

    def _source(self, args: Document) -> Path:
        if args["snapshot_id"] is not None and args["what"] != "snapshot":
            snapshots: Path = self._places.part(args["workspace_id"], "snapshots")
            return snapshots / str(args["snapshot_id"])
        return self._places.part(args["workspace_id"], "files")

    def _staged(self, job: Document) -> Path:
        staging: Path = self._places.part(_target(job["args"]), "staging")
        return staging / str(job["_id"])

    def _is_placed(self, job: Document) -> bool:
        """Tell whether an earlier try moved the copy to its place: it is there, with the inode that was noted."""
        part, name = _place_of(job["args"])
        try:
            with (
                self._places.opened(_target(job["args"]), "staging") as staging,
                os.fdopen(beneath.open_file(staging, _note(job))) as note,
            ):
                inode = int(note.read(32))
            placed: Path = self._places.part(_target(job["args"]), part) / name
            return placed.lstat().st_ino == inode
        except (OSError, ValueError):
            return False

    def _place(self, job: Document) -> None:
        """Move the complete copy to its place; what was there before a `restore` becomes a snapshot."""
        args, name = job["args"], str(job["_id"]).encode()
        part, placed = _place_of(args)
        with self._places.opened(_target(args), "staging") as staging:
            inode = os.stat(name, dir_fd=staging, follow_symlinks=False).st_ino
            _write_note(staging, _note(job), str(inode))
            whole = os.open(self._places.whole(_target(args)), beneath.FOLDER)
            try:
                with self._places.opened(_target(args), "snapshots") as snapshots:
                    if part == "snapshots":
                        beneath.move(staging, name, snapshots, placed.encode())
                    else:
                        with self._places.opened(_target(args), "files"):
                            beneath.exchange(staging, name, whole, b"files")
            finally:
                os.close(whole)

    async def _end(self, args: Document, reason: str | None) -> None:
        """Put down how it ended."""
        if args["what"] == "snapshot":
            fields = {"state": "ready" if reason is None else "failed", "reason": reason}
            await self._snapshots.update(args["snapshot_id"], fields)
        if args["what"] == "restore" and reason is None:
            await self._keep_former(args)
        is_failed_clone = args["what"] == "clone" and reason is not None
        await self._workspaces.update(
            _target(args),
            {"busy": None, "reason": reason, "is_failed": is_failed_clone},
            **{"busy.job_id": args["job_id"]},
        )

    async def _keep_former(self, args: Document) -> None:
        """Make a snapshot of what was there before."""
        if await asyncio.to_thread(self._move_former, args):
            await self._snapshots.add(
                {
                    "_id": args["former_id"],
                    "workspace_id": args["workspace_id"],
                    "name": args["former_name"],
                    "state": "ready",
                    "reason": None,
                    "job_id": None,
                    "created_at": self._clock.now(),
                }
            )

    def _move_former(self, args: Document) -> bool:
        """Move it to the snapshots; tells whether it is there."""
        former = args["former_id"].encode()
        with (
            self._places.opened(args["workspace_id"], "staging") as staging,
            self._places.opened(args["workspace_id"], "snapshots") as snapshots,
        ):
            with suppress(FileNotFoundError):
                beneath.move(staging, args["job_id"].encode(), snapshots, former)
            return former in beneath.names(snapshots)

    def _clear(self, job: Document) -> None:
        with self._places.opened(_target(job["args"]), "staging") as staging:
            trees.remove(staging, str(job["_id"]).encode())
            trees.remove(staging, _note(job))

    async def _discard(self, workload_id: str) -> None:
        """Remove the traces of a copy, once its keeper, which reports the end before its own, is gone too."""
        for _ in range(1_000):
            with suppress(StillRunningError):
                return await self._launcher.discard(workload_id)
            await asyncio.sleep(0.01)
        return None


def _target(args: Document) -> str:
    """Return in which workspace the copy is to be."""
    return str(args["target_id"])


def _place_of(args: Document) -> tuple[Part, str]:
    if args["what"] == "snapshot":
        return "snapshots", str(args["snapshot_id"])
    return "files", ""


def _note(job: Document) -> bytes:
    return f"{job['_id']}.inode".encode()


def _write_note(folder: int, name: bytes, text: str) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(name, flags, 0o600, dir_fd=folder), "w") as note:
        note.write(text)
        note.flush()
        os.fsync(note.fileno())


def _why(status: Status, lines: list[str]) -> str:
    """Say why a copy failed: in its own words where it came to speak."""
    for line in reversed(lines):
        if line.startswith("Not copied: "):
            return line.removeprefix("Not copied: ").capitalize()
    return f"The copy failed: {status.reason}. {lines[-1] if lines else ''}".strip()


def _was_interrupted(status: Status) -> bool:
    by_signal = status.signal is not None and not status.out_of_memory
    return status.phase is Phase.lost or (status.phase is Phase.exited and by_signal)


def _python() -> str:
    return str(getattr(sys, "_base_executable", None) or sys.executable)


def _script() -> str:
    return (resources.files("hothouse.environments.workspaces") / "copying.py").read_text()


def handlers(home: Path, database: Database, launcher: Launcher, clock: Clock) -> dict[str, Handler]:
    """Return what does the jobs of workspaces, by kind of job."""
    return {KIND: CopyFiles(home, database, launcher, clock)}
