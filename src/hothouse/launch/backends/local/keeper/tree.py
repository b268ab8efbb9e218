"""Find and end everything a workload ever started."""

import ctypes
import errno
import os
import signal
import sys
from ctypes import CDLL

_PR_SET_PDEATHSIG = 1
_PR_SET_SECCOMP, _FILTER_MODE = 22, 2
_PR_SET_CHILD_SUBREAPER = 36
_PR_SET_NO_NEW_PRIVS = 38
IS_LINUX = sys.platform == "linux"


def _prctl(option: int, value: int) -> None:
    if IS_LINUX:
        CDLL(None).prctl(option, value, 0, 0, 0)


def become_subreaper() -> None:
    """Have orphans below this process become its children, so that daemons cannot slip away."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def die_with_parent() -> None:
    """Have the kernel kill this process when the one that forked it dies; undone by a change of user."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def gain_nothing() -> None:
    """Make setuid programs powerless for this process and all it starts."""
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def filter_calls(program: bytes) -> None:
    """Have the kernel run a filter at each system call of this process and all it starts.

    Raises:
        OSError: the kernel takes no filters.
    """
    if CDLL(None).prctl(_PR_SET_SECCOMP, _FILTER_MODE, ctypes.byref(_Program.of(program)), 0, 0):
        raise OSError(errno.EINVAL, "filter of system calls")


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_char_p))

    @classmethod
    def of(cls, program: bytes) -> "_Program":
        return cls(len(program) // 8, program)


def go_first() -> None:
    """Have the kernel take this process and all it starts before the platform's own when memory runs out."""
    try:
        fd = os.open("/proc/self/oom_score_adj", os.O_WRONLY | os.O_CLOEXEC)
    except OSError:
        return
    try:
        os.write(fd, b"300")
    except OSError:
        return
    finally:
        os.close(fd)


def let_go_on(gate: int) -> None:
    """Let a program start that waits at the other end; one that is gone already is no error."""
    try:
        os.write(gate, b"1")
    except BrokenPipeError:
        return


def descendants(root: int) -> list[int]:
    """List all processes below `root`, nearest first."""
    children: dict[int, list[int]] = {}
    for name in _processes():
        fields = _stat(name)
        if fields and fields[0] != b"Z":
            children.setdefault(int(fields[1]), []).append(int(name))
    found, queue = [], [root]
    while queue:
        below = children.get(queue.pop(0), [])
        found += below
        queue += below
    return found


def end_all(root: int, group: int) -> None:
    """Send SIGKILL to everything below `root`, stopping it first so that it cannot outrun the killing by forking."""
    seen: set[int] = set()
    for _ in range(20):
        new = [pid for pid in descendants(root) if pid not in seen]
        if not new:
            break
        for pid in new:
            send(pid, signal.SIGSTOP)
        seen.update(new)
    for pid in seen:
        send(pid, signal.SIGKILL)
    send_group(group, signal.SIGKILL)


def resume(root: int) -> None:
    """Let everything below `root` go on; children first, or a shell would see them stopped and say so."""
    for pid in reversed(descendants(root)):
        send(pid, signal.SIGCONT)


def send(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def send_group(group: int, number: int) -> None:
    """Signal a process group; one that is gone, or holds only zombies (EPERM on macOS), is no error."""
    try:
        os.killpg(group, number)
    except OSError as error:
        if error.errno not in (errno.ESRCH, errno.EPERM):
            raise


def _processes() -> list[str]:
    return [name for name in os.listdir("/proc") if name.isdigit()] if IS_LINUX else []  # noqa: PTH208 - see log.py


def _stat(name: str) -> list[bytes] | None:
    """Read /proc/<pid>/stat from its state field on; None when the process is gone."""
    try:
        fd = os.open(f"/proc/{name}/stat", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        return os.read(fd, 1024).rpartition(b") ")[2].split()
    except ProcessLookupError:
        return None
    finally:
        os.close(fd)
