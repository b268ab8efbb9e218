"""Read a workload's log, which rotation may cut at its old end at any moment (see `keeper/log.py`)."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from hothouse.launch.interfaces import LogLine, Stream

CHUNK_BYTES = 256 * 1024
_STREAMS: dict[bytes, Stream] = {b"o": "stdout", b"e": "stderr", b"p": "platform"}


class LogReader:
    """Walk a log from an offset on; `offset` is where the next read continues."""

    def __init__(self, folder: Path, offset: int = 0) -> None:
        self._folder = folder
        self.offset = offset

    def read(self) -> list[LogLine]:
        """Return the next whole lines; empty at the end of what was written so far."""
        for base, path in _segments(self._folder):
            lines = self._read_segment(base, path)
            if lines:
                return lines
        return []

    def skip_to_last(self, count: int) -> None:
        """Move forward so that at most `count` of the lines written so far remain."""
        offsets = [start for base, path in _segments(self._folder) for start in _starts(base, path)]
        wanted = offsets[-count:] if count > 0 else []
        end = max((base + _size(path) for base, path in _segments(self._folder)), default=0)
        self.offset = max(self.offset, wanted[0] if wanted else end)

    def _read_segment(self, base: int, path: Path) -> list[LogLine]:
        at, data = _from_line_start(path, max(0, self.offset - base))
        whole = data.rpartition(b"\n")[0]
        if not whole:
            return []
        at += base
        lines = []
        for raw in whole.split(b"\n"):
            at += len(raw) + 1
            line = _parse(raw, at)
            if line:
                lines.append(line)
        self.offset = at
        return lines


def _from_line_start(path: Path, offset: int) -> tuple[int, bytes]:
    """Read from the first line that starts at or after `offset`: a client may ask for any offset at all."""
    if offset == 0:
        return 0, _read_at(path, 0)
    data = _read_at(path, offset - 1)
    skipped = data.find(b"\n") + 1
    return offset - 1 + skipped, data[skipped:]


def _segments(folder: Path) -> Iterator[tuple[int, Path]]:
    for path in sorted(folder.glob("log-*")):
        yield int(path.name.removeprefix("log-")), path


def _starts(base: int, path: Path) -> Iterator[int]:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return
    at = 0
    while (end := data.find(b"\n", at)) >= 0:
        yield base + at
        at = end + 1


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _read_at(path: Path, offset: int) -> bytes:
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return b""
    try:
        return os.pread(fd, CHUNK_BYTES, offset)
    finally:
        os.close(fd)


def _parse(raw: bytes, end: int) -> LogLine | None:
    """Read one record; None for what a full disk cut short."""
    head, _, rest = raw.partition(b" ")
    name, _, text = rest.partition(b" ")
    if not head.isdigit() or name not in _STREAMS:
        return None
    at = datetime.fromtimestamp(int(head) / 1000, UTC)
    return LogLine(offset=end, at=at, stream=_STREAMS[name], text=text.decode("utf-8", "replace"))
