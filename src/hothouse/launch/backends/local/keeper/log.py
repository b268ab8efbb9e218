"""Write a workload's output to a log that neither fills the disk nor holds the workload up.

A record is `<unix milliseconds> <o|e|p> <text>\\n` for stdout, stderr and the platform's own words. Files are named
`log-<offset of their first byte>`; the last two are kept, so offsets stay valid and monotonic across rotation.
"""

import os
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

MAX_LINE_BYTES = 16 * 1024
SUSTAINED_BYTES_PER_SECOND = 2 * 2**20


class LogFile:
    """Append records to the newest of two files, starting another when `cap_bytes` is reached."""

    def __init__(self, folder: str, cap_bytes: int) -> None:
        self._folder = folder
        self._cap = max(cap_bytes, 4096)
        self._bases: list[int] = []
        self._fd = -1
        self._open(0)

    def write(self, stream: bytes, lines: list[bytes]) -> int:
        """Append `lines`; returns the bytes written, less than given where the disk is full."""
        prefix = b"%d %b " % (time.time_ns() // 1_000_000, stream)
        written, size = 0, 0
        batch: list[bytes] = []
        for line in lines:
            record = prefix + line + b"\n"
            if batch and (self._size + size + len(record) > self._cap):
                written += self._append(b"".join(batch))
                batch, size = [], 0
            batch.append(record)
            size += len(record)
        return written + self._append(b"".join(batch))

    def _append(self, data: bytes) -> int:
        try:
            if self._size and self._size + len(data) > self._cap:
                self._open(self._bases[-1] + self._size)
            return self._write_all(data)
        except OSError:
            return 0

    def _write_all(self, data: bytes) -> int:
        written = 0
        while written < len(data):
            count = os.write(self._fd, data[written:])
            written += count
            self._size += count
        return written

    def _open(self, base: int) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
        fd = os.open(self._path(base), flags, 0o600)
        if self._fd >= 0:
            os.close(self._fd)
        self._fd, self._size = fd, 0
        self._bases.append(base)
        while len(self._bases) > 2:
            os.unlink(self._path(self._bases.pop(0)))  # noqa: PTH108 - pathlib would double the keeper's memory

    def _path(self, base: int) -> str:
        return f"{self._folder}/log-{base:016d}"


class Budget:
    """A token bucket: a burst of `burst_bytes`, then a sustained rate."""

    def __init__(self, burst_bytes: int, clock: "Callable[[], float]" = time.monotonic) -> None:
        self._burst = float(burst_bytes)
        self._tokens = self._burst
        self._clock = clock
        self._at = clock()

    def allows(self) -> bool:
        now = self._clock()
        self._tokens = min(self._burst, self._tokens + (now - self._at) * SUSTAINED_BYTES_PER_SECOND)
        self._at = now
        return self._tokens > 0

    def spend(self, count: int) -> None:
        self._tokens -= count


class Pump:
    """Turn chunks of one output stream into records, leaving out what comes too fast."""

    def __init__(self, log: LogFile, stream: bytes, budget: Budget) -> None:
        self._log = log
        self._stream = stream
        self._budget = budget
        self._partial = b""
        self._dropped_bytes = 0
        self._dropped_lines = 0
        self.last_line = b""

    def feed(self, data: bytes) -> bool:
        """Take a chunk; False when it was left out because the stream is too fast."""
        if not self._budget.allows():
            self._dropped_bytes += len(data) + len(self._partial)
            self._dropped_lines += data.count(b"\n")
            self._partial = b""
            return False
        self._own_up()
        lines = (self._partial + data).split(b"\n")
        self._partial = _as_seen(lines.pop())
        while len(self._partial) > MAX_LINE_BYTES:
            lines.append(self._partial[:MAX_LINE_BYTES])
            self._partial = self._partial[MAX_LINE_BYTES:]
        self._write(lines)
        return True

    def finish(self) -> None:
        """Write what is left of an unfinished line."""
        self._own_up()
        self._write([self._partial] if self._partial else [])
        self._partial = b""

    def _write(self, lines: list[bytes]) -> None:
        whole = [part for line in lines for part in _split(_as_seen(line.removesuffix(b"\r")))]
        if whole:
            self.last_line = whole[-1]
            self._budget.spend(self._log.write(self._stream, whole))

    def _own_up(self) -> None:
        if self._dropped_bytes:
            text = b"%d lines (%d bytes) left out: the output came faster than 2 MiB per second"
            self._log.write(b"p", [text % (self._dropped_lines, self._dropped_bytes)])
            self._dropped_bytes = self._dropped_lines = 0


def _as_seen(line: bytes) -> bytes:
    """Keep what a terminal would show of a line that progress bars redraw with carriage returns."""
    start = line.rfind(b"\r", 0, -1) + 1
    return line[start:]


def _split(line: bytes) -> list[bytes]:
    if len(line) <= MAX_LINE_BYTES:
        return [line]
    return [line[at : at + MAX_LINE_BYTES] for at in range(0, len(line), MAX_LINE_BYTES)]
