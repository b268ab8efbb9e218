"""The log of one part: a file with a size cap, and what in it deserves a line on the terminal."""

import json
from collections import deque
from collections.abc import Callable
from pathlib import Path

LINE_LIMIT = 16 * 1024


class LogFile:
    """Append-only file of at most `max_bytes`, with one older generation beside it (`<name>.1`).

    Writing never raises: a part must not die because the disk is full. What could not be written is counted.
    """

    def __init__(self, path: Path, max_bytes: int = 5 * 2**20) -> None:
        self.path = path
        self.max_bytes = max_bytes
        self.lost_bytes = 0
        self._file = path.open("ab", buffering=0)
        self._size = path.stat().st_size

    def write(self, data: bytes) -> None:
        """Append `data`, turning the file over first when it would grow past the cap."""
        try:
            if self._size + len(data) > self.max_bytes and self._size:
                self._turn_over()
            self._size += self._file.write(data) or 0
        except OSError:
            self.lost_bytes += len(data)

    def _turn_over(self) -> None:
        self._file.close()
        self.path.replace(self.path.with_name(self.path.name + ".1"))
        self._file = self.path.open("ab", buffering=0)
        self._size = 0

    def close(self) -> None:
        self._file.close()


class PartLog:
    """Splits what a part prints into lines, keeps them, and notices readiness and errors.

    Parts print one JSON object per line with `event` and `level`; anything else is kept but not interpreted.
    """

    def __init__(self, file: LogFile, on_problem: Callable[[str], None], keep: int = 12) -> None:
        self.file = file
        self.tail: deque[str] = deque(maxlen=keep)
        self.said_ready = False
        self._on_problem = on_problem
        self._partial = b""

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the part's output."""
        self.file.write(data)
        *lines, self._partial = (self._partial + data).split(b"\n")
        self._partial = self._partial[-LINE_LIMIT:]
        for line in lines:
            self._notice(line[:LINE_LIMIT].decode(errors="replace").rstrip())

    def restart(self) -> None:
        """Forget the previous run: a new process has not said that it is ready."""
        self.said_ready = False
        self._partial = b""
        self.tail.clear()

    def _notice(self, line: str) -> None:
        if not line:
            return
        record = _record(line)
        self.tail.append(_readable(record) if record else line)
        if record is None:
            return
        if record.get("event") == "ready":
            self.said_ready = True
        if str(record.get("level", "")).lower() in {"error", "critical", "fatal"}:
            self._on_problem(_readable(record))


def _record(line: str) -> dict[str, object] | None:
    if not line.startswith("{"):
        return None
    try:
        record = json.loads(line)
    except ValueError:
        return None
    return record if isinstance(record, dict) else None


def _readable(record: dict[str, object]) -> str:
    """Render `{"event": "refused", "reason": "x", …}` as `refused: x`; of a traceback only its last line."""
    text = _gist(str(record.get("event", "")))
    more = record.get("reason") or record.get("error") or _gist(str(record.get("exception") or ""))
    return f"{text}: {more}" if more else text


def _gist(text: str) -> str:
    lines = text.strip().splitlines() or [""]
    return lines[-1] if lines[0].startswith("Traceback ") else lines[0]
