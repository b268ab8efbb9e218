"""Connections to MongoDB itself: raw, signed in, and lent to one client's command at a time.

MongoDB keeps cursors, sessions and transactions per server and not per connection, so any connection can carry any
command; a client that is idle holds none. Which server to talk to, and how (TLS, the password), is left to PyMongo's
client: it knows every form of connection string, finds the primary of a replica set and notices when it moves.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol, cast

import structlog
from pymongo import AsyncMongoClient
from pymongo.errors import InvalidOperation, PyMongoError

from hothouse.broker import wire
from hothouse.broker.errors import MalformedMessageError, UpstreamError
from hothouse.broker.scram import MECHANISM, ClientLogin

log = structlog.get_logger(__name__)

MAX_CONNECTIONS = 800
IDLE_SECONDS = 60.0
WAIT_SECONDS = 25.0
"""How long a command waits for a MongoDB that is away; drivers give up on a server after 30 s."""

_CONNECT_SECONDS = 10.0
_LONGEST_PAUSE = 1.0
_PREFIX_BYTES = 20
_DEFAULT_PORT = 27017


class Receiver(Protocol):
    """Who gets what a connection reads: a client's connection, or the broker itself while it signs in."""

    def on_reply(self, chunk: bytes, starts: bool, ends: bool, more: bool) -> None:
        """Take a piece of a reply; `more` says that another reply follows by itself."""

    def on_upstream_lost(self) -> None:
        """The connection is gone; nothing more comes."""

    def on_upstream_busy(self, busy: bool) -> None:
        """Stop or go on sending: MongoDB reads slower than we write."""


class UpstreamConnection(asyncio.Protocol):
    """One connection to MongoDB."""

    def __init__(self, on_lost: Callable[["UpstreamConnection"], None]) -> None:
        self.receiver: Receiver | None = None
        self.idle_since = 0.0
        self._on_lost = on_lost
        self._transport: asyncio.Transport | None = None
        self._partial = b""
        self._left = 0
        self._more = False
        self._is_reading = True

    @property
    def is_open(self) -> bool:
        return self._transport is not None and not self._transport.is_closing()

    def send(self, payload: bytes | bytearray) -> None:
        assert self._transport is not None  # noqa: S101 - a connection is lent only when it is connected
        self._transport.write(payload)

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def set_reading(self, wanted: bool) -> None:
        """Read on or hold still, as the reader of the replies can take them."""
        if self._transport is not None and self._is_reading is not wanted:
            self._is_reading = wanted
            if wanted:
                self._transport.resume_reading()
            else:
                self._transport.pause_reading()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are no subclass of asyncio's, so this cannot be asserted.
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        receiver, self.receiver = self.receiver, None
        self._on_lost(self)
        if receiver is not None:
            receiver.on_upstream_lost()

    def pause_writing(self) -> None:
        if self.receiver is not None:
            self.receiver.on_upstream_busy(True)

    def resume_writing(self) -> None:
        if self.receiver is not None:
            self.receiver.on_upstream_busy(False)

    def data_received(self, data: bytes) -> None:
        is_fresh = self.receiver is not None and not self._left and not self._partial
        if is_fresh and len(data) >= _PREFIX_BYTES and int.from_bytes(data[:4], "little") == len(data):
            self.receiver.on_reply(data, True, True, bool(data[16] & wire.MORE_TO_COME))  # type: ignore[union-attr]
            return
        self._cut(self._partial + data if self._partial else data)

    def _cut(self, data: bytes) -> None:
        """Hand on what belongs to the current reply, piece by piece."""
        self._partial = b""
        while data:
            starts = not self._left
            if starts and not self._begin(data):
                return
            piece = data[: self._left]
            data = data[len(piece) :]
            self._left -= len(piece)
            if self.receiver is None:
                self.abort()
                return
            self.receiver.on_reply(piece, starts, not self._left, self._more)

    def _begin(self, data: bytes) -> bool:
        """Read the prefix of a reply; False when it is incomplete or broken."""
        if len(data) < _PREFIX_BYTES:
            self._partial = data
            return False
        length, _, _, opcode = wire.header_of(data, 0)
        if opcode != wire.OP_MSG or not _PREFIX_BYTES < length <= wire.MAX_FRAME_BYTES:
            log.error("upstream-broken", opcode=opcode, length=length)
            self.abort()
            return False
        self._left = length
        self._more = bool(data[16] & wire.MORE_TO_COME)
        return True


