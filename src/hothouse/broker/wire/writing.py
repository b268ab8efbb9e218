"""Write frames, and change in a copy of a command's frame just what must be another value for MongoDB."""

import struct
from collections.abc import Iterable
from itertools import count
from typing import Any

import bson
from bson.codec_options import CodecOptions
from bson.errors import InvalidBSON
from bson.raw_bson import RawBSONDocument

from hothouse.broker.errors import MalformedMessageError, RefusedError
from hothouse.broker.wire.layout import (
    BODY_AT,
    CHECKSUM_PRESENT,
    EXHAUST_ALLOWED,
    INT32,
    MAX_DOCUMENTS,
    OP_MSG,
    OP_REPLY,
    int32_at,
    put_int32,
    scan,
)
from hothouse.broker.wire.message import Message

Cut = tuple[int, int, bytes]
"""Begin and end of some bytes of a frame's body, and what is to stand there instead."""

_message_head = struct.Struct("<iiiiIB").pack
_reply_head = struct.Struct("<iiiiiqii").pack
_RAW: CodecOptions[RawBSONDocument] = CodecOptions(document_class=RawBSONDocument)
_request_ids = count(1)


def next_request_id() -> int:
    return next(_request_ids) & 0x7FFFFFFF


def encode_message(document: Any, *, response_to: int = 0, flags: int = 0) -> bytes:
    """Return a whole OP_MSG frame that carries one document."""
    body = bson.encode(document)
    return _message_head(BODY_AT + len(body), next_request_id(), response_to, OP_MSG, flags, 0) + body


def encode_legacy_reply(document: dict[str, Any], response_to: int) -> bytes:
    """Return a whole OP_REPLY frame, the answer to a legacy hello."""
    body = bson.encode(document)
    return _reply_head(36 + len(body), next_request_id(), response_to, OP_REPLY, 8, 0, 0, 1) + body


def decode_reply(frame: bytes) -> dict[str, Any]:
    """Decode the one document of an OP_MSG reply.

    Raises: MalformedMessageError when there is none.
    """
    try:
        document: dict[str, Any] = bson.decode(_body_of(frame))
    except (InvalidBSON, ValueError, IndexError, struct.error) as error:
        raise MalformedMessageError(f"broken reply: {error}") from error
    return document


def decode_raw_reply(frame: bytes) -> dict[str, Any]:
    """Decode only the top level of a reply; what lies below stays as the bytes it came in.

    Raises: MalformedMessageError when there is none.
    """
    try:
        return dict(bson.decode(_body_of(frame), _RAW))
    except (InvalidBSON, ValueError, IndexError, struct.error) as error:
        raise MalformedMessageError(f"broken reply: {error}") from error


def error_code(frame: bytes) -> int | None:
    """Return the code of a short reply that is an error, 0 for an error without one; None when it is none."""
    try:
        elements = scan(frame, BODY_AT, len(frame), MAX_DOCUMENTS)
    except (ValueError, IndexError, struct.error, MalformedMessageError, RefusedError):
        return None
    ok, code = elements.get(b"ok"), elements.get(b"code")
    if ok is None or any(frame[ok.start : ok.end]):
        return None
    return int32_at(frame, code.start)[0] if code is not None and code.type == INT32 else 0


def _body_of(frame: bytes) -> bytes:
    return frame[BODY_AT : BODY_AT + int32_at(frame, BODY_AT)[0]]


def replace_body(message: Message, command: dict[str, Any]) -> bytes:
    """Return a frame with the same id and flags that carries another command and no sequences."""
    body = bson.encode(command)
    flags = message.flags & ~CHECKSUM_PRESENT
    return _message_head(BODY_AT + len(body), message.request_id, 0, OP_MSG, flags, 0) + body


def cut_time(message: Message) -> Iterable[Cut]:
    """Give the cut that leaves `$clusterTime` out: a forged one must not move MongoDB's clock, which knows its own."""
    time = message.elements.get(b"$clusterTime")
    if time is not None:
        yield time.start - len(b"\x03$clusterTime\x00"), time.end, b""


def cut_in(message: Message, key: bytes, kind: int, value: bytes) -> Cut:
    """Return the cut that gives a top-level field another value, or adds the field."""
    element = message.elements.get(key)
    written = bytes((kind,)) + key + b"\x00" + value
    if element is None:
        return message.body_end - 1, message.body_end - 1, written
    return element.start - len(key) - 2, element.end, written


def rewrite(
    message: Message, *, session_at: int | None, session_id: bytes, cuts: Iterable[Cut] = (), is_exhaust: bool = True
) -> bytes | bytearray:
    """Return the frame to send on: with another session id, without checksum, and with `cuts` carried out.

    Without `is_exhaust` MongoDB sends one reply at a time, also where the client would take several.
    """
    frame = message.frame
    ordered = sorted(cuts, reverse=True)
    drops_exhaust = not is_exhaust and message.flags & EXHAUST_ALLOWED
    if session_at is None and not ordered and not message.flags & CHECKSUM_PRESENT and not drops_exhaust:
        return frame
    changed = bytearray(frame)
    if session_at is not None:
        changed[session_at : session_at + 16] = session_id
    if message.flags & CHECKSUM_PRESENT:
        del changed[-4:]
        changed[16] &= ~CHECKSUM_PRESENT
    if drops_exhaust:
        changed[18] &= ~(EXHAUST_ALLOWED >> 16)
    carry_out(changed, ordered, message.body_start)
    return changed


def carry_out(frame: bytearray, cuts: Iterable[Cut], body_at: int) -> None:
    """Carry out cuts in a frame's body, the last first, and set the lengths of body and frame anew."""
    grown = 0
    for start, end, replacement in cuts:
        frame[start:end] = replacement
        grown += len(replacement) - (end - start)
    put_int32(frame, body_at, int32_at(frame, body_at)[0] + grown)
    put_int32(frame, 0, len(frame))
