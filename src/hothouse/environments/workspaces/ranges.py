"""Which part of a file a request asks for, by RFC 9110, section 14: one range of bytes, no more."""

import re
from dataclasses import dataclass

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})\Z")


@dataclass(frozen=True, slots=True)
class ByteRange:
    """From `start` up to, without, `end`; `is_beyond` when the file is too short for any of it."""

    start: int
    end: int
    is_beyond: bool = False


def asked_range(header: str | None, size: int) -> ByteRange | None:
    """Return the part asked for; None for all of it, as for a header that says something else.

    >>> asked_range("bytes=2-3", 10), asked_range("bytes=-4", 10), asked_range("bytes=10-", 10).is_beyond
    (ByteRange(start=2, end=4, is_beyond=False), ByteRange(start=6, end=10, is_beyond=False), True)
    """
    found = _RANGE.match((header or "").strip())
    if found is None or found[0] == "bytes=-":
        return None
    first, last = found[1], found[2]
    if not first:
        length = min(int(last), size)
        return ByteRange(size - length, size, is_beyond=length == 0)
    start, end = int(first), min(int(last) + 1, size) if last else size
    if last and int(last) < start:
        return None
    return ByteRange(start, end, is_beyond=start >= size)
