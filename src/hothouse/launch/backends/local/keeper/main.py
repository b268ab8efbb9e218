"""The keeper's life: read the plan, detach, start the workload, see it through, record how it ended."""

import json
import os
import select
import signal
import sys
import time

from . import cgroup, tree
from .disk import Watch, note
from .log import Budget, LogFile, Pump
from .record import Record
from .spawn import Pipes, spawn

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket

    from .container import Container
    from .plan import Plan

READ_BYTES = 256 * 1024
FLOOD_PAUSE_SECONDS = 0.01
CONTAINER_END_SECONDS = 5.0
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
        self._helpers: dict[int, str] = {}
        self._failure: str | None = None
        self._container: Container | None = None
        self._first_kill: float | None = None
        self._was_let_down = False
        self._watch = Watch(plan["watched"], plan["disk_bytes"], plan["watch_seconds"])
        self._disk_complaint: str | None = None

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
        self._finish(self._setup_error() or self._failure)

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
        door = self._bind_door()
        network = self._plan["network"]
        is_private = network is not None and network["is_private"]
        takes_it = door is not None and network is not None and network["takes_socket"]
        self._make_container()
        pipes = Pipes(
            is_gated=is_private and not self._container,
            door=door.fileno() if takes_it and door else None,
            waits=self._plan["waits"],
        )
        self._pid = self._group = spawn(self._plan, pipes)
        for fd, name in ((pipes.stdout, b"o"), (pipes.stderr, b"e"), (pipes.status, b"s"), (pipes.waiting, b"w")):
            if fd is not None:
                self._sources[fd] = name
                self._poll.register(fd, select.POLLIN)
        if self._plan["status_fd"] is not None:
            self._await_sandbox(pipes.status)
        if self._container is not None:
            self._await_container(self._container)
        if is_private:
            self._open_network(pipes, None if takes_it else door)
        elif self._container is not None:
            self._let_go_on(pipes)
        if door is not None:
            door.close()
        self._record.write("running", pid=self._group)
        os.write(self._spawned_fd, b"1")
        os.close(self._spawned_fd)
        if self._stopping:
            self._ask()

    def _make_container(self) -> None:
        """Lay out what podman needs. Raises: OSError."""
        if self._plan["container"] is None:
            return
        from .container import Container  # noqa: PLC0415 - here and below: not all workloads have one

        self._container = Container(self._plan["container"])
        self._container.prepare()

    def _await_container(self, container: "Container") -> None:
        """Wait until the container is made; podman itself says in the log why, if it is not."""
        container.wait_for_first(self._pid)
        if container.pid is not None:
            self._group = container.pid
            container.join(self._plan["groups"])
            self._helpers[container.guard()] = "the guard of its container"

    def _let_go_on(self, pipes: Pipes) -> None:
        """Let the program start that was held back until now."""
        if self._container is not None:
            if self._container.pid is not None:
                self._container.let_go_on()
        elif pipes.gate is not None:
            tree.let_go_on(pipes.gate)

    def _bind_door(self) -> "socket.socket | None":
        """Listen where the platform will reach the workload, before there is anything of it."""
        network = self._plan["network"]
        if network is None or network["door"] is None:
            return None
        from . import door  # noqa: PLC0415 - here and below: not all workloads have a network

        return door.bind(network["door"])

    def _open_network(self, pipes: Pipes, door: "socket.socket | None") -> None:
        """Give the sandbox its ways in and out, then let its program start; without them it is ended."""
        from .network import PrivateNetwork  # noqa: PLC0415

        network = self._plan["network"]
        if network is None or (self._container is not None and self._container.pid is None):
            return
        private = PrivateNetwork(network, door)
        try:
            private.open(self._group)  # bubblewrap itself, if it named no first process, is in no network of its own
        except OSError as error:
            self._failure = f"the private network could not be set up: {error.strerror}"
            self._helpers |= private.helpers
            self._kill()
        else:
            self._helpers |= private.helpers
            if private.said is not None:
                self._sources[private.said] = b"n"
                self._poll.register(private.said, select.POLLIN)
            self._let_go_on(pipes)
        if pipes.gate is not None:
            os.close(pipes.gate)

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
        timeout = self._patience()
        flooded = False
        for fd, _ in self._poll.poll(timeout):
            if fd == wake:
                os.read(fd, 512)
            else:
                flooded |= not self._read(fd)
        self._reap()
        if self._is_unheard:
            self._ask()
        self._look_at_disk()
        if self._deadline is not None and time.monotonic() >= self._deadline:
            self._kill()
            self._deadline = time.monotonic() + 0.1
        if flooded:
            time.sleep(FLOOD_PAUSE_SECONDS)

    def _patience(self) -> float | None:
        """Tell for how many milliseconds nothing needs to be done unless something happens."""
        times = [self._watch.due_in(), None if self._deadline is None else self._deadline - time.monotonic()]
        known = [max(0.0, seconds) * 1000 for seconds in times if seconds is not None]
        return min(known + [UNHEARD_MILLISECONDS] * self._is_unheard, default=None)

    def _look_at_disk(self) -> None:
        """Write down how much disk space a workload takes, and ask one to end that takes more than it may."""
        before = self._watch.seen
        complaint = self._watch.step()
        if self._watch.seen is not None and self._watch.seen != before:
            note(self._watch.seen)
        if complaint and self._disk_complaint is None:
            self._disk_complaint = complaint
            self._log.write(b"p", [f"stopped: {complaint}".encode()])
            self._on_stop()

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
        if name == b"w" and data:
            self._record.write("running", is_waiting=True)
        if name in (b"s", b"n", b"w"):  # not the workload's own words
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
            elif (who := self._helpers.pop(pid, None)) and self._wait_status is None and not self._failure:
                # When all processes of the machine are told to end, a helper may be the first to.
                self._failure = None if self._stopping else f"{who} ended"
                self._was_let_down = not self._stopping
                self._kill()

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
        is_boxed = self._plan["status_fd"] is not None or self._container is not None
        self._is_unheard = is_boxed and not tree.descendants(self._group)
        if not self._is_unheard and self._container is not None:
            tree.send(self._group, signal.SIGTERM)  # the first process passes it on
        elif not self._is_unheard:
            tree.send_group(self._group, signal.SIGTERM)
        # Whoever is frozen, or was stopped by a signal, hears it only now.
        cgroup.thaw(self._plan["groups"])
        tree.resume(os.getpid())

    def _grace(self) -> float:
        try:
            with open("grace", encoding="utf-8") as file:  # noqa: PTH123 - see log.py
                return float(file.read())
        except (OSError, ValueError):
            return self._plan["grace_seconds"]

    def _kill(self) -> None:
        cgroup.end_all(self._plan["groups"])
        if self._container is not None and self._container.pid is not None and self._is_patient():
            tree.send(self._container.pid, signal.SIGKILL)  # all of it ends with its first process
            return
        tree.end_all(os.getpid(), self._group)

    def _is_patient(self) -> bool:
        """Tell whether podman still has time to put its own books in order."""
        now = time.monotonic()
        self._first_kill = now if self._first_kill is None else self._first_kill
        return now - self._first_kill < CONTAINER_END_SECONDS

    def _clear(self) -> None:
        """End what outlived the program, then read what it still had to say."""
        self._record.note_oom_kills()
        for pid in self._helpers:
            tree.send(pid, signal.SIGKILL)
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
        """Tell why the sandbox never came to run the program; bubblewrap reports an exit code only if it did."""
        if self._container is not None:
            return None if self._stopping else self._container.complaint(self._pumps[b"e"].last_line)
        if self._plan["status_fd"] is None or b'"exit-code"' in self._status_text or self._stopping:
            return None
        if self._wait_status is None or not os.WIFEXITED(self._wait_status) or os.WEXITSTATUS(self._wait_status) == 0:
            return None
        return "the sandbox could not be set up: " + self._pumps[b"e"].last_line.decode(errors="replace")

    def _finish(self, error: str | None) -> None:
        if self._container is not None:
            self._container.remove()
        cgroup.remove(self._plan["groups"])
        network = self._plan["network"]
        if network is not None and network["door"] is not None:
            from . import door  # noqa: PLC0415

            door.remove(network["door"])
        if error:
            self._log.write(b"p", [error.encode()])
        self._record.write_end(
            self._wait_status,
            was_asked=self._stopping,
            error=error,
            disk_complaint=self._disk_complaint,
            was_let_down=self._was_let_down,
        )
