"""Connections that are lent to one client's command at a time.

MongoDB keeps cursors, sessions and transactions per server and not per connection, so any connection of a user can
carry any of its commands; a client that is idle holds none.
"""

import asyncio
from collections import deque

from hothouse.broker.errors import MalformedMessageError, UpstreamError
from hothouse.broker.upstream.connection import UpstreamConnection
from hothouse.broker.upstream.server import Server

MAX_CONNECTIONS = 800
IDLE_SECONDS = 60.0
WAIT_SECONDS = 25.0
"""How long a command waits for a MongoDB that is away; drivers give up on a server after 30 s."""

_CONNECT_SECONDS = 10.0
_LONGEST_PAUSE = 1.0


class UpstreamPool:
    """Lends connections; opens them when needed and closes those that nobody needed for a while."""

    def __init__(self, server: Server, max_connections: int = MAX_CONNECTIONS) -> None:
        self.server = server
        self._idle: list[UpstreamConnection] = []
        self._open: set[UpstreamConnection] = set()
        self._opening = 0
        self._max = max_connections
        self._waiting: deque[asyncio.Future[UpstreamConnection | None]] = deque()

    def __len__(self) -> int:
        return len(self._open) + self._opening

    def take(self) -> UpstreamConnection | None:
        """Return an idle connection at once, or None."""
        while self._idle:
            connection = self._idle.pop()
            if connection.is_open:
                return connection
        return None

    async def acquire(self) -> UpstreamConnection:
        """Return a connection, waiting for MongoDB to come back when it is away.

        Raises: UpstreamError when it stays away.
        """
        while True:
            if (connection := self.take()) is not None:
                return connection
            if len(self) < self._max:
                return await self._connect()
            waiter: asyncio.Future[UpstreamConnection | None] = asyncio.get_running_loop().create_future()
            self._waiting.append(waiter)
            try:
                lent = await waiter
            except asyncio.CancelledError:
                if waiter.done() and not waiter.cancelled() and (unused := waiter.result()) is not None:
                    self.give(unused)
                raise
            if lent is not None and lent.is_open:
                return lent

    def give(self, connection: UpstreamConnection) -> None:
        """Take back a connection whose reply is complete."""
        connection.receiver = None
        connection.set_reading(True)
        if not connection.is_open:
            return
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(connection)
                return
        connection.idle_since = 0.0
        self._idle.append(connection)

    def renew(self) -> None:
        """Drop what is idle and look for the primary anew: this one takes no more writes."""
        self.server.forget()
        self._close(self._idle)
        self._idle = []

    def trim(self) -> None:
        """Close what has been idle for long."""
        now = asyncio.get_running_loop().time()
        for connection in self._idle:
            connection.idle_since = connection.idle_since or now
        stale = [connection for connection in self._idle if connection.idle_since < now - IDLE_SECONDS]
        self._idle = [connection for connection in self._idle if connection not in stale]
        self._close(stale)

    def close(self) -> None:
        """Close every connection."""
        self._close(list(self._open))

    async def _connect(self) -> UpstreamConnection:
        loop = asyncio.get_running_loop()
        deadline, pause = loop.time() + WAIT_SECONDS, 0.05
        self._opening += 1
        try:
            while True:
                try:
                    async with asyncio.timeout(_CONNECT_SECONDS):
                        connection = await self.server.open(self._lost)
                except (OSError, TimeoutError, UpstreamError, MalformedMessageError) as error:
                    self.server.forget()
                    if loop.time() > deadline:
                        raise UpstreamError(f"MongoDB cannot be reached: {error}") from error
                    await asyncio.sleep(pause)
                    pause = min(pause * 1.5, _LONGEST_PAUSE)
                else:
                    if connection.is_open:
                        self._open.add(connection)
                        return connection
        finally:
            self._opening -= 1

    def _lost(self, connection: UpstreamConnection) -> None:
        self._open.discard(connection)
        if connection in self._idle:
            self._idle.remove(connection)
        while self._waiting:
            if not (waiter := self._waiting.popleft()).done():
                waiter.set_result(None)
                return

    @staticmethod
    def _close(connections: list[UpstreamConnection]) -> None:
        for connection in connections:
            connection.abort()
