"""What an installation leaves on the machine: processes, control groups, mounts, networks, loop devices, sockets."""

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil

from hothouse.launch.backends.local.cgroups import group_name
from hothouse.launch.backends.local.networks import door_path
from hothouse.settings import Settings

GROUPS = Path("/sys/fs/cgroup")
FOLDERS = ("workloads", "builds")


class Traces:
    """Looks for what belongs to one installation; other ones may run on the same machine.

    A process may hide where it comes from, so `note` remembers everything below the supervisor, and `left` asks after
    it again, whoever is its parent by then.
    """

    def __init__(self, home: Path, port: int) -> None:
        self._home = str(home)
        self._run_dir = str(Settings(home=home).run_dir)
        self._mark = f"localhost:{port}".encode()
        self._prefixes = tuple(group_name(home / name, "") for name in FOLDERS)
        self._known: set[psutil.Process] = set()
        self._networks: set[int] = set()
        self._noted_at = 0.0

    def note(self, supervisor: int) -> None:
        """Remember what runs now, and in which networks: those of earlier have been given to others by now."""
        root = psutil.Process(supervisor)
        found = {root, *root.children(recursive=True)}
        self._known |= found
        networks = {network_of(process.pid) for process in found} - {network_of(os.getpid())}
        self._networks = {number for number in networks if number is not None}
        self._noted_at = time.time()

    def kill(self) -> None:
        """Kill all that was noted, in no order, as it goes when a machine goes down."""
        for process in self._known:
            with suppress(psutil.NoSuchProcess):
                process.kill()

    def left(self) -> dict[str, list[str]]:
        """List all there is now, by what it is; empty if nothing."""
        found = {
            "processes": [*self._processes()],
            "control groups": self._groups(),
            "mounts": [line for line in read("/proc/self/mountinfo").splitlines() if self._home in line],
            "networks": [*self._in_networks()],
            "named networks": [name for name in named_networks() if name in self._networks],
            "loop devices": self._loops(),
            "sockets": self._sockets(),
        }
        return {name: list(map(str, what)) for name, what in found.items() if what}

    def _processes(self) -> Iterator[str]:
        for process in psutil.process_iter():
            with suppress(psutil.Error, OSError):
                if process.pid == os.getpid() or process.status() == psutil.STATUS_ZOMBIE:
                    continue
                marks = (self._home.encode(), self._mark)
                about = b"".join(
                    Path(f"/proc/{process.pid}/{name}").read_bytes() for name in ("cmdline", "environ", "cgroup")
                )
                words = [*marks, *(prefix.encode() for prefix in self._prefixes)]
                if process in self._known or any(word in about for word in words):
                    yield f"{process.pid} {process.cmdline()}"

    def _in_networks(self) -> Iterator[str]:
        """List who is in one of the networks; the number of one that is gone is soon given to somebody new."""
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if network_of(process.pid) in self._networks and process.create_time() <= self._noted_at:
                    yield f"{process.pid} {process.cmdline()}"

    def _groups(self) -> list[str]:
        return [str(path) for path in GROUPS.rglob("hothouse-*") if path.name.startswith(self._prefixes)]

    def _loops(self) -> list[str]:
        backing = ((path, read(path)) for path in Path("/sys/block").glob("loop*/loop/backing_file"))
        return [f"{path}: {name}" for path, name in backing if self._home in name]

    def _sockets(self) -> list[str]:
        """List listening unix sockets, and what is left of them in the platform's folders."""
        doors = [door_path(Path(self._home, name), "any").parent for name in FOLDERS]
        folders = [Path(self._run_dir), Path(f"{self._run_dir}-broker"), Path(self._home), *doors]
        lines = read("/proc/net/unix").splitlines()
        names = [line.split()[-1] for line in lines if any(str(folder) in line for folder in folders)]
        files = [str(path) for folder in folders for path in folder.rglob("*") if path.is_socket()]
        return [*names, *files]


def network_of(pid: int) -> int | None:
    """Name the network namespace of a process."""
    try:
        return os.stat(f"/proc/{pid}/ns/net").st_ino
    except OSError:
        return None


def named_networks() -> list[int]:
    """List the networks that `ip netns` keeps by a name."""
    folder = Path("/run/netns")
    return [path.stat().st_ino for path in folder.iterdir()] if folder.is_dir() else []


def read(path: Path | str) -> str:
    try:
        return Path(path).read_text(errors="surrogateescape")
    except OSError:
        return ""
