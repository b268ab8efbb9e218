"""One request and its response: between a client's connection and an upstream's, or answered here."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from hothouse.gateway.wire.heads import response_head
from hothouse.gateway.wire.interfaces import UpstreamError
from hothouse.gateway.wire.request import Field, Request
from hothouse.gateway.wire.tunnel import Tunnel
from hothouse.gateway.wire.upstream import Pools, Upstream

if TYPE_CHECKING:
    from hothouse.gateway.wire.client import Client

ResponseFilter = Callable[[list[Field]], list[Field]]


class Exchange:
    """A request being answered. The handler calls `send` or `reply` once, or sets `task` to do so later.

    `context` is the handler's own. Request and response bodies stream; what cannot be passed on at once makes the
    sender pause. A client that goes away cancels `task` and drops the upstream connection.
    """

    __slots__ = (
        "_client",
        "_is_answered",
        "_is_body_complete",
        "_is_chunking",
        "_is_ended",
        "_is_request_sent",
        "_out",
        "_pending",
        "_pending_bytes",
        "_pools",
        "_upstream",
        "background_bytes",
        "context",
        "early_tunnel_data",
        "is_retried",
        "is_started",
        "request",
        "response_filter",
        "task",
        "tunnel",
    )

    def __init__(self, client: "Client", request: Request) -> None:
        self.request = request
        self.context: Any = None
        self.task: asyncio.Task[None] | None = None
        self.response_filter: ResponseFilter | None = None
        self.background_bytes = 0
        self.early_tunnel_data = b""
        self.tunnel: Tunnel | None = None
        self.is_started = self.is_retried = False
        self._client = client
        self._upstream: Upstream | None = None
        self._pools: Pools | None = None
        self._pending: list[bytes] = []
        self._pending_bytes = 0
        self._out: list[bytes] = []
        self._is_body_complete = self._is_request_sent = False
        self._is_answered = self._is_chunking = self._is_ended = False

    # --- the request's body, from the client

    @property
    def is_body_complete(self) -> bool:
        return self._is_body_complete

    @property
    def is_ended(self) -> bool:
        return self._is_ended

    @property
    def is_waited_for(self) -> bool:
        """Whether the client waits for a response that has not begun."""
        return not (self._is_ended or self._is_answered)

    @property
    def is_full(self) -> bool:
        """Whether the client is to pause sending."""
        if self._is_ended:
            return False
        upstream = self._upstream
        if upstream is None:
            return self._pending_bytes > self._client.limits.buffered_bytes
        return upstream.is_write_paused

    def receive(self, chunk: bytes) -> None:
        """Take a piece of the request's body; `pump` sends it on."""
        if not self._is_ended:
            self._pending.append(b"%x\r\n%b\r\n" % (len(chunk), chunk) if self.request.is_chunked else chunk)
            self._pending_bytes += len(chunk)

    def receive_end(self) -> None:
        """Note that the request's body is complete."""
        self._is_body_complete = True
        if self.request.is_chunked and not self._is_ended:
            self._pending.append(b"0\r\n\r\n")

    def pump(self) -> None:
        """Send on what came in of the body."""
        upstream = self._upstream
        if upstream is None:
            return
        if self._pending:
            if not upstream.transport.is_closing():  # else its `connection_lost` is on the way
                upstream.transport.write(b"".join(self._pending))
            self._pending.clear()
            self._pending_bytes = 0
        self._is_request_sent = self._is_body_complete

    # --- what the handler may do

    @property
    def keeps_alive(self) -> bool:
        """Whether the client's connection stays open after this; a response that is made here says so if not."""
        return self._client.keeps_alive(self)

    def send(self, head: bytes, upstream: Upstream, pools: Pools) -> None:
        """Send the request to `upstream`, and its response to the client."""
        self._upstream = upstream
        self._pools = pools
        upstream.begin(self, is_head_request=self.request.method == b"HEAD")
        self._pending.insert(0, head)
        self.pump()
        if self._client.is_write_paused:
            self.pause_response()
        self._client.update_flow()

    def reply(self, response: bytes) -> None:
        """Answer with a complete response that was made here."""
        if self._is_ended:
            return
        self._is_answered = True
        self._client.write(response)
        self._end()

    # --- Sink

    def interim(self, status: int, fields: list[Field]) -> None:
        if not self.request.is_legacy:
            self._out.append(response_head(status, fields, b""))

    def head(self, status: int, fields: list[Field], *, length_known: bool, has_body: bool) -> None:
        self._is_answered = True
        if self.response_filter is not None:
            fields = self.response_filter(fields)
        own = b""
        if has_body and not length_known:
            self._is_chunking = not self.request.is_legacy
            own = b"transfer-encoding: chunked\r\n" if self._is_chunking else b""
        if not self.keeps_alive:
            own += b"connection: close\r\n"
        self._out.append(response_head(status, fields, own))

    def body(self, chunk: bytes) -> None:
        self._out.append(b"%x\r\n%b\r\n" % (len(chunk), chunk) if self._is_chunking else chunk)

    def flush(self) -> None:
        if self._out:
            self._client.write(b"".join(self._out))
            self._out.clear()

    def end(self, *, is_reusable: bool) -> None:
        if self._is_chunking:
            self._client.write(b"0\r\n\r\n")
        upstream, self._upstream = self._upstream, None
        assert upstream is not None and self._pools is not None  # noqa: S101, PT018 - set together, by send
        if is_reusable and self._is_request_sent:
            self._pools.give_back(upstream)
        else:
            upstream.drop()
        self._end()

    def upgraded(self, fields: list[Field], rest: bytes) -> None:
        upstream, self._upstream = self._upstream, None
        assert upstream is not None  # noqa: S101 - set by send
        if not self.request.is_websocket:
            upstream.drop()
            self.failed(UpstreamError("it switched protocols unasked"))
            return
        own = b"connection: Upgrade\r\nupgrade: websocket\r\n"
        if self.response_filter is not None:
            fields = self.response_filter(fields)
        self._client.write(response_head(101, fields, own) + rest)
        self._is_answered = True
        upstream.flow = self
        self.tunnel = self._client.open_tunnel(self, upstream)

    def failed(self, error: UpstreamError) -> None:
        self._upstream = None
        if self._is_ended:
            return
        if self._is_answered:  # the client learns of it by the broken connection
            self._client.transport.close()
            return
        self._out.clear()
        error.is_stale = error.is_stale and self.request.is_repeatable and not self.is_retried
        self._client.handler.failed(self, error)

    def pause(self) -> None:
        self._client.update_flow()

    def resume(self) -> None:
        self._client.update_flow()

    # --- what the client's connection tells

    def pause_response(self) -> None:
        """Let the upstream wait: the client does not read quickly enough."""
        if self._upstream is not None:
            self._upstream.transport.pause_reading()

    def resume_response(self) -> None:
        """Let the upstream go on."""
        if self._upstream is not None:
            self._upstream.transport.resume_reading()

    def abandon(self) -> None:
        """The client went away: stop whatever was done for it."""
        if self._is_ended:
            return
        self._is_ended = True
        if self.task is not None:
            self.task.cancel()
        if self._upstream is not None:
            self._upstream.drop()
            self._upstream = None
        if self.is_started:
            self._client.handler.finished(self)

    def close(self) -> None:
        """Break the exchange off: its visitor or its app is no longer welcome."""
        self._client.transport.abort()

    def _end(self) -> None:
        self._is_ended = True
        self._pending.clear()
        self._client.handler.finished(self)
        self._client.finish(self)


__all__ = ["Exchange", "ResponseFilter"]
