"""A relay that copies bytes and decides nothing: what any process between a driver and MongoDB costs, at the least.

    python bench/broker/relay.py PORT_OF_MONGODB

Prints the port that it listens on.
"""

import asyncio
import sys
from typing import Any

import uvloop

HOST = "127.0.0.1"


class End(asyncio.Protocol):
    """One end of a connection; what it reads is written to the other one."""

    def __init__(self, other: "End | None" = None) -> None:
        self.other = other
        self.transport: Any = None
        self.early = b""

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        if self.other is not None:
            self.other.other = self
            transport.write(self.other.early)

    def data_received(self, data: bytes) -> None:
        if self.other is None:
            self.early += data
        else:
            self.other.transport.write(data)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        if self.other is not None and self.other.transport is not None:
            self.other.transport.close()


async def main(upstream_port: int) -> None:
    loop = asyncio.get_running_loop()
    tasks: set[asyncio.Task[Any]] = set()

    class Accepted(End):
        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            tasks.add(loop.create_task(loop.create_connection(lambda: End(self), HOST, upstream_port)))

    server = await loop.create_server(Accepted, HOST, 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1])))
