"""Metrics for Prometheus."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families
from pymongo.asynchronous.database import AsyncDatabase

from hothouse.broker.errors import ListenError
from hothouse.broker.exporter import LONGEST_HEAD, UsageCollector, exporting
from hothouse.broker.measuring import StorageKeeper
from hothouse.broker.meters import Meters


class Bench:
    """A broker's counters and the address that gives them."""

    def __init__(self, platform: AsyncDatabase[dict[str, Any]]) -> None:
        self.meters = Meters()
        self.storage = StorageKeeper(platform.client, platform)
        self.collector = UsageCollector(self.meters, self.storage, lambda: 7)
        self.address = ("", 0)

    @property
    def url(self) -> str:
        return f"http://{self.address[0]}:{self.address[1]}"

    async def scrape(self) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
        async with httpx2.AsyncClient() as client:
            answer = await client.get(f"{self.url}/metrics")
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/plain; version=")
        return {
            (sample.name.removeprefix("hothouse_broker_"), frozenset(sample.labels.items())): sample.value
            for family in text_string_to_metric_families(answer.text)
            for sample in family.samples
        }

    async def say(self, data: bytes) -> bytes:
        reader, writer = await asyncio.open_connection(*self.address)
        try:
            writer.write(data)
            async with asyncio.timeout(10):
                return await reader.read()
        except ConnectionError:
            return b""
        finally:
            writer.close()


@pytest.fixture
async def bench(platform_database: AsyncDatabase[dict[str, Any]]) -> AsyncIterator[Bench]:
    made = Bench(platform_database)
    async with exporting("127.0.0.1:0", made.collector) as made.address:
        yield made


def of(database: str, **more: str) -> frozenset[tuple[str, str]]:
    return frozenset({"database": database, **more}.items())


class TestMetrics:
    async def test_all(self, bench: Bench) -> None:
        meter = bench.meters.of("hh_a")
        for seconds in (0.0002, 0.002, 0.3, 60):
            meter.done("find", seconds, 100, 1000, False)
        meter.done("insert", 0.003, 50, 30, True)
        meter.refused()
        meter.slow("find", "c", [], 0.3)
        meter.connections = 2
        bench.storage.of("hh_a", 5000).wrote(1000)
        found = await bench.scrape()
        assert found["commands_total", of("hh_a", command="find")] == 4
        assert found["commands_total", of("hh_a", command="insert")] == 1
        assert found["errors_total", of("hh_a")] == 1
        assert found["refused_total", of("hh_a")] == 1
        assert found["slow_total", of("hh_a")] == 1
        assert found["received_bytes_total", of("hh_a")] == 450
        assert found["sent_bytes_total", of("hh_a")] == 4030
        assert found["command_seconds_bucket", of("hh_a", le="0.00025")] == 1
        assert found["command_seconds_bucket", of("hh_a", le="0.005")] == 3
        assert found["command_seconds_bucket", of("hh_a", le="30.0")] == 4
        assert found["command_seconds_bucket", of("hh_a", le="+Inf")] == 5
        assert found["command_seconds_count", of("hh_a")] == 5
        assert found["command_seconds_sum", of("hh_a")] == pytest.approx(60.3052)
        assert found["connections", of("hh_a")] == 2
        assert found["storage_used_bytes", of("hh_a")] == 1250
        assert found["storage_allowed_bytes", of("hh_a")] == 5000
        assert found["upstream_connections", frozenset()] == 7

    async def test_go_on_after_draining(self, bench: Bench) -> None:
        bench.meters.of("hh_a").done("find", 0.001, 1, 1, False)
        bench.meters.drain()
        assert (await bench.scrape())["commands_total", of("hh_a", command="find")] == 1

    async def test_of_nobody(self, bench: Bench) -> None:
        assert list(await bench.scrape()) == [("upstream_connections", frozenset())]


class TestServer:
    @pytest.mark.parametrize(("method", "path", "status"), [("GET", "/", 404), ("POST", "/metrics", 405)])
    async def test_nothing_else(self, bench: Bench, method: str, path: str, status: int) -> None:
        async with httpx2.AsyncClient() as client:
            assert (await client.request(method, bench.url + path)).status_code == status

    @pytest.mark.parametrize("data", [b"\r\n\r\n", b"\x00" * 100 + b"\r\n\r\n"])
    async def test_garbage(self, bench: Bench, data: bytes) -> None:
        assert (await bench.say(data)).startswith(b"HTTP/1.1 404 ")

    async def test_endless_head(self, bench: Bench) -> None:
        assert await bench.say(b"x" * (LONGEST_HEAD * 3)) == b""
        assert await bench.scrape()

    async def test_a_query_does_no_harm(self, bench: Bench) -> None:
        assert (await bench.say(b"GET /metrics?a=1 HTTP/1.1\r\n\r\n")).startswith(b"HTTP/1.1 200 OK\r\n")

    @pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.1:http", "127.0.0.1:99999", "nowhere.invalid:0"])
    async def test_bad_address(self, bench: Bench, address: str) -> None:
        with pytest.raises(ListenError, match="HOTHOUSE_BROKER_METRICS"):
            async with exporting(address, bench.collector):
                pass

    async def test_taken(self, bench: Bench) -> None:
        with pytest.raises(ListenError, match="free"):
            async with exporting(f"127.0.0.1:{bench.address[1]}", bench.collector):
                pass
