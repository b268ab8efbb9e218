"""The broker as a process: the composition root."""

import asyncio
import contextlib
import os
import platform
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import structlog
from pymongo import AsyncMongoClient

from hothouse.broker.connection import ClientConnection
from hothouse.broker.core import BrokerCore, Options
from hothouse.broker.errors import ListenError
from hothouse.broker.exporter import UsageCollector, exporting
from hothouse.broker.listeners import Certificate, tcp_listener, unix_listener
from hothouse.database.connection import connect
from hothouse.kit.open_files import raise_open_files
from hothouse.kit.tasks import end_tasks
from hothouse.settings import BrokerSettings, Settings

log = structlog.get_logger(__name__)

GRACE_SECONDS = 3.0


@contextlib.asynccontextmanager
async def listening(
    client: AsyncMongoClient[dict[str, Any]],
    database: str,
    *,
    host: str,
    port: int,
    options: Options | None = None,
    certificate: Certificate | None = None,
    socket: Path | None = None,
    metrics: str | None = None,
) -> AsyncIterator[tuple[str, int]]:
    """Run a broker in front of the client's MongoDB; gives the address it listens on once it accepts work.

    `database` is the platform's own, which holds the credentials. With a `certificate` the port speaks TLS; `socket`
    is where else the broker can be reached, `metrics` the `host:port` on which it shows what it counted.
    Raises: UpstreamError when MongoDB is not there, ListenError.
    """
    core = BrokerCore(client, database, options or Options())
    await core.connect()

    def serve_client() -> ClientConnection:
        return ClientConnection(core)

    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(core.close, GRACE_SECONDS)
        for work in (core.watch(), core.usage.run()):
            stack.push_async_callback(end_tasks, asyncio.create_task(work))
        if metrics is not None:
            collector = UsageCollector(core.meters, core.storage, lambda: len(core.pools))
            await stack.enter_async_context(exporting(metrics, collector))
        if socket is not None:
            await stack.enter_async_context(unix_listener(serve_client, socket))
        yield await stack.enter_async_context(tcp_listener(serve_client, host, port, certificate))


async def serve(settings: Settings) -> None:
    """Serve workloads until SIGTERM or SIGINT, then let commands under way finish.

    Raises: DatabaseUnreachable or UpstreamError when it cannot begin; SystemExit when it cannot listen.
    """
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    raise_open_files()
    try:
        async with connect(settings, app_name="broker") as client, _listening_as_set(client, settings) as (host, port):
            log.info("ready", host=host, port=port, socket=str(settings.broker_socket))
            await stop.wait()
            log.info("stopping")
    except ListenError as error:
        # The supervisor shows the last line, and with this code does not try again.
        print(error, file=sys.stderr, flush=True)
        raise SystemExit(os.EX_CONFIG) from error


def _listening_as_set(
    client: AsyncMongoClient[dict[str, Any]], settings: Settings
) -> contextlib.AbstractAsyncContextManager[tuple[str, int]]:
    where = settings.broker
    return listening(
        client,
        settings.mongodb.database,
        host=where.host,
        port=where.port,
        options=_options(settings),
        metrics=where.metrics,
        certificate=_certificate(where),
        socket=settings.broker_socket,
    )


def _options(settings: Settings) -> Options:
    key = settings.broker.key
    return Options(
        key=key.get_secret_value().encode() if key else None,
        advertise=settings.broker.advertise,
        batch_documents=settings.data.batch_documents,
        slow_ms=settings.broker.slow_ms,
        instance=f"{platform.node()}-{settings.broker.port}",
    )


def _certificate(settings: BrokerSettings) -> Certificate | None:
    if settings.tls_certificate is None or settings.tls_key is None:
        return None
    return Certificate(settings.tls_certificate, settings.tls_key)
