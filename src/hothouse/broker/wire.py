"""Frames of the MongoDB wire protocol, taken apart just as far as the broker needs.

Format: https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/ and https://bsonspec.org/spec.html.
A command's bytes are never decoded and encoded again: `parse` notes where each top-level value lies, and what must
change (a session id, the cluster time) is changed in a copy of the frame.
"""

import struct
from itertools import count
from typing import Any, NamedTuple

import bson
from bson.codec_options import CodecOptions
from bson.errors import InvalidBSON

from hothouse.broker.errors import Code, MalformedMessageError, RefusedError

OP_REPLY = 1
OP_QUERY = 2004
OP_MSG = 2013

CHECKSUM_PRESENT = 1
MORE_TO_COME = 2
EXHAUST_ALLOWED = 1 << 16
_KNOWN_FLAGS = CHECKSUM_PRESENT | MORE_TO_COME
_REQUIRED_FLAGS = 0xFFFF

MAX_MESSAGE_BYTES = 48_000_000
MAX_FRAME_BYTES = MAX_MESSAGE_BYTES + 16_384
"""Longest frame accepted, as mongod does: the largest message and some room for its envelope."""
HEADER_BYTES = 16
BODY_AT = 21
"""Where the one document of an ordinary OP_MSG begins."""

header_of = struct.Struct("<iiii").unpack_from
_int32 = struct.Struct("<i").unpack_from
_put_int32 = struct.Struct("<i").pack_into
_message_head = struct.Struct("<iiiiIB").pack
_reply_head = struct.Struct("<iiiiiqii").pack

_FIXED_SIZES = {1: 8, 6: 0, 7: 12, 8: 1, 9: 8, 10: 0, 16: 4, 17: 8, 18: 8, 19: 16, 127: 0, 255: 0}
_STRING, _DOCUMENT, _ARRAY, _BINARY, _REGEX, _POINTER = 2, 3, 4, 5, 11, 12
_TEXTS = frozenset((_STRING, 13, 14))
_SIZED = frozenset((_DOCUMENT, _ARRAY, 15))

_SEQUENCES = frozenset((b"documents", b"updates", b"deletes", b"ops", b"nsInfo"))
_UNREADABLE = (InvalidBSON, ValueError, OverflowError, RecursionError)
_request_ids = count(1)


class Element(NamedTuple):
    """Where a top-level value lies in its frame, and its BSON type."""

    type: int
    start: int
    end: int


class StrictDocument(dict[str, Any]):
    """A decoded document in which no key appears twice: a reader that takes the other one must not be fooled."""

    __slots__ = ()

    def __setitem__(self, key: str, value: Any) -> None:
        if key in self:
            raise ValueError(f"the key {key!r} appears twice")
        super().__setitem__(key, value)


_STRICT: CodecOptions[StrictDocument] = CodecOptions(document_class=StrictDocument)


class Message:
    """One OP_MSG command: the frame, and where things are in it."""

    __slots__ = (
        "body_end",
        "body_start",
        "elements",
        "flags",
        "frame",
        "name",
        "request_id",
        "sections_end",
        "sequences",
    )

    def __init__(self, frame: bytes, request_id: int, flags: int) -> None:
        self.frame = frame
        self.request_id = request_id
        self.flags = flags
        self.sections_end = len(frame) - (4 if flags & CHECKSUM_PRESENT else 0)
        self.sequences: list[tuple[bytes, int, int]] = []
        self.elements: dict[bytes, Element] = {}
        self.body_start = 0
        self.body_end = 0
        self.name = ""

    @property
    def wants_reply(self) -> bool:
        return not self.flags & MORE_TO_COME

    def raw(self, key: bytes) -> bytes | None:
        """Return the undecoded value of a top-level field."""
        element = self.elements.get(key)
        return None if element is None else self.frame[element.start : element.end]

    def text(self, key: bytes) -> str | None:
        """Return a top-level string; None when it is missing or of another type."""
        element = self.elements.get(key)
        if element is None or element.type != _STRING:
            return None
        try:
            return _decode_text(self.frame[element.start + 4 : element.end - 1])
        except UnicodeDecodeError:
            return None

    def decode(self) -> StrictDocument:
        """Decode the whole command, document sequences included.

        Raises: RefusedError for what is not BSON, is nested too deeply or holds a key twice.
        """
        try:
            command = bson.decode(self.frame[self.body_start : self.body_end], _STRICT)
        except _UNREADABLE as error:
            raise self._unreadable(error) from error
        for identifier, _, _ in self.sequences:
            command[identifier.decode()] = self.decode_sequence(identifier)
        return command

    def decode_sequence(self, name: bytes) -> list[StrictDocument] | None:
        """Decode one document sequence; None when the message has none of that name.

        Raises: RefusedError as `decode` does.
        """
        for identifier, begin, end in self.sequences:
            if identifier == name:
                try:
                    return bson.decode_all(self.frame[begin:end], _STRICT)
                except _UNREADABLE as error:
                    raise self._unreadable(error) from error
        return None

    def _unreadable(self, error: Exception) -> RefusedError:
        return RefusedError(f"{self.name} cannot be read: {error}.", Code.FailedToParse)


