"""Watch how much disk a workload's folders take, where no image limits them.

The folders are written by hostile code while they are read: every folder is opened below the one before without
following links, and the walk goes on in small steps so that the log is never kept waiting.
"""

import os
import stat
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ENTRIES_PER_STEP = 2000
ENTRY_BYTES = 512
"""What is counted for an entry beside its content, so that empty files are not free."""
MEASURED = "measured"
"""The file in the workload's folder that says what the last look has found."""
DEEPEST = 256
"""Folders nested deeper count as too much: nothing may hide where nobody looks."""
_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK


class TooDeep(Exception):
    """Folders are nested deeper than is looked at."""


def sizes(folder: str) -> "Iterator[int]":
    """Yield the bytes that each entry below a folder takes; several links to a file count once.

    Raises:
        TooDeep: what lies deeper than `DEEPEST` was not counted.
    """
    linked: set[tuple[int, int]] = set()
    stack = [_open(folder, None)]
    try:
        while stack:
            fd, names = stack[-1]
            if fd < 0 or not names:
                stack.pop()
                _close(fd)
                continue
            name = names.pop()
            try:
                found = os.stat(name, dir_fd=fd, follow_symlinks=False)
            except OSError:
                continue
            if stat.S_ISDIR(found.st_mode):
                if len(stack) >= DEEPEST:
                    raise TooDeep
                stack.append(_open(name, fd))
            elif found.st_nlink > 1:
                if (found.st_dev, found.st_ino) in linked:
                    continue
                linked.add((found.st_dev, found.st_ino))
            yield found.st_blocks * 512 + ENTRY_BYTES
    finally:
        for fd, _ in stack:
            _close(fd)


def _open(name: str, above: int | None) -> tuple[int, list[str]]:
    """Open a folder and list it; one that cannot be opened, or went away, holds nothing."""
    try:
        fd = os.open(name, _FLAGS, dir_fd=above)
    except OSError:
        return -1, []
    try:
        return fd, os.listdir(fd)  # noqa: PTH208 - by descriptor
    except OSError:
        return fd, []


def _close(fd: int) -> None:
    if fd >= 0:
        os.close(fd)


class Watch:
    """Measure folders again and again, in steps; a long walk is followed by a long pause.

    `seen` is what the last whole look has found.
    """

    def __init__(
        self, folders: list[str], limit: int, pause_seconds: float, clock: "Callable[[], float]" = time.monotonic
    ) -> None:
        self._folders = folders
        self._limit = limit
        self._clock = clock
        self._pause_seconds = pause_seconds
        self._walk: Iterator[int] | None = None
        self._total = 0
        self.seen: int | None = None
        self._spent = 0.0
        self._next = clock() + pause_seconds

    def due_in(self) -> float | None:
        """Tell in how many seconds `step` is worth a call; `None` where there is nothing to watch."""
        if not self._folders:
            return None
        return 0.0 if self._walk is not None else max(0.0, self._next - self._clock())

    def step(self) -> str | None:
        """Look at some more entries; returns in words what is too much as soon as that is known."""
        if self.due_in() != 0.0:
            return None
        began = self._clock()
        complaint = self._go_on()
        self._spent += self._clock() - began
        if self._walk is None:
            self._next = self._clock() + max(self._pause_seconds, 20 * self._spent)
            self._spent = 0.0
        return complaint

    def _go_on(self) -> str | None:
        if self._walk is None:
            self._walk, self._total = _all(self._folders), 0
        try:
            for _ in range(ENTRIES_PER_STEP):
                self._total += next(self._walk)
                if self._total > self._limit:
                    self._walk = None
                    return f"it used more disk space than its limit ({self._limit / 2**20:.0f} MiB)"
        except StopIteration:
            self._walk = None
            self.seen = self._total
        except TooDeep:
            self._walk = None
            return f"its folders are nested deeper than {DEEPEST} levels, so that their size cannot be told"
        return None


def _all(folders: list[str]) -> "Iterator[int]":
    for folder in folders:
        yield from sizes(folder)


def note(total: int) -> None:
    """Write down what was found; always as many characters, so that nobody reads half of a number."""
    fd = os.open(MEASURED, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        os.write(fd, f"{total:20d}".encode())
    finally:
        os.close(fd)
