"""How much databases take, as a real MongoDB says."""

import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import OperationFailure
from pymongo.monitoring import CommandListener, CommandStartedEvent

from hothouse.broker.measuring import StorageKeeper
from hothouse.broker.storage import StorageGauge

Database = AsyncDatabase[dict[str, Any]]
MIB = 2**20


class Heard(CommandListener):
    """Which databases were measured."""

    def __init__(self) -> None:
        self.databases: list[str] = []

    def started(self, event: CommandStartedEvent) -> None:
        if event.command_name == "dbStats":
            self.databases.append(event.database_name)

    def succeeded(self, event: Any) -> None:
        """Nothing to do."""

    def failed(self, event: Any) -> None:
        """Nothing to do."""


class Bench:
    """A keeper on a clock of its own, and a database that an app fills."""

    def __init__(self, client: AsyncMongoClient[dict[str, Any]], platform: Database, heard: Heard) -> None:
        self.client = client
        self.platform = platform
        self.heard = heard
        self.time = 0.0
        self.own = client[f"hh_{uuid.uuid4().hex[:10]}"]
        self.keeper = self.make()

    def make(self) -> StorageKeeper:
        return StorageKeeper(self.client, self.platform, now=lambda: self.time)

    async def tick(self, seconds: float = 0) -> None:
        self.time += seconds
        await self.keeper.tick()
        await self.keeper.settle()

    async def fill(self, gauge: StorageGauge, mebibytes: float) -> None:
        documents = [{"text": "x" * 10_000} for _ in range(int(mebibytes * 100))]
        await self.own["c"].insert_many(documents)
        gauge.wrote(int(mebibytes * MIB))


@pytest.fixture
async def bench(mongodb_uri: str, platform_database: Database) -> AsyncIterator[Bench]:
    heard = Heard()
    async with AsyncMongoClient[dict[str, Any]](mongodb_uri, tz_aware=True, event_listeners=[heard]) as client:
        made = Bench(client, platform_database, heard)
        yield made
        await client.drop_database(made.own)


class TestKeeper:
    async def test_fills_refuses_and_lets_in_again(self, bench: Bench) -> None:
        gauge = bench.keeper.of(bench.own.name, 2 * MIB)
        await bench.fill(gauge, 1)
        await bench.tick()
        assert 1_000_000 < (gauge.measured_bytes or 0) < 2 * MIB
        assert gauge.refusal() is None
        await bench.fill(gauge, 2)
        await bench.tick(30)
        assert (gauge.measured_bytes or 0) > 2 * MIB
        assert gauge.refusal() is not None
        await bench.own["c"].delete_many({})
        gauge.freed()
        await bench.tick(30)
        assert gauge.refusal() is None

    async def test_measures_only_when_it_matters(self, bench: Bench) -> None:
        gauge = bench.keeper.of(bench.own.name, 100 * MIB)
        await bench.tick()
        assert bench.heard.databases == []
        gauge.wrote(100)
        await bench.tick()
        for _ in range(50):
            gauge.wrote(100)
            await bench.tick(1)
        assert bench.heard.databases == [bench.own.name]

    async def test_indexes_count(self, bench: Bench) -> None:
        gauge = bench.keeper.of(bench.own.name, 100 * MIB)
        await bench.fill(gauge, 1)
        await bench.tick()
        before = gauge.measured_bytes or 0
        await bench.own["c"].create_index("text")
        gauge.uncertain()
        await bench.tick(30)
        assert (gauge.measured_bytes or 0) > before

    async def test_one_at_a_time_and_then_a_rest(self, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
        measured = AsyncDatabase.command

        async def slow(database: Database, name: str) -> Any:
            bench.time += 0.5
            return await measured(database, name)

        monkeypatch.setattr(AsyncDatabase, "command", slow)
        full = bench.keeper.of("hh_fuller", MIB)
        full.wrote(MIB // 2)
        bench.keeper.of("hh_other", MIB).wrote(100)
        await bench.tick()
        await bench.tick(4)
        assert bench.heard.databases == ["hh_fuller"]
        await bench.tick(0.5)
        assert bench.heard.databases == ["hh_fuller", "hh_other"]

    async def test_failure(self, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
        async def fail(*_: Any) -> None:
            raise OperationFailure("not now")

        gauge = bench.keeper.of(bench.own.name, MIB)
        gauge.wrote(100)
        with monkeypatch.context() as patch:
            patch.setattr(AsyncDatabase, "command", fail)
            await bench.tick()
        assert gauge.measured_bytes is None
        await bench.tick(2)
        assert gauge.measured_bytes is not None


class TestKept:
    async def test_states_that_changed(self, bench: Bench) -> None:
        gauge = bench.keeper.of(bench.own.name, MIB)
        assert bench.keeper.drain() == {}
        gauge.wrote(100)
        await bench.tick()
        assert bench.keeper.drain()[bench.own.name]["written_since"] == 0
        assert bench.keeper.drain() == {}
        gauge.wrote(100)
        assert bench.keeper.drain()[bench.own.name]["written_since"] > 0

    async def test_of_one_that_is_forgotten(self, bench: Bench) -> None:
        gauge = bench.keeper.of(bench.own.name, MIB)
        gauge.wrote(100)
        await bench.tick()
        bench.keeper.forget(bench.own.name)
        assert bench.keeper.find(bench.own.name) is None
        assert bench.keeper.drain().keys() == {bench.own.name}
        assert bench.keeper.drain() == {}

    async def test_next_broker_goes_on(self, bench: Bench) -> None:
        gauge = bench.keeper.of(bench.own.name, MIB)
        await bench.fill(gauge, 2)
        await bench.tick()
        state = bench.keeper.drain()[bench.own.name]
        await bench.platform["data_usage"].insert_one({"_id": bench.own.name, "storage": state})
        bench.keeper = bench.make()
        again = bench.keeper.of(bench.own.name, MIB)
        await bench.tick()
        assert again.refusal() == gauge.refusal() is not None
        assert len(bench.heard.databases) == 1, "there was no need to measure anew"
