"""`run.json`: the processes of this `up`, so that the next one can clear away what a killed supervisor left."""

import contextlib
import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from hothouse.supervisor.errors import StartRefused
from hothouse.supervisor.identity import identify

POLL_SECONDS = 0.05


class Roster:
    """Records each part's process with a token that tells it from any later process of the same pid."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._parts: dict[str, tuple[int, str]] = {}

    def enter(self, part: str, pid: int) -> None:
        """Record that `part` now runs as `pid`."""
        identity = identify(pid)
        if identity:
            self._parts[part] = (pid, identity)
            self._write()

    def clear(self) -> None:
        """Forget everything: nothing is left running."""
        self._parts.clear()
        self._path.unlink(missing_ok=True)

    def _write(self) -> None:
        record = {name: {"pid": pid, "identity": identity} for name, (pid, identity) in self._parts.items()}
        temporary = self._path.with_suffix(".new")
        # A full disk must not end the platform: then the kernel's parent-death signal alone has to do.
        with contextlib.suppress(OSError):
            temporary.write_text(json.dumps({"supervisor": os.getpid(), "parts": record}, indent=2) + "\n")
            temporary.replace(self._path)

    def clear_stale(self, *, grace_seconds: float = 5.0, pause: Callable[[float], None] = time.sleep) -> dict[str, int]:
        """End the parts that an earlier supervisor recorded and left behind; return them as name to pid.

        A process is only touched when its recorded identity still fits. Call it with the folder's lock held.
        """
        left = {name: pid for name, (pid, identity) in self._read().items() if identify(pid) == identity}
        tokens = {pid: identify(pid) for pid in left.values()}
        for pid in left.values():
            _signal(pid, signal.SIGTERM)
        deadline = time.monotonic() + grace_seconds
        while alive := [pid for pid, token in tokens.items() if token and identify(pid) == token]:
            late = time.monotonic() - deadline
            if late > grace_seconds:
                raise StartRefused(f"Process {alive[0]} of an earlier start cannot be ended. End it by hand first.")
            if late > 0:
                for pid in alive:
                    _signal(pid, signal.SIGKILL)
            pause(POLL_SECONDS)
        self.clear()
        return left

    def _read(self) -> dict[str, tuple[int, str]]:
        try:
            parts = json.loads(self._path.read_text())["parts"]
            return {str(name): (int(entry["pid"]), str(entry["identity"])) for name, entry in parts.items()}
        except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
            return {}


def _signal(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)
