"""Turn a workload's spec into the plan its keeper carries out."""

import os
import stat
from pathlib import Path

from hothouse.launch.errors import InvalidSpecError, LaunchError
from hothouse.launch.interfaces import Isolation, Mount, WorkloadSpec

from . import bubblewrap, seccomp
from .cgroups import Hierarchy, group_name
from .keeper.plan import Plan
from .networks import endpoint_of, network_plan
from .records import isolation_record
from .tools import find_tools

OPEN_FILES = 8192
WATCH_SECONDS = 5.0


def make_plan(spec: WorkloadSpec, folder: Path, isolation: Isolation, hierarchy: Hierarchy | None) -> Plan:
    """Decide everything about how a workload runs.

    Writable mounts that root owns are handed to the workload's user (the folder itself, not what is in it).

    Raises:
        InvalidSpecError: the spec cannot be carried out as it is.
    """
    plan = base_plan(spec, folder, isolation, hierarchy)
    network = plan["network"]
    is_filtered, is_private = "system-calls" in isolation.layers, network is not None and network["is_private"]
    if isolation.mechanism == "bubblewrap":
        command = bubblewrap.command(
            spec, forbidden=folder.parent, found=find_tools(), is_filtered=is_filtered, is_private=is_private
        )
        plan |= {"argv": command.argv, "blobs": command.blobs, "env": {}, "cwd": "/", "uid": None}
        plan["status_fd"] = bubblewrap.STATUS_FD
    elif spec.files or any(mount.target for mount in spec.mounts):
        raise LaunchError(f"workload {spec.workload_id} needs a sandbox to be shown files: install bubblewrap")
    else:
        plan["filter"] = seccomp.program().hex() if is_filtered else ""
        if plan["uid"] is not None:
            _check_reach(spec, plan["uid"])
    hand_over(spec)
    return plan


def base_plan(spec: WorkloadSpec, folder: Path, isolation: Isolation, hierarchy: Hierarchy | None) -> Plan:
    """Decide what is the same however a workload is contained.

    Raises:
        InvalidSpecError: the spec cannot be carried out as it is.
    """
    check(spec)
    groups = hierarchy.groups(group_name(folder.parent, spec.workload_id), spec.limits) if hierarchy else []
    network = network_plan(spec, folder.parent, isolation)
    return {
        "folder": str(folder),
        "record": {
            "workload_id": spec.workload_id,
            "isolation": isolation_record(isolation),
            "grace_seconds": spec.grace_seconds,
            "memory_limit_bytes": spec.limits.memory_bytes,
            "watched_bytes": spec.limits.disk_bytes if watched_mounts(spec, isolation) else None,
            "is_counted": network is not None and network["is_private"] and not network["takes_socket"],
            "disks": [str(mount.source) for mount in imaged_mounts(spec, isolation)],
            "groups": [group["path"] for group in groups],
            "endpoint": endpoint_of(network),
            "door": network["door"] if network else None,
        },
        "mechanism": isolation.mechanism,
        "argv": list(spec.argv),
        "env": dict(spec.env),
        "cwd": str(spec.cwd),
        "uid": spec.uid if os.geteuid() == 0 else None,
        "rlimits": _rlimits(spec),
        "groups": groups,
        "blobs": [],
        "filter": "",
        "status_fd": None,
        "network": network,
        "container": None,
        "waits": spec.waits,
        "watched": [str(mount.source) for mount in watched_mounts(spec, isolation)],
        "disk_bytes": spec.limits.disk_bytes or 0,
        "watch_seconds": WATCH_SECONDS,
        "log_bytes": spec.limits.log_bytes,
        "grace_seconds": spec.grace_seconds,
    }


def limited_mounts(spec: WorkloadSpec) -> list[Mount]:
    """List the mounts whose space is to be limited."""
    return [each for each in spec.mounts if each.writable and each.is_limited and spec.limits.disk_bytes]


def imaged_mounts(spec: WorkloadSpec, isolation: Isolation) -> list[Mount]:
    """Return the limited mounts that get a file system of their own."""
    return [each for each in limited_mounts(spec) if "disk" in isolation.layers and not each.is_watched]


def watched_mounts(spec: WorkloadSpec, isolation: Isolation) -> list[Mount]:
    """Return the limited mounts that are measured again and again."""
    return [each for each in limited_mounts(spec) if "disk" not in isolation.layers or each.is_watched]


def check(spec: WorkloadSpec) -> None:
    """See that a spec can be carried out at all. Raises: InvalidSpecError."""
    if not spec.argv:
        raise InvalidSpecError(f"workload {spec.workload_id} names no program to run")
    if spec.limits.gpus:
        raise InvalidSpecError(
            f"workload {spec.workload_id} needs {spec.limits.gpus} GPUs, and this launcher offers none: ask for none"
        )
    for text in (*spec.argv, *spec.env, *spec.env.values()):
        if "\0" in text:
            raise InvalidSpecError(f"workload {spec.workload_id} has a NUL byte in its arguments or environment")
    for mount in spec.mounts:
        if not mount.source.exists():
            raise InvalidSpecError(f"mount {mount.source} does not exist: create it before starting the workload")
    if os.geteuid() == 0 and spec.uid == 0:
        raise InvalidSpecError(f"workload {spec.workload_id} may not run as root: give it a uid of its own")


def _check_reach(spec: WorkloadSpec, uid: int) -> None:
    """See that a plain process of another user can get at its files, which only a sandbox can show it otherwise."""
    program = [Path(spec.argv[0])] if "/" in spec.argv[0] else []
    for path in (spec.cwd, *(mount.source for mount in spec.mounts), *program):
        closed = _closed_parent(path, uid) or _closed_parent(path.resolve(), uid)
        if closed is not None:
            raise LaunchError(
                f"user {uid}, as whom workload {spec.workload_id} would run, may not enter {closed} to reach {path}: "
                "install bubblewrap, or keep the data folder and Python where every user may pass (mode 0711)"
            )


def _closed_parent(path: Path, uid: int) -> Path | None:
    for parent in reversed(path.parents):
        found = parent.stat()
        owner, group = found.st_uid == uid, found.st_gid == uid
        bit = stat.S_IXUSR if owner else stat.S_IXGRP if group else stat.S_IXOTH
        if not found.st_mode & bit:
            return parent
    return None


def _rlimits(spec: WorkloadSpec) -> dict[str, int]:
    limits = {"RLIMIT_CORE": 0, "RLIMIT_NOFILE": OPEN_FILES}
    if spec.limits.file_bytes:
        limits["RLIMIT_FSIZE"] = spec.limits.file_bytes
    # Counted per user: without a user of its own the workload would be charged for all of the owner's processes.
    if spec.limits.processes and os.geteuid() == 0 and spec.uid is not None:
        limits["RLIMIT_NPROC"] = spec.limits.processes
    return limits


def hand_over(spec: WorkloadSpec) -> None:
    """Give writable mounts that root owns to the workload's user."""
    if os.geteuid() != 0 or spec.uid is None:
        return
    for mount in spec.mounts:
        if mount.writable:
            _give(mount.source, spec.uid)


def _give(path: Path, uid: int) -> None:
    fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        if os.fstat(fd).st_uid == 0:
            os.fchown(fd, uid, uid)
    finally:
        os.close(fd)
