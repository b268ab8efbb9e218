"""Tell a workload that waits to go on: what it is told goes through a named pipe, and lies on no disk."""

import json
import os
import select
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hothouse.launch.errors import LaunchError

from . import freezing
from .keeper.spawn import GO_NAME

TAKE_SECONDS = 5.0
LENGTH_BYTES = 8


def is_waiting(record: dict[str, Any], folder: Path) -> bool:
    """Tell whether a running workload waits, and was not told yet."""
    return bool(record.get("is_waiting")) and (folder / GO_NAME).exists()


def go(record: dict[str, Any], folder: Path, env: Mapping[str, str]) -> None:
    """Let a workload go on with an environment, once.

    Raises:
        LaunchError: it does not wait yet, or does not take it.
    """
    pipe = folder / GO_NAME
    with freezing.one_at_a_time(folder):
        if not pipe.exists():
            return
        if not record.get("is_waiting"):
            raise LaunchError(f"{record['workload_id']} does not wait yet: it cannot be told to go")
        freezing.let_go_on(record, folder)
        _tell(pipe, json.dumps(dict(env)).encode(), record["workload_id"])
        pipe.unlink()


def _tell(pipe: Path, text: bytes, workload_id: str) -> None:
    """Write it all; what does not fit at once the workload has to read meanwhile."""
    try:
        fd = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise LaunchError(f"{workload_id} cannot be told to go: {error.strerror}") from error
    try:
        _write(fd, len(text).to_bytes(LENGTH_BYTES, "big") + text)
    except (OSError, TimeoutError) as error:
        raise LaunchError(f"{workload_id} does not take what it is told: {error}") from error
    finally:
        os.close(fd)


def _write(fd: int, data: bytes) -> None:
    poll = select.poll()
    poll.register(fd, select.POLLOUT)
    deadline = time.monotonic() + TAKE_SECONDS
    while data:
        if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
            raise TimeoutError(f"not within {TAKE_SECONDS:.0f} s")
        data = data[os.write(fd, data) :]
