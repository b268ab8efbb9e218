"""The keeper's life: read the plan, detach, start the workload, see it through, record how it ended."""

import json
import os
import select
import signal
import sys
import time

from . import cgroup, tree
from .log import Budget, LogFile, Pump
from .record import Record
from .spawn import Pipes, spawn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .plan import Plan

READ_BYTES = 256 * 1024
FLOOD_PAUSE_SECONDS = 0.01
LEAST_BURST_BYTES = 2**20
DRAIN_SECONDS = 1.0
SETUP_SECONDS = 10.0
UNHEARD_MILLISECONDS = 10.0


def main() -> None:
    """Read a plan from standard input, detach a keeper for it and return once the workload is spawned.

    The lock's descriptor is inherited, so there is no moment at which the workload runs unlocked.
    """
    lock_fd = int(sys.argv[2])
    plan: Plan = json.loads(sys.stdin.buffer.read())
    outer, inner = os.pipe()
    if os.fork():
        os.close(inner)
        os.close(lock_fd)
        os.read(outer, 1)
        os._exit(0)
    os.set_inheritable(lock_fd, False)
    os.close(outer)
    _detach(plan["folder"])
    Keeper(plan, spawned_fd=inner).run()


def _detach(folder: str) -> None:
    os.setsid()
    os.umask(0o077)
    os.chdir(folder)
    null = os.open(os.devnull, os.O_RDWR)
    # Nobody reads what a keeper says in passing, but a traceback must not be lost.
    complaints = os.open("keeper.err", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for fd, target in ((0, null), (1, null), (2, complaints)):
        os.dup2(target, fd)
    os.close(null)
    os.close(complaints)
    tree.become_subreaper()


class Keeper:
    """One workload, from before its start until nothing of it is left."""

    def __init__(self, plan: "Plan", *, spawned_fd: int) -> None:
        self._plan = plan
        self._spawned_fd = spawned_fd
        self._record = Record(plan)
        self._log = LogFile(".", plan["log_bytes"])
        budget = Budget(max(2 * plan["log_bytes"], LEAST_BURST_BYTES))
        self._pumps = {name: Pump(self._log, name, budget) for name in (b"o", b"e")}
        self._poll = select.poll()
        self._sources: dict[int, bytes] = {}
        self._status_text = b""
        self._pid = self._group = 0
        self._wait_status: int | None = None
        self._stopping = False
        self._is_unheard = False
        self._deadline: float | None = None

    def run(self) -> None:
        """Start the workload and stay until it has ended and that is written down."""
        wake = self._listen()
        self._record.write("starting")
        try:
            self._start()
        except OSError as error:
            self._finish(f"could not start {error.filename}: {error.strerror}")
            return
        while self._wait_status is None:
            self._turn(wake)
        self._poll.unregister(wake)
        self._clear()
        self._finish(self._setup_error())

    def _listen(self) -> int:
        """Have signals wake the loop through a pipe; returns the end to read."""
        outer, inner = os.pipe()
        for fd in (outer, inner):
            os.set_blocking(fd, False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_stop)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(inner, warn_on_full_buffer=False)
        self._poll.register(outer, select.POLLIN)
        return outer

    def _start(self) -> None:
        for problem in cgroup.create(self._plan["groups"]):
            self._log.write(b"p", [problem.encode()])
        pipes = Pipes()
        self._pid = self._group = spawn(self._plan, pipes)
        for fd, name in ((pipes.stdout, b"o"), (pipes.stderr, b"e"), (pipes.status, b"s")):
            self._sources[fd] = name
            self._poll.register(fd, select.POLLIN)
        if self._plan["status_fd"] is not None:
            self._await_sandbox(pipes.status)
        self._record.write("running", pid=self._group)
        os.write(self._spawned_fd, b"1")
        os.close(self._spawned_fd)
        if self._stopping:
            self._ask()

    def _await_sandbox(self, fd: int) -> None:
        """Wait until bubblewrap names the sandbox's first process, whose death ends all of it."""
        waiting = select.poll()
        waiting.register(fd, select.POLLIN)
        if waiting.poll(SETUP_SECONDS * 1000):
            self._status_text += os.read(fd, 4096)
        _, found, rest = self._status_text.partition(b'"child-pid": ')
        if found:
            self._group = int(rest.partition(b",")[0].rstrip(b" }\n"))

    def _turn(self, wake: int) -> None:
        """Handle whatever happens next."""
        timeout = None if self._deadline is None else max(0.0, self._deadline - time.monotonic()) * 1000
        if self._is_unheard and timeout is not None:
            timeout = min(timeout, UNHEARD_MILLISECONDS)
        flooded = False
        for fd, _ in self._poll.poll(timeout):
            if fd == wake:
                os.read(fd, 512)
            else:
                flooded |= not self._read(fd)
        self._reap()
        if self._is_unheard:
            self._ask()
        if self._deadline is not None and time.monotonic() >= self._deadline:
            self._kill()
            self._deadline = time.monotonic() + 0.1
        if flooded:
            time.sleep(FLOOD_PAUSE_SECONDS)

    def _read(self, fd: int) -> bool:
        """Take what one pipe offers; False when it was left out for flooding."""
        name = self._sources[fd]
        data = os.read(fd, READ_BYTES)
        if not data:
            self._poll.unregister(fd)
            os.close(fd)
            del self._sources[fd]
        if name == b"s":
            self._status_text += data[:4096]
            return True
        return self._pumps[name].feed(data) if data else True

    def _reap(self) -> bool:
        """Collect ended children; False when there are none left."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return False
            if pid == 0:
                return True
            if pid == self._pid:
                self._wait_status = status

    def _on_stop(self, *_: object) -> None:
        """Ask the workload to end, and see that it has by the end of its grace."""
        grace = self._grace()
        deadline = time.monotonic() + grace
        self._deadline = deadline if self._deadline is None else min(self._deadline, deadline)
        if self._stopping or not self._group:
            self._stopping = True
            return
        self._stopping = True
        self._ask()

    def _ask(self) -> None:
        """Pass the request to end on, or leave it for later while nobody would hear it.

        A sandbox's first process is deaf to signals, and until it has started the program it is alone.
        """
        self._is_unheard = self._plan["status_fd"] is not None and not tree.descendants(self._group)
        if not self._is_unheard:
            tree.send_group(self._group, signal.SIGTERM)

    def _grace(self) -> float:
        try:
            with open("grace", encoding="utf-8") as file:  # noqa: PTH123 - see log.py
                return float(file.read())
        except (OSError, ValueError):
            return self._plan["grace_seconds"]

    def _kill(self) -> None:
        cgroup.end_all(self._plan["groups"])
        tree.end_all(os.getpid(), self._group)

    def _clear(self) -> None:
        """End what outlived the program, then read what it still had to say."""
        self._record.note_oom_kills()
        while self._reap():
            self._kill()
            self._poll.poll(5)
            self._drain(0)
        self._drain(DRAIN_SECONDS)
        for pump in self._pumps.values():
            pump.finish()

    def _drain(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while self._sources:
            ready = [fd for fd, _ in self._poll.poll(0 if seconds == 0 else 50) if fd in self._sources]
            for fd in ready:
                self._read(fd)
            if time.monotonic() >= deadline:
                return

    def _setup_error(self) -> str | None:
        """Tell why bubblewrap never came to run the program; it reports an exit code only if it did."""
        if self._plan["status_fd"] is None or b'"exit-code"' in self._status_text or self._stopping:
            return None
        if self._wait_status is None or not os.WIFEXITED(self._wait_status) or os.WEXITSTATUS(self._wait_status) == 0:
            return None
        return "the sandbox could not be set up: " + self._pumps[b"e"].last_line.decode(errors="replace")

    def _finish(self, error: str | None) -> None:
        cgroup.remove(self._plan["groups"])
        if error:
            self._log.write(b"p", [error.encode()])
        self._record.write_end(self._wait_status, was_asked=self._stopping, error=error)
