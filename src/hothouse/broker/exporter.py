"""Metrics for Prometheus, on an address of their own where nobody is asked who they are."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterable

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from hothouse.broker.errors import ListenError
from hothouse.broker.measuring import StorageKeeper
from hothouse.broker.meters import BOUNDS_MS, Counts, Meters

log = structlog.get_logger(__name__)

LONGEST_HEAD = 8 * 1024
PATIENCE_SECONDS = 5.0

_BOUNDS = [*(str(bound / 1000) for bound in BOUNDS_MS), "+Inf"]


class UsageCollector(Collector):
    """Gives what the broker counted, for each database in use, and its connections to MongoDB."""

    def __init__(self, meters: Meters, storage: StorageKeeper, upstream_connections: Callable[[], int]) -> None:
        self._meters = meters
        self._storage = storage
        self._upstream_connections = upstream_connections

    def collect(self) -> Iterable[Metric]:
        counted = {database: meter.counts() for database, meter in self._meters}
        yield _commands(counted)
        yield _latency(counted)
        sums: list[tuple[str, str, Callable[[Counts], float]]] = [
            ("errors", "Commands that MongoDB answered with an error.", lambda counts: counts.errors),
            ("refused", "Commands that the broker did not pass on.", lambda counts: counts.refused),
            ("slow", "Commands that took longer than HOTHOUSE_BROKER_SLOW_MS.", lambda counts: counts.slow),
            ("received_bytes", "Bytes of commands.", lambda counts: counts.bytes_in),
            ("sent_bytes", "Bytes of replies.", lambda counts: counts.bytes_out),
        ]
        for name, meaning, value in sums:
            family = CounterMetricFamily(f"hothouse_broker_{name}", meaning, labels=["database"])
            for database, counts in counted.items():
                family.add_metric([database], value(counts))
            yield family
        yield from self._gauges()

    def _gauges(self) -> Iterable[Metric]:
        """Give what goes up and down."""
        connections = _gauge("connections", "Connections of workloads that have signed in.")
        used = _gauge("storage_used_bytes", "What documents and indexes take, in part estimated.")
        allowed = _gauge("storage_allowed_bytes", "What documents and indexes may take.")
        for database, meter in self._meters:
            connections.add_metric([database], meter.connections)
            gauge = self._storage.find(database)
            if gauge is not None:
                used.add_metric([database], gauge.used_bytes)
                allowed.add_metric([database], gauge.allowed_bytes)
        yield from (connections, used, allowed)
        yield GaugeMetricFamily(
            "hothouse_broker_upstream_connections", "Connections to MongoDB.", self._upstream_connections()
        )


@contextlib.asynccontextmanager
async def exporting(
    address: str, collector: Collector, setting: str = "HOTHOUSE_BROKER_METRICS"
) -> AsyncIterator[tuple[str, int]]:
    """Serve `GET /metrics` on `host:port`; gives the address, which tells the port where 0 was asked for.

    Raises: ListenError.
    """
    registry = CollectorRegistry()
    registry.register(collector)
    host, _, port = address.rpartition(":")

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            async with asyncio.timeout(PATIENCE_SECONDS):
                head = await reader.readuntil(b"\r\n\r\n")
                writer.write(await _answer(head, registry))
                await writer.drain()
        writer.close()

    try:
        server = await asyncio.start_server(serve, host.strip("[]"), int(port), limit=LONGEST_HEAD)
    except (OSError, ValueError, OverflowError) as error:
        raise ListenError(
            f"Metrics cannot be served on {address!r}: {error}. Set {setting} to a free `host:port`."
        ) from error
    try:
        name = server.sockets[0].getsockname()
        log.info("metrics", host=name[0], port=name[1])
        yield name[0], name[1]
    finally:
        server.close()


async def _answer(head: bytes, registry: CollectorRegistry) -> bytes:
    """Return the whole HTTP response to a request's head."""
    method, _, rest = head.split(b"\r\n", 1)[0].partition(b" ")
    path = rest.split(b" ", 1)[0].split(b"?", 1)[0]
    if path != b"/metrics":
        return _response("404 Not Found", b"The metrics are at /metrics.\n")
    if method != b"GET":
        return _response("405 Method Not Allowed", b"Only GET works here.\n", "Allow: GET\r\n")
    # With many databases this takes a while, in which workloads must not wait.
    return _response("200 OK", await asyncio.to_thread(generate_latest, registry))


def _response(status: str, body: bytes, fields: str = "") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {CONTENT_TYPE_LATEST}\r\nContent-Length: {len(body)}\r\n"
    return f"{head}{fields}Connection: close\r\n\r\n".encode() + body


def _gauge(name: str, meaning: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"hothouse_broker_{name}", meaning, labels=["database"])


def _commands(counted: dict[str, Counts]) -> Metric:
    family = CounterMetricFamily(
        "hothouse_broker_commands", "Commands that MongoDB answered.", labels=["database", "command"]
    )
    for database, counts in counted.items():
        for command, count in counts.commands.items():
            family.add_metric([database, command], count)
    return family


def _latency(counted: dict[str, Counts]) -> Metric:
    family = HistogramMetricFamily(
        "hothouse_broker_command_seconds", "How long commands took, from request to reply.", labels=["database"]
    )
    for database, counts in counted.items():
        total, buckets = 0, []
        for bound, count in zip(_BOUNDS, counts.latency, strict=True):
            total += count
            buckets.append((bound, total))
        family.add_metric([database], buckets, sum_value=counts.seconds)
    return family
