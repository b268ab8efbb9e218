"""Connections to upstreams, and the pools that keep them between requests."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import cast
from urllib.parse import urlsplit

import httptools

from hothouse.gateway.wire.interfaces import Sink, UpstreamError
from hothouse.gateway.wire.limits import Limits
from hothouse.gateway.wire.request import Field


class Upstream(asyncio.Protocol):
    """One connection to an upstream; carries one exchange at a time, or a tunnel for the rest of its life."""

    __slots__ = (
        "_fields",
        "_head_bytes",
        "_head_limit",
        "_is_complete",
        "_is_head_request",
        "_is_in_head",
        "_is_poisoned",
        "_is_reusable",
        "_is_until_close",
        "_parser",
        "_sink",
        "endpoint",
        "flow",
        "idle_since",
        "is_fresh",
        "is_write_paused",
        "on_lost",
        "transport",
        "tunnel",
    )

    def __init__(self, endpoint: str, head_limit: int) -> None:
        self.endpoint = endpoint
        self.transport: asyncio.Transport
        self.tunnel: asyncio.Transport | None = None
        self.flow: Sink | None = None
        self.on_lost: Callable[[Upstream], None] | None = None
        self.idle_since = 0.0
        self.is_fresh = True
        self.is_write_paused = False
        self._sink: Sink | None = None
        self._parser: httptools.HttpResponseParser | None = None
        self._head_limit = head_limit
        self._reset()

    def _reset(self) -> None:
        self._fields: list[Field] = []
        self._head_bytes = 0
        self._is_complete = self._is_in_head = self._is_poisoned = self._is_until_close = self._is_reusable = False

    def begin(self, sink: Sink, *, is_head_request: bool) -> None:
        """Expect a response and give it to `sink`. The caller writes the request to `transport`."""
        self._sink = sink
        self._is_head_request = is_head_request
        self._reset()
        if self._parser is None:
            self._parser = httptools.HttpResponseParser(self)

    def drop(self) -> None:
        """Close at once and tell nobody."""
        self._sink = None
        self.transport.abort()

    # --- asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are no subclass of asyncio's, so this cannot be asserted.
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        if self.tunnel is not None:
            if not self.tunnel.is_closing():
                self.tunnel.write(data)
            return
        sink, parser = self._sink, self._parser
        if sink is None or parser is None:  # it speaks without having been asked
            self.transport.abort()
            return
        try:
            parser.feed_data(data)
        except httptools.HttpParserUpgrade as switch:
            self._switch(sink, data[switch.args[0] :])
            return
        except httptools.HttpParserError as error:
            self._fail(f"it does not speak HTTP: {error.__context__ or error}")
            return
        if self._is_in_head:
            self._head_bytes += len(data)
            if self._head_bytes > self._head_limit:
                self._fail("the head of its response is too large")
                return
        sink.flush()
        if self._is_complete:
            self._finish(sink)

    def eof_received(self) -> None:
        return None

    def connection_lost(self, exc: Exception | None) -> None:
        if self.tunnel is not None:
            self.tunnel.close()
            self.flow = None
            return
        if self.on_lost is not None:
            self.on_lost(self)
        sink = self._sink
        if sink is None:
            return
        if self._is_until_close and exc is None:
            self._is_poisoned = True
            self._finish(sink)
        else:
            is_untouched = not self._is_in_head and not self._fields and not self._head_bytes
            self._fail("it closed the connection", is_stale=is_untouched and not self.is_fresh)

    def pause_writing(self) -> None:
        self.is_write_paused = True
        if (sink := self._sink or self.flow) is not None:
            sink.pause()

    def resume_writing(self) -> None:
        self.is_write_paused = False
        if (sink := self._sink or self.flow) is not None:
            sink.resume()

    # --- httptools

    def on_message_begin(self) -> None:
        if self._is_complete:
            self._is_poisoned = True  # more than one response to one request
            return
        self._is_in_head = True
        self._fields = []

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._is_in_head:  # trailers are dropped
            self._fields.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        if self._is_complete or self._sink is None or self._parser is None:
            return
        self._is_in_head = False
        status = self._parser.get_status_code()
        if status < 200:
            return
        names = dict(self._fields)
        coding = names.get(b"transfer-encoding", b"chunked").lower()
        if coding != b"chunked":
            raise ValueError("a transfer coding other than chunked")
        self._is_reusable = bool(self._parser.should_keep_alive())  # the parser forgets at the end of the message
        has_body = not (self._is_head_request or status in (204, 304))
        length_known = b"content-length" in names
        self._is_until_close = has_body and not length_known and b"transfer-encoding" not in names
        self._sink.head(status, self._fields, length_known=length_known, has_body=has_body)
        if self._is_head_request:  # the parser cannot be told that no body follows
            self._is_complete = True

    def on_body(self, chunk: bytes) -> None:
        if self._is_complete or self._sink is None:
            self._is_poisoned = True
            return
        self._sink.body(chunk)

    def on_message_complete(self) -> None:
        if self._is_complete or self._sink is None or self._parser is None:
            return
        status = self._parser.get_status_code()
        if status >= 200:
            self._is_complete = True
        elif status != 101:
            self._sink.interim(status, self._fields)
            self._fields = []

    # --- ends

    def _finish(self, sink: Sink) -> None:
        if self._is_head_request:
            self._parser = None
        self._sink = None
        sink.end(is_reusable=self._is_reusable and not self._is_poisoned)

    def _switch(self, sink: Sink, rest: bytes) -> None:
        self._sink = self._parser = None
        sink.upgraded(self._fields, rest)

    def _fail(self, detail: str, *, is_stale: bool = False) -> None:
        sink, self._sink = self._sink, None
        self.transport.abort()
        if sink is not None:
            sink.failed(UpstreamError(detail, is_stale=is_stale))


class Pools:
    """Idle connections by endpoint (`http://host:port`, `host:port` or `unix:/path`), newest used first."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._idle: dict[str, deque[Upstream]] = {}
        self._loop = asyncio.get_running_loop()

    def take(self, endpoint: str, *, idle_at_most: float | None = None) -> Upstream | None:
        """Return a connection idle for less than `idle_at_most` seconds, or `None`."""
        idle = self._idle.get(endpoint)
        oldest = self._loop.time() - (self._limits.upstream_idle_seconds if idle_at_most is None else idle_at_most)
        while idle:
            upstream = idle.pop()
            if upstream.transport.is_closing():
                continue
            if upstream.idle_since < oldest:
                idle.append(upstream)  # the others are older still; the sweep or a less picky request takes them
                return None
            upstream.on_lost = None
            upstream.is_fresh = False
            return upstream
        return None

    async def connect(self, endpoint: str) -> Upstream:
        """Open a new connection. Raises: OSError, TimeoutError."""
        head_limit = self._limits.response_head_bytes
        async with asyncio.timeout(self._limits.connect_seconds):
            if endpoint.startswith("unix:"):
                path = endpoint.removeprefix("unix:")
                _, made = await self._loop.create_unix_connection(lambda: Upstream(endpoint, head_limit), path)
            else:
                host, port = _address(endpoint)
                _, made = await self._loop.create_connection(lambda: Upstream(endpoint, head_limit), host, port)
        return made

    def give_back(self, upstream: Upstream) -> None:
        """Keep a connection for the next request to its endpoint."""
        idle = self._idle.setdefault(upstream.endpoint, deque())
        if upstream.transport.is_closing() or len(idle) >= self._limits.upstream_idle_connections:
            upstream.drop()
            return
        upstream.idle_since = self._loop.time()
        upstream.on_lost = self._forget
        upstream.transport.resume_reading()
        idle.append(upstream)

    def _forget(self, upstream: Upstream) -> None:
        idle = self._idle.get(upstream.endpoint)
        if idle is not None and upstream in idle:
            idle.remove(upstream)

    def retire(self, endpoint: str) -> None:
        """Close the idle connections of an endpoint that is no longer used."""
        for upstream in self._idle.pop(endpoint, ()):
            upstream.on_lost = None
            upstream.drop()

    def sweep(self) -> None:
        """Close what was idle for too long."""
        oldest = self._loop.time() - self._limits.upstream_idle_seconds
        for endpoint, idle in list(self._idle.items()):
            while idle and idle[0].idle_since < oldest:
                upstream = idle.popleft()
                upstream.on_lost = None
                upstream.drop()
            if not idle:
                del self._idle[endpoint]

    def close(self) -> None:
        """Close every idle connection."""
        for endpoint in list(self._idle):
            self.retire(endpoint)


def _address(endpoint: str) -> tuple[str, int]:
    url = urlsplit(endpoint if "://" in endpoint else f"http://{endpoint}")
    return url.hostname or "127.0.0.1", url.port or 80
