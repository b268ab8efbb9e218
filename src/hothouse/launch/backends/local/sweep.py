"""End what a killed keeper left behind, and measure trees where no control group does."""

import contextlib
import signal
import sys
from pathlib import Path
from typing import Any

import psutil

from hothouse.launch.interfaces import Usage

from .keeper import cgroup, container, door, tree
from .keeper.plan import Group

_SESSION_FIELD = 3
"""Position of the session id in /proc/<pid>/stat after the command's name."""
_CLOCK_SLACK_SECONDS = 30.0
"""How far the kernel's and our idea of when a workload started may differ; pids take longer to come round."""


def end_leftovers(record: dict[str, Any]) -> None:
    """Kill the workload's first process, its session and its control groups, then remove the groups and its door.

    What kept its private network ended with the keeper.
    """
    groups: list[Group] = [{"path": path, "values": {}} for path in record["groups"]]
    cgroup.end_all(groups)
    if record.get("pid"):
        _end_first(record["pid"], record)
    if left := record.get("container"):
        container.remove(left["remove"], left["env"], left["memory_folder"], left["groups"])
    cgroup.remove(groups)
    if record.get("door"):
        door.remove(record["door"])


def _end_first(pid: int, record: dict[str, Any]) -> None:
    """Kill the first process and its session, unless the pid belongs to somebody else by now."""
    try:
        born = psutil.Process(pid).create_time()
    except psutil.NoSuchProcess:
        born = None
    is_ours = born is not None and abs(born - record["started_at"]) < _CLOCK_SLACK_SECONDS
    if is_ours:
        tree.send(pid, signal.SIGKILL)
        if not tree.IS_LINUX:
            tree.send_group(pid, signal.SIGKILL)
    if is_ours or born is None:
        for member in _session(pid):
            tree.send(member, signal.SIGKILL)


def tree_usage(keeper_pid: int) -> Usage | None:
    """Add up what runs below a keeper; None when it is gone."""
    try:
        below = psutil.Process(keeper_pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return None
    cpu, memory, count = 0.0, 0, 0
    for process in below:
        with contextlib.suppress(psutil.Error):
            times = process.cpu_times()
            cpu += times.user + times.system
            memory += process.memory_info().rss
            count += 1
    return Usage(cpu_seconds=cpu, memory_bytes=memory, processes=count)


def _session(session: int) -> list[int]:
    """List the processes of a session; its number is not given out again while any of them lives."""
    if sys.platform != "linux":
        return []
    members = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_bytes().rpartition(b") ")[2].split()
        except OSError:
            continue
        if int(fields[_SESSION_FIELD]) == session:
            members.append(int(path.parent.name))
    return members
