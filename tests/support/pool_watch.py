"""Waiting until the driver is not in the middle of opening connections.

PyMongo leaves a socket behind when an operation is cancelled while its connection is being opened; a test that ends
its hub a few milliseconds after starting it would see that as a resource warning.
"""

import asyncio
import time

from pymongo import monitoring

Opened = monitoring.ConnectionCreatedEvent | monitoring.ConnectionReadyEvent | monitoring.ConnectionClosedEvent
GIVEN_UP_SECONDS = 1.0  # an operation that was cancelled while connecting never says so


class PoolWatch(monitoring.ConnectionPoolListener):
    """Knows which connections are being opened just now, in all pools of this process."""

    def __init__(self) -> None:
        self._opening: dict[tuple[object, int], float] = {}

    def connection_created(self, event: Opened) -> None:
        self._opening[event.address, event.connection_id] = time.monotonic()

    def connection_ready(self, event: Opened) -> None:
        self._opening.pop((event.address, event.connection_id), None)

    connection_closed = connection_ready

    async def settle(self) -> None:
        """Return once no connection has been opening for a moment."""
        calm = 0
        while calm < 3:
            latest = max(self._opening.values(), default=0.0)
            calm = calm + 1 if time.monotonic() - latest > GIVEN_UP_SECONDS else 0
            await asyncio.sleep(0.01)

    def connection_check_out_started(self, event: object) -> None: ...
    def connection_check_out_failed(self, event: object) -> None: ...
    def connection_checked_out(self, event: object) -> None: ...
    def connection_checked_in(self, event: object) -> None: ...
    def pool_created(self, event: object) -> None: ...
    def pool_ready(self, event: object) -> None: ...
    def pool_cleared(self, event: object) -> None: ...
    def pool_closed(self, event: object) -> None: ...


POOLS = PoolWatch()
monitoring.register(POOLS)
