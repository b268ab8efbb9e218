"""Bytes in both directions after an upgrade."""

import asyncio
from collections.abc import Callable

from hothouse.gateway.wire.upstream import Upstream

CONTROL_FRAMES = frozenset({0x88, 0x89, 0x8A})
"""First bytes of WebSocket closes, pings and pongs, which browsers and servers send by themselves."""
BACKGROUND_SECONDS = 30.0


class Tunnel:
    """A client and an upstream that talk to each other directly; `heard_at` is when somebody last said something.

    `on_heard` is called the next time that somebody does, once. Up to `background_bytes` in half a minute are what the
    client sends by itself: nobody said anything.
    """

    __slots__ = ("_since", "_sum", "background_bytes", "heard_at", "on_heard", "upstream")

    def __init__(self, client: asyncio.Transport, upstream: Upstream, background_bytes: int = 0) -> None:
        self.upstream = upstream
        self.background_bytes = background_bytes
        self._since = 0.0
        self._sum = 0
        self.heard_at = 0.0
        self.on_heard: Callable[[], None] | None = None
        upstream.tunnel = client

    def from_client(self, data: bytes) -> None:
        """Pass on what the client sent."""
        if data[0] not in CONTROL_FRAMES:
            self._note(len(data), asyncio.get_running_loop().time())
        if not self.upstream.transport.is_closing():
            self.upstream.transport.write(data)

    def _note(self, size: int, now: float) -> None:
        if self.background_bytes:
            if now - self._since >= BACKGROUND_SECONDS:
                self._since, self._sum = now, 0
            self._sum += size
            if self._sum <= self.background_bytes:
                return
        self.heard_at = now
        if self.on_heard is not None:
            called, self.on_heard = self.on_heard, None
            called()

    def client_lost(self) -> None:
        """Close the other end."""
        self.upstream.transport.close()
