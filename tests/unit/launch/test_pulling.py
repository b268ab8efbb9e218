"""What podman draws while it fetches an image, as it did for real, and what is read from it."""

import asyncio
import subprocess
import sys

from hothouse.launch.backends.podman.pulling import Fetched, Screen, Terminal

UP = b"\r\n\x1b[1A\x1b[J"
DRAWN = (
    b"Trying to pull localhost:5599/team/base:1...\r\nGetting image source signatures\r\n"
    + (b"Copying blob 3767dcaa75d7 [====>------] 5.8MiB / 41.5MiB" + UP)
    + b"Copying blob 3767dcaa75d7 [======>----] 12.5MiB"
)
REST = (
    b" / 41.5MiB" + UP + b"Copying blob 3767dcaa75d7 done  \r\n"
    b"Copying config 76693cfaaa [====] 437.0b / 437.0b" + UP + b"Copying config 76693cfaaa done  \r\n"
    b"Storing signatures"
)
MIB = 2**20


def test_layers_are_named_once_and_counted() -> None:
    screen = Screen()
    first = list(screen.feed(DRAWN))
    assert first[-1] == "Copying blob 3767dcaa75d7"
    assert screen.fetched == Fetched(int(5.8 * MIB), int(41.5 * MIB))  # the bar that is half drawn is not read yet
    assert list(screen.feed(REST, is_last=True)) == ["Copying config 76693cfaaa", "Storing signatures"]
    whole = int(41.5 * MIB) + 437
    assert screen.fetched == Fetched(whole, whole)
    assert screen.last == "Storing signatures"


def test_a_layer_that_is_here_already_adds_nothing() -> None:
    screen = Screen()
    assert list(screen.feed(b"Copying blob aa11 skipped: already exists\r\n")) == ["Copying blob aa11"]
    assert screen.fetched == Fetched(0, 0)


async def test_a_terminal_is_followed_to_its_end() -> None:
    terminal, said, told = Terminal(), [], []
    program = "import os; assert os.isatty(2); os.write(2, b'Copying blob ab [=] 1.0KiB / 2.0KiB\\nError: no more\\n')"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, stdin=subprocess.DEVNULL, stderr=terminal.theirs
    )
    terminal.hand_over()
    assert await terminal.follow(said.append, told.append) == "Error: no more"
    terminal.close()
    assert await process.wait() == 0
    assert said == ["Copying blob ab", "Error: no more"]
    assert told[-1] == Fetched(1024, 2048)
