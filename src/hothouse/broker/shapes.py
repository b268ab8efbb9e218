"""Recognise commands that are like one which was checked before, so that a busy app's are not taken apart each time.

A shape is a pattern over the whole frame in which everything that the checks depended on stands literally: length,
opcode, flags, each field's type and name, each length inside, the collection and the database. Only values that are
nobody's business (filters, documents, numbers, ids) may differ. A frame that matches would be parsed and judged just
the same; what is looked for anywhere in a command (`find_suspicious`) is looked for here too.
"""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from hothouse.broker.commands import Check, Names, Rule
from hothouse.broker.walker import find_suspicious
from hothouse.broker.wire import ARRAY, BINARY, CHECKSUM_PRESENT, DOCUMENT, STRING, Element, Message, carry_out

if TYPE_CHECKING:
    from hothouse.broker.policy import Plan

MAX_SHAPES = 48
LONGEST_FRAME = 4096
COST = 16
"""How many commands must be taken apart before the next shape may be learnt: compiling a pattern is not free."""

_LITERAL_VALUES = frozenset((b"$db", b"maxTimeMS", b"readConcern", b"writeConcern"))
_BATCHES = frozenset((b"documents", b"updates", b"deletes"))
_FIXED = frozenset((1, 6, 7, 8, 9, 10, 16, 17, 18, 19, 127, 255))
_MOST_DOCUMENTS = 4
_SESSION_HEAD = 13


class Shape:
    """One pattern, and how to send a frame that matches it on."""

    __slots__ = ("_body_at", "_cuts", "_matches", "_session_at", "plan")

    def __init__(self, message: Message, made: "Plan", pattern: bytes) -> None:
        self._matches: Callable[[bytes], Any] = re.compile(pattern, re.DOTALL).fullmatch
        self.plan = made
        """The plan of the command that the shape was learnt from."""
        session = message.elements.get(b"lsid")
        self._session_at = session.start + _SESSION_HEAD if session else 0
        self._cuts = sorted(made.cuts, reverse=True)
        self._body_at = message.body_start

    def fits(self, frame: bytes) -> bool:
        return self._matches(frame) is not None and not find_suspicious(frame)

    def rewrite(self, frame: bytes, own_session: Callable[[bytes], bytes]) -> bytes | bytearray:
        """Do what `wire.rewrite` does, at places known beforehand."""
        at = self._session_at
        if not at and not self._cuts:
            return frame
        changed = bytearray(frame)
        if at:
            changed[at : at + 16] = own_session(frame[at : at + 16])
        if self._cuts:
            carry_out(changed, self._cuts, self._body_at)
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

    def clear(self) -> None:
        """Forget every shape: what they were learnt from does not hold any more."""
        self._by_length.clear()
        self._count = 0

    def consider(self, message: Message, rule: Rule, made: "Plan") -> None:
        """Learn the shape of a command that was allowed, if its like was seen before and it is simple enough."""
        length = len(message.frame)
        self._credit += 1
        if length > LONGEST_FRAME or rule.names is not Names.COLLECTION or made.place.grant is not None:
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
            self._learn(length, Shape(message, made, pattern))

    def _learn(self, length: int, shape: Shape) -> None:
        self._credit = 0
        if self._count >= MAX_SHAPES:
            self.clear()
        self._count += 1
        self._by_length.setdefault(length, []).append(shape)


def _pattern(message: Message) -> bytes | None:
    """Write the pattern of a message; None when it holds something that patterns are not made for.

    What a check reads must stand literally: see `_LITERAL_VALUES`. A batch in the body is counted and a transaction
    noted each time, so their commands are always taken apart.
    """
    frame = message.frame
    free: list[tuple[int, int]] = [(4, 12)]
    for position, (key, element) in enumerate(message.elements.items()):
        if position == 0 or key in _LITERAL_VALUES:
            continue
        if key in _BATCHES or key == b"startTransaction":
            return None
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
    if kind in (STRING, DOCUMENT, ARRAY):
        return start + 4, end - 1
    if kind == BINARY:
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
