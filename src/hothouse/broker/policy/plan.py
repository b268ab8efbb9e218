"""What the policy hands to the connection: how a command is carried out."""

from collections.abc import Callable, Sequence
from typing import Any

from hothouse.broker.commands import Growth
from hothouse.broker.gates import Passage
from hothouse.broker.grants import Place
from hothouse.broker.wire import Cut

Document = dict[str, Any]
Transform = Callable[[bytes], Document]
"""Makes the document that the client gets of MongoDB's whole reply."""

HOME = Place("", "")


class Plan:
    """How a command is carried out."""

    __slots__ = (
        "answer",
        "cursor_id",
        "cuts",
        "growth",
        "name",
        "opens_cursor",
        "passage",
        "payload",
        "place",
        "seconds",
        "transform",
    )

    def __init__(
        self,
        payload: bytes | bytearray = b"",
        *,
        name: str = "",
        place: Place = HOME,
        opens_cursor: bool = False,
        growth: Growth = Growth.NONE,
        seconds: float = 0.0,
        passage: Passage = Passage.FREE,
    ) -> None:
        self.payload = payload
        self.name = name
        self.place = place
        self.opens_cursor = opens_cursor
        self.growth = growth
        """What it does to the space that the database takes."""
        self.cuts: Sequence[Cut] = ()
        """What was changed in the frame, besides the session's id."""
        self.passage = passage
        """How it goes through the gate of a database that has one."""
        self.seconds = seconds
        """How long MongoDB was given for it; 0 for as long as it takes."""
        self.cursor_id = 0
        """The cursor that a getMore continues."""
        self.answer: Document | None = None
        """Given instead of asking MongoDB."""
        self.transform: Transform | None = None
        """Changes MongoDB's reply before the client sees it."""
