"""Find a place where control groups may be made, and say what to write there.

The keeper makes, joins and removes the groups (`keeper/cgroup.py`); what is decided here is only plain data.
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from hothouse.launch.interfaces import Limits, Usage

from .keeper.plan import Group

ROOT = Path("/sys/fs/cgroup")
PERIOD_MICROSECONDS = 100_000
OWN_PROCESSES = 3
"""Bubblewrap's monitor, its first process and the step that changes the user count against the limit too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hierarchy:
    """Where groups can be made: a folder per controller (version 2 has the same folder for all)."""

    version: Literal[1, 2]
    folders: dict[str, Path]

    def missing(self) -> list[str]:
        """Name the limits that cannot be set here."""
        return [name for name in ("memory", "cpu", "pids") if name not in self.folders]

    def can_freeze(self) -> bool:
        """Tell whether groups made here can be frozen; in version 2 every group can."""
        return self.version == 2 or "freezer" in self.folders

    def groups(self, name: str, limits: Limits) -> list[Group]:
        """Describe the groups of one workload."""
        values = _values_v1(limits) if self.version == 1 else _values_v2(limits)
        groups: dict[Path, Group] = {}
        for controller, folder in self.folders.items():
            group = groups.setdefault(folder, {"path": str(folder / name), "values": {}})
            group["values"] |= values.get(controller, {})
        return list(groups.values())


def group_name(root: Path, workload_id: str) -> str:
    """Name a workload's groups so that two installations on one machine never share one."""
    return f"hothouse-{hashlib.sha256(str(root).encode()).hexdigest()[:8]}-{workload_id}"


def find(root: Path = ROOT, membership: Path = Path("/proc/self/cgroup")) -> Hierarchy | None:
    """Look for controllers this process may use; None where it may use none."""
    try:
        own = dict(_membership(membership.read_text()))
    except OSError:
        return None
    v1 = {name: folder for name in ("memory", "cpu", "cpuacct", "pids") if (folder := _v1_folder(root, name, own))}
    if v1:
        freezer = _v1_folder(root, "freezer", own)
        return Hierarchy(version=1, folders=v1 | ({"freezer": freezer} if freezer else {}))
    folder = _v2_folder(root, own.get("", "/")) if (root / "cgroup.controllers").exists() else None
    if folder is None:
        return None
    granted = (folder / "cgroup.subtree_control").read_text().split()
    return Hierarchy(version=2, folders=dict.fromkeys([n for n in ("memory", "cpu", "pids") if n in granted], folder))


def usage(groups: list[Path]) -> Usage | None:
    """Measure what the groups' processes use; None where the groups do not tell all of it."""
    files = {file: group / file for group in groups for file in _USAGE_FILES if (group / file).exists()}
    try:
        cpu = _cpu_seconds(files)
        memory = _memory_bytes(files)
        pids = int(files["pids.current"].read_text())
    except (OSError, KeyError):
        return None
    return Usage(cpu_seconds=cpu, memory_bytes=memory, processes=pids)


_USAGE_FILES = (
    "cpuacct.usage",
    "cpu.stat",
    "memory.usage_in_bytes",
    "memory.current",
    "memory.stat",
    "pids.current",
)


def _cpu_seconds(files: dict[str, Path]) -> float:
    if "cpuacct.usage" in files:
        return int(files["cpuacct.usage"].read_text()) / 1e9
    return _field(files["cpu.stat"], "usage_usec") / 1e6


def _memory_bytes(files: dict[str, Path]) -> int:
    """Count what cannot be dropped at once: file pages not in use are the machine's cache, not the workload's need."""
    if "memory.usage_in_bytes" in files:
        used = int(files["memory.usage_in_bytes"].read_text())
        return max(0, used - _field(files["memory.stat"], "total_inactive_file"))
    return max(0, int(files["memory.current"].read_text()) - _field(files["memory.stat"], "inactive_file"))


def _field(file: Path, name: str) -> int:
    for line in file.read_text().splitlines():
        key, _, value = line.partition(" ")
        if key == name:
            return int(value)
    return 0


def _values_v1(limits: Limits) -> dict[str, dict[str, str]]:
    values: dict[str, dict[str, str]] = {}
    if limits.memory_bytes:
        size = str(limits.memory_bytes)
        values["memory"] = {"memory.limit_in_bytes": size, "?memory.memsw.limit_in_bytes": size}
    if limits.cpu:
        values["cpu"] = {"cpu.cfs_quota_us": str(max(1000, int(limits.cpu * PERIOD_MICROSECONDS)))}
    if limits.processes:
        values["pids"] = {"pids.max": str(limits.processes + OWN_PROCESSES)}
    return values


def _values_v2(limits: Limits) -> dict[str, dict[str, str]]:
    values: dict[str, dict[str, str]] = {}
    if limits.memory_bytes:
        values["memory"] = {"memory.max": str(limits.memory_bytes), "?memory.swap.max": "0"}
    if limits.cpu:
        quota = max(1000, int(limits.cpu * PERIOD_MICROSECONDS))
        values["cpu"] = {"cpu.max": f"{quota} {PERIOD_MICROSECONDS}"}
    if limits.processes:
        values["pids"] = {"pids.max": str(limits.processes + OWN_PROCESSES)}
    return values


def _membership(text: str) -> list[tuple[str, str]]:
    """Read /proc/self/cgroup into (controller, path) pairs; version 2 has the empty name."""
    pairs = []
    for line in text.splitlines():
        _, controllers, path = line.split(":", 2)
        pairs += [(controller, path) for controller in controllers.split(",")]
    return pairs


def _v1_folder(root: Path, controller: str, own: dict[str, str]) -> Path | None:
    mount = root / controller
    here = mount / own.get(controller, "/").lstrip("/")
    folder = here if here.is_dir() else mount
    # A folder of a version 1 hierarchy always has this file; a plain folder in its place does not.
    return folder if (folder / "cgroup.procs").exists() and _may_make(folder) else None


def _v2_folder(root: Path, own: str) -> Path | None:
    """Find the nearest group at or above ours that hands memory and pids down and lets us make groups."""
    here = root / own.lstrip("/")
    for folder in (here, *here.parents):
        control = folder / "cgroup.subtree_control"
        if not folder.is_relative_to(root) or not control.exists():
            continue
        _ask_for_controllers(folder)
        if {"memory", "pids"} <= set(control.read_text().split()) and _may_make(folder):
            return folder
    return None


def _ask_for_controllers(folder: Path) -> None:
    """Have the group hand its controllers down; refused (EBUSY) where it holds processes itself, unless the root."""
    try:
        available = (folder / "cgroup.controllers").read_text().split()
        wanted = [f"+{name}" for name in ("memory", "cpu", "pids") if name in available]
        (folder / "cgroup.subtree_control").write_text(" ".join(wanted))
    except OSError:
        return


def _may_make(folder: Path) -> bool:
    probe = folder / f"hothouse-probe-{os.getpid()}"
    try:
        probe.mkdir()
        probe.rmdir()
    except OSError:
        return False
    return True
