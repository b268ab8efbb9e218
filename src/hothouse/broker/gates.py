"""Keep writes and changes of collections apart where the server cannot do both at once.

The embedded server hangs for good, for everybody, when an index or collection is made while documents are inserted into
the same collection. So a command that defines something waits until the writes under way in its database are answered,
and writes that come later wait for it. Other servers need none of this, and their databases get no gate.
"""

import asyncio
from collections import deque
from enum import Enum, auto

PATIENCE_SECONDS = 5.0
"""How long a definition waits for writes: one that nobody answers must not hold the database up for ever."""


class Passage(Enum):
    """What goes through a gate."""

    FREE = auto()
    WRITE = auto()
    DEFINITION = auto()


class Gate:
    """The gate of one database: any number of writes at a time, or one definition."""

    __slots__ = ("__weakref__", "_defining", "_waiting", "_writes")

    def __init__(self) -> None:
        self._writes = 0
        self._defining = False
        self._waiting: deque[tuple[Passage, asyncio.Future[None]]] = deque()

    def try_enter(self, passage: Passage) -> bool:
        """Go through at once if nothing is in the way, nor waits in front."""
        if self._waiting or not self._is_open(passage):
            return False
        self._count(passage)
        return True

    async def enter(self, passage: Passage) -> None:
        """Go through when it is this one's turn, a definition at the latest when its patience is at an end."""
        if self.try_enter(passage):
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((passage, turn))
        try:
            async with asyncio.timeout(PATIENCE_SECONDS if passage is Passage.DEFINITION else None):
                await turn
        except TimeoutError:
            if not turn.done() or turn.cancelled():
                self._give_up(turn)
                self._count(passage)
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.leave(passage)
            self._give_up(turn)
            self._let_through()
            raise

    def leave(self, passage: Passage) -> None:
        """Make room: the command was answered, or nobody hears the answer any more."""
        if passage is Passage.WRITE:
            self._writes -= 1
        else:
            self._defining = False
        self._let_through()

    def _is_open(self, passage: Passage) -> bool:
        return not self._defining and (passage is Passage.WRITE or not self._writes)

    def _count(self, passage: Passage) -> None:
        if passage is Passage.WRITE:
            self._writes += 1
        else:
            self._defining = True

    def _let_through(self) -> None:
        while self._waiting and self._is_open(self._waiting[0][0]):
            passage, turn = self._waiting.popleft()
            if not turn.done():
                self._count(passage)
                turn.set_result(None)

    def _give_up(self, turn: asyncio.Future[None]) -> None:
        self._waiting = deque(entry for entry in self._waiting if entry[1] is not turn)