def parse(frame: bytes) -> Message:
    """Take an OP_MSG frame apart.

    Raises: MalformedMessageError when it is not one, or holds anything the broker cannot account for.
    """
    _, request_id, _, opcode = header_of(frame, 0)
    if opcode != OP_MSG or len(frame) < BODY_AT + 5:
        raise MalformedMessageError(f"opcode {opcode} is not spoken here")
    flags = int.from_bytes(frame[16:20], "little")
    if flags & _REQUIRED_FLAGS & ~_KNOWN_FLAGS:
        raise MalformedMessageError(f"unknown flags {flags:#x}")
    message = Message(frame, request_id, flags)
    try:
        _find_sections(message)
    except (struct.error, ValueError, IndexError) as error:
        raise MalformedMessageError(f"broken message: {error}") from error
    return message


def scan(frame: bytes, start: int, limit: int) -> dict[bytes, Element]:
    """Find the top-level fields of the document at `start`, which must end by `limit`.

    Raises: ValueError, IndexError or struct.error when it is not a document, MalformedMessageError for a key that
    appears twice.
    """
    end = start + _int32(frame, start)[0]
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
    if kind == _REGEX:
        return frame.index(0, frame.index(0, start) + 1) + 1
    length: int = _int32(frame, start)[0]
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
    if kind == _BINARY:
        return start + 5 + length
    if kind == _POINTER:
        return start + 4 + length + 12
    raise ValueError(f"unknown BSON type {kind}")


def encode_message(document: dict[str, Any], *, response_to: int = 0, flags: int = 0) -> bytes:
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
        document: dict[str, Any] = bson.decode(frame[BODY_AT : BODY_AT + _int32(frame, BODY_AT)[0]])
    except (InvalidBSON, ValueError, IndexError, struct.error) as error:
        raise MalformedMessageError(f"broken reply: {error}") from error
    return document


def parse_legacy_hello(frame: bytes) -> tuple[int, StrictDocument]:
    """Return request id and command of an OP_QUERY on `admin.$cmd`; nothing else may come as OP_QUERY.

    Raises: MalformedMessageError.
    """
    collection, start = b"admin.$cmd\x00", HEADER_BYTES + 4
    body = start + len(collection) + 8
    if frame[start : start + len(collection)] != collection:
        raise MalformedMessageError("only the legacy hello may come as OP_QUERY")
    try:
        return header_of(frame, 0)[1], bson.decode(frame[body:], _STRICT)
    except (*_UNREADABLE, struct.error) as error:
        raise MalformedMessageError(f"broken query: {error}") from error


def next_request_id() -> int:
    return next(_request_ids) & 0x7FFFFFFF


def rewrite(message: Message, *, session_at: int | None, session_id: bytes) -> bytes | bytearray:
    """Return the frame to send on: with another session id, and without cluster time and checksum.

    The cluster time is left out because a forged one must not move MongoDB's clock; the server knows its own.
    """
    frame = message.frame
    time = message.elements.get(b"$clusterTime")
    if session_at is None and time is None and not message.flags & CHECKSUM_PRESENT:
        return frame
    changed = bytearray(frame)
    if session_at is not None:
        changed[session_at : session_at + 16] = session_id
    if message.flags & CHECKSUM_PRESENT:
        del changed[-4:]
        changed[16] &= ~CHECKSUM_PRESENT
    if time is not None:
        begin = time.start - len(b"\x03$clusterTime\x00")
        del changed[begin : time.end]
        length = message.body_end - message.body_start
        _put_int32(changed, message.body_start, length - (time.end - begin))
    _put_int32(changed, 0, len(changed))
    return changed


def replace_body(message: Message, command: dict[str, Any]) -> bytes:
    """Return a frame with the same id and flags that carries another command and no sequences."""
    body = bson.encode(command)
    flags = message.flags & ~CHECKSUM_PRESENT
    return _message_head(BODY_AT + len(body), message.request_id, 0, OP_MSG, flags, 0) + body


def _find_sections(message: Message) -> None:
    """Fill in a message's fields from its sections; there must be exactly one body."""
    frame, end = message.frame, message.sections_end
    at = HEADER_BYTES + 4
    while at < end:
        kind = frame[at]
        section_end = at + 1 + _int32(frame, at + 1)[0]
        if section_end > end:
            raise ValueError("a section is longer than its message")
        if kind == 0 and not message.elements:
            message.elements = scan(frame, at + 1, end)
            message.body_start, message.body_end = at + 1, section_end
        elif kind == 1:
            message.sequences.append(_sequence(frame, at + 5, section_end))
        else:
            raise ValueError(f"unexpected section of kind {kind}")
        at = section_end
    if at != end or not message.elements:
        raise ValueError("a message without a command")
    message.name = _decode_text(next(iter(message.elements)))
    names = [name for name, _, _ in message.sequences]
    if len(set(names)) != len(names) or any(name in message.elements for name in names):
        raise ValueError("a field appears twice")


def _sequence(frame: bytes, start: int, end: int) -> tuple[bytes, int, int]:
    """Return name and bounds of a document sequence, each document's length checked."""
    name_end = frame.index(0, start, end)
    name = frame[start:name_end]
    if name not in _SEQUENCES:
        raise ValueError(f"unknown document sequence {name!r}")
    at = name_end + 1
    while at < end:
        length = _int32(frame, at)[0]
        if length < 5 or at + length > end or frame[at + length - 1]:
            raise ValueError("a document in a sequence is longer than it")
        at += length
    if at != end:
        raise ValueError("a sequence ends within a document")
    return name, name_end + 1, end


def _decode_text(raw: bytes) -> str:
    return raw.decode("utf-8")
