"""The shape of what a launcher tells a keeper.

The keeper itself never imports this: `typing` would cost every start of a workload 3 ms.
"""

from typing import TypedDict


class Group(TypedDict):
    """One control group: its folder, and the values to write into its files (`?` before a name: may be missing)."""

    path: str
    values: dict[str, str]


class NetworkPlan(TypedDict):
    """How a workload is reached and what it reaches."""

    is_private: bool  # a network namespace of its own; else only `door` and `takes_socket` count
    door: str | None  # the unix socket by which the platform reaches it
    port: int | None
    takes_socket: bool
    services: list[tuple[int, str]]  # a port inside, and `unix:path` or `tcp:host:port` outside
    names: list[str]  # lead to the services; with a leading dot all that is below
    addresses: list[str]  # of the machine or others, that lead to the services inside
    outbound: list[str]  # the program that gives internet access, with its options; empty for none
    refused: list[str]  # networks that internet access does not reach


class ContainerPlan(TypedDict):
    """What podman is told besides its command."""

    files: dict[str, str]  # to be written into the workload's folder, by their path there
    memory_folder: str  # a folder in memory
    memory: dict[str, str]  # to be written there
    joins_groups: bool  # whether the first process is to be moved into the workload's groups (version 1)
    groups: list[str]  # control groups that are gone when nothing of the container is left
    program: str
    remove: list[str]  # the command that removes it
    env: dict[str, str]


class Plan(TypedDict):
    """What the launcher tells a keeper on its standard input, as JSON."""

    folder: str
    record: dict[str, object]  # copied into every state record as it is
    mechanism: str
    argv: list[str]
    env: dict[str, str]
    cwd: str
    uid: int | None
    rlimits: dict[str, int]
    groups: list[Group]
    blobs: list[str]  # offered to the program as readable descriptors from FIRST_BLOB_FD on
    filter: str  # of system calls, in hexadecimal; empty where bubblewrap loads it, or nobody
    status_fd: int | None  # where the program (bubblewrap) reports on itself
    network: NetworkPlan | None
    container: ContainerPlan | None
    waits: bool  # whether the program waits to be told to go
    watched: list[str]  # folders whose size is watched
    disk_bytes: int
    watch_seconds: float
    log_bytes: int
    grace_seconds: float
