"""The pools of all databases, under one cap."""

from collections.abc import Callable
from functools import partial
from weakref import WeakValueDictionary

from hothouse.broker.errors import UpstreamRefusedError
from hothouse.broker.upstream.connection import UpstreamConnection
from hothouse.broker.upstream.pool import MAX_CONNECTIONS, Opener, UpstreamPool
from hothouse.broker.upstream.room import Room
from hothouse.broker.upstream.server import Server
from hothouse.broker.upstream.users import Access, DatabaseUsers

MAX_PER_POOL = 200

_WRONG_PASSWORD = frozenset((18, 334))
"""MongoDB's AuthenticationFailed, and MechanismUnavailable: the user has a password, but none for SCRAM-SHA-256."""

_Key = tuple[str, Access]


class Pools:
    """One pool per database and access, each signed in as a user that may do just that.

    A pool lives as long as it has connections or somebody holds it: `of` makes another one when it is needed.
    """

    def __init__(
        self,
        server: Server,
        users: DatabaseUsers,
        max_connections: int = MAX_CONNECTIONS,
        max_per_pool: int = MAX_PER_POOL,
    ) -> None:
        self.users = users
        self._server = server
        self._max_per_pool = max_per_pool
        self._room = Room(max_connections)
        self._pools: WeakValueDictionary[_Key, UpstreamPool] = WeakValueDictionary()

    def __len__(self) -> int:
        return self._room.taken

    def of(self, database: str, access: Access) -> UpstreamPool:
        """Return the pool whose connections may do this on that database."""
        pool = self._pools.get((database, access))
        if pool is None:
            pool = self._pools[database, access] = self._make(partial(self._open, database, access))
        return pool

    async def check(self) -> None:
        """Return when MongoDB is there and lets the platform's own user in.

        Raises: UpstreamError.
        """
        pool = self._make(self._server.open)
        try:
            await pool.acquire()
        finally:
            pool.close()

    def renew(self, blamed: UpstreamConnection | None = None) -> None:
        """Look for the primary anew: `blamed` leads to a server that takes no more writes.

        Idle connections are closed, lent ones when they are given back. Harmless when that has been noticed already.
        """
        if blamed is None or blamed.era == self._server.era:
            self._server.renew()
            for pool in list(self._pools.values()):
                pool.close_idle()

    def trim(self) -> None:
        """Close what has been idle for long; a pool whose last connection that was is gone with it."""
        for pool in list(self._pools.values()):
            pool.trim()

    def forget(self, database: str) -> None:
        """Close what an app has to its own database, in use or not: it has stopped, or was deleted.

        Other apps may go on reading there as long as that is granted to them; what they do not use is closed.
        """
        if (own := self._pools.pop((database, Access.OWN), None)) is not None:
            own.close()
        if (read := self._pools.get((database, Access.READ))) is not None:
            read.close_idle()
        self.users.forget(database)

    def close(self) -> None:
        """Close every connection."""
        for pool in list(self._pools.values()):
            pool.close()

    def _make(self, opener: Opener) -> UpstreamPool:
        return UpstreamPool(self._server, self._max_per_pool, opener=opener, room=self._room)

    async def _open(
        self, database: str, access: Access, on_lost: Callable[[UpstreamConnection], None]
    ) -> UpstreamConnection:
        """Open a connection as the database's user, whose password is set anew if MongoDB knows another one."""
        login = await self.users.ensure(database, access)
        try:
            return await self._server.open(on_lost, login)
        except UpstreamRefusedError as error:
            if login is None or error.code not in _WRONG_PASSWORD:
                raise
            login = await self.users.mend(database, access, login)
            return await self._server.open(on_lost, login)
