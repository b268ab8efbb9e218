"""Find out what this machine can contain, by trying it.

`detect` chooses the isolation that workloads will get; `examine` tells `hothouse doctor` what is there, what is not and
what to install.
"""

import os
import platform
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from hothouse.launch.backends.local import cgroups
from hothouse.launch.backends.local.tools import find_tools
from hothouse.launch.backends.local.trial import try_sandbox
from hothouse.launch.errors import IsolationMissingError
from hothouse.launch.interfaces import Isolation

Preference = Literal["auto", "bubblewrap", "process"]
State = Literal["ok", "partial", "missing"]

_NOT_BUILT_YET = (
    "workloads share the machine's network",
    "system calls are not filtered",
    "disk space is not limited",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing the machine offers or lacks; `advice` is empty where there is nothing to do."""

    name: str
    state: State
    found: str
    advice: str = ""


def detect(preferred: Preference = "auto") -> Isolation:
    """Choose the strongest isolation that works here, or the preferred one.

    Raises:
        IsolationMissingError: bubblewrap was asked for by name and does not work; the message says why.
    """
    if preferred == "process":
        return _process("plain processes were asked for in the settings (HOTHOUSE_LAUNCH_ISOLATION=process)")
    try:
        _try_bubblewrap()
    except IsolationMissingError as error:
        if preferred == "bubblewrap":
            raise
        return _process(str(error))
    return Isolation(level="good", mechanism="bubblewrap", reasons=(*_NOT_BUILT_YET, *_unlimited()))


def examine() -> list[Finding]:
    """Look at everything that the isolation of workloads builds on."""
    return [
        _sandbox(),
        _user_namespaces(),
        _control_groups(),
        _freezer(),
        _swap(),
        _loop(),
        _tunnel(),
        _user_network(),
        _kernel(),
        _uv(),
    ]


def _process(why: str) -> Isolation:
    reasons = (why, "workloads see the machine's files and processes as far as their user may", *_unlimited())
    return Isolation(level="weak", mechanism="process", reasons=reasons)


def _unlimited() -> tuple[str, ...]:
    hierarchy = cgroups.find()
    missing = ["memory", "cpu", "pids"] if hierarchy is None else hierarchy.missing()
    names = {"memory": "memory", "cpu": "processor time", "pids": "number of processes"}
    return tuple(f"{names[name]} is not limited: no writable control group for it" for name in missing)


def _try_bubblewrap() -> None:
    """Run a program in a sandbox made just as for a workload."""
    if sys.platform != "linux":
        raise IsolationMissingError(f"bubblewrap needs Linux, this is {platform.system()}")
    find_tools()
    with tempfile.TemporaryDirectory(prefix="hothouse-preflight-") as folder:
        complaint = try_sandbox(Path(folder))
    if complaint is not None:
        raise IsolationMissingError(f"bubblewrap does not work here: {complaint}. {_userns_advice()}".strip())


def _userns_advice() -> str:
    if os.geteuid() == 0:
        return "A container must be allowed to make namespaces and mounts (CAP_SYS_ADMIN)."
    return "Allow user namespaces (sysctl kernel.unprivileged_userns_clone=1, user.max_user_namespaces>0; AppArmor)."


def _sandbox() -> Finding:
    isolation = detect()
    reasons = "; ".join(isolation.reasons)
    if isolation.mechanism == "bubblewrap":
        return Finding(name="bubblewrap", state="ok", found=f"level {isolation.level}: {reasons}")
    advice = "install the package `bubblewrap`" if shutil.which("bwrap") is None else _userns_advice()
    return Finding(name="bubblewrap", state="missing", found=isolation.reasons[0], advice=advice)


def _user_namespaces() -> Finding:
    name = "user namespaces"
    limit = _read("/proc/sys/user/max_user_namespaces")
    if limit is None or limit == "0":
        return Finding(name=name, state="missing", found="none may be made", advice="sysctl user.max_user_namespaces")
    if _read("/proc/sys/kernel/unprivileged_userns_clone") == "0":
        advice = "sysctl kernel.unprivileged_userns_clone=1"
        return Finding(name=name, state="partial", found="for root only", advice=advice)
    if _read("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == "1" and os.geteuid() != 0:
        advice = "an AppArmor profile for bwrap, or sysctl kernel.apparmor_restrict_unprivileged_userns=0"
        return Finding(name=name, state="partial", found="restricted by AppArmor", advice=advice)
    return Finding(name=name, state="ok", found=f"up to {limit}")


def _control_groups() -> Finding:
    hierarchy = cgroups.find()
    advice = "run as root, or in a systemd unit with Delegate=yes, so that limits can be set"
    if hierarchy is None:
        return Finding(name="control groups", state="missing", found="none are writable", advice=advice)
    names = ", ".join(sorted(hierarchy.folders))
    found = f"version {hierarchy.version}, writable: {names}"
    if hierarchy.missing():
        return Finding(name="control groups", state="partial", found=found, advice=advice)
    return Finding(name="control groups", state="ok", found=found)


def _freezer() -> Finding:
    name, advice = "freezer", "sleeping apps are stopped instead of frozen; a freezer control group would help"
    v1 = Path("/sys/fs/cgroup/freezer")
    hierarchy = cgroups.find()
    if hierarchy is not None and hierarchy.version == 2:
        return Finding(name=name, state="ok", found="part of control groups version 2")
    if os.access(v1, os.W_OK) and (v1 / "cgroup.procs").exists():
        return Finding(name=name, state="ok", found=f"version 1 at {v1}")
    return Finding(name=name, state="missing", found="no writable freezer", advice=advice)


def _swap() -> Finding:
    areas = (_read("/proc/swaps") or "").splitlines()[1:]
    if areas:
        return Finding(name="swap", state="ok", found=f"{len(areas)} in use")
    advice = "a swap file or zram would let frozen apps give their memory back"
    return Finding(name="swap", state="missing", found="no swap", advice=advice)


def _loop() -> Finding:
    if os.geteuid() == 0 and Path("/dev/loop-control").exists():
        return Finding(name="loop devices", state="ok", found="/dev/loop-control")
    found = "no /dev/loop-control" if os.geteuid() == 0 else "only root may mount images"
    advice = "disk limits by image need root and the `loop` module"
    return Finding(name="loop devices", state="missing", found=found, advice=advice)


def _tunnel() -> Finding:
    device = Path("/dev/net/tun")
    if os.access(device, os.R_OK | os.W_OK):
        return Finding(name="tun device", state="ok", found=str(device))
    advice = "modprobe tun, and mode 0666 for ordinary users: private networks with internet access need it"
    return Finding(name="tun device", state="missing", found=f"{device} cannot be opened", advice=advice)


def _user_network() -> Finding:
    for program in ("pasta", "slirp4netns"):
        if path := shutil.which(program):
            return Finding(name="user-mode network", state="ok", found=path)
    advice = "install the package `slirp4netns` or `passt`"
    return Finding(name="user-mode network", state="missing", found="neither pasta nor slirp4netns", advice=advice)


def _kernel() -> Finding:
    release = platform.release()
    if sys.platform != "linux":
        return Finding(name="kernel", state="partial", found=f"{platform.system()} {release}", advice="Linux isolates")
    version = tuple(int(part) for part in release.split("-")[0].split(".")[:2] if part.isdigit())
    if version >= (5, 10):
        return Finding(name="kernel", state="ok", found=f"Linux {release}")
    return Finding(name="kernel", state="partial", found=f"Linux {release}", advice="5.10 or newer is recommended")


def _uv() -> Finding:
    path = shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}")
    if path:
        return Finding(name="uv", state="ok", found=path)
    return Finding(name="uv", state="missing", found="not found", advice="pip install uv: builds need it")


def _read(path: str) -> str | None:
    try:
        return Path(path).read_text(encoding="ascii").strip()
    except OSError:
        return None
