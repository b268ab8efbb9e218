"""Judge, before a write is sent, how much a database may grow by it: from its bytes alone, in less than 2 µs."""

from typing import NamedTuple

from hothouse.broker import wire
from hothouse.broker.errors import MalformedMessageError

LONGEST_REPLY = 64 * 1024

_INDEX_KEY = b"\x03key\x00"
_MULTI = b"multi\x00"
_NOT_MULTI = b"\x08multi\x00\x00"
_PIPELINES = {
    "update": b"\x04u\x00",
    "findAndModify": b"\x04update\x00",
    "findandmodify": b"\x04update\x00",
    "bulkWrite": b"\x04updateMods\x00",
}
"""By command, how a pipeline begins: it computes what it writes."""
_EACH_ELEMENT = b"$["


class Spread(NamedTuple):
    """A write that may change many documents: how many, only the reply says."""

    frame_bytes: int
    statements: int


class Growth(NamedTuple):
    """What a command may add: bytes of its own, further indexes, something unknown, or its bytes to many documents."""

    frame_bytes: int = 0
    indexes: int = 0
    is_unknown: bool = False
    spread: Spread | None = None


def judge(name: str, frame: bytes | bytearray) -> Growth:
    """Judge a command that takes space: by its name, and what it holds."""
    size = len(frame)
    if name == "insert":
        return Growth(size)
    if (pipeline := _PIPELINES.get(name)) is not None:
        statements = frame.count(_MULTI)
        spread = Spread(size, statements) if frame.count(_NOT_MULTI) != statements else None
        return Growth(size, 0, pipeline in frame or _EACH_ELEMENT in frame, spread)
    if name == "createIndexes":
        return Growth(indexes=frame.count(_INDEX_KEY))
    if name == "create":
        return Growth(size)
    return Growth(is_unknown=True)


def changed_in(reply: bytes) -> int | None:
    """Read from a reply how many documents a write changed; None when it does not say."""
    if len(reply) > LONGEST_REPLY:
        return None
    try:
        document = wire.decode_reply(reply)
    except MalformedMessageError:
        return None
    counts = [document.get(field) for field in ("nModified", "n")]
    found = [count for count in counts if isinstance(count, int)]
    return found[0] if found else None
