"""What all client connections share."""

import asyncio
from typing import TYPE_CHECKING, Any

import structlog
from pymongo import AsyncMongoClient
from pymongo.errors import PyMongoError

from hothouse.broker.answers import Answers
from hothouse.broker.credentials import CredentialStore
from hothouse.broker.sandboxes import Sandboxes
from hothouse.broker.session import ClientSession
from hothouse.broker.upstream import Server, UpstreamPool

if TYPE_CHECKING:
    from hothouse.broker.connection import ClientConnection

log = structlog.get_logger(__name__)

HANDSHAKE_SECONDS = 10.0
STRANGER_IDLE_SECONDS = 120.0
"""Drivers keep one connection that never signs in, and say hello on it every 10 s or so."""
SLOW_READER_SECONDS = 60.0
"""A client that takes nothing of a reply for so long is closed: it keeps a connection to MongoDB from all others."""
MAX_STRANGERS = 1000
REVOCATION_SECONDS = 0.8


class BrokerCore:
    """The pool to MongoDB, the credentials, who is connected, and the watch over all of them."""

    def __init__(
        self, client: AsyncMongoClient[dict[str, Any]], database: str, *, advertise: str | None = None
    ) -> None:
        server = Server(client)
        self.pool = UpstreamPool(server)
        self.credentials = CredentialStore(client[database])
        self.sandboxes = Sandboxes(
            on_close=lambda workload, count: log.info("revoked", workload=workload, closed=count)
        )
        self.answers = Answers(server, client, advertise)
        self.connections: set[ClientConnection] = set()
        self._loop = asyncio.get_running_loop()

    def now(self) -> float:
        return self._loop.time()

    def new_session(self, owner: "ClientConnection", transport: asyncio.Transport) -> ClientSession:
        """Begin the session of a client that has just connected."""
        address, peer = (_address(transport.get_extra_info(name)) for name in ("sockname", "peername"))
        return ClientSession(self.credentials, self.sandboxes, owner, address=address, peer=peer)

    def joined(self, connection: "ClientConnection") -> float:
        """Count a connection; return when it must be thought of as last heard."""
        self.connections.add(connection)
        return self.now() - STRANGER_IDLE_SECONDS + HANDSHAKE_SECONDS

    def left(self, connection: "ClientConnection") -> None:
        self.connections.discard(connection)

    async def connect(self) -> None:
        """Return when MongoDB is there and lets the broker in.

        Raises: UpstreamError.
        """
        self.pool.give(await self.pool.acquire())

    async def watch(self) -> None:
        """Close what was revoked, strangers that say nothing, and idle connections to MongoDB; runs until cancelled."""
        while True:
            await asyncio.sleep(REVOCATION_SECONDS)
            self.pool.trim()
            self._close_strangers()
            self._close_slow_readers()
            asked = self.sandboxes.workload_ids()
            if asked:
                try:
                    standing = await self.credentials.standing(asked)
                    self.sandboxes.keep(asked, {workload: found.version for workload, found in standing.items()})
                except PyMongoError as error:
                    log.warning("revocations-unknown", reason=str(error))

    def _close_strangers(self) -> None:
        """Close who has not signed in and was silent too long, and the most silent ones when they are too many."""
        strangers = sorted(
            (connection for connection in self.connections if not connection.is_signed_in and not connection.is_busy),
            key=lambda connection: connection.last_heard,
        )
        oldest = self.now() - STRANGER_IDLE_SECONDS
        surplus = len(strangers) - MAX_STRANGERS
        for position, connection in enumerate(strangers):
            if connection.last_heard >= oldest and position >= surplus:
                return
            connection.revoke()

    def _close_slow_readers(self) -> None:
        oldest = self.now() - SLOW_READER_SECONDS
        for connection in [each for each in self.connections if 0 < each.slow_since < oldest]:
            log.info("slow-reader", workload=connection.workload_id)
            connection.revoke()

    async def close(self, grace_seconds: float) -> None:
        """Let commands that are under way finish, then close every connection."""
        deadline = self.now() + grace_seconds
        # Once per process, for moments: an event would have to be set after each command.
        while any(connection.is_busy for connection in self.connections) and self.now() < deadline:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        for connection in list(self.connections):
            connection.close()
        self.pool.close()


def _address(socket_name: Any) -> str:
    """Write a socket's address as drivers do; a unix socket has a path."""
    if isinstance(socket_name, tuple):
        host, port = socket_name[:2]
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return str(socket_name)
