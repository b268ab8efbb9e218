"""Bytes in both directions after an upgrade."""

import asyncio
from collections.abc import Callable

from hothouse.gateway.wire.upstream import Upstream

CONTROL_FRAMES = frozenset({0x89, 0x8A})
"""First bytes of WebSocket pings and pongs, which browsers and servers send by themselves."""


class Tunnel:
    """A client and an upstream that talk to each other directly; `heard_at` is when the client last said something.

    `on_heard` is called the next time that it does, once.
    """

    __slots__ = ("heard_at", "on_heard", "upstream")

    def __init__(self, client: asyncio.Transport, upstream: Upstream) -> None:
        self.upstream = upstream
        self.heard_at = 0.0
        self.on_heard: Callable[[], None] | None = None
        upstream.tunnel = client

    def from_client(self, data: bytes) -> None:
        """Pass on what the client sent."""
        if data[0] not in CONTROL_FRAMES:
            self.heard_at = asyncio.get_running_loop().time()
            if self.on_heard is not None:
                called, self.on_heard = self.on_heard, None
                called()
        if not self.upstream.transport.is_closing():
            self.upstream.transport.write(data)

    def client_lost(self) -> None:
        """Close the other end."""
        self.upstream.transport.close()
