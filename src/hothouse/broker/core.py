"""What all client connections share."""

import asyncio
import hmac
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

import structlog
from bson.int64 import Int64
from pymongo import AsyncMongoClient
from pymongo.errors import PyMongoError

from hothouse.broker.answers import Answers
from hothouse.broker.credentials import CredentialStore, KnownCredential
from hothouse.broker.gates import Gate
from hothouse.broker.grants import Grants, GrantStore, Place
from hothouse.broker.measuring import StorageKeeper
from hothouse.broker.meters import Meters
from hothouse.broker.sandboxes import Sandbox, Sandboxes
from hothouse.broker.session import ClientSession
from hothouse.broker.upstream import Access, DatabaseUsers, Pools, Server, UpstreamConnection, UpstreamPool
from hothouse.broker.usage import UsageWriter

if TYPE_CHECKING:
    from hothouse.broker.connection import ClientConnection

_NOTED_SECONDS = 60.0

log = structlog.get_logger(__name__)

HANDSHAKE_SECONDS = 10.0
STRANGER_IDLE_SECONDS = 120.0
"""Drivers keep one connection that never signs in, and say hello on it every 10 s or so."""
SLOW_READER_SECONDS = 60.0
"""A client that takes nothing of a reply for so long is closed: it keeps a connection to MongoDB from all others."""
MAX_STRANGERS = 4000
MAX_NOTES = 120
"""Most lines that strangers may put into the log in a minute."""
REVOCATION_SECONDS = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a broker works. `key` is the installation's, from which passwords of database users are derived."""

    key: bytes | None = None
    advertise: str | None = None
    batch_documents: int = 10_000
    slow_ms: float = 200.0
    instance: str = "broker"


