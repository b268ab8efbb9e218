"""Tell one process from a later one that happens to have the same pid."""

import sys
from functools import cache
from pathlib import Path


@cache
def _boot_id() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def identify(pid: int) -> str | None:
    """Return a token that no other process ever has, or `None` when there is no such (living) process.

    On Linux it is made of the boot and the start time in clock ticks, which a changed wall clock does not touch.
    """
    if sys.platform != "linux":
        return _identify_portably(pid)
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    fields = stat.rpartition(")")[2].split()  # the name, in brackets, may hold blanks
    if fields[0] in "ZX":
        return None
    return f"{_boot_id()}:{pid}:{fields[19]}"


def _identify_portably(pid: int) -> str | None:
    import psutil  # noqa: PLC0415 - not needed where /proc tells

    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else str(process.create_time())
    except psutil.NoSuchProcess:
        return None
