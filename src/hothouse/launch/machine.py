"""What the machine has, as far as the platform's own control group lets it have it."""

import os
from collections.abc import Iterator
from pathlib import Path

CGROUPS, PROC = Path("/sys/fs/cgroup"), Path("/proc")
UNLIMITED_FROM = 2**60
"""Version 1 writes a number of about this size where no limit is set."""


def memory_bytes(cgroups: Path = CGROUPS, proc: Path = PROC) -> int:
    """Return the memory that everything on this machine, or in this container, may take together."""
    limits = [_number(folder / name) for folder, name in _memory_limits(cgroups, proc)]
    return min([_meminfo(proc, "MemTotal"), *(one for one in limits if one is not None and one < UNLIMITED_FROM)])


def free_bytes(proc: Path = PROC) -> int:
    """Return the memory that could be had at this moment without anything being moved to swap."""
    return _meminfo(proc, "MemAvailable")


def cores(cgroups: Path = CGROUPS, proc: Path = PROC) -> float:
    """Return how many processor cores the platform and all it runs may keep busy."""
    quotas = [quota for folder in _folders(cgroups, proc, "cpu") if (quota := _quota(folder)) is not None]
    return min([float(len(os.sched_getaffinity(0))), *quotas])


def _meminfo(proc: Path, name: str) -> int:
    for line in (proc / "meminfo").read_text().splitlines():
        key, _, value = line.partition(":")
        if key == name:
            return int(value.split()[0]) * 1024
    raise OSError(f"{proc / 'meminfo'} does not tell {name}")


def _memory_limits(cgroups: Path, proc: Path) -> Iterator[tuple[Path, str]]:
    for folder in _folders(cgroups, proc, "memory"):
        yield folder, "memory.max"
        yield folder, "memory.limit_in_bytes"


def _folders(cgroups: Path, proc: Path, controller: str) -> Iterator[Path]:
    """Yield the folders of the groups that this process is in, up to the top, whatever the version."""
    try:
        lines = (proc / "self" / "cgroup").read_text().splitlines()
    except OSError:
        return
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if controllers and controller not in controllers.split(","):
            continue
        top = cgroups / controller if controllers else cgroups
        inner = Path(path.lstrip("/"))
        for part in (inner, *inner.parents):  # of which a container may see only the last
            yield top / part


def _quota(folder: Path) -> float | None:
    """Return how many cores a group may keep busy; None where that is not limited."""
    try:
        if (folder / "cpu.max").exists():
            quota, period = (folder / "cpu.max").read_text().split()
        else:
            quota = (folder / "cpu.cfs_quota_us").read_text().strip()
            period = (folder / "cpu.cfs_period_us").read_text().strip()
    except OSError:
        return None
    return int(quota) / int(period) if quota.isdigit() and int(period) else None


def _number(file: Path) -> int | None:
    try:
        text = file.read_text().strip()
    except OSError:
        return None
    return int(text) if text.isdigit() else None
