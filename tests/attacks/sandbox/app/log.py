"""The workload's log, which the platform keeps. Whether these succeeded is seen from outside."""

import os

from .catalogue import Targets, attack

MARK = "forged-by-the-attack-app"


@attack("keeper")
def log_flood(targets: Targets) -> object:
    """Fill the disk through the log."""
    block = (b"y" * 99 + b"\n") * 10_000
    for _ in range(10):
        _say(block)
    return True


@attack("keeper")
def endless_line(targets: Targets) -> object:
    """Fill the keeper's memory with a line that never ends."""
    for _ in range(8):
        _say(b"z" * 2**20)
    _say(b"\n")
    return True


@attack("keeper", unseen="without a keeper there is no log to forge")
def forge_platform_lines(targets: Targets) -> object:
    """Write lines into the log that look as if the platform had."""
    _say(f"\n1790000000000 p {MARK}\n".encode())
    return True


def _say(data: bytes) -> None:
    while data:
        data = data[os.write(1, data) :]