class BrokerCore:
    """The pools to MongoDB, credentials and grants, who is connected, and the watch over all of them."""

    def __init__(self, client: AsyncMongoClient[dict[str, Any]], database: str, options: Options) -> None:
        self._server = server = Server(client)
        self._gates: WeakValueDictionary[str, Gate] = WeakValueDictionary()
        self.pools = Pools(server, DatabaseUsers(client, options.key))
        self.credentials = CredentialStore(client[database])
        self.grants = GrantStore(client[database])
        self.meters = Meters(options.slow_ms)
        self.storage = StorageKeeper(client, client[database])
        self.usage = UsageWriter(client[database], self.meters, options.instance, storage=self.storage)
        self.sandboxes = Sandboxes(
            self._make_sandbox, on_close=lambda workload, count: log.info("revoked", workload=workload, closed=count)
        )
        self.answers = Answers(server, client, advertise=options.advertise, batch_documents=options.batch_documents)
        self.connections: set[ClientConnection] = set()
        self.buffered_bytes = 0
        """How much is held of requests, of all clients together."""
        self.now = asyncio.get_running_loop().time
        self._client = client
        self._salts_key = hmac.digest(options.key or secrets.token_bytes(32), b"salts of unknown users", "sha256")
        self._killing: set[asyncio.Task[None]] = set()
        self._notes = 0
        self._notes_since = 0.0

    def new_session(self, owner: "ClientConnection", transport: asyncio.Transport) -> ClientSession:
        """Begin the session of a client that has just connected."""
        address, peer = (_address(transport.get_extra_info(name)) for name in ("sockname", "peername"))
        return ClientSession(self.credentials, self.enter, owner, address=address, peer=peer, salts_key=self._salts_key)

    def joined(self, connection: "ClientConnection") -> float:
        """Count a connection; return when it must be thought of as last heard."""
        self.connections.add(connection)
        return self.now() - STRANGER_IDLE_SECONDS + HANDSHAKE_SECONDS

    def left(self, connection: "ClientConnection") -> None:
        self.connections.discard(connection)

    def holds_most(self, sandbox: Sandbox) -> bool:
        """Tell whether no other workload's unfinished requests take more memory."""
        return all(other.buffered_bytes <= sandbox.buffered_bytes for other in self.sandboxes)

    async def enter(self, credential: KnownCredential) -> Sandbox:
        """Return the sandbox of a workload that has proved to hold the credential."""
        grants = await self.grants.readable([credential.database])
        sandbox = self.sandboxes.enter(credential)
        self._grant(sandbox, grants.get(credential.database, ()))
        return sandbox

    def _make_sandbox(self, credential: KnownCredential) -> Sandbox:
        sandbox = Sandbox(credential.workload_id, credential.database, credential.limits)
        sandbox.meter = self.meters.of(credential.database)
        limits = credential.limits
        sandbox.storage = self.storage.of(credential.database, limits.storage_bytes, limits.storage_by)
        if "secantusVersion" in self._server.build_info:
            sandbox.gate = self._gates.get(credential.database) or Gate()
            self._gates[credential.database] = sandbox.gate
        return sandbox

    def note(self, event: str, **what: Any) -> None:
        """Log something that any stranger can bring about: of a flood, only the beginning of each minute."""
        if self.now() - self._notes_since > _NOTED_SECONDS:
            if self._notes > MAX_NOTES:
                log.warning("not-logged", events=self._notes - MAX_NOTES)
            self._notes, self._notes_since = 0, self.now()
        self._notes += 1
        if self._notes <= MAX_NOTES:
            log.info(event, **what)

    # MongoDB

    async def connect(self) -> None:
        """Return when MongoDB is there and lets the broker in.

        Raises: UpstreamError.
        """
        await self.pools.check()

    def pool_of(self, place: Place) -> UpstreamPool:
        """Return the connections that reach a place, and as little else as MongoDB can be told."""
        return self.pools.of(place.database, Access.OWN if place.grant is None else Access.READ)

    def renew_upstream(self, blamed: UpstreamConnection | None) -> None:
        """Look for the primary anew: the one that this connection leads to takes no more writes."""
        self.pools.renew(blamed)

    def kill_cursors(self, orphans: dict[int, str]) -> None:
        """Have MongoDB close cursors that are nobody's any more, given with the database that each reads."""
        if orphans:
            task = asyncio.create_task(self._kill_cursors(orphans))
            self._killing.add(task)
            task.add_done_callback(self._killing.discard)

    async def _kill_cursors(self, orphans: dict[int, str]) -> None:
        for database in set(orphans.values()):
            cursors = [Int64(cursor) for cursor, reads in orphans.items() if reads == database]
            try:
                await self._client[database].command("killCursors", "$cmd", cursors=cursors)
            except PyMongoError as error:
                log.info("cursors-not-killed", database=database, reason=str(error))

    # Watching

    async def watch(self) -> None:
        """Close what was revoked, strangers that say nothing, and idle connections to MongoDB; runs until cancelled.

        Whatever fails is logged and tried again: if this ended, nothing would be taken back any more.
        """
        while True:
            await asyncio.sleep(REVOCATION_SECONDS)
            try:
                await self._follow_decisions()
                self.pools.trim()
                self._close_strangers()
                self._close_stuck()
                await self.storage.tick()
            except PyMongoError as error:
                log.warning("revocations-unknown", reason=str(error))
            except Exception:
                log.exception("watch-failed")

    async def _follow_decisions(self) -> None:
        """Let hold what was decided since: credentials issued anew or revoked, limits, grants."""
        asked = self.sandboxes.workload_ids()
        if not asked:
            return
        for gone in self.sandboxes.keep(asked, await self.credentials.standing(asked)):
            self.kill_cursors(gone.cursors)
            if not any(sandbox.database == gone.database for sandbox in self.sandboxes):
                self.meters.forget(gone.database)
                self.storage.forget(gone.database)
                self.pools.forget(gone.database)
        grants = await self.grants.readable({sandbox.database for sandbox in self.sandboxes})
        for sandbox in self.sandboxes:
            self._grant(sandbox, grants.get(sandbox.database, ()))

    def _grant(self, sandbox: Sandbox, grants: Grants) -> None:
        orphans = sandbox.grant(grants)
        if orphans:
            log.info("grant-taken-back", workload=sandbox.workload_id, cursors=len(orphans))
            self.kill_cursors(orphans)

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

    def _close_stuck(self) -> None:
        """Close clients that take nothing of their replies, and those that MongoDB gives none in time."""
        now = self.now()
        for connection in list(self.connections):
            if 0 < connection.slow_since < now - SLOW_READER_SECONDS:
                log.info("slow-reader", workload=connection.workload_id)
                connection.revoke()
            elif connection.is_overdue(now):
                log.warning("command-overdue", workload=connection.workload_id)
                connection.revoke()

    async def close(self, grace_seconds: float) -> None:
        """Let commands that are under way finish, then close every connection."""
        deadline = self.now() + grace_seconds
        # Once per process, for moments: an event would have to be set after each command.
        while any(connection.is_busy for connection in self.connections) and self.now() < deadline:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        for connection in list(self.connections):
            connection.close()
        self.pools.close()
        await self.storage.close()
        await self.usage.close()
        await asyncio.gather(*self._killing, return_exceptions=True)


def _address(socket_name: Any) -> str:
    """Write a socket's address as drivers do; a unix socket has a path."""
    if isinstance(socket_name, tuple):
        host, port = socket_name[:2]
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return str(socket_name)
