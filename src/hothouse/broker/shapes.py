"""Recognise commands that are like one which was checked before, so that a busy app's are not taken apart each time.

A shape is a pattern over the whole frame in which everything that the checks depended on stands literally: length,
opcode, flags, each field's type and name, each length inside, the collection and the database. Only values that are
nobody's business (filters, documents, numbers, ids) may differ. A frame that matches would be parsed and judged just
the same; what is looked for anywhere in a command (`find_suspicious`) is looked for here too.
"""

import re
from collections.abc import Callable
from typing import Any

from hothouse.broker.commands import Check, Names, Rule
from hothouse.broker.walker import find_suspicious
from hothouse.broker.wire import CHECKSUM_PRESENT, Element, Message

MAX_SHAPES = 48
LONGEST_FRAME = 4096
COST = 16
"""How many commands must be taken apart before the next shape may be learnt: compiling a pattern is not free."""

_LITERAL_VALUES = frozenset((b"$db",))
_STRING, _DOCUMENT, _ARRAY, _BINARY = 2, 3, 4, 5
_FIXED = frozenset((1, 6, 7, 8, 9, 10, 16, 17, 18, 19, 127, 255))
_MOST_DOCUMENTS = 4
_SESSION_HEAD = 13


class Shape:
    """One pattern, and how to send a frame that matches it on."""

    __slots__ = ("_body_at", "_body_length", "_head", "_length", "_matches", "_session_at", "_time", "opens_cursor")

    def __init__(self, message: Message, rule: Rule, pattern: bytes) -> None:
        self._matches: Callable[[bytes], Any] = re.compile(pattern, re.DOTALL).fullmatch
        self.opens_cursor = rule.opens_cursor
        session, time = message.elements.get(b"lsid"), message.elements.get(b"$clusterTime")
        self._session_at = session.start + _SESSION_HEAD if session else 0
        self._time = (time.start - len(b"\x03$clusterTime\x00"), time.end) if time else None
        removed = self._time[1] - self._time[0] if self._time else 0
        self._length = (len(message.frame) - removed).to_bytes(4, "little")
        self._body_at = message.body_start
        self._body_length = (message.body_end - message.body_start - removed).to_bytes(4, "little")

    def fits(self, frame: bytes) -> bool:
        return self._matches(frame) is not None and find_suspicious(frame) is None

    def rewrite(self, frame: bytes, own_session: Callable[[bytes], bytes]) -> bytes | bytearray:
        """Do what `wire.rewrite` does, at places known beforehand."""
        at = self._session_at
        if not at and self._time is None:
            return frame
        changed = bytearray(frame)
        if at:
            changed[at : at + 16] = own_session(frame[at : at + 16])
        if self._time is not None:
            del changed[self._time[0] : self._time[1]]
            changed[:4] = self._length
            body = self._body_at
            changed[body : body + 4] = self._body_length
        return changed


class Shapes:
    """The shapes of one sandbox's commands, by frame length; the sandbox's database is part of each."""

    __slots__ = ("_by_length", "_count", "_credit", "_seen")

    def __init__(self) -> None:
        self._by_length: dict[int, list[Shape]] = {}
        self._seen: dict[int, int] = {}
        self._count = 0
        self._credit = COST

    def find(self, frame: bytes) -> Shape | None:
        """Return the shape that the frame has, if it is known."""
        for shape in self._by_length.get(len(frame), ()):
            if shape.fits(frame):
                return shape
        return None

    def consider(self, message: Message, rule: Rule) -> None:
        """Learn the shape of a command that was allowed, if its like was seen before and it is simple enough."""
        length = len(message.frame)
        self._credit += 1
        if length > LONGEST_FRAME or rule.names is not Names.COLLECTION:
            return
        if rule.check not in (Check.NONE, Check.JAVASCRIPT) or message.flags & CHECKSUM_PRESENT:
            return
        if len(self._seen) >= LONGEST_FRAME:
            self._seen.clear()
        self._seen[length] = self._seen.get(length, 0) + 1
        if self._credit < COST or self._seen[length] < 3 or find_suspicious(message.frame):
            return
        pattern = _pattern(message)
        if pattern is not None:
            self._learn(length, Shape(message, rule, pattern))

    def _learn(self, length: int, shape: Shape) -> None:
        self._credit = 0
        if self._count >= MAX_SHAPES:
            self._by_length.clear()
            self._count = 0
        self._count += 1
        self._by_length.setdefault(length, []).append(shape)


def _pattern(message: Message) -> bytes | None:
    """Write the pattern of a message; None when it holds something that patterns are not made for."""
    frame = message.frame
    free: list[tuple[int, int]] = [(4, 12)]
    for position, (key, element) in enumerate(message.elements.items()):
        if position == 0 or key in _LITERAL_VALUES:
            continue
        bounds = _free_session(element) if key == b"lsid" else _free_value(element)
        if bounds is None:
            return None
        free.append(bounds)
    for _, start, end in message.sequences:
        bounds_of_documents = _free_documents(frame, start, end)
        if bounds_of_documents is None:
            return None
        free.extend(bounds_of_documents)
    return _write(frame, sorted(free))


def _free_session(element: Element) -> tuple[int, int]:
    return element.start + _SESSION_HEAD, element.end - 1


def _free_value(element: Element) -> tuple[int, int] | None:
    """Return which bytes of a value may differ: not its lengths, nor the zero that ends it."""
    kind, start, end = element
    if kind in _FIXED:
        return start, end
    if kind in (_STRING, _DOCUMENT, _ARRAY):
        return start + 4, end - 1
    if kind == _BINARY:
        return start + 4, end
    return None


def _free_documents(frame: bytes, start: int, end: int) -> list[tuple[int, int]] | None:
    free: list[tuple[int, int]] = []
    while start < end:
        length = int.from_bytes(frame[start : start + 4], "little")
        free.append((start + 4, start + length - 1))
        start += length
    return free if len(free) <= _MOST_DOCUMENTS else None


def _write(frame: bytes, free: list[tuple[int, int]]) -> bytes:
    parts, at = [], 0
    for start, end in free:
        parts += [re.escape(frame[at:start]), b".{%d}" % (end - start)]
        at = end
    return b"".join((*parts, re.escape(frame[at:])))
