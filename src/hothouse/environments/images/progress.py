"""How far work on an image is, as its log tells it: what is fetched in bytes, what is built in steps."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from hothouse.environments.images.schemas import ImageProgress
from hothouse.kit.amounts import bytes_in_words
from hothouse.launch.backends.podman.pulling import Fetched

STREAM = "platform"
_FETCHED = re.compile(r"fetched .+ of .+ \(([0-9]{1,3}) %\)")
_STEP = re.compile(r"STEP ([0-9]{1,6})/([0-9]{1,6}):? (.*)")


def told(fetched: Fetched) -> str:
    """Return the line by which the log says how much is fetched."""
    percent = 100 * fetched.bytes // max(1, fetched.total_bytes)
    return f"fetched {bytes_in_words(fetched.bytes)} of {bytes_in_words(fetched.total_bytes)} ({percent} %)"


def progress(lines: Iterable[Mapping[str, Any]]) -> ImageProgress | None:
    """Return what the last of these lines that tells it says; None while none does.

    A step counts as done when the next one begins.
    """
    found = None
    for line in lines:
        text = line["text"]
        if line["stream"] == STREAM and (fetched := _FETCHED.fullmatch(text)):
            found = ImageProgress(percent=min(100, int(fetched[1])), text=text)
        elif step := _STEP.match(text):
            at, steps = int(step[1]), max(1, int(step[2]))
            found = ImageProgress(percent=max(0, min(100, 100 * (at - 1) // steps)), text=f"step {at} of {steps}")
    return found
