"""The server side: one connection of a client."""

import asyncio
import math
from collections import deque
from http import HTTPStatus
from typing import cast

import httptools

from hothouse.gateway.wire.exchange import Exchange
from hothouse.gateway.wire.interfaces import Handler
from hothouse.gateway.wire.limits import Limits
from hothouse.gateway.wire.request import BadRequest, Field, Request
from hothouse.gateway.wire.tunnel import Tunnel
from hothouse.gateway.wire.upstream import Upstream


class Client(asyncio.Protocol):
    """Reads requests one after another and answers them in order; becomes one end of a tunnel after an upgrade.

    `deadline` is the loop's time at which `Server.sweep` ends the connection.
    """

    __slots__ = (
        "_chunk_bytes",
        "_clients",
        "_exchanges",
        "_fields",
        "_head_bytes",
        "_is_in_head",
        "_is_reading",
        "_is_refused",
        "_lingering_bytes",
        "_parser",
        "_peer",
        "_receiving",
        "_target",
        "deadline",
        "handler",
        "is_draining",
        "is_write_paused",
        "limits",
        "transport",
        "tunnel",
    )

    def __init__(self, handler: Handler, limits: Limits, clients: set["Client"]) -> None:
        self.handler = handler
        self.limits = limits
        self.deadline = math.inf
        self.is_draining = False
        self.transport: asyncio.Transport
        self.tunnel: Tunnel | None = None
        self._clients = clients
        self._exchanges: deque[Exchange] = deque()
        self._receiving: Exchange | None = None
        self._parser: httptools.HttpRequestParser | None = httptools.HttpRequestParser(self)
        self._fields: list[Field] = []
        self._target = b""
        self._peer = b""
        self._head_bytes = 0
        self._lingering_bytes = 0
        self._chunk_bytes = 0
        self._is_in_head = self._is_refused = self.is_write_paused = False
        self._is_reading = True

    # --- asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are no subclass of asyncio's, so this cannot be asserted.
        self.transport = cast("asyncio.Transport", transport)
        self._clients.add(self)
        self._wait(self.limits.head_seconds)
        peer = transport.get_extra_info("peername")
        self._peer = str(peer[0]).encode() if peer else b"127.0.0.1"
        if len(self._clients) > self.limits.connections:
            self._refuse(BadRequest("Too many connections. Try again soon.", HTTPStatus.SERVICE_UNAVAILABLE))

    def data_received(self, data: bytes) -> None:
        if self.tunnel is not None:
            self.tunnel.from_client(data)
            return
        if self._is_refused:
            self._discard(len(data))
            return
        if self._parser is None:
            self._hold_back(data)
            return
        self._chunk_bytes = len(data)
        try:
            self._feed(self._parser, data)
        except httptools.HttpParserError as error:
            reason = error.__context__ if isinstance(error.__context__, BadRequest) else BadRequest(str(error))
            self._refuse(reason)
            return
        if self._is_in_head:
            self._head_bytes += len(data)
            if self._head_bytes > self.limits.head_bytes:
                self._refuse(BadRequest("The request's head is too large.", _TOO_LARGE))
                return
        self._go_on(len(data))

    def _feed(self, parser: httptools.HttpRequestParser, data: bytes) -> None:
        try:
            parser.feed_data(data)
        except httptools.HttpParserUpgrade as switch:
            rest = data[switch.args[0] :]
            if self._exchanges and self._exchanges[-1].request.is_websocket:
                self._parser = None
                self._hold_back(rest)
                return
            self._parser = httptools.HttpRequestParser(self)  # an upgrade that is not offered here is no upgrade
            if rest:
                self._feed(self._parser, rest)

    def _go_on(self, size: int) -> None:
        """Start or continue the exchange whose turn it is."""
        if self._exchanges:
            exchange = self._exchanges[0]
            if not exchange.is_started:
                exchange.is_started = True
                self.handler.handle(exchange)
            else:
                exchange.pump()
            self.update_flow()
        elif self._receiving is not None:  # answered already; the rest of the body is of no use
            self._discard(size)

    def _discard(self, size: int) -> None:
        self._lingering_bytes += size
        if self._lingering_bytes > self.limits.linger_bytes:
            self.transport.abort()

    def _hold_back(self, data: bytes) -> None:
        """Keep what follows a request for a tunnel until the upstream has agreed to one."""
        if not data or not self._exchanges:
            return
        exchange = self._exchanges[-1]
        exchange.early_tunnel_data += data
        self.update_flow()

    def eof_received(self) -> None:
        return None

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self._clients.discard(self)
        self._parser = None
        if self.tunnel is not None:
            self.tunnel.client_lost()
        while self._exchanges:
            self._exchanges.popleft().abandon()

    def pause_writing(self) -> None:
        self.is_write_paused = True
        self._wait(self.limits.write_stall_seconds)
        if self.tunnel is not None:
            self.tunnel.upstream.transport.pause_reading()
        elif self._exchanges:
            self._exchanges[0].pause_response()

    def resume_writing(self) -> None:
        self.is_write_paused = False
        self.deadline = math.inf
        if self.tunnel is not None:
            self.tunnel.upstream.transport.resume_reading()
        elif self._exchanges:
            self._exchanges[0].resume_response()

    # --- httptools

    def on_message_begin(self) -> None:
        if len(self._exchanges) >= self.limits.pipelined:
            raise BadRequest("Too many requests at once on this connection.", HTTPStatus.TOO_MANY_REQUESTS)
        self._is_in_head = True
        self._head_bytes = -self._chunk_bytes  # it may hold the end of an earlier body, too
        self._target = b""
        self._fields = []
        if not self._exchanges:
            self._wait(self.limits.head_seconds)

    def on_url(self, url: bytes) -> None:
        self._target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._is_in_head:  # trailers are dropped
            self._fields.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        parser, fields = self._parser, self._fields
        if parser is None:
            return
        self._is_in_head = False
        size = len(self._target) + sum([len(name) + len(value) for name, value in fields])
        if size > self.limits.head_bytes or len(fields) > self.limits.head_fields:
            raise BadRequest("The request's head is too large.", _TOO_LARGE)
        keeps_alive = parser.should_keep_alive() or parser.should_upgrade()
        request = Request(parser.get_method(), self._target, fields, keeps_alive=bool(keeps_alive), peer=self._peer)
        if request.method == b"CONNECT":
            raise BadRequest("CONNECT is not offered here.", HTTPStatus.METHOD_NOT_ALLOWED)
        request.check(parser.get_http_version())
        self._receiving = exchange = Exchange(self, request)
        self._exchanges.append(exchange)

    def on_body(self, chunk: bytes) -> None:
        if self._receiving is not None:
            self._receiving.receive(chunk)

    def on_message_complete(self) -> None:
        if self._receiving is not None:
            self._receiving.receive_end()
            self._receiving = None
            if not self._exchanges:
                self._wait_for_next()

    # --- for exchanges

    def write(self, data: bytes) -> None:
        """Send to the client, unless it has gone and `connection_lost` is only on the way."""
        if not self.transport.is_closing():
            self.transport.write(data)

    def keeps_alive(self, exchange: Exchange) -> bool:
        """Whether the connection stays open after this exchange."""
        return exchange.request.keeps_alive and not self.is_draining and not exchange.request.is_websocket

    def update_flow(self) -> None:
        """Read from the client, or pause, as its exchanges can take."""
        if self.tunnel is not None:
            is_wanted = not self.tunnel.upstream.is_write_paused
        elif not self._exchanges:
            is_wanted = True
        else:
            first = self._exchanges[0]
            is_wanted = not first.is_full and len(self._exchanges) == 1
            is_wanted = is_wanted and len(first.early_tunnel_data) <= self.limits.buffered_bytes
        if is_wanted is not self._is_reading:
            self._is_reading = is_wanted
            if is_wanted:
                self.transport.resume_reading()
            else:
                self.transport.pause_reading()
        if self._exchanges and not self.is_write_paused:
            awaits_body = is_wanted and not self._exchanges[0].is_body_complete
            self.deadline = math.inf
            if awaits_body:
                self._wait(self.limits.body_stall_seconds)

    def finish(self, exchange: Exchange) -> None:
        """Go on to the next request after `exchange` was answered."""
        if not self._exchanges or self._exchanges[0] is not exchange:
            return
        self._exchanges.popleft()
        if not self.keeps_alive(exchange) and exchange.is_body_complete:
            self.transport.close()
            return
        if self._receiving is exchange:
            self._linger(exchange)
        elif self._exchanges:
            asyncio.get_running_loop().call_soon(self._go_on, 0)
        else:
            self._wait_for_next()
        self.update_flow()

    def open_tunnel(self, exchange: Exchange, upstream: Upstream) -> Tunnel:
        """Connect the client with `upstream` for the rest of the connection."""
        self._parser = None
        self._receiving = None
        self.deadline = math.inf
        self.tunnel = tunnel = Tunnel(self.transport, upstream, exchange.background_bytes)
        if exchange.early_tunnel_data:
            upstream.transport.write(exchange.early_tunnel_data)
            exchange.early_tunnel_data = b""
        if self.is_write_paused:
            upstream.transport.pause_reading()
        self.update_flow()
        return tunnel

    # --- ends

    def drain(self) -> None:
        """Close when nothing is being answered any more."""
        self.is_draining = True
        if not self._exchanges:
            self.transport.close()

    def expire(self) -> None:
        """End a connection whose time is up."""
        if self._is_in_head and not self._is_refused:
            self._refuse(BadRequest("The request took too long to arrive.", HTTPStatus.REQUEST_TIMEOUT))
        else:
            self.transport.abort()

    def _wait(self, seconds: float) -> None:
        self.deadline = asyncio.get_running_loop().time() + seconds

    def _wait_for_next(self) -> None:
        if self.is_draining:
            self.transport.close()
        else:
            self._wait(self.limits.head_seconds if self._is_in_head else self.limits.idle_seconds)

    def _linger(self, exchange: Exchange) -> None:
        """Read on for a while: closing now could make the client lose the response."""
        if b"expect" in exchange.request.first:  # the body may never come
            self.transport.close()
            return
        self._lingering_bytes = 0
        if not self.keeps_alive(exchange):
            self.is_draining = True
        self._wait(self.limits.linger_seconds)

    def _refuse(self, error: BadRequest) -> None:
        """Answer a request that cannot be read and close, but read on a little: the client may still be sending.

        Requests before it that are not answered yet are abandoned, and so is the connection.
        """
        self._is_refused = True
        self._is_in_head = False
        receiving, self._receiving = self._receiving, None
        is_answerable = not self._exchanges or self._exchanges[0] is receiving
        request = receiving.request if receiving is not None else None
        while self._exchanges:
            self._exchanges.popleft().abandon()
        if not is_answerable or self.transport.is_closing():
            self.transport.close()
            return
        self.transport.write(self.handler.refuse(error, request))
        self.transport.write_eof()
        self._lingering_bytes = 0
        self._wait(self.limits.linger_seconds)


_TOO_LARGE = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
