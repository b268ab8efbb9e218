"""Say how bubblewrap must be run for one workload: what it sees, as whom, and nothing else.

The namespaces, mounts and their traps were measured on real machines; `docs/adr/0005-local-launcher.md` has the why.
"""

import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePath

from hothouse.launch.errors import InvalidSpecError
from hothouse.launch.interfaces import Mount, WorkloadSpec

from . import seccomp
from .keeper.spawn import FIRST_BLOB_FD, GATE_FD
from .tools import Tools

STATUS_FD = 19
SHARED_MEMORY_BYTES = 512 * 2**20
_SYSTEM_FOLDERS = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix/store")
_SYSTEM_FILES = (
    "/etc/alternatives",
    "/etc/ca-certificates.conf",
    "/etc/fonts",
    "/etc/gai.conf",
    "/etc/host.conf",
    "/etc/hosts",
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/localtime",
    "/etc/mime.types",
    "/etc/nsswitch.conf",
    "/etc/pki/ca-trust/extracted",
    "/etc/pki/tls/cert.pem",
    "/etc/pki/tls/certs",
    "/etc/protocols",
    "/etc/resolv.conf",
    "/etc/services",
    "/etc/ssl/cert.pem",
    "/etc/ssl/certs",
    "/etc/ssl/openssl.cnf",
)
NAME_LOOKUP = {
    "/etc/hosts": "127.0.0.1 localhost hothouse\n::1 localhost\n",
    "/etc/resolv.conf": "nameserver 127.0.0.1\n",
}
"""How names are looked up in a private network: by its relay."""
_NEVER_MOUNTED = ("/proc", "/dev", "/sys")
_NEVER_COVERED = (*_NEVER_MOUNTED, *_SYSTEM_FOLDERS, "/etc", "/run", "/tmp")  # noqa: S108 - names to refuse
_NEVER_MOUNTED_WHOLE = ("/", "/etc", "/tmp", "/usr", "/var", "/home", "/root", "/run")  # noqa: S108 - names to refuse


@dataclass(frozen=True, slots=True)
class Command:
    """What the keeper executes: `blobs` become descriptors from `FIRST_BLOB_FD` on."""

    argv: list[str]
    blobs: list[str]


def command(
    spec: WorkloadSpec, *, forbidden: Path, found: Tools, is_filtered: bool = False, is_private: bool = False
) -> Command:
    """Build the bubblewrap command of a workload; `forbidden` is the launcher's own folder, never to be shown.

    With `is_private` it has a network of its own, and waits for that to be ready before the program is started.

    Raises:
        InvalidSpecError: a mount is missing, or would show what no workload may see.
    """
    uid = _uid(spec)
    given = {
        "/etc/passwd": _passwd(uid, spec.env.get("HOME", "/")),
        "/etc/group": f"app:x:{uid}:\n",
        **(NAME_LOOKUP if is_private else {}),
        **spec.files,
    }
    arguments = [
        *_namespaces(found),
        *(["--unshare-net", "--block-fd", str(GATE_FD)] if is_private else []),
        *_environment(spec.env),
        *_private_folders(spec),
        *_system(),
        *_binds(_mounts(spec, forbidden)),
        *_given(given),
        "--remount-ro", "/",
        "--chdir", str(spec.cwd),
    ]  # fmt: skip
    texts = list(given.values())
    if is_filtered:
        arguments += ["--seccomp", str(FIRST_BLOB_FD + 1 + len(texts))]
        texts.append(seccomp.program().decode("utf-8", "surrogateescape"))
    blobs = ["\0".join(arguments) + "\0", *texts]
    argv = [found.bwrap, "--args", str(FIRST_BLOB_FD), "--", *_privileges(spec, uid, found), *spec.argv]
    return Command(argv, blobs)


def _uid(spec: WorkloadSpec) -> int:
    return os.geteuid() if spec.uid is None else spec.uid


def _namespaces(found: Tools) -> list[str]:
    arguments = ["--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try", "--hostname", "hothouse"]
    # With both of these the tree ends with its first process, and bubblewrap's own first process reaps orphans.
    arguments += ["--die-with-parent", "--new-session", "--json-status-fd", str(STATUS_FD)]
    if os.geteuid() == 0:
        arguments += ["--cap-drop", "ALL"]
        for capability in ("CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP"):
            arguments += ["--cap-add", capability]
        return arguments
    arguments += ["--unshare-user"]
    return arguments + (["--disable-userns"] if found.has("--disable-userns") else [])


def _environment(env: Mapping[str, str]) -> list[str]:
    arguments = ["--clearenv"]
    for name, value in env.items():
        arguments += ["--setenv", name, value]
    return arguments


def _private_folders(spec: WorkloadSpec) -> list[str]:
    size = str(spec.limits.memory_bytes or SHARED_MEMORY_BYTES)
    arguments = ["--proc", "/proc", "--dev", "/dev"]
    for folder in ("/dev/shm", "/tmp"):  # noqa: S108 - both are private to the sandbox
        arguments += ["--perms", "1777", "--size", size, "--tmpfs", folder]
    for folder in ("/etc", "/run", "/var"):
        arguments += ["--perms", "0755", "--dir", folder]
    return [*arguments, "--symlink", "/tmp", "/var/tmp"]  # noqa: S108 - as above


