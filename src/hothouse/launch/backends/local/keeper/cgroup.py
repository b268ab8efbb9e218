"""Make, join, read and remove the workload's control groups, all as the plan says."""

import os
import time

from .tree import send

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .plan import Group


def create(groups: "list[Group]") -> list[str]:
    """Make the groups and set their limits; returns a sentence for each limit that is not in force."""
    problems = []
    for group in groups:
        try:
            os.makedirs(group["path"], exist_ok=True)  # noqa: PTH103 - see log.py
        except OSError as error:
            problems.append(f"control group {group['path']} could not be made ({error.strerror})")
            continue
        for name, value in group["values"].items():
            problem = _write(f"{group['path']}/{name.lstrip('?')}", value)
            if problem and not name.startswith("?"):
                problems.append(f"limit {name} is not in force ({problem})")
    return problems


def join(groups: "list[Group]") -> None:
    """Move the calling process in; groups that could not be made are passed over."""
    for group in groups:
        _write(f"{group['path']}/cgroup.procs", "0")


def end_all(groups: "list[Group]") -> None:
    """Forbid new processes in the groups and kill those there are."""
    for group in groups:
        _write(f"{group['path']}/pids.max", "0")
        if _write(f"{group['path']}/cgroup.kill", "1"):
            for line in _read(f"{group['path']}/cgroup.procs").split():
                send(int(line), 9)
    # Version 1 lets a frozen process die no sooner than it is thawed.
    thaw(groups)


def thaw(groups: "list[Group]") -> None:
    """Let frozen groups go on."""
    for group in groups:
        _write(f"{group['path']}/freezer.state", "THAWED")
        _write(f"{group['path']}/cgroup.freeze", "0")


def remove(groups: "list[Group]") -> None:
    """Remove the groups; killed processes may take a moment to leave them."""
    deadline = time.monotonic() + 2.0
    for group in groups:
        while True:
            try:
                os.rmdir(group["path"])  # noqa: PTH106 - see log.py
            except FileNotFoundError:
                break
            except OSError:
                if time.monotonic() > deadline:
                    break
                end_all([group])
                time.sleep(0.005)


def oom_kills(groups: "list[Group]") -> int | None:
    """Count the workload's processes killed for memory; None where no group tells (v1 and v2 write it alike)."""
    for group in groups:
        for name in ("memory.oom_control", "memory.events"):
            count = _counter(f"{group['path']}/{name}", "oom_kill")
            if count is not None:
                return count
    return None


def machine_oom_kills() -> int | None:
    """Count the processes killed for memory on the whole machine since it booted."""
    return _counter("/proc/vmstat", "oom_kill")


def _counter(path: str, name: str) -> int | None:
    for line in _read(path).splitlines():
        key, _, value = line.partition(" ")
        if key == name:
            return int(value)
    return None


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8") as file:  # noqa: PTH123 - see log.py
            return file.read()
    except OSError:
        return ""


def _write(path: str, value: str) -> str | None:
    """Write one value; returns what went wrong in words."""
    try:
        fd = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
        try:
            os.write(fd, value.encode())
        finally:
            os.close(fd)
    except OSError as error:
        return error.strerror
    return None
