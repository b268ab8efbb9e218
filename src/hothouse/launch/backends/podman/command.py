"""Say how podman must be run for one workload: from which image, what it sees, as whom, and nothing else."""

import os
import resource
from pathlib import Path

from hothouse.launch.backends.local import bubblewrap
from hothouse.launch.errors import InvalidSpecError
from hothouse.launch.interfaces import Isolation, WorkloadSpec

from .tool import Podman

OPEN_FILES = 8192
PROCESSES = 32768
FILTER, HOOKS = "seccomp.json", "hooks"
ENVIRONMENT = "env"


def command(
    spec: WorkloadSpec,
    podman: Podman,
    isolation: Isolation,
    *,
    name: str,
    folder: Path,
    memory: Path,
    shown: dict[str, str],
    parent: str | None,
    is_private: bool,
) -> list[str]:
    """Build the command line; `shown` names the file in the folder `memory` for each place it is shown at.

    Raises:
        InvalidSpecError: a mount would show what no workload may see, or cannot be told to podman.
    """
    network = spec.network
    takes_socket = network is not None and network.takes_socket
    return [
        *podman.argv, "--hooks-dir", str(folder / HOOKS), "run",
        "--name", name, "--pull", "never", "--log-driver", "passthrough", "--hostname", "hothouse",
        "--init", "--init-path", podman.init, "--systemd", "false", "--entrypoint", "",
        "--network", "none" if is_private else "host",
        *(["--no-hosts"] if is_private else []),
        "--cgroupns", "private", "--cgroups", "no-conmon", *(["--cgroup-parent", parent] if parent else []),
        *(["--preserve-fds", "1"] if takes_socket else []),
        *_hardening(spec, isolation, folder),
        *_user(spec),
        *_limits(spec),
        *_environment(spec, memory),
        *_mounts(spec, folder.parent, memory, shown),
        "--workdir", str(spec.cwd),
        "--", spec.image or "", *spec.argv,
    ]  # fmt: skip


def _hardening(spec: WorkloadSpec, isolation: Isolation, folder: Path) -> list[str]:
    # What lies there counts as the workload's memory: full, it must leave some for programs to go on with.
    size = (spec.limits.memory_bytes or 2 * bubblewrap.SHARED_MEMORY_BYTES) // 2
    options = ["--cap-drop", "all", "--security-opt", "no-new-privileges", "--read-only", "--read-only-tmpfs=false"]
    options += ["--security-opt", "mask=/sys"]  # the machine's devices; sandboxes have none of it either
    if "system-calls" in isolation.layers:
        options += ["--security-opt", f"seccomp={folder / FILTER}"]
    for place in ("/tmp", "/var/tmp"):  # noqa: S108 - both are private to the container
        options += ["--tmpfs", f"{place}:rw,exec,nosuid,nodev,notmpcopyup,mode=1777,size={size}"]
    return [*options, "--shm-size", str(size), "--oom-score-adj", "300"]


def _user(spec: WorkloadSpec) -> list[str]:
    """Run as the workload's own user; without root the platform's own is the same inside as outside."""
    if os.geteuid() == 0:
        uid = 65534 if spec.uid is None else spec.uid
        return ["--user", f"{uid}:{uid}"]
    return ["--userns", "keep-id", "--user", f"{os.geteuid()}:{os.getegid()}"]


def _limits(spec: WorkloadSpec) -> list[str]:
    """Set what is counted per process; the keeper's control groups count the rest."""
    processes = PROCESSES
    if spec.limits.processes and os.geteuid() == 0 and spec.uid is not None:
        processes = spec.limits.processes
    return [*file_limits(processes), *_ulimits({"core": 0, "fsize": spec.limits.file_bytes})]


def file_limits(processes: int = PROCESSES) -> list[str]:
    """Say what podman would otherwise ask for in excess of what this process may give."""
    files = _at_most(resource.RLIMIT_NOFILE, OPEN_FILES)
    return _ulimits({"nofile": files, "nproc": _at_most(resource.RLIMIT_NPROC, processes)})


def _ulimits(wanted: dict[str, int | None]) -> list[str]:
    given = {name: value for name, value in wanted.items() if value is not None}
    return [word for name, value in given.items() for word in ("--ulimit", f"{name}={value}:{value}")]


def _at_most(kind: int, value: int) -> int:
    hard = resource.getrlimit(kind)[1]
    return value if hard == resource.RLIM_INFINITY else min(value, hard)


def _environment(spec: WorkloadSpec, memory: Path) -> list[str]:
    """Set the variables; those that fit on a line by a file in memory, for command lines are seen by everybody."""
    options = ["--env-file", str(memory / ENVIRONMENT)]
    for name, value in spec.env.items():
        if not _fits_a_line(name, value):
            options += ["--env", f"{name}={value}"]
    return options


def environment_file(spec: WorkloadSpec) -> str:
    """Write the variables that fit on a line each."""
    return "".join(f"{name}={value}\n" for name, value in spec.env.items() if _fits_a_line(name, value))


def _fits_a_line(name: str, value: str) -> bool:
    return name == name.strip() and name[:1] not in ("#", "") and not {"\n", "\r"} & {*name, *value}


def _mounts(spec: WorkloadSpec, forbidden: Path, memory: Path, shown: dict[str, str]) -> list[str]:
    bubblewrap.check_mounts(spec, forbidden)
    mounts = [(str(mount.source), str(mount.place), mount.writable) for mount in spec.mounts]
    mounts += [(str(memory / name), place, False) for place, name in shown.items()]
    options = []
    for source, place, is_writable in sorted(mounts, key=lambda mount: mount[1].count("/")):
        if {",", '"', "\n"} & {*source, *place}:
            raise InvalidSpecError(f"mount {source} has a comma, a quote or a line break in its name")
        mode = "rw" if is_writable else "ro"
        options += ["--mount", f"type=bind,src={source},dst={place},{mode},nosuid,nodev"]
    return options
