"""Fork and become the workload."""

import errno
import fcntl
import os
import resource
import signal
import sys

from . import cgroup, tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .plan import Plan

SOCKET_FD, GO_FD, WAITING_FD = 3, 4, 5
GO_NAME = "told"
GATE_FD = 18
FIRST_BLOB_FD = 20
_FIRST_SPARE_FD = 1024


_INNER = (
    "inner_stdout",
    "inner_stderr",
    "inner_status",
    "inner_failure",
    "inner_gate",
    "inner_go",
    "inner_waiting",
)


class Pipes:
    """The ends of a workload's pipes: `inner` go to it, `outer` stay with the keeper."""

    def __init__(self, *, is_gated: bool = False, door: int | None = None, waits: bool = False) -> None:
        """Make them. `door` is a listening socket for the program; a gate holds it back until it is written to.

        A program that `waits` reads from a named pipe what it is told: whoever may enter the keeper's folder tells it.
        """
        self.door = door
        self.inner_go: int | None = None
        self.inner_waiting: int | None = None
        self.waiting: int | None = None
        if waits:
            self.inner_go, self._kept_open = _named_pipe(GO_NAME)
            self.waiting, self.inner_waiting = os.pipe()
        self.inner_gate: int | None = None
        self.gate: int | None = None
        if is_gated:
            self.inner_gate, self.gate = os.pipe()
        self.stdout, self.inner_stdout = _roomy_pipe()
        self.stderr, self.inner_stderr = _roomy_pipe()
        self.status, self.inner_status = os.pipe()
        self.failure, self.inner_failure = os.pipe()

    def close_inner(self) -> None:
        for name in _INNER:
            fd = getattr(self, name)
            if fd is not None:
                os.close(fd)

    def move_inner_up(self) -> None:
        """Take them out of the way of the numbers that the program is to find them under."""
        for name in (*_INNER, "door"):
            fd = getattr(self, name)
            if fd is not None:
                setattr(self, name, fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, _FIRST_SPARE_FD))


def spawn(plan: "Plan", pipes: Pipes) -> int:
    """Start the program and return its pid once it runs.

    Raises:
        OSError: it could not be executed; `strerror` and `filename` say why.
    """
    keeper = os.getpid()
    pid = os.fork()
    if pid == 0:
        _become(plan, pipes, keeper)
    pipes.close_inner()
    failure = os.read(pipes.failure, 512)
    os.close(pipes.failure)
    if failure:
        os.waitpid(pid, 0)
        number, _, what = failure.decode().partition(" ")
        raise OSError(int(number), os.strerror(int(number)), what)
    return pid


def _become(plan: "Plan", pipes: Pipes, keeper: int) -> None:
    what = plan["argv"][0]
    try:
        _limit(plan["rlimits"])  # first, for the usual limit on open files would keep pipes from being moved up
        pipes.move_inner_up()
        os.setsid()
        if plan["container"] is None:  # podman does not count, only what it runs
            cgroup.join(plan["groups"])
        tree.go_first()
        _wire(plan, pipes)
        what = plan["cwd"]
        if plan["uid"] is not None:
            _drop_to(plan["uid"])
        os.chdir(plan["cwd"])
        what = plan["argv"][0]
        tree.die_with_parent()
        if os.getppid() != keeper:
            os._exit(1)
        if plan["mechanism"] == "process":
            tree.gain_nothing()
        _default_signals()
        if plan["filter"]:
            tree.filter_calls(bytes.fromhex(plan["filter"]))
        _execute(plan["argv"], plan["env"])
    except OSError as error:
        os.write(pipes.inner_failure, f"{error.errno} {what}".encode()[:512])
    finally:
        unexpected = sys.exc_info()
        if unexpected[0] is not None:
            sys.excepthook(*unexpected)
        os._exit(127)


def _execute(argv: list[str], env: dict[str, str]) -> None:
    """Become the program, looked up in its own PATH.

    `os.execvpe` imports modules as it goes, which fails once the user that may read them was given up.

    Raises:
        OSError: no folder holds it, or the one found first among those that do may not be executed.
    """
    program = argv[0]
    folders = [""] if "/" in program else env.get("PATH", os.defpath).split(os.pathsep)
    failure: OSError = FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
    for folder in folders:
        try:
            os.execve(f"{folder}/{program}" if folder else program, argv, env)  # noqa: S606 - no shell
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            failure = error
    raise failure


def _drop_to(uid: int) -> None:
    os.setgroups([])
    os.setgid(uid)
    os.setuid(uid)


def _limit(limits: dict[str, int]) -> None:
    for name, value in limits.items():
        kind = getattr(resource, name)
        hard = resource.getrlimit(kind)[1]
        ceiling = value if hard == resource.RLIM_INFINITY or os.geteuid() == 0 else min(value, hard)
        resource.setrlimit(kind, (ceiling, ceiling))


def _wire(plan: "Plan", pipes: Pipes) -> None:
    for number, text in enumerate(plan["blobs"], FIRST_BLOB_FD):
        _offer(text, number)
    if plan["status_fd"] is not None:
        os.dup2(pipes.inner_status, plan["status_fd"])
    if pipes.inner_gate is not None:
        os.dup2(pipes.inner_gate, GATE_FD)
    if pipes.door is not None:
        os.dup2(pipes.door, SOCKET_FD)
    if pipes.inner_go is not None and pipes.inner_waiting is not None:
        os.dup2(pipes.inner_go, GO_FD)
        os.dup2(pipes.inner_waiting, WAITING_FD)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(pipes.inner_stdout, 1)
    os.dup2(pipes.inner_stderr, 2)


def _offer(text: str, number: int) -> None:
    fd = os.memfd_create("plan")
    data = text.encode("utf-8", "surrogateescape")  # as it was decoded where it is not text
    while data:
        data = data[os.write(fd, data) :]
    os.lseek(fd, 0, os.SEEK_SET)
    if fd == number:
        os.set_inheritable(fd, True)
        return
    os.dup2(fd, number)
    os.close(fd)  # or with many of them one would come to lie where a later one belongs


def _default_signals() -> None:
    for number in (signal.SIGPIPE, signal.SIGXFSZ, signal.SIGHUP, signal.SIGINT, signal.SIGTERM, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])


def _named_pipe(name: str) -> tuple[int, int]:
    """Make a named pipe; returns its end to read, and one that keeps it from ending while nobody writes."""
    os.mkfifo(name, 0o600)
    kept = os.open(name, os.O_RDWR | os.O_CLOEXEC)
    return os.open(name, os.O_RDONLY | os.O_CLOEXEC), kept


def _roomy_pipe() -> tuple[int, int]:
    """Make a pipe whose reading end never blocks and that holds 256 KiB where the kernel grants it."""
    outer, inner = os.pipe()
    os.set_blocking(outer, False)
    if sys.platform == "linux":
        try:
            fcntl.fcntl(outer, fcntl.F_SETPIPE_SZ, 256 * 1024)
        except OSError:
            return outer, inner
    return outer, inner
