"""The broker as a process: the composition root."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator
from typing import Any

import structlog
from pymongo import AsyncMongoClient

from hothouse.broker.connection import ClientConnection
from hothouse.broker.core import BrokerCore
from hothouse.database.connection import connect
from hothouse.settings import Settings

log = structlog.get_logger(__name__)

GRACE_SECONDS = 3.0
_BACKLOG = 512


@contextlib.asynccontextmanager
async def listening(
    client: AsyncMongoClient[dict[str, Any]],
    database: str,
    *,
    host: str,
    port: int,
    advertise: str | None = None,
) -> AsyncIterator[tuple[str, int]]:
    """Run a broker in front of the client's MongoDB; gives the address it listens on once it accepts work.

    `database` is the platform's own, which holds the credentials. Raises: UpstreamError when MongoDB is not there.
    """
    core = BrokerCore(client, database, advertise=advertise)
    await core.connect()
    server = await asyncio.get_running_loop().create_server(
        lambda: ClientConnection(core), host, port, backlog=_BACKLOG
    )
    watch = asyncio.create_task(core.watch())
    try:
        address = server.sockets[0].getsockname()
        yield address[0], address[1]
    finally:
        watch.cancel()
        server.close()
        await core.close(GRACE_SECONDS)
        with contextlib.suppress(asyncio.CancelledError):
            await watch


async def serve(settings: Settings) -> None:
    """Serve workloads until SIGTERM or SIGINT, then let commands under way finish.

    Raises: DatabaseUnreachable, UpstreamError or OSError when it cannot begin.
    """
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    where = settings.broker
    async with (
        connect(settings, app_name="broker") as client,
        listening(client, settings.mongodb.database, host=where.host, port=where.port, advertise=where.advertise) as (
            host,
            port,
        ),
    ):
        log.info("ready", host=host, port=port)
        await stop.wait()
        log.info("stopping")
