"""Have the kernel move the memory of processes that stand still to swap."""

import ctypes
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_SYS_PROCESS_MADVISE = 440  # on every architecture, like all calls since 5.1
_MADV_PAGEOUT = 21
_RANGES_PER_CALL = 1024  # UIO_MAXIOV
_NOT_PAGED = ("[vvar", "[vdso]", "[vsyscall]", "[stack]")


class _Range(ctypes.Structure):
    _fields_ = (("start", ctypes.c_void_p), ("size", ctypes.c_size_t))


def page_out(pids: Iterable[int], groups: Iterable[Path]) -> None:
    """Move the private memory of processes to swap, where there is some and the kernel lets us."""
    if not has_swap():
        return
    with _swap_allowed(groups):
        for pid in pids:
            with suppress(OSError):
                _page_out(pid)


def has_swap() -> bool:
    """Tell whether the machine has swap in use."""
    try:
        return sys.platform == "linux" and len(Path("/proc/swaps").read_text(encoding="utf-8").splitlines()) > 1
    except OSError:
        return False


@contextmanager
def _swap_allowed(groups: Iterable[Path]) -> Iterator[None]:
    """Lift the rule that a limited workload must not swap (version 2); what is out by then stays out."""
    files = [file for group in groups if (file := group / "memory.swap.max").exists()]
    before = {file: file.read_text() for file in files}
    for file in files:
        file.write_text("max")
    try:
        yield
    finally:
        for file, value in before.items():
            file.write_text(value)


def _page_out(pid: int) -> None:
    library = ctypes.CDLL(None, use_errno=True)
    fd = os.pidfd_open(pid)
    try:
        ranges = list(_ranges(pid))
        for at in range(0, len(ranges), _RANGES_PER_CALL):
            some = ranges[at : at + _RANGES_PER_CALL]
            vector, count = (_Range * len(some))(*some), ctypes.c_size_t(len(some))
            library.syscall(_SYS_PROCESS_MADVISE, fd, vector, count, _MADV_PAGEOUT, 0)
    finally:
        os.close(fd)


def _ranges(pid: int) -> Iterator[_Range]:
    """List the process's private writable memory."""
    for line in Path(f"/proc/{pid}/maps").read_text(encoding="utf-8", errors="replace").splitlines():
        span, mode, *_, name = (*line.split(maxsplit=5), "")[:6]
        if mode.startswith("rw") and mode.endswith("p") and not name.startswith(_NOT_PAGED):
            start, _, end = span.partition("-")
            yield _Range(int(start, 16), int(end, 16) - int(start, 16))
