"""The shape of what a launcher tells a keeper.

The keeper itself never imports this: `typing` would cost every start of a workload 3 ms.
"""

from typing import TypedDict


class Group(TypedDict):
    """One control group: its folder, and the values to write into its files (`?` before a name: may be missing)."""

    path: str
    values: dict[str, str]


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
    status_fd: int | None  # where the program (bubblewrap) reports on itself
    log_bytes: int
    grace_seconds: float