class _Call:
    """Sends one command of the broker's own and waits for the whole reply."""

    def __init__(self, connection: UpstreamConnection) -> None:
        self._connection = connection
        self._chunks: list[bytes] = []
        self._reply: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    async def run(self, command: dict[str, Any]) -> dict[str, Any]:
        self._connection.receiver = self
        self._connection.send(wire.encode_message(command))
        reply = wire.decode_reply(await self._reply)
        self._connection.receiver = None
        if not reply.get("ok"):
            raise UpstreamError(f"MongoDB refuses {next(iter(command))}: {reply.get('errmsg')}")
        return reply

    def on_reply(self, chunk: bytes, starts: bool, ends: bool, more: bool) -> None:  # noqa: ARG002
        self._chunks.append(chunk)
        if ends and not self._reply.done():
            self._reply.set_result(b"".join(self._chunks))

    def on_upstream_lost(self) -> None:
        if not self._reply.done():
            self._reply.set_exception(UpstreamError("MongoDB closed the connection."))

    def on_upstream_busy(self, busy: bool) -> None:
        """Nothing to do: a sign-in is a few bytes."""


class Server:
    """The MongoDB that the settings name: where its primary is, and what it says about itself."""

    def __init__(self, client: AsyncMongoClient[dict[str, Any]]) -> None:
        self._client = client
        self._address: tuple[str, int] | None = None
        self._login: ClientLogin | None = None
        self.hello: dict[str, Any] = {}
        self.build_info: dict[str, Any] = {}

    def forget(self) -> None:
        """Look for the primary anew before the next connection."""
        self._address = None

    async def discover(self) -> tuple[str, int]:
        """Return the address of the server that takes writes.

        Raises: UpstreamError when there is none for the moment.
        """
        if self._address is None:
            try:
                hello = await self._client.admin.command("hello")
                self.build_info = await self._client.admin.command("buildInfo")
                try:
                    address: Any = await self._client.address
                except InvalidOperation:
                    address = next(iter(self._client.nodes))
            except PyMongoError as error:
                raise UpstreamError(f"MongoDB does not answer: {error}") from error
            if address is None:
                raise UpstreamError("MongoDB has no primary at the moment.")
            self.hello = hello
            self._address = (address[0], address[1] or _DEFAULT_PORT)
        return self._address

    async def open(self, on_lost: Callable[[UpstreamConnection], None]) -> UpstreamConnection:
        """Return a new connection, signed in.

        Raises: UpstreamError or OSError.
        """
        host, port = await self.discover()
        # PyMongo has no public accessor for these two; building them again would mean parsing every TLS option here.
        context: Any = self._client.options.pool_options._ssl_context  # noqa: SLF001
        _, connection = await asyncio.get_running_loop().create_connection(
            lambda: UpstreamConnection(on_lost), host, port, ssl=context, server_hostname=host if context else None
        )
        try:
            await self._sign_in(connection)
        except BaseException:
            connection.abort()
            raise
        return connection

    async def _sign_in(self, connection: UpstreamConnection) -> None:
        name = {"application": {"name": "hothouse-broker"}, "driver": {"name": "hothouse-broker", "version": "1"}}
        client = {**name, "os": {"type": "other"}}
        await _Call(connection).run({"hello": 1, "client": client, "$db": "admin"})
        credentials: Any = self._client.options.pool_options._credentials  # noqa: SLF001
        if credentials is None:
            return
        if credentials.mechanism not in ("DEFAULT", MECHANISM):
            raise UpstreamError(
                f"HOTHOUSE_MONGODB_URI asks for {credentials.mechanism}; the broker signs in with {MECHANISM} only."
            )
        if self._login is None:
            self._login = ClientLogin(credentials.username, credentials.password)

        async def send(command: str, payload: bytes) -> bytes:
            body: dict[str, Any] = {command: 1, "payload": payload, "$db": credentials.source}
            if command == "saslStart":
                body |= {"mechanism": MECHANISM, "options": {"skipEmptyExchange": True}}
            else:
                body["conversationId"] = send.conversation  # type: ignore[attr-defined]
            reply = await _Call(connection).run(body)
            send.conversation = reply["conversationId"]  # type: ignore[attr-defined]
            return bytes(reply["payload"])

        await self._login.run(send)


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
