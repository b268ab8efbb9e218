"""The launcher seam: what a workload is, and what everything that can run one promises.

The dataclasses are plain data so that they can cross process boundaries. `tests/contract/test_launcher.py` is the
executable form of the docstrings below; every backend passes it.
"""

import signal
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Literal, Protocol

Level = Literal["strong", "good", "weak"]
Mechanism = Literal["bubblewrap", "process"]
Stream = Literal["stdout", "stderr", "platform"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mount:
    """A host folder or file that the workload may see, at the same path as outside."""

    source: Path
    writable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a workload may use at most; `None` leaves that resource to the machine's own limit.

    `cpu` counts cores (0.5 is half of one), `file_bytes` is the size of any one file it writes, and the log keeps
    between one and two times `log_bytes` by rotation.
    """

    cpu: float | None = None
    memory_bytes: int | None = None
    processes: int | None = None
    file_bytes: int | None = None
    log_bytes: int = 5 * 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkloadSpec:
    """Everything a launcher needs to run one workload.

    `workload_id` matches `[a-z0-9-]+` and is chosen by the caller. `env` is the whole environment: nothing is
    inherited. `uid` is the unprivileged user (and group) to run as where the platform is root; `None` keeps the
    platform's own.
    """

    workload_id: str
    argv: tuple[str, ...]
    env: Mapping[str, str]
    cwd: Path
    mounts: tuple[Mount, ...] = ()
    limits: Limits = field(default_factory=Limits)
    uid: int | None = None
    grace_seconds: float = 5.0


class Phase(StrEnum):
    """Where a workload is: `lost` means its keeper died with it, so how it ended is unknown."""

    running = "running"
    exited = "exited"
    lost = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Isolation:
    """How well a workload is contained, and `reasons` why the level is not higher (empty for `strong`)."""

    level: Level
    mechanism: Mechanism
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What is known of a workload. Exactly one of `exit_code` and `signal` is set once it has `exited`."""

    workload_id: str
    phase: Phase
    pid: int | None
    exit_code: int | None
    signal: int | None
    out_of_memory: bool
    started_at: datetime
    finished_at: datetime | None
    isolation: Isolation
    memory_limit_bytes: int | None = None
    error: str | None = None
    """Why the program could not be started at all, in one sentence; `None` when it ran."""

    @property
    def reason(self) -> str:
        """Say in words how the workload stands, e.g. `killed by signal 9 (SIGKILL)`."""
        if self.phase is Phase.running:
            return "running"
        if self.error:
            return self.error
        if self.out_of_memory:
            limit = f" (limit {self.memory_limit_bytes / 2**20:.0f} MiB)" if self.memory_limit_bytes else ""
            return f"out of memory{limit}"
        if self.phase is Phase.lost:
            return "lost: the process that kept it was killed, so how it ended is unknown"
        if self.signal is not None:
            return f"killed by signal {self.signal} ({_signal_name(self.signal)})"
        return f"exited with code {self.exit_code}"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return "real-time signal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a running workload uses now; `cpu_seconds` counts from its start."""

    cpu_seconds: float
    memory_bytes: int
    processes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One line a workload wrote. `offset` is the position after it: monotonic, also across rotation."""

    offset: int
    at: datetime
    stream: Stream
    text: str


class Launcher(Protocol):
    """Starts workloads and answers for them, also for those started by an earlier process of the platform."""

    name: str

    async def start(self, spec: WorkloadSpec) -> Status:
        """Start a workload and return once its process is spawned; being ready to serve is the caller's business.

        Idempotent on `spec.workload_id`: if it was ever started, by anyone, its present status comes back and nothing
        new is started, even where two callers race or an earlier caller died half-way.

        Raises:
            LaunchError: it cannot be started on this machine, or the spec is not valid.
        """
        ...

    async def poll(self, workload_id: str) -> Status | None:
        """Tell how a workload stands, cheaply; `None` if it was never started or has been discarded."""
        ...

    async def stop(self, workload_id: str, *, grace_seconds: float | None = None) -> Status | None:
        """End a workload: SIGTERM, after the grace period SIGKILL to everything it ever started.

        Returns when nothing of it is left. Idempotent; `None` as for `poll`. `grace_seconds` defaults to the spec's.
        """
        ...

    def logs(
        self, workload_id: str, *, after: int = 0, tail: int | None = None, follow: bool = False
    ) -> AsyncIterator[LogLine]:
        """Yield the log's lines past offset `after`, only the last `tail` of those already written if given.

        With `follow` it goes on with new lines and ends when the workload has ended and all was yielded. Lines that
        rotation has dropped are passed over silently. An unknown workload has no lines.
        """
        ...

    async def usage(self, workload_id: str) -> Usage | None:
        """Measure what a workload uses now; `None` unless it is running."""
        ...

    async def adopt(self) -> list[Status]:
        """List everything this launcher knows, running and ended, whoever started it."""
        ...

    async def discard(self, workload_id: str) -> None:
        """Forget an ended workload and remove its files; unknown ones are no error.

        Raises:
            LaunchError: it is still running.
        """
        ...
