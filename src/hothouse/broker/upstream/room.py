"""How many connections may be open in all pools together, and whose turn it is when there are no more."""

from typing import Protocol


class Sharer(Protocol):
    """A pool, as far as the room is concerned."""

    @property
    def is_full(self) -> bool:
        """Whether it has as many connections as a single pool may have."""

    @property
    def is_waiting(self) -> bool:
        """Whether anybody waits for a connection there."""

    @property
    def is_stalled(self) -> bool:
        """Whether somebody waits there and none of its connections comes back: long replies hold them all."""

    @property
    def idle_since(self) -> float | None:
        """When its least used idle connection was given back; None without one."""

    def __len__(self) -> int:
        """Return how many connections it has, those being opened included."""

    def admit(self) -> None:
        """Let the first who waits open a connection, in a place that was just taken for it."""

    def evict(self) -> None:
        """Close the least used idle connection; its place is given back by the one who asks for this."""


class Room:
    """A number of places, one for each connection.

    Pools that wait take turns. A connection moves on from a pool that waits itself only to one that has none, or so
    many fewer that it stays there, or gets none back: closing and opening them in turn would cost more than waiting.
    """

    def __init__(self, max_connections: int) -> None:
        self.taken = 0
        self.queue: dict[Sharer, None] = {}
        self._sharers: set[Sharer] = set()
        self._max = max_connections

    def take(self, sharer: Sharer) -> bool:
        """Take a place for a connection of this pool, an idle one of another pool if need be; False: it has to wait."""
        if sharer.is_full or (self.taken >= self._max and not self._evict()):
            return False
        self.taken += 1
        self._sharers.add(sharer)
        return True

    def wait(self, sharer: Sharer) -> None:
        """Put a pool into the queue, unless it is there already."""
        self.queue.setdefault(sharer)

    def release(self, sharer: Sharer) -> None:
        """Give a place of this pool back, to whose turn it is."""
        self._left(sharer)
        if self.taken < self._max and (heir := self.heir()) is not None:
            self._admit(heir)

    def pass_on(self, giver: Sharer, heir: Sharer) -> None:
        """Give a place of one pool to another."""
        self._left(giver)
        self._admit(heir)

    def heir(self, giver: Sharer | None = None) -> Sharer | None:
        """Return whose turn it is to have a connection that `giver` has back, or else a free place."""
        for sharer in list(self.queue):
            if not sharer.is_waiting:
                del self.queue[sharer]
            elif sharer is giver or (not sharer.is_full and _deserves(sharer, giver)):
                del self.queue[sharer]
                self.queue[sharer] = None
                return sharer
        return None

    def _evict(self) -> bool:
        idle = [(since, sharer) for sharer in self._sharers if (since := sharer.idle_since) is not None]
        if not idle:
            return False
        _, sharer = min(idle, key=lambda each: each[0])
        sharer.evict()
        self._left(sharer)
        return True

    def _left(self, sharer: Sharer) -> None:
        self.taken -= 1
        if not len(sharer):
            self._sharers.discard(sharer)

    def _admit(self, sharer: Sharer) -> None:
        self.taken += 1
        self._sharers.add(sharer)
        sharer.admit()


def _deserves(sharer: Sharer, giver: Sharer | None) -> bool:
    """Tell whether a connection that `giver` has back is better used by the other pool."""
    if giver is None or not giver.is_waiting:
        return True
    return not len(sharer) or len(sharer) + 1 < len(giver) or sharer.is_stalled