@cache
def _system() -> tuple[str, ...]:
    """Show the system's programs and libraries, and of /etc only what name lookup and TLS need."""
    arguments: list[str] = []
    made: set[PurePath] = {PurePath("/"), PurePath("/etc")}
    for name in (*_SYSTEM_FOLDERS, *_SYSTEM_FILES):
        path = Path(name)
        if not path.exists():
            continue
        arguments += _parents(path, made)
        if path.is_symlink() and path.parent == Path("/"):
            arguments += ["--symlink", str(path.readlink()), name]
        else:
            arguments += ["--ro-bind", name, name]
    return tuple(arguments)


def _given(names: Iterable[str]) -> list[str]:
    """Show files by content: the synthesized accounts, and what the spec gives."""
    arguments: list[str] = []
    made: set[PurePath] = {PurePath("/"), PurePath("/etc"), PurePath("/run"), PurePath("/tmp")}  # noqa: S108 - the sandbox's
    for number, name in enumerate(names, FIRST_BLOB_FD + 1):
        arguments += [*_parents(Path(name), made), "--perms", "0444", "--ro-bind-data", str(number), name]
    return arguments


def _passwd(uid: int, home: str) -> str:
    """Synthesize an account file that holds the app alone; a colon or line break cannot be in it."""
    safe = home if not {":", "\n"} & set(home) else "/"
    return f"app:x:{uid}:{uid}:app:{safe}:/bin/sh\n"


def _mounts(spec: WorkloadSpec, forbidden: Path) -> dict[Path, Mount]:
    """Gather what to show, by where; Python itself is always there."""
    check_mounts(spec, forbidden)
    return {path: Mount(source=path) for path in _python()} | {mount.place: mount for mount in spec.mounts}


def check_mounts(spec: WorkloadSpec, forbidden: Path) -> None:
    """See that mounts show no more than a workload may see; `forbidden` is the launcher's folder.

    Raises:
        InvalidSpecError: one would.
    """
    for mount in spec.mounts:
        _check(mount.source, forbidden, writable=mount.writable)
        if mount.target is not None:
            _check_target(mount.target)


@cache
def _python() -> tuple[Path, ...]:
    """Name the folders of the interpreter that virtual environments are made from, where /usr does not hold them."""
    named = {Path(sys.base_prefix), Path(sys.base_prefix).resolve()}
    return tuple(sorted(path for path in named if not path.is_relative_to("/usr") and path != Path("/")))


def _check(source: Path, forbidden: Path, *, writable: bool) -> None:
    if not source.is_absolute() or ".." in source.parts:
        raise InvalidSpecError(f"mount {source} is not an absolute path without `..`")
    real = source.resolve()
    if writable and source.is_symlink():
        raise InvalidSpecError(f"mount {source} is a link: name the folder it points to")
    for path in (source, real):
        if str(path) in _NEVER_MOUNTED_WHOLE or any(path.is_relative_to(name) for name in _NEVER_MOUNTED):
            raise InvalidSpecError(f"mount {source} would show parts of the host that no workload may see")
    if forbidden.resolve().is_relative_to(real):
        raise InvalidSpecError(f"mount {source} holds the launcher's own files ({forbidden}): mount less")


def _check_target(target: Path) -> None:
    parts = target.parts
    if not target.is_absolute() or ".." in parts or len(parts) < 3 or str(target).startswith(_NEVER_COVERED):
        raise InvalidSpecError(f"nothing can be shown at {target}: give a folder below /home, /srv or the like")


def _binds(shown: Mapping[Path, Mount]) -> list[str]:
    arguments: list[str] = []
    made: set[PurePath] = {PurePath("/")}
    for path in sorted(shown, key=lambda path: len(path.parts)):
        if not any(parent in shown for parent in path.parents):
            arguments += _parents(path, made)
        arguments += ["--bind" if shown[path].writable else "--ro-bind", str(shown[path].source), str(path)]
    return arguments


def _parents(path: Path, made: set[PurePath]) -> Iterable[str]:
    """Make the folders above a mount point open to all: bubblewrap run by root would make them 0700."""
    arguments: list[str] = []
    for parent in reversed(path.parents):
        if parent not in made:
            made.add(parent)
            arguments += ["--perms", "0755", "--dir", str(parent)]
    return arguments


def _privileges(spec: WorkloadSpec, uid: int, found: Tools) -> list[str]:
    """Give up root for good, or as an ordinary user bound the number of processes inside the sandbox."""
    if os.geteuid() == 0 and found.setpriv is not None:
        who = ["--reuid", str(uid), "--regid", str(uid), "--clear-groups"]
        none = ["--bounding-set=-all", "--inh-caps=-all", "--ambient-caps=-all", "--no-new-privs"]
        return [found.setpriv, *who, *none, "--"]
    if found.prlimit is not None and spec.limits.processes:
        # Set inside, where only the sandbox's own processes count; outside all of the user's would.
        return [found.prlimit, f"--nproc={spec.limits.processes}", "--"]
    return []
