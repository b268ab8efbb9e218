"""How an attack is named and what stops it.

The attack app is a folder of plain functions that run inside a workload, so it imports the standard library alone. Each
function tries one thing and returns what it got, as evidence, or nothing; an error means that it was refused.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass

GROUPS = ("files", "processes", "network", "limits", "kernel", "leftovers", "log")

DEFENCES = {
    "sandbox": "mounts and namespaces of its own",
    "ordinary": "an ordinary user without capabilities",
    "users": "a user of its own",
    "first-process": "a first process that belongs to another user",
    "memory": "a limit on memory",
    "cpu": "a limit on processor time",
    "pids": "a limit on the number of processes",
    "disk": "a file system of its own for what it writes",
    "system-calls": "the filter of system calls",
    "network": "a network of its own",
    "keeper": "the keeper",
}

_ALWAYS = {"keeper", "ordinary", "system-calls"}
COLUMNS: dict[str, set[str]] = {
    "strong": set(DEFENCES),
    "good": _ALWAYS | {"sandbox", "network"},
    "container, with root": _ALWAYS | {"sandbox", "network", "users", "memory", "cpu", "pids", "disk"},
    "container": _ALWAYS | {"sandbox", "network"},
    "weak, with root": _ALWAYS | {"users", "memory", "cpu", "pids", "disk"},
    "weak": _ALWAYS,
}
"""The defences that the documentation promises for each level; `good` and `weak` as an ordinary user gets them."""


@dataclass(frozen=True)
class Attack:
    """One thing to try: any one of the defences in `stopped_by` is enough to contain it.

    `unseen` says why it cannot be seen to succeed with no defence at all, or must not be.
    """

    name: str
    group: str
    what: str
    stopped_by: tuple[str, ...]
    unseen: str
    run: Callable[["Targets"], object]

    def is_contained(self, defences: set[str]) -> bool:
        return bool(defences & set(self.stopped_by))


@dataclass(frozen=True)
class Targets:
    """What there is to attack; the test sets it up."""

    workspace: str
    report: str  # where results go; it outlives the workload
    platform: str  # a folder as the platform has it: a key nobody may read, one that all may, the launcher's own folder
    shared: str  # an environment that many workloads share, shown read-only
    other: str  # the workspace of another workload
    victim: str  # the command name of another workload's process
    victim_pid: int
    host_file: str  # in the machine's temporary folder
    shared_memory: str  # in the machine's /dev/shm
    ipc_key: int
    port: int  # where the platform listens: on all addresses, TCP and UDP
    address: str  # one of the machine's own
    unix_socket: str
    abstract_socket: str
    hostname: str
    memory_bytes: int
    processes: int
    cpu: float
    disk_bytes: int
    file_bytes: int


FIRST_PROCESS = "the machine's first process may be more than root here"
ATTACKS: dict[str, Attack] = {}


def attack(*stopped_by: str, unseen: str = "") -> Callable[[Callable[[Targets], object]], Callable[[Targets], object]]:
    """Enter a function in the catalogue; its module is its group, its docstring says what it does."""

    def enter(function: Callable[[Targets], object]) -> Callable[[Targets], object]:
        name, group = function.__name__, function.__module__.rpartition(".")[2]
        assert name not in ATTACKS, name
        assert set(stopped_by) <= set(DEFENCES), name
        what = (function.__doc__ or "").strip()
        assert what, name
        ATTACKS[name] = Attack(name, group, what, stopped_by, unseen, function)
        return function

    return enter


def pid_of(command: str) -> int:
    """Find another's process by its command name. Raises: ProcessLookupError."""
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/comm") as file:
                if file.read().strip() == command:
                    return int(name)
        except OSError:
            continue
    raise ProcessLookupError(command)


def load() -> dict[str, Attack]:
    """Return every attack by name."""
    import importlib

    package = __package__ or ""
    for group in GROUPS:
        importlib.import_module(f"{package}.{group}" if package else group)
    return ATTACKS
