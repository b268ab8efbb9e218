"""Count what the relay carries into a private network and out of it, where the platform reads it at any time."""

import mmap
import os

COUNTS_BYTES = 16
NAME = "traffic"
RECEIVED, SENT = 0, 1


def counts() -> "memoryview[int]":
    """Return two counters in bytes, received and sent, that lie in a file of the workload's folder."""
    fd = os.open(NAME, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        os.ftruncate(fd, COUNTS_BYTES)
        return memoryview(mmap.mmap(fd, COUNTS_BYTES)).cast("Q")
    finally:
        os.close(fd)
