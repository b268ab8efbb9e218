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

Level = Literal["strong", "good", "container", "weak"]
Mechanism = Literal["bubblewrap", "podman", "process"]
Layer = Literal["users", "memory", "cpu", "pids", "disk", "system-calls", "network", "internet"]
Stream = Literal["stdout", "stderr", "platform"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mount:
    """A host folder or file that the workload may see.

    It is seen at `target`, or at the same path as outside. A `target` needs a sandbox with mounts of its own: plain
    processes are refused it.

    `is_limited` is for writable folders: together they may hold `Limits.disk_bytes`, where they are watched, or each of
    them, where each is given a file system of its own (which may be unmounted when the workload has ended: whoever
    reads the folder then asks `disks.ensure` first). `is_watched`: it is watched in any case, as others read it, too.
    """

    source: Path
    writable: bool = False
    is_limited: bool = False
    is_watched: bool = False
    target: Path | None = None

    @property
    def place(self) -> Path:
        """Where the workload sees it."""
        return self.target or self.source


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a workload may use at most; `None` leaves that resource to the machine's own limit.

    `cpu` counts cores (0.5 is half of one), `gpus` whole ones of those that the launcher offers, `file_bytes` is the
    size of any one file it writes, `disk_bytes` what limited mounts may hold, and the log keeps between one and two
    times `log_bytes` by rotation.
    """

    cpu: float | None = None
    memory_bytes: int | None = None
    gpus: int = 0
    processes: int | None = None
    file_bytes: int | None = None
    disk_bytes: int | None = None
    log_bytes: int = 5 * 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Something of the platform that a workload reaches at 127.0.0.1:`port`.

    `target` is where it is outside: `unix:/path` or `tcp:host:port`. On a shared network nothing is done: there the
    workload finds at that port whatever listens on the machine.
    """

    port: int
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """How a workload is reached, and what it reaches.

    Where the isolation has the layer `network`, it has a network of its own with nothing but loopback, the `services`
    and, with `outbound` and the layer `internet`, the internet: neither the machine itself nor private ranges. Else it
    shares the machine's.

    `port` is the TCP port on 127.0.0.1 that the program listens on; None if it serves nothing. With `takes_socket` it
    gets a listening unix socket as descriptor 3 instead and listens on no port, on either network. `names` are host
    names, with a leading dot all those below, and addresses that lead to the services in a network of its own.
    """

    port: int | None = None
    takes_socket: bool = False
    outbound: bool = False
    services: tuple[Service, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Minimum:
    """The least level that some kind of code may run at; `code` names it in what is said of a refusal."""

    level: Level = "weak"
    code: str = "code"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkloadSpec:
    """Everything a launcher needs to run one workload.

    `workload_id` matches `[a-z0-9-]+` and is chosen by the caller. `env` is the whole environment: nothing is
    inherited. `files` are shown, read-only, at absolute paths by their content: they lie in memory and on no disk, and
    need a sandbox, as a mount's target does. `uid` is the unprivileged user (and group) to run as where the platform
    is root; `None` keeps the platform's own. A workload without `network` shares the machine's: only what builds and
    the like need. With an `image` it sees that image's files instead of this machine's, and the image's own environment
    lies below `env`; only launchers of containers run it, and nothing else. Below the `minimum` it is refused. With
    `waits` the program is one that waits for `go`: it writes a byte to descriptor 5 once it does, and reads what it is
    told from descriptor 4, as eight bytes of length and a JSON object. Launchers that `has_spares` start those.
    """

    workload_id: str
    argv: tuple[str, ...]
    env: Mapping[str, str]
    cwd: Path
    mounts: tuple[Mount, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    uid: int | None = None
    grace_seconds: float = 5.0
    network: Network | None = None
    image: str | None = None
    minimum: Minimum = field(default_factory=Minimum)
    waits: bool = False


class Phase(StrEnum):
    """Where a workload is: `lost` means its keeper died with it, so how it ended is unknown."""

    running = "running"
    exited = "exited"
    lost = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Isolation:
    """How well a workload is contained, and `reasons` why the level is not higher (empty for `strong`).

    `layers` are what is in force beyond the mechanism: a user of its own, limits, the filter of system calls, a network
    of its own for workloads that ask for one, …
    """

    level: Level
    mechanism: Mechanism
    layers: tuple[Layer, ...] = ()
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
    disk_complaint: str | None = None
    """Why it was ended for its use of disk space, where that is watched."""
    is_frozen: bool = False
    """Whether it is running but made to stand still; it keeps all its state and answers nobody."""
    is_waiting: bool = False
    """Whether it has said that it waits for `go`, and was not told to yet."""
    error: str | None = None
    """Why the program could not be started, or was ended by the platform, in one sentence; else `None`."""
    was_let_down: bool = False
    """Whether it ended because what the platform runs for it had died: its keeper, or a helper of its network."""
    endpoint: str | None = None
    """Where the platform reaches the workload: `unix:/path` for one with a network of its own or one that takes a
    socket, else `tcp:127.0.0.1:PORT`; `None` if it serves nothing."""

    @property
    def reason(self) -> str:
        """Say in words how the workload stands, e.g. `killed by signal 9 (SIGKILL)`."""
        if self.phase is Phase.running:
            return "frozen" if self.is_frozen else "running"
        if self.error:
            return self.error
        if self.out_of_memory:
            limit = f" (limit {self.memory_limit_bytes / 2**20:.0f} MiB)" if self.memory_limit_bytes else ""
            return f"out of memory{limit}"
        if self.disk_complaint:
            return self.disk_complaint
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
    """What a running workload uses now; `cpu_seconds`, and what was received and sent, count from its start.

    `disk_bytes` is what its limited mounts hold, of the `disk_limit_bytes` they may; `None` where nothing is limited or
    they were not looked at yet. What was received from outside of it and sent there, visitors included, is `None` where
    that cannot be told in full: it shares the machine's network, or visitors reach it by a socket of its own.
    """

    cpu_seconds: float
    memory_bytes: int
    processes: int
    disk_bytes: int | None = None
    disk_limit_bytes: int | None = None
    received_bytes: int | None = None
    sent_bytes: int | None = None


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

    async def freeze(self, workload_id: str) -> Status | None:
        """Make a running workload stand still until `thaw`: no processor time, memory given back where there is swap.

        What connects to it meanwhile waits. Idempotent; one that has ended, or is being stopped, stays as it is; `None`
        as for `poll`. A frozen workload may be stopped like any other.

        Raises:
            LaunchError: it did not come to a stand; it goes on running.
        """
        ...

    async def thaw(self, workload_id: str) -> Status | None:
        """Let a frozen workload go on where it was. Idempotent; `None` as for `poll`."""
        ...

    async def go(self, workload_id: str, env: Mapping[str, str]) -> Status | None:
        """Tell a workload that waits, frozen or not, to go on with this environment, which is written nowhere.

        Idempotent: only the first counts. One that never waits, or has ended, stays as it is; `None` as for `poll`.

        Raises:
            LaunchError: it does not wait yet, or does not take what it is told.
        """
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


def has_spares(launcher: Launcher) -> bool:
    """Tell whether a launcher starts workloads that wait; it says so in an attribute of its own if it does."""
    return bool(getattr(launcher, "has_spares", False))
