"""The container that podman runs for a workload: held back until all is ready for it, and removed when it has ended."""

import os
import select
import signal
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .plan import ContainerPlan, Group

PATIENCE_SECONDS = 60.0
SAID, GO = "said.fifo", "go.fifo"
_SPARE_FD = 100
_LOOK_MILLISECONDS = 50


class Container:
    """One container, from before podman is started until nothing of it is left.

    A hook of the runtime stops it when its namespaces and mounts are made and its program is not yet started: the hook
    tells the first process, and waits for leave to go on.
    """

    def __init__(self, plan: "ContainerPlan") -> None:
        self._plan = plan
        self._said = self._go = self._guarded = -1
        self.pid: int | None = None

    def prepare(self) -> None:
        """Lay out what podman is told to read. Raises: OSError."""
        forget(self._plan["memory_folder"])
        for name in (SAID, GO, *self._plan["files"]):
            _unlink(name)
        for name in (SAID, GO):
            os.mkfifo(name, 0o600)
        self._said = os.open(SAID, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        self._go = os.open(GO, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        for name, text in self._plan["files"].items():
            _write(name, text)
        for name, text in self._plan["memory"].items():
            _write(f"{self._plan['memory_folder']}/{name}", text)

    def wait_for_first(self, podman: int) -> None:
        """Wait until the hook names the container's first process, or podman has given up."""
        text, deadline = b"", time.monotonic() + PATIENCE_SECONDS
        waiting = select.poll()
        waiting.register(self._said, select.POLLIN)
        while not text.endswith(b"\n") and time.monotonic() < deadline:
            if os.waitid(os.P_PID, podman, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
                return
            if any(event & select.POLLIN for _, event in waiting.poll(_LOOK_MILLISECONDS)):
                text += os.read(self._said, 65536)
            elif not text:
                time.sleep(0.002)  # the end of a pipe that nobody writes to yet is always ready
        _, found, rest = text.partition(b'"pid":')
        if found:
            self.pid = int(rest.lstrip().partition(b",")[0].rstrip(b" }\n"))

    def join(self, groups: "list[Group]") -> None:
        """Move the first process into the workload's groups, where the runtime's own lie beside and not below them."""
        if not self._plan["joins_groups"] or self.pid is None:
            return
        for group in groups:
            try:
                fd = os.open(f"{group['path']}/cgroup.procs", os.O_WRONLY | os.O_CLOEXEC)
            except OSError:
                continue
            try:
                os.write(fd, str(self.pid).encode())
            finally:
                os.close(fd)

    def let_go_on(self) -> None:
        """Let the program start; what was in memory for it is mounted by now."""
        self.forget_files()
        os.write(self._go, b"\n")

    def forget_files(self) -> None:
        forget(self._plan["memory_folder"])

    def complaint(self, last_line: bytes) -> "str | None":
        """Tell from the last that was said why the program never ran; None if it did."""
        said = last_line.decode(errors="replace")
        if self.pid is None:
            return f"the container could not be made: {said}"
        _, failed, reason = said.partition("failed to exec pid1:")
        return f"could not start {self._plan['program']}: {reason.strip()}" if failed else None

    def guard(self) -> int:
        """Leave a process behind that ends the container should the keeper be killed; returns its pid.

        A sandbox ends with the keeper by itself; a container is not the keeper's to hold, and would go on unseen.
        """
        outer, inner = os.pipe()
        first = os.pidfd_open(self.pid) if self.pid is not None else -1
        guard = os.fork()
        if guard:
            os.close(outer)
            os.close(first)
            self._guarded = inner
            return guard
        try:
            _keep_open(outer, first)
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            os.read(_SPARE_FD, 1)
            _end(_SPARE_FD + 1)
            self.remove()
        finally:
            os._exit(0)

    def remove(self) -> None:
        """Have podman remove all it has of the container, then the control groups that its runtime made."""
        remove(self._plan["remove"], self._plan["env"], self._plan["memory_folder"], self._plan["groups"])


def _end(process: int) -> None:
    """Kill what a pidfd stands for."""
    try:
        signal.pidfd_send_signal(process, signal.SIGKILL)
    except ProcessLookupError:
        return


def _keep_open(*wanted: int) -> None:
    """Close all but these, which come to lie from `_SPARE_FD` on: among others the lock and a way to the program."""
    for number, fd in enumerate(wanted, _SPARE_FD):
        os.dup2(fd, number, inheritable=False)
    os.closerange(3, _SPARE_FD)
    os.closerange(_SPARE_FD + len(wanted), 65536)


def remove(argv: "list[str]", env: "dict[str, str]", memory_folder: str, groups: "list[str]") -> None:
    """Remove a container, whether or not there is one."""
    forget(memory_folder)
    pid = os.fork()
    if pid == 0:
        try:
            null = os.open(os.devnull, os.O_RDWR)
            for fd in (0, 1, 2):
                os.dup2(null, fd)
            os.execve(argv[0], argv, env)  # noqa: S606 - no shell
        finally:
            os._exit(127)
    os.waitpid(pid, 0)
    for group in groups:
        _remove_group(group)


def _remove_group(path: str) -> None:
    try:
        below = [entry.path for entry in os.scandir(path) if entry.is_dir(follow_symlinks=False)]
    except OSError:
        return
    for each in below:
        _remove_group(each)
    deadline = time.monotonic() + 2.0
    while time.monotonic() < deadline:
        try:
            os.rmdir(path)  # noqa: PTH106 - see log.py
        except FileNotFoundError:
            return
        except OSError:
            time.sleep(0.005)
        else:
            return


def forget(folder: str) -> None:
    """Remove what lies in memory for a container."""
    try:
        for entry in os.scandir(folder):
            os.unlink(entry.path)  # noqa: PTH108 - see log.py
        os.rmdir(folder)  # noqa: PTH106 - see log.py
        os.rmdir(os.path.dirname(folder))  # noqa: PTH106, PTH120 - see log.py
    except OSError:
        return


def _unlink(path: str) -> None:
    try:
        os.unlink(path)  # noqa: PTH108 - see log.py
    except FileNotFoundError:
        return


def _write(path: str, text: str) -> None:
    folder = os.path.dirname(path)  # noqa: PTH120 - see log.py
    if folder:
        os.makedirs(folder, mode=0o700, exist_ok=True)  # noqa: PTH103 - see log.py
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        data = text.encode("utf-8", "surrogateescape")
        while data:
            data = data[os.write(fd, data) :]
        os.fchmod(fd, 0o444)
    finally:
        os.close(fd)
