"""Ports that are free, and stay so until whoever asked listens there."""

import itertools
import os
import re
import socket

FIRST = 10_000
EACH = 1_000
"""Each process of pytest-xdist has as many of its own, below those that the platform and the kernel choose from."""

_worker = re.search(r"\d+", os.environ.get("PYTEST_XDIST_WORKER", ""))
_first = FIRST + EACH * ((int(_worker.group()) + 1) % 10 if _worker else 0)
_ports = itertools.cycle(range(_first, _first + EACH))


def free_port() -> int:
    """Return a port that nothing listens at, and that is not given again soon."""
    for port in itertools.islice(_ports, EACH):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("no port is free")
