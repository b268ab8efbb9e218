"""Locks between builds: of one process and of several, freed by the kernel when their holder dies."""

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

_RETRY_SECONDS = 0.05


@asynccontextmanager
async def locked(path: Path, on_wait: Callable[[], None] = lambda: None) -> AsyncIterator[None]:
    """Hold the exclusive lock on a file, waiting for it without blocking the event loop.

    `on_wait` is called once if somebody else holds it.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if not _try(descriptor):
            on_wait()
        while not _try(descriptor):  # noqa: ASYNC110 -- another process frees it, which no event here can tell
            await asyncio.sleep(_RETRY_SECONDS)
        yield
    finally:
        os.close(descriptor)


def _try(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
