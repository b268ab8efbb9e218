"""The main origin: everything goes to the hub, except what is the gateway's own or not for outsiders."""

import asyncio
import posixpath
from urllib.parse import unquote_to_bytes

from hothouse.gateway.errors import HubAway
from hothouse.gateway.origins import FRESH_ENOUGH_SECONDS, Forwarding
from hothouse.gateway.replies import Replies
from hothouse.gateway.wire.exchange import Exchange
from hothouse.gateway.wire.interfaces import UpstreamError
from hothouse.gateway.wire.request import Request
from hothouse.gateway.wire.upstream import Pools
from hothouse.kit.problems import NotFound

PATIENCE_SECONDS = 2.0
RETRY_SECONDS = 0.1


class MainOrigin:
    """Forwards requests to the hub."""

    def __init__(self, hub_endpoint: str, pools: Pools, forwarding: Forwarding, replies: Replies) -> None:
        self._endpoint = hub_endpoint
        self._pools = pools
        self._forwarding = forwarding
        self._replies = replies

    def handle(self, exchange: Exchange) -> None:
        """Answer a request to the main origin."""
        request = exchange.request
        path = request.path
        if path == b"/health/live":
            self._replies.json(exchange, 200, {"status": "ok"})
        elif is_internal(path):
            self._replies.problem(exchange, NotFound(f"There is nothing at {path.decode('ascii')}."))
        else:
            idle_at_most = None if request.is_repeatable else FRESH_ENOUGH_SECONDS
            upstream = self._pools.take(self._endpoint, idle_at_most=idle_at_most)
            if upstream is not None:
                exchange.send(self._head(request), upstream, self._pools)
            else:
                exchange.task = asyncio.get_running_loop().create_task(self._connect(exchange))

    def failed(self, exchange: Exchange, error: UpstreamError) -> None:
        """Try again on a new connection if the old one was stale, or say that the hub is away."""
        if error.is_stale:
            exchange.is_retried = True
            exchange.task = asyncio.get_running_loop().create_task(self._connect(exchange))
        else:
            self._say_away(exchange)

    async def _connect(self, exchange: Exchange) -> None:
        loop = asyncio.get_running_loop()
        is_probe = exchange.request.path == b"/health/ready"
        deadline = loop.time() + (0 if is_probe else PATIENCE_SECONDS)
        while True:
            try:
                upstream = await self._pools.connect(self._endpoint)
            except (OSError, TimeoutError):
                if loop.time() >= deadline:
                    self._say_away(exchange)
                    return
                await asyncio.sleep(RETRY_SECONDS)
            else:
                exchange.send(self._head(exchange.request), upstream, self._pools)
                return

    def _head(self, request: Request) -> bytes:
        own = b""
        for name in (b"cookie", b"authorization"):
            if (value := request.first.get(name)) is not None:
                own += b"%b: %b\r\n" % (name, value)
        return self._forwarding.head(request, own)

    def _say_away(self, exchange: Exchange) -> None:
        if exchange.request.path == b"/health/ready":
            self._replies.json(exchange, 503, {"status": "unavailable", "parts": {"gateway": "ok", "hub": "away"}})
        else:
            self._replies.problem(exchange, HubAway())


def is_internal(path: bytes) -> bool:
    """Whether a path is one of the internal API, however it is written."""
    decoded = unquote_to_bytes(path)
    if b"internal" not in decoded.lower():
        return False
    plain = posixpath.normpath(b"/" + decoded.lstrip(b"/")).lower()
    return plain == b"/internal" or plain.startswith(b"/internal/")
