"""Internet access for a private network: slirp4netns, which speaks for it from the machine's own network."""

import os

from . import tree
from .namespace import Namespace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .plan import NetworkPlan

EXIT_FD, READY_FD, NET_FD, USER_FD = 24, 25, 26, 27
FIRST_SPARE_FD = 64


def start(plan: "NetworkPlan", joined: Namespace, complaints: int) -> tuple[int, int, int]:
    """Start it; returns its pid, a descriptor that tells when it is ready, and one that ends it when closed."""
    ready, inner_ready = os.pipe()
    inner_exit, ends = os.pipe()
    keeper = os.getpid()
    pid = os.fork()
    if pid:
        os.close(inner_ready)
        os.close(inner_exit)
        return pid, ready, ends
    try:
        tree.die_with_parent()
        if os.getppid() != keeper:
            os._exit(1)
        _wire({EXIT_FD: inner_exit, READY_FD: inner_ready, NET_FD: joined.net, USER_FD: joined.user}, complaints)
        user = ["--userns-path", f"/proc/self/fd/{USER_FD}"] if joined.user is not None else []
        argv = [
            *plan["outbound"],
            "--exit-fd",
            str(EXIT_FD),
            "--ready-fd",
            str(READY_FD),
            "--netns-type",
            "path",
            *user,
        ]
        os.execve(argv[0], [*argv, f"/proc/self/fd/{NET_FD}", "tap0"], {})  # noqa: S606 - no shell
    finally:
        os._exit(127)


def _wire(wanted: "dict[int, int | None]", complaints: int) -> None:
    """Put descriptors where the program is told they are, and what it says where nothing else does."""
    import fcntl  # noqa: PLC0415 - only where there is internet access

    high = {
        target: fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, FIRST_SPARE_FD)
        for target, fd in wanted.items()
        if fd is not None
    }
    os.dup2(complaints, 1)
    os.dup2(complaints, 2)
    for target, fd in high.items():
        os.dup2(fd, target)
