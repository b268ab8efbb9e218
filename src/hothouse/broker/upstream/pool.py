"""Connections of one user, lent to one client's command at a time.

MongoDB keeps cursors, sessions and transactions per user and server and not per connection, so any connection of a pool
can carry any command that came by it before; a client that is idle holds none.
"""

import asyncio
import math
from collections.abc import Awaitable, Callable

from hothouse.broker.errors import MalformedMessageError, UpstreamError
from hothouse.broker.upstream.connection import UpstreamConnection
from hothouse.broker.upstream.room import Room
from hothouse.broker.upstream.server import Server
from hothouse.broker.upstream.waiters import Lent, Waiters

MAX_CONNECTIONS = 800
IDLE_SECONDS = 60.0
WAIT_SECONDS = 25.0
"""How long a command waits for a MongoDB that is away; drivers give up on a server after 30 s."""

_CONNECT_SECONDS = 10.0
_SHORTEST_PAUSE = 0.05
_LONGEST_PAUSE = 1.0

Opener = Callable[[Callable[[UpstreamConnection], None]], Awaitable[UpstreamConnection]]


class UpstreamPool:
    """Lends connections; opens them when needed and closes those that nobody needed for a while.

    `opener` opens a connection that is signed in, as the platform's own user if it is left out; `room` is what the
    pool shares with others.
    """

    def __init__(
        self,
        server: Server,
        max_connections: int = MAX_CONNECTIONS,
        *,
        opener: Opener | None = None,
        room: Room | None = None,
    ) -> None:
        self._server = server
        self._opener = opener or server.open
        self._room = room or Room(max_connections)
        self._max = max_connections
        self._idle: list[UpstreamConnection] = []
        self._open: set[UpstreamConnection] = set()
        self._opening = 0
        self._waiters = Waiters()
        self._is_closed = False

    def __len__(self) -> int:
        return len(self._open) + self._opening

    # Lending

    def take(self) -> UpstreamConnection | None:
        """Return an idle connection at once, or None."""
        while self._idle:
            connection = self._idle.pop()
            if connection.is_open:
                return connection
        return None

    async def acquire(self) -> UpstreamConnection:
        """Return a connection, waiting for a free one, and for MongoDB to come back when it is away.

        Raises: UpstreamError when it stays away, or the pool is closed.
        """
        deadline = asyncio.get_running_loop().time() + WAIT_SECONDS
        while not self._is_closed:
            if (connection := self.take()) is not None:
                return connection
            if self._room.take(self):
                self._opening += 1
                return await self._connect(deadline)
            self._room.wait(self)
            lent = await self._waiters.wait(self._return_unused)
            if lent is None:
                return await self._connect(deadline)
            if lent.is_open:
                return lent
        raise _closed()

    def give(self, connection: UpstreamConnection) -> None:
        """Take back a connection whose reply is complete."""
        connection.receiver = None
        connection.set_reading(True)
        if not connection.is_open:
            return
        if connection.era != self._server.era:
            self._close(connection)
        elif not self._room.queue or (heir := self._room.heir(self)) is None:
            connection.idle_since = 0.0
            self._idle.append(connection)
        elif heir is self:
            self._waiters.serve(connection)
        else:
            self._detach(connection)
            self._room.pass_on(self, heir)

    def _return_unused(self, lent: Lent) -> None:
        if lent is not None:
            self.give(lent)
        else:
            self._opening -= 1
            self._room.release(self)

    # Opening

    async def _connect(self, deadline: float) -> UpstreamConnection:
        """Open a connection in a place that has been taken, and is given back when it cannot be done."""
        try:
            connection = await self._open_patiently(deadline)
        except BaseException:
            self._return_unused(None)
            raise
        self._opening -= 1
        self._open.add(connection)
        connection.lender = self
        return connection

    async def _open_patiently(self, deadline: float) -> UpstreamConnection:
        loop = asyncio.get_running_loop()
        pause = _SHORTEST_PAUSE
        while not self._is_closed:
            try:
                return await self._open_one()
            except (OSError, TimeoutError, UpstreamError, MalformedMessageError) as error:
                self._server.forget()
                if loop.time() > deadline:
                    reason = str(error) or f"no answer within {_CONNECT_SECONDS:.0f} s"
                    raise UpstreamError(f"MongoDB cannot be reached: {reason}") from error
                await asyncio.sleep(pause)
                pause = min(pause * 1.5, _LONGEST_PAUSE)
        raise _closed()

    async def _open_one(self) -> UpstreamConnection:
        async with asyncio.timeout(_CONNECT_SECONDS):
            connection = await self._opener(self._lost)
        if connection.is_open and connection.era == self._server.era and not self._is_closed:
            return connection
        connection.abort()
        raise UpstreamError("the connection was lost while it was being opened")

    # Closing

    def close_idle(self) -> None:
        """Close what nobody uses now."""
        self._close(*self._idle)

    def trim(self) -> None:
        """Close what has been idle for long."""
        now = asyncio.get_running_loop().time()
        for connection in self._idle:
            connection.idle_since = connection.idle_since or now
        self._close(*(connection for connection in self._idle if connection.idle_since < now - IDLE_SECONDS))

    def close(self) -> None:
        """Close every connection and turn away who waits; the pool is of no use any more."""
        self._is_closed = True
        self._waiters.turn_away(_closed())
        self._close(*self._open)

    def _close(self, *connections: UpstreamConnection) -> None:
        for connection in connections:
            self._detach(connection)
            self._room.release(self)

    def _detach(self, connection: UpstreamConnection) -> None:
        """Close a connection; that its place is free is for the caller to say."""
        self._open.remove(connection)
        if connection in self._idle:
            self._idle.remove(connection)
        connection.abort()

    def _lost(self, connection: UpstreamConnection) -> None:
        """Note that a connection is gone, unless we closed it ourselves."""
        if connection in self._open:
            self._detach(connection)
            self._room.release(self)

    # What the room asks (see Sharer)

    @property
    def is_full(self) -> bool:
        return len(self) >= self._max

    @property
    def is_waiting(self) -> bool:
        return bool(self._waiters)

    @property
    def is_stalled(self) -> bool:
        return self._waiters.is_stalled

    @property
    def idle_since(self) -> float | None:
        # What was given back since the last trim has no time yet: it is the most recently used.
        return (self._idle[0].idle_since or math.inf) if self._idle else None

    def admit(self) -> None:
        self._opening += 1
        self._waiters.serve(None)

    def evict(self) -> None:
        self._detach(self._idle[0])


def _closed() -> UpstreamError:
    return UpstreamError("This database is closed: its app has stopped, or the broker does.")
