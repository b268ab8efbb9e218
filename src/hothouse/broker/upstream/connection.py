"""One connection to MongoDB: bytes out, replies in the pieces they arrive in."""

import asyncio
from collections.abc import Callable
from typing import Any, Protocol, cast

import structlog

from hothouse.broker import wire
from hothouse.broker.errors import UpstreamError, UpstreamRefusedError

log = structlog.get_logger(__name__)

_MOST_LEFT_BYTES = 64 * 1024
_PREFIX_BYTES = 20


class Receiver(Protocol):
    """Who gets what a connection reads: a client's connection, or the broker itself while it signs in."""

    def on_reply(self, chunk: bytes, starts: bool, ends: bool, more: bool) -> None:
        """Take a piece of a reply; `more` says that another reply follows by itself."""

    def on_upstream_lost(self) -> None:
        """The connection is gone; nothing more comes."""

    def on_upstream_busy(self, busy: bool) -> None:
        """Stop or go on sending: MongoDB reads slower than we write."""


class Lender(Protocol):
    """Who lent a connection."""

    def give(self, connection: "UpstreamConnection") -> None:
        """Take back a connection whose reply is complete."""


class UpstreamConnection(asyncio.Protocol):
    """One connection to MongoDB. `era` is the server's at the time it was opened."""

    def __init__(self, on_lost: Callable[["UpstreamConnection"], None], era: int = 0) -> None:
        self.receiver: Receiver | None = None
        self.lender: Lender | None = None
        self.idle_since = 0.0
        self.era = era
        self._on_lost = on_lost
        self._transport: asyncio.Transport | None = None
        self._partial = b""
        self._left = 0
        self._more = False
        self._is_reading = True

    @property
    def is_open(self) -> bool:
        return self._transport is not None and not self._transport.is_closing()

    def give_back(self) -> None:
        """Return to whoever lent it, once the reply is complete."""
        assert self.lender is not None  # noqa: S101 - only lent connections are given back
        self.lender.give(self)

    def send(self, payload: bytes | bytearray) -> None:
        assert self._transport is not None  # noqa: S101 - a connection is lent only when it is connected
        self._transport.write(payload)

    def close(self) -> None:
        """Close; what was sent still arrives, unless it is much: then nobody counts what it takes until it has."""
        self.receiver = None
        if self._transport is None:
            return
        if self._transport.get_write_buffer_size() > _MOST_LEFT_BYTES:
            self._transport.abort()
        else:
            self._transport.close()

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
        if opcode != wire.OP_MSG or not _PREFIX_BYTES < length <= wire.MAX_REPLY_BYTES:
            log.error("upstream-broken", opcode=opcode, length=length)
            self.abort()
            return False
        self._left = length
        self._more = bool(data[16] & wire.MORE_TO_COME)
        return True


async def call(connection: UpstreamConnection, command: dict[str, Any]) -> dict[str, Any]:
    """Send one command of the broker's own on a connection that nobody else uses; return the reply.

    Raises: UpstreamRefusedError, or UpstreamError when MongoDB goes away.
    """
    caller = _Caller()
    connection.receiver = caller
    try:
        connection.send(wire.encode_message(command))
        reply = wire.decode_reply(await caller.reply)
    finally:
        connection.receiver = None
    if not reply.get("ok"):
        message = f"MongoDB refuses {next(iter(command))}: {reply.get('errmsg')}"
        raise UpstreamRefusedError(message, reply.get("code", 0))
    return reply


class _Caller:
    """Collects one whole reply."""

    def __init__(self) -> None:
        self.reply: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._chunks: list[bytes] = []

    def on_reply(self, chunk: bytes, starts: bool, ends: bool, more: bool) -> None:  # noqa: ARG002
        self._chunks.append(chunk)
        if ends and not self.reply.done():
            self.reply.set_result(b"".join(self._chunks))

    def on_upstream_lost(self) -> None:
        if not self.reply.done():
            self.reply.set_exception(UpstreamError("MongoDB closed the connection."))

    def on_upstream_busy(self, busy: bool) -> None:
        """Nothing to do: what the broker itself sends is a few bytes."""
