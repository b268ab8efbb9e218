"""Listening, sweeping and draining."""

import asyncio
import contextlib

from hothouse.gateway.wire.client import Client
from hothouse.gateway.wire.interfaces import Handler
from hothouse.gateway.wire.limits import Limits
from hothouse.gateway.wire.upstream import Pools

SWEEP_SECONDS = 1.0
DRAIN_POLL_SECONDS = 0.02


class Server:
    """Accepts clients on one address for a handler."""

    def __init__(self, handler: Handler, limits: Limits, pools: Pools) -> None:
        self.clients: set[Client] = set()
        self._handler = handler
        self._limits = limits
        self._pools = pools
        self._listener: asyncio.Server | None = None
        self._sweeper: asyncio.Task[None] | None = None

    async def start(self, host: str, port: int) -> int:
        """Listen; return the port. Raises: OSError."""
        loop = asyncio.get_running_loop()
        self._listener = await loop.create_server(
            lambda: Client(self._handler, self._limits, self.clients), host, port, backlog=1024
        )
        self._sweeper = loop.create_task(self._sweep_now_and_then())
        return int(self._listener.sockets[0].getsockname()[1])

    async def stop(self, grace_seconds: float) -> None:
        """Accept nothing more, finish what is being answered for at most `grace_seconds`, close everything."""
        loop = asyncio.get_running_loop()
        if self._listener is not None:
            self._listener.close()
        for client in list(self.clients):
            client.drain()
        deadline = loop.time() + grace_seconds
        while any(client.tunnel is None for client in self.clients) and loop.time() < deadline:  # noqa: ASYNC110
            await asyncio.sleep(DRAIN_POLL_SECONDS)
        for client in list(self.clients):
            client.transport.abort()
        if self._sweeper is not None:
            self._sweeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._sweeper
        self._pools.close()

    def sweep(self) -> None:
        """End what has outlived its time."""
        now = asyncio.get_running_loop().time()
        for client in [client for client in self.clients if client.deadline < now]:
            client.expire()
        self._pools.sweep()

    async def _sweep_now_and_then(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            self.sweep()
