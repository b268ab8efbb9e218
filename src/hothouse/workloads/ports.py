"""Choosing the loopback port a workload listens on."""

import secrets
import socket

FIRST, LAST = 20_000, 31_999  # below the range from which kernels pick ports for outgoing connections


def free_port(taken: set[int]) -> int:
    """Return a port that nothing listens on and that is not promised to another workload.

    Raises: `OSError` when there is none.
    """
    for _ in range(200):
        port = FIRST + secrets.randbelow(LAST - FIRST + 1)
        if port not in taken and _is_free(port):
            return port
    raise OSError(f"No free port between {FIRST} and {LAST} for a new workload; stop some apps.")


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
