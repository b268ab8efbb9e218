"""Find podman, and say how it must always be called here."""

import os
import pwd
import shutil
from dataclasses import dataclass
from functools import cache

from hothouse.launch.errors import IsolationMissingError

_SEARCHED = "/usr/sbin:/usr/local/bin:/usr/libexec/podman"
_ITS_OWN = (
    "XDG_RUNTIME_DIR", "XDG_DATA_HOME", "XDG_CONFIG_HOME",
    "CONTAINERS_CONF", "CONTAINERS_STORAGE_CONF", "CONTAINERS_REGISTRIES_CONF", "REGISTRY_AUTH_FILE",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Podman:
    """The program with the options that come before any command, and the environment it runs in."""

    argv: tuple[str, ...]
    env: dict[str, str]
    init: str

    def command(self, *words: str) -> list[str]:
        """Return the whole command line of one call."""
        return [*self.argv, *words]


@cache
def find_podman() -> Podman:
    """Find podman and what it needs.

    Raises:
        IsolationMissingError: something is not installed; the message says what.
    """
    found = {name: _which(name) for name in ("podman", "runc", "conmon", "catatonit")}
    missing = [name for name, path in found.items() if path is None]
    if missing:
        raise IsolationMissingError(f"not installed: {', '.join(missing)}; install the packages of the same names")
    # The keeper makes the control groups itself, also where there is no systemd. With runc alone it is known that
    # mounts are made before the hook by which a container is held back.
    argv = (str(found["podman"]), "--cgroup-manager=cgroupfs", "--runtime", str(found["runc"]), "--log-level=error")
    return Podman(argv=argv, env=_environment(), init=str(found["catatonit"]))


def _which(name: str) -> str | None:
    return shutil.which(name, path=f"{os.environ.get('PATH', os.defpath)}:{_SEARCHED}")


def _environment() -> dict[str, str]:
    """Return what podman sees of this process's environment: where it keeps its own things."""
    own = {name: os.environ[name] for name in _ITS_OWN if name in os.environ}
    try:
        home = os.environ.get("HOME") or pwd.getpwuid(os.geteuid()).pw_dir
    except KeyError:
        home = "/"
    return {"HOME": home, "PATH": f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin", **own}
