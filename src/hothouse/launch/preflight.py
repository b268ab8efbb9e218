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

from hothouse.launch import disks, levels
from hothouse.launch.backends.local import cgroups, seccomp
from hothouse.launch.backends.local.tools import find_slirp, find_tools
from hothouse.launch.backends.local.trial import try_launch
from hothouse.launch.backends.podman import filtering
from hothouse.launch.backends.podman.tool import find_podman
from hothouse.launch.backends.podman.trial import try_podman
from hothouse.launch.errors import IsolationMissingError, LaunchError
from hothouse.launch.interfaces import Isolation, Layer, Mechanism

Preference = Literal["auto", "bubblewrap", "process"]
NetworkPreference = Literal["auto", "private", "shared"]
State = Literal["ok", "partial", "missing"]


NETWORK_SETTING = "HOTHOUSE_LAUNCH_NETWORK"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing the machine offers or lacks; `advice` is empty where there is nothing to do."""

    name: str
    state: State
    found: str
    advice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Networking:
    """The layers of its network that a workload can have here, and `why` not both."""

    layers: tuple[Layer, ...]
    why: tuple[str, ...] = ()


def detect(preferred: Preference = "auto", network: NetworkPreference = "auto") -> Isolation:
    """Choose the strongest isolation that works here, or the preferred one.

    Raises:
        IsolationMissingError: bubblewrap or a private network was asked for and does not work; the message says why.
    """
    if preferred == "process":
        why = "plain processes were asked for in the settings (HOTHOUSE_LAUNCH_ISOLATION=process)"
        return _process(why, network)
    try:
        layers = _try_bubblewrap()
    except IsolationMissingError as error:
        if preferred == "bubblewrap":
            raise
        return _process(str(error), network)
    found = private_network(network)
    return levels.grade("bubblewrap", (*layers, *found.layers, *_around()), why=found.why)


def detect_podman(network: NetworkPreference = "auto") -> Isolation:
    """Find out by trying how well podman contains workloads that run in images.

    Raises:
        IsolationMissingError: it does not work here, or a private network was asked for and does not.
    """
    if sys.platform != "linux":
        raise IsolationMissingError(f"podman needs Linux, this is {platform.system()}")
    find_podman()
    asked: list[list[Layer]] = [["network", "internet"]] if find_slirp() else []
    asked += [["network"]] if network != "shared" else []
    filtered: list[Layer] = ["system-calls"] if filtering.is_known() else []
    complaints: list[str] = []
    for layers in [[]] if network == "shared" else asked:
        with tempfile.TemporaryDirectory(prefix="hothouse-preflight-") as folder:
            complaint = try_podman(Path(folder), *layers, *filtered)
        if complaint is None:
            found: list[Layer] = layers or ["internet"]
            return levels.grade("podman", (*found, *filtered, *_around()), why=complaints)
        complaints.append(complaint)
    raise IsolationMissingError(f"podman does not work here: {complaints[-1]}")


def private_network(preferred: NetworkPreference = "auto") -> Networking:
    """Find out by trying whether workloads in bubblewrap can have networks of their own, and the internet from there.

    A network that is shared has the internet without further ado.

    Raises:
        IsolationMissingError: it was asked for and does not work.
    """
    if preferred == "shared":
        return Networking(layers=("internet",), why=(f"that was asked for in the settings ({NETWORK_SETTING}=shared)",))
    complaint = _try_layers("network")
    if complaint is not None:
        if preferred == "private":
            raise IsolationMissingError(f"private networks do not work here: {complaint}")
        return Networking(layers=("internet",), why=(f"private networks do not work here: {complaint}",))
    complaint = _try_layers("network", "internet") if find_slirp() else "it is not installed"
    if complaint is not None:
        return Networking(layers=("network",), why=(f"slirp4netns does not work here: {complaint}",))
    return Networking(layers=("network", "internet"))


def _try_layers(*layers: Layer) -> str | None:
    with tempfile.TemporaryDirectory(prefix="hothouse-preflight-") as folder:
        return try_launch("bubblewrap", Path(folder), *layers)


def examine() -> list[Finding]:
    """Look at everything that the isolation of workloads builds on."""
    isolation = detect()
    return [
        _sandbox(isolation),
        _podman(),
        _user_namespaces(),
        _filter(isolation),
        _control_groups(),
        _freezer(),
        _swap(),
        _loop(),
        _tunnel(),
        _network(),
        _kernel(),
        _uv(),
    ]


def _process(why: str, network: NetworkPreference) -> Isolation:
    if network == "private":
        raise IsolationMissingError(f"private networks ({NETWORK_SETTING}=private) need bubblewrap: {why}")
    seen = "workloads see the machine's files and processes as far as their user may"
    with tempfile.TemporaryDirectory(prefix="hothouse-preflight-") as folder:
        layers: list[Layer] = ["system-calls"] if _can_filter("process", Path(folder)) else []
    return levels.grade("process", (*layers, "internet", *_around()), why=(why, seen))


def _can_filter(mechanism: Mechanism, folder: Path) -> bool:
    return seccomp.is_known() and try_launch(mechanism, folder / f"{mechanism}-filtered", "system-calls") is None


def _around() -> list[Layer]:
    """Find the layers that any mechanism has around it."""
    hierarchy = cgroups.find()
    limits: list[Layer] = ["memory", "cpu", "pids"]
    layers = [name for name in limits if hierarchy is not None and name not in hierarchy.missing()]
    if os.geteuid() == 0:
        layers.append("users")
    if disks.can_mount():
        layers.append("disk")
    return layers


def _try_bubblewrap() -> list[Layer]:
    """Run a program in a sandbox made just as for a workload; returns the layers that work."""
    if sys.platform != "linux":
        raise IsolationMissingError(f"bubblewrap needs Linux, this is {platform.system()}")
    find_tools()
    with tempfile.TemporaryDirectory(prefix="hothouse-preflight-") as folder:
        if _can_filter("bubblewrap", Path(folder)):
            return ["system-calls"]
        complaint = try_launch("bubblewrap", Path(folder, "unfiltered"))
    if complaint is not None:
        raise IsolationMissingError(f"bubblewrap does not work here: {complaint}. {_userns_advice()}".strip())
    return []


def _userns_advice() -> str:
    if os.geteuid() == 0:
        return "A container must be allowed to make namespaces and mounts (CAP_SYS_ADMIN)."
    return "Allow user namespaces (sysctl kernel.unprivileged_userns_clone=1, user.max_user_namespaces>0; AppArmor)."


def _sandbox(isolation: Isolation) -> Finding:
    reasons = "; ".join(isolation.reasons)
    if isolation.mechanism == "bubblewrap":
        return Finding(name="bubblewrap", state="ok", found=f"level {isolation.level}: {reasons}")
    advice = "install the package `bubblewrap`" if shutil.which("bwrap") is None else _userns_advice()
    return Finding(name="bubblewrap", state="missing", found=isolation.reasons[0], advice=advice)


def _podman() -> Finding:
    try:
        isolation = detect_podman()
    except LaunchError as error:
        advice = "install the packages podman, runc, conmon and catatonit if environments are to run in images"
        return Finding(name="podman", state="partial", found=str(error), advice=advice)
    user = "root" if os.geteuid() == 0 else "an ordinary user"
    found = f"level {isolation.level}, as {user}: {'; '.join(isolation.reasons) or 'all layers are in force'}"
    return Finding(name="podman", state="ok", found=found)


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


def _filter(isolation: Isolation) -> Finding:
    name = "system call filter"
    if "system-calls" in isolation.layers:
        return Finding(name=name, state="ok", found="loaded in a trial")
    found = "not known for this processor" if not seccomp.is_known() else "the kernel did not take it"
    advice = "x86-64 or aarch64, and a kernel with CONFIG_SECCOMP_FILTER"
    return Finding(name=name, state="missing", found=found, advice=advice)


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
    name, hierarchy = "freezer", cgroups.find()
    if hierarchy is not None and hierarchy.can_freeze():
        return Finding(name=name, state="ok", found=f"control groups version {hierarchy.version}")
    advice = "workloads are frozen by signals, which their programs may notice; a freezer control group would help"
    return Finding(name=name, state="partial", found="no writable freezer", advice=advice)


def _swap() -> Finding:
    areas = (_read("/proc/swaps") or "").splitlines()[1:]
    if areas:
        return Finding(name="swap", state="ok", found=f"{len(areas)} in use")
    advice = "a swap file or zram would let frozen apps give their memory back"
    return Finding(name="swap", state="missing", found="no swap", advice=advice)


def _loop() -> Finding:
    name = "disk images"
    if disks.can_mount():
        return Finding(name=name, state="ok", found="a file system in an image can be made and mounted")
    found = "no image could be mounted" if os.geteuid() == 0 else "only root may mount images"
    advice = "space is watched instead; limits need root, the `loop` module and the package `e2fsprogs`"
    return Finding(name=name, state="partial", found=found, advice=advice)


def _tunnel() -> Finding:
    device = Path("/dev/net/tun")
    if os.access(device, os.R_OK | os.W_OK):
        return Finding(name="tun device", state="ok", found=str(device))
    advice = "modprobe tun, and mode 0666 for ordinary users: private networks with internet access need it"
    return Finding(name="tun device", state="missing", found=f"{device} cannot be opened", advice=advice)


def _network() -> Finding:
    name = "private network"
    try:
        found = private_network()
    except LaunchError as error:
        return Finding(name=name, state="missing", found=str(error), advice="make bubblewrap work first")
    if "network" not in found.layers:
        return Finding(name=name, state="missing", found="; ".join(found.why), advice=_userns_advice())
    if found.why:
        advice = "install the package `slirp4netns`, and let /dev/net/tun be opened"
        return Finding(name=name, state="partial", found=f"without internet: {'; '.join(found.why)}", advice=advice)
    return Finding(name=name, state="ok", found="each app has its own, and internet access by slirp4netns")


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
