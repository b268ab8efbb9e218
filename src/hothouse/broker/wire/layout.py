"""The layout of frames and BSON values: constants, lengths, and where one value ends and the next begins."""

import struct
from typing import NamedTuple

from hothouse.broker.errors import Code, MalformedMessageError, RefusedError

OP_REPLY = 1
OP_QUERY = 2004
OP_MSG = 2013

CHECKSUM_PRESENT = 1
MORE_TO_COME = 2
EXHAUST_ALLOWED = 1 << 16

MAX_DOCUMENT_BYTES = 16 * 2**20
MAX_BODY_BYTES = MAX_DOCUMENT_BYTES + 16_384
"""Longest command without its document sequences, as MongoDB has it."""
MAX_MESSAGE_BYTES = 20 * 2**20
"""Longest message that clients are told to send: room for the largest document, and less to hold than MongoDB's."""
MAX_FRAME_BYTES = MAX_MESSAGE_BYTES + 16_384
"""Longest frame accepted: the largest message and some room for its envelope."""
MAX_REPLY_BYTES = 48_000_000 + 16_384
"""Longest frame that MongoDB sends."""
MAX_FIELDS = 64
"""Most top-level fields of a command."""
MAX_DOCUMENTS = 100_000
"""Most documents in one command, as MongoDB has it."""
HEADER_BYTES = 16
BODY_AT = 21
"""Where the one document of an ordinary OP_MSG begins."""

header_of = struct.Struct("<iiii").unpack_from
int32_at = struct.Struct("<i").unpack_from
put_int32 = struct.Struct("<i").pack_into

STRING, DOCUMENT, ARRAY, BINARY, REGEX, POINTER = 2, 3, 4, 5, 11, 12
BOOLEAN, INT32, INT64 = 8, 16, 18

_FIXED_SIZES = {1: 8, 6: 0, 7: 12, BOOLEAN: 1, 9: 8, 10: 0, INT32: 4, 17: 8, INT64: 8, 19: 16, 127: 0, 255: 0}
_TEXTS = frozenset((STRING, 13, 14))
_SIZED = frozenset((DOCUMENT, ARRAY, 15))


class Element(NamedTuple):
    """Where a top-level value lies in its frame, and its BSON type."""

    type: int
    start: int
    end: int


def scan(frame: bytes, start: int, limit: int, most: int = MAX_FIELDS) -> dict[bytes, Element]:
    """Find the top-level fields of the document at `start`, which must end by `limit` and have no more than `most`.

    Raises: ValueError, IndexError or struct.error when it is not a document, MalformedMessageError for a key that
    appears twice, RefusedError for too many of them.
    """
    end = start + int32_at(frame, start)[0]
    if end > limit or end < start + 5 or frame[end - 1]:
        raise ValueError("a document's length is wrong")
    elements: dict[bytes, Element] = {}
    at = start + 4
    while kind := frame[at]:
        key_end = frame.index(0, at + 1, end)
        key = frame[at + 1 : key_end]
        at = value_end(frame, kind, key_end + 1)
        if at >= end:
            raise ValueError("a value is longer than its document")
        if key in elements:
            raise MalformedMessageError(f"the field {key!r} appears twice")
        elements[key] = Element(kind, key_end + 1, at)
        if len(elements) > most:
            raise RefusedError(f"More than {most:,} fields at the top of a document.", Code.InvalidLength)
    if at != end - 1:
        raise ValueError("a document ends early")
    return elements


def value_end(frame: bytes | bytearray, kind: int, start: int) -> int:
    """Return the offset behind a value of BSON type `kind`.

    Raises: ValueError when the type is unknown or its length impossible, IndexError or struct.error when more bytes
    are needed.
    """
    if (size := _FIXED_SIZES.get(kind)) is not None:
        return start + size
    if kind == REGEX:
        return frame.index(0, frame.index(0, start) + 1) + 1
    length: int = int32_at(frame, start)[0]
    if kind in _SIZED:
        end = start + length
        if length < 5 or (end <= len(frame) and frame[end - 1]):
            raise ValueError("a nested document's length is wrong")
        return end
    if length < 0:
        raise ValueError("a negative length")
    if kind in _TEXTS:
        end = start + 4 + length
        if not length or (end <= len(frame) and frame[end - 1]):
            raise ValueError("a string's length is wrong")
        return end
    if kind == BINARY:
        return start + 5 + length
    if kind == POINTER:
        return start + 4 + length + 12
    raise ValueError(f"unknown BSON type {kind}")
