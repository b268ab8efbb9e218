"""Collect the processes that end up below the supervisor when their own parent has died."""

import asyncio
import contextlib
import ctypes
import os
import sys

PR_SET_CHILD_SUBREAPER = 36
SCAN_SECONDS = 2.0


def become_subreaper() -> bool:
    """Have orphans of our descendants handed to this process instead of to init; Linux only."""
    return sys.platform == "linux" and int(ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)) == 0


async def reap_orphans(interval: float = SCAN_SECONDS) -> None:
    """Bury ended orphans for ever.

    Our own children are waited for by whoever started them, and at once; so an ended child that is still unburied at
    the next look is an orphan that nobody waits for.
    """
    seen: int | None = None
    while True:
        await asyncio.sleep(interval)
        while (ended := _ended_child()) is not None and ended == seen:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(ended, os.WNOHANG)  # noqa: ASYNC222 - it does not wait
        seen = ended


def _ended_child() -> int | None:
    """Return the pid of one child that has ended and is not yet waited for, without waiting for it."""
    try:
        found = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return None
    return found.si_pid if found else None
