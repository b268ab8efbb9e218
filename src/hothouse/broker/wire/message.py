"""OP_MSG commands, taken apart just as far as the broker needs: a command's bytes are not decoded to be looked at."""

import struct
from typing import Any

import bson
from bson.codec_options import CodecOptions, DatetimeConversion
from bson.errors import InvalidBSON

from hothouse.broker.errors import Code, MalformedMessageError, RefusedError
from hothouse.broker.wire.layout import (
    ARRAY,
    BODY_AT,
    CHECKSUM_PRESENT,
    HEADER_BYTES,
    MAX_BODY_BYTES,
    MAX_DOCUMENT_BYTES,
    MAX_DOCUMENTS,
    MORE_TO_COME,
    OP_MSG,
    STRING,
    Element,
    header_of,
    int32_at,
    scan,
)

_KNOWN_FLAGS = CHECKSUM_PRESENT | MORE_TO_COME
_REQUIRED_FLAGS = 0xFFFF
_SEQUENCES = frozenset((b"documents", b"updates", b"deletes", b"ops", b"nsInfo"))
_BATCHES = (b"documents", b"updates", b"deletes", b"ops")
LONGEST_DECODED = 2 * 2**20
"""Longest command that is looked through in every detail, in bytes: meanwhile all others wait."""
UNREADABLE = (InvalidBSON, ValueError, OverflowError, RecursionError)


class StrictDocument(dict[str, Any]):
    """A decoded document in which no key appears twice: a reader that takes the other one must not be fooled."""

    __slots__ = ()

    def __setitem__(self, key: str, value: Any) -> None:
        if key in self:
            raise ValueError(f"the key {key!r} appears twice")
        super().__setitem__(key, value)


STRICT: CodecOptions[StrictDocument] = CodecOptions(
    document_class=StrictDocument, datetime_conversion=DatetimeConversion.DATETIME_MS
)


class Message:
    """One OP_MSG command: the frame, and where things are in it."""

    __slots__ = (
        "body_end",
        "body_start",
        "documents",
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
        self.documents = 0
        """How many documents its batches hold, as far as they came as document sequences."""
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
        if element is None or element.type != STRING:
            return None
        try:
            return _decode_text(self.frame[element.start + 4 : element.end - 1])
        except UnicodeDecodeError:
            return None

    def count_batch(self) -> int:
        """Return how many documents or operations the command's batch holds, in whichever form it came.

        Raises: MalformedMessageError when they are no array, or too many for MongoDB.
        """
        count = self.documents
        for key in _BATCHES:
            element = self.elements.get(key)
            if element is not None and element.type == ARRAY:
                try:
                    count += len(scan(self.frame, element.start, element.end, MAX_DOCUMENTS))
                except (struct.error, ValueError, IndexError) as error:
                    raise MalformedMessageError(f"broken message: {error}") from error
        return count

    def decode(self) -> StrictDocument:
        """Decode the whole command, document sequences included.

        Raises: RefusedError for what is too long, is not BSON, is nested too deeply or holds a key twice.
        """
        if len(self.frame) > LONGEST_DECODED:
            raise RefusedError(
                f"This {self.name} has {len(self.frame):,} bytes and must be looked through, for which it may have "
                f"{LONGEST_DECODED:,}. Send less at once.",
                Code.InvalidLength,
            )
        try:
            command = bson.decode(self.frame[self.body_start : self.body_end], STRICT)
        except UNREADABLE as error:
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
                if end - begin > LONGEST_DECODED:
                    raise RefusedError(f"{name.decode()} of {self.name} is too long; send less at once.")
                try:
                    return bson.decode_all(self.frame[begin:end], STRICT)
                except UNREADABLE as error:
                    raise self._unreadable(error) from error
        return None

    def _unreadable(self, error: Exception) -> RefusedError:
        return RefusedError(f"{self.name} cannot be read: {error}.", Code.FailedToParse)


def outline(frame: bytes) -> Message:
    """Return an OP_MSG frame with its flags, whose command was not looked at.

    Raises: MalformedMessageError when it is not one.
    """
    _, request_id, _, opcode = header_of(frame, 0)
    if opcode != OP_MSG or len(frame) < BODY_AT + 5:
        raise MalformedMessageError(f"opcode {opcode} is not spoken here")
    flags = int.from_bytes(frame[16:20], "little")
    if flags & _REQUIRED_FLAGS & ~_KNOWN_FLAGS:
        raise MalformedMessageError(f"unknown flags {flags:#x}")
    return Message(frame, request_id, flags)


def parse(frame: bytes) -> Message:
    """Take an OP_MSG frame apart.

    Raises: MalformedMessageError when it is not one, or holds anything the broker cannot account for; RefusedError
    when it holds more than MongoDB takes.
    """
    message = outline(frame)
    try:
        _find_sections(message)
    except (struct.error, ValueError, IndexError) as error:
        raise MalformedMessageError(f"broken message: {error}") from error
    return message


def parse_legacy_hello(frame: bytes) -> tuple[int, StrictDocument]:
    """Return request id and command of an OP_QUERY on `admin.$cmd`; nothing else may come as OP_QUERY.

    Raises: MalformedMessageError.
    """
    collection, start = b"admin.$cmd\x00", HEADER_BYTES + 4
    body = start + len(collection) + 8
    if frame[start : start + len(collection)] != collection:
        raise MalformedMessageError("only the legacy hello may come as OP_QUERY")
    try:
        return header_of(frame, 0)[1], bson.decode(frame[body:], STRICT)
    except (*UNREADABLE, struct.error) as error:
        raise MalformedMessageError(f"broken query: {error}") from error


def _find_sections(message: Message) -> None:
    """Fill in a message's fields from its sections; there must be exactly one body."""
    frame, end = message.frame, message.sections_end
    at = HEADER_BYTES + 4
    while at < end:
        kind = frame[at]
        section_end = at + 1 + int32_at(frame, at + 1)[0]
        if section_end > end:
            raise ValueError("a section is longer than its message")
        if kind == 0 and not message.body_end:
            if section_end - at > MAX_BODY_BYTES:
                raise RefusedError(
                    f"A command of {section_end - at:,} bytes without its document sequences; MongoDB takes "
                    f"{MAX_BODY_BYTES:,}, and {MAX_DOCUMENT_BYTES:,} for a document.",
                    Code.BSONObjectTooLarge,
                )
            message.elements = scan(frame, at + 1, end)
            message.body_start, message.body_end = at + 1, section_end
        elif kind == 1:
            name, begin, count = _sequence(frame, at + 5, section_end)
            message.sequences.append((name, begin, section_end))
            if name in _BATCHES:
                message.documents += count
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
    """Return a document sequence's name, where its documents begin and how many they are, each length checked."""
    name_end = frame.index(0, start, end)
    name = frame[start:name_end]
    if name not in _SEQUENCES:
        raise ValueError(f"unknown document sequence {name!r}")
    at, count = name_end + 1, 0
    while at < end:
        length = int32_at(frame, at)[0]
        if length < 5 or at + length > end or frame[at + length - 1]:
            raise ValueError("a document in a sequence is longer than it")
        at += length
        count += 1
        if count > MAX_DOCUMENTS:
            raise RefusedError(
                f"More than {MAX_DOCUMENTS:,} documents in one command. Send them in smaller batches.",
                Code.InvalidLength,
            )
    if at != end:
        raise ValueError("a sequence ends within a document")
    return name, name_end + 1, count


def _decode_text(raw: bytes) -> str:
    return raw.decode("utf-8")
