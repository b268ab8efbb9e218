"""Waiting until the driver is not in the middle of opening connections.

PyMongo leaves a socket behind when an operation is cancelled while its connection is being opened; a test that ends
its hub a few milliseconds after starting it would see that as a resource warning.
"""

import asyncio

from pymongo import monitoring


class PoolWatch(monitoring.ConnectionPoolListener):
    """Counts connections that are being opened, in all pools of this process."""

    def __init__(self) -> None:
        self.opening = 0

    def connection_created(self, event: object) -> None:
        self.opening += 1

    def connection_ready(self, event: object) -> None:
        self.opening -= 1

    async def settle(self) -> None:
        """Return once no connection has been opening for a moment."""
        calm = 0
        for _ in range(500):
            calm = calm + 1 if self.opening <= 0 else 0
            if calm == 3:
                return
            await asyncio.sleep(0.01)

    def connection_closed(self, event: object) -> None: ...
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
