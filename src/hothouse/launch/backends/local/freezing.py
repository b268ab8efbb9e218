"""Make a workload stand still, and let it go on.

A freezer control group does it where there is one, and then the kernel knows best who is frozen. Elsewhere every
process is stopped by a signal, and a file in the workload's folder says so.
"""

import fcntl
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hothouse.launch.errors import LaunchError

from .keeper import cgroup, tree
from .keeper.plan import Group
from .paging import page_out

FREEZE_SECONDS = 2.0
_MARK = "frozen"


def is_frozen(record: dict[str, Any], folder: Path) -> bool:
    """Tell whether a running workload stands still."""
    group = _freezer(record)
    return _is_at_rest(group) if group else (folder / _MARK).exists()


def freeze(record: dict[str, Any], folder: Path) -> None:
    """Make all of a workload's processes stand still, then have their memory swapped out where that can be done.

    Raises:
        LaunchError: some did not come to a stand in time; all go on.
    """
    with one_at_a_time(folder):
        if is_frozen(record, folder) or (folder / "grace").exists():
            return
        group = _freezer(record)
        if group:
            _freeze_group(group, record)
        else:
            (folder / _MARK).touch()
            _stop_tree(record)
        page_out(tree.descendants(record["keeper"]), [Path(path) for path in record["groups"]])


def thaw(record: dict[str, Any], folder: Path) -> None:
    """Let a workload's processes go on."""
    with one_at_a_time(folder):
        let_go_on(record, folder)


def let_go_on(record: dict[str, Any], folder: Path) -> None:
    """Thaw, for a caller that sees to it that nobody else changes anything meanwhile."""
    if _freezer(record):
        cgroup.thaw(_groups(record))
    elif (folder / _MARK).exists():
        _resume_tree(record)
        (folder / _MARK).unlink(missing_ok=True)


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Keep changes of how a workload stands from mixing, whoever asks for them."""
    fd = os.open(folder / "freeze.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        yield
    finally:
        os.close(fd)


def _groups(record: dict[str, Any]) -> list[Group]:
    return [{"path": path, "values": {}} for path in record["groups"]]


def _freezer(record: dict[str, Any]) -> Path | None:
    """Find the file that freezes the workload's group."""
    for path in record["groups"]:
        for name in ("freezer.state", "cgroup.freeze"):
            if (file := Path(path, name)).exists():
                return file
    return None


def _is_at_rest(file: Path) -> bool:
    try:
        if file.name == "freezer.state":
            return file.read_text().strip() == "FROZEN"
        return "frozen 1" in (file.parent / "cgroup.events").read_text().splitlines()
    except OSError:
        return False


def _freeze_group(file: Path, record: dict[str, Any]) -> None:
    deadline = time.monotonic() + FREEZE_SECONDS
    try:
        while not _is_at_rest(file):
            # Version 1 may need to be told again: it gives up on a process that could not be stopped just then.
            file.write_text("FROZEN" if file.name == "freezer.state" else "1")
            if time.monotonic() > deadline:
                break
            time.sleep(0.0005)
        else:
            return
    except FileNotFoundError:
        return  # it ended meanwhile
    cgroup.thaw(_groups(record))
    raise LaunchError(f"{record['workload_id']} did not come to a stand within {FREEZE_SECONDS:.0f} s: it goes on")


def _stop_tree(record: dict[str, Any]) -> None:
    """Stop every process below the keeper, again until no new one is found."""
    seen: set[int] = set()
    while new := [pid for pid in tree.descendants(record["keeper"]) if pid not in seen]:
        for pid in new:
            tree.send(pid, signal.SIGSTOP)
        seen.update(new)
    if not tree.IS_LINUX:
        tree.send_group(record["pid"], signal.SIGSTOP)


def _resume_tree(record: dict[str, Any]) -> None:
    tree.resume(record["keeper"])
    if not tree.IS_LINUX:
        tree.send_group(record["pid"], signal.SIGCONT)
