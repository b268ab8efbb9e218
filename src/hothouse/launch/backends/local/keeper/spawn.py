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

FIRST_BLOB_FD = 20


class Pipes:
    """The ends of a workload's pipes: `inner` go to it, `outer` stay with the keeper."""

    def __init__(self) -> None:
        self.stdout, self.inner_stdout = _roomy_pipe()
        self.stderr, self.inner_stderr = _roomy_pipe()
        self.status, self.inner_status = os.pipe()
        self.failure, self.inner_failure = os.pipe()

    def close_inner(self) -> None:
        for fd in (self.inner_stdout, self.inner_stderr, self.inner_status, self.inner_failure):
            os.close(fd)


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
        os.setsid()
        cgroup.join(plan["groups"])
        tree.go_first()
        _limit(plan["rlimits"])
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
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(pipes.inner_stdout, 1)
    os.dup2(pipes.inner_stderr, 2)


def _offer(text: str, number: int) -> None:
    fd = os.memfd_create("plan")
    data = text.encode()
    while data:
        data = data[os.write(fd, data) :]
    os.lseek(fd, 0, os.SEEK_SET)
    os.dup2(fd, number)


def _default_signals() -> None:
    for number in (signal.SIGPIPE, signal.SIGXFSZ, signal.SIGHUP, signal.SIGINT, signal.SIGTERM, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])


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
