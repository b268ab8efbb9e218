"""Measure the disk and the network of a workload: from what its keeper wrote down, and from what the kernel counts."""

import struct
from dataclasses import replace
from pathlib import Path
from typing import Any

from hothouse.launch import disks, images
from hothouse.launch.interfaces import Usage

from .keeper import traffic
from .keeper.disk import MEASURED

_RECEIVED_FIELD, _SENT_FIELD = 0, 8
"""Positions in a line of /proc/net/dev, after the interface's name."""


def metered(usage: Usage, record: dict[str, Any], folder: Path) -> Usage:
    """Add to a usage what of the disk and the network can be told."""
    used, limit = _disk(record, folder)
    received, sent = _network(record, folder)
    return replace(usage, disk_bytes=used, disk_limit_bytes=limit, received_bytes=received, sent_bytes=sent)


def _disk(record: dict[str, Any], folder: Path) -> tuple[int | None, int | None]:
    """Add up the folders with a limit; None where there are none, or a first look at them is not over yet."""
    used, limit = 0, 0
    for name in record.get("disks", ()):
        if images.loop_of(Path(name)):
            found = disks.usage(Path(name))
            used, limit = used + found.used_bytes, limit + (found.limit_bytes or 0)
    if most := record.get("watched_bytes"):
        seen = _number(folder / MEASURED)
        if seen is None:
            return None, None
        used, limit = used + seen, limit + most
    return (used, limit) if limit else (None, None)


def _number(path: Path) -> int | None:
    try:
        return int(path.read_bytes())
    except (OSError, ValueError):
        return None


def _network(record: dict[str, Any], folder: Path) -> tuple[int | None, int | None]:
    """Add what the relay carried and what went by the internet; None where some would be missing.

    The relay carries visitors and services of the platform; what a workload sends itself by its loopback is nobody's.
    """
    if not record.get("is_counted"):
        return None, None
    try:
        received, sent = struct.unpack("=QQ", (folder / traffic.NAME).read_bytes())
    except (OSError, struct.error):
        return None, None
    more_received, more_sent = _by_internet(record.get("pid"))
    return received + more_received, sent + more_sent


def _by_internet(pid: int | None) -> tuple[int, int]:
    """Read what the interfaces of a process's network but its loopback have counted; nothing where it has ended."""
    try:
        lines = Path(f"/proc/{pid}/net/dev").read_text(encoding="ascii").splitlines()[2:]
    except OSError:
        return 0, 0
    received, sent = 0, 0
    for line in lines:
        name, _, numbers = line.partition(":")
        if name.strip() != "lo":
            fields = numbers.split()
            received, sent = received + int(fields[_RECEIVED_FIELD]), sent + int(fields[_SENT_FIELD])
    return received, sent
