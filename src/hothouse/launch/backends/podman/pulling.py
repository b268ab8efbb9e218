"""Read how far podman is with fetching an image, from the bars that it draws on a terminal."""

import asyncio
import codecs
import os
import pty
import re
import termios
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

TOLD_SECONDS = 1.0
COLUMNS, ROWS = 160, 60
_MOVES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_AMOUNT = r"([0-9.]+)\s?([kKMGT]?)i?[bB]"
_BAR = re.compile(rf"Copying (blob|config) (?:sha256:)?([0-9a-f]+)\b.*?(?:{_AMOUNT} / {_AMOUNT}|(done|skipped))")
_UNITS = {"": 1, "k": 2**10, "K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}


@dataclass(frozen=True, slots=True)
class Fetched:
    """How much of an image is here; `total_bytes` grows as podman learns of further layers."""

    bytes: int
    total_bytes: int


class Screen:
    """What podman drew so far: lines to pass on, each layer named once, and how much is fetched."""

    def __init__(self) -> None:
        self._layers: dict[str, tuple[int, int]] = {}
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""
        self.last = ""

    @property
    def fetched(self) -> Fetched:
        """Say how much is here of the layers that podman has named."""
        return Fetched(sum(done for done, _ in self._layers.values()), sum(whole for _, whole in self._layers.values()))

    def feed(self, data: bytes, *, is_last: bool = False) -> Iterator[str]:
        """Take what was drawn; yield the lines that are new."""
        text = self._rest + _MOVES.sub("", self._decoder.decode(data, is_last))
        lines = re.split(r"[\r\n]+", text)
        self._rest = "" if is_last else lines.pop()
        for line in lines:
            if line.strip() and (said := self._read(line.strip())):
                self.last = said
                yield said

    def _read(self, line: str) -> str | None:
        bar = _BAR.match(line)
        if bar is None:
            return line
        kind, layer, *amounts, word = bar.groups()
        is_new, whole = layer not in self._layers, self._layers.get(layer, (0, 0))[1]
        self._layers[layer] = (whole, whole) if word else (_bytes(*amounts[:2]), _bytes(*amounts[2:]))
        return f"Copying {kind} {layer}" if is_new else None


def _bytes(amount: str, unit: str) -> int:
    return int(float(amount) * _UNITS[unit])


class Terminal:
    """A terminal for a program to draw on, since podman draws nothing elsewhere."""

    def __init__(self) -> None:
        self._ours, self.theirs = pty.openpty()
        termios.tcsetwinsize(self.theirs, (ROWS, COLUMNS))

    def hand_over(self) -> None:
        """Let go of the program's side once the program has it; only then is its end noticed."""
        if self.theirs >= 0:
            os.close(self.theirs)
            self.theirs = -1

    def close(self) -> None:
        """Let go of both sides."""
        self.hand_over()
        os.close(self._ours)

    async def follow(self, say: Callable[[str], None], tell: Callable[[Fetched], None]) -> str:
        """Pass on lines, and how far it is about once a second, until all have let go; returns the last line."""
        screen, told_at = Screen(), float("-inf")
        async with _reading(self._ours) as chunks:
            while True:
                data = await chunks.get()
                for line in screen.feed(data, is_last=not data):
                    say(line)
                if screen.fetched.total_bytes and (not data or time.monotonic() - told_at >= TOLD_SECONDS):
                    told_at = time.monotonic()
                    tell(screen.fetched)
                if not data:
                    return screen.last


@asynccontextmanager
async def _reading(fd: int) -> AsyncIterator[asyncio.Queue[bytes]]:
    """Queue what can be read, and nothing at the end."""
    chunks: asyncio.Queue[bytes] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def read() -> None:
        try:
            data = os.read(fd, 65536)
        except OSError:  # EIO: nobody has the other side any more
            data = b""
        chunks.put_nowait(data)
        if not data:
            loop.remove_reader(fd)

    loop.add_reader(fd, read)
    try:
        yield chunks
    finally:
        loop.remove_reader(fd)
