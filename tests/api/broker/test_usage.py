"""What the broker counts, written for the hub."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import AutoReconnect

from hothouse.broker.meters import BOUNDS_MS, MAX_SLOW, Meters
from hothouse.broker.usage import INDEXES, UsageWriter
from hothouse.database import indexes

Database = AsyncDatabase[dict[str, Any]]
NOON = datetime(2026, 3, 1, 12, 0, 30, tzinfo=UTC)


class Bench:
    """Meters and who writes what they count, on a clock of its own."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = NOON
        self.meters = Meters()
        self.storage: dict[str, dict[str, Any]] = {}
        self.writer = self.make("one:27080")

    def make(self, instance: str) -> UsageWriter:
        return UsageWriter(self.database, self.meters, instance, storage=self, now=lambda: self.now)

    def drain(self) -> dict[str, dict[str, Any]]:
        news, self.storage = self.storage, {}
        return news

    def use(self, database: str = "hh_a", times: int = 1, *, failed: bool = False) -> None:
        for _ in range(times):
            self.meters.of(database).done("find", 0.002, 100, 300, failed)

    async def totals(self, database: str = "hh_a") -> dict[str, Any]:
        return await self.database["data_usage"].find_one({"_id": database}) or {}

    async def minutes(self) -> list[dict[str, Any]]:
        return await self.database["data_minutes"].find().sort("_id").to_list()


@pytest.fixture
async def bench(platform_database: Database) -> Bench:
    await indexes.ensure(platform_database, INDEXES)
    return Bench(platform_database)


class TestTotals:
    async def test_grow(self, bench: Bench) -> None:
        bench.use(times=3)
        await bench.writer.flush()
        bench.use(times=2, failed=True)
        bench.meters.of("hh_a").refused()
        await bench.writer.flush()
        totals = await bench.totals()
        assert (totals["operations"], totals["errors"], totals["refused"]) == (5, 2, 1)
        assert (totals["bytes_in"], totals["bytes_out"]) == (500, 1500)
        assert totals["milliseconds"] == pytest.approx(10)
        assert totals["latency"] == {str(BOUNDS_MS.index(2.5)): 5}
        assert totals["commands"] == {"find": 5}
        assert totals["updated_at"] == NOON

    async def test_slow_commands(self, bench: Bench) -> None:
        meter = bench.meters.of("hh_a")
        for number in range(MAX_SLOW + 3):
            meter.slow("find", f"c{number}", ["a"], 0.3)
            if number % 10 == 0:
                await bench.writer.flush()
        await bench.writer.flush()
        totals = await bench.totals()
        assert totals["slow"] == MAX_SLOW + 3
        assert [each["collection"] for each in totals["slow_commands"]] == [f"c{n}" for n in range(3, MAX_SLOW + 3)]
        assert totals["slow_commands"][-1].keys() == {"at", "command", "collection", "fields", "milliseconds"}

    async def test_storage(self, bench: Bench) -> None:
        bench.storage = {"hh_a": {"bytes": 5, "measured_at": NOON, "written_since": 7}}
        await bench.writer.flush()
        assert (await bench.totals())["storage"] == {"bytes": 5, "measured_at": NOON, "written_since": 7}

    async def test_nothing_new_writes_nothing(self, bench: Bench) -> None:
        bench.use()
        await bench.writer.flush()
        bench.now += timedelta(minutes=5)
        await bench.writer.flush()
        assert (await bench.totals())["updated_at"] == NOON
        bench.meters.of("hh_silent")
        await bench.writer.flush()
        assert await bench.totals("hh_silent") == {}

    async def test_of_a_deleted_app_do_not_come_back(self, bench: Bench) -> None:
        bench.use()
        await bench.writer.flush()
        await bench.database["data_usage"].delete_one({"_id": "hh_a"})
        bench.use()
        await bench.writer.flush()
        assert await bench.totals() == {}

    async def test_forgotten_database(self, bench: Bench) -> None:
        bench.use()
        bench.meters.forget("hh_a")
        await bench.writer.flush()
        assert (await bench.totals())["operations"] == 1


class TestConnections:
    async def test_come_and_go(self, bench: Bench) -> None:
        meter = bench.meters.of("hh_a")
        meter.connections = 3
        await bench.writer.flush()
        assert (await bench.totals())["connections"] == {"one_27080": 3}
        meter.connections = 0
        await bench.writer.flush()
        assert (await bench.totals())["connections"] == {}

    async def test_end_with_the_broker(self, bench: Bench) -> None:
        bench.use()
        bench.meters.of("hh_a").connections = 3
        await bench.writer.flush()
        bench.use()
        await bench.writer.close()
        totals = await bench.totals()
        assert (totals["connections"], totals["operations"]) == ({}, 2)

    async def test_of_a_broker_that_was_killed(self, bench: Bench) -> None:
        bench.meters.of("hh_a").connections = 3
        await bench.writer.flush()
        await bench.make("two.example.org").flush()
        assert (await bench.totals())["connections"] == {"one_27080": 3, "two_example_org": 3}
        bench.meters = Meters()
        await bench.make("one:27080").flush()
        assert (await bench.totals())["connections"] == {"two_example_org": 3}


class TestMinutes:
    async def test_sums_by_minute(self, bench: Bench) -> None:
        for seconds in (0, 5, 40):
            bench.now = NOON + timedelta(seconds=seconds)
            bench.use(failed=seconds == 5)
            await bench.writer.flush()
        first, second = await bench.minutes()
        minute = NOON.replace(second=0)
        assert first["_id"] == f"hh_a/{int(minute.timestamp()) // 60}"
        assert (first["database"], first["at"], first["operations"], first["errors"]) == ("hh_a", minute, 2, 1)
        assert first["milliseconds"] == pytest.approx(4)
        assert second["at"] == minute + timedelta(minutes=1)
        assert (second["operations"], second.get("errors", 0)) == (1, 0)

    async def test_are_kept_for_a_day(self, bench: Bench) -> None:
        found = await bench.database["data_minutes"].index_information()
        assert found["at_1"]["expireAfterSeconds"] == 24 * 3600
        assert "database_1_at_1" in found


class TestFailure:
    async def test_loses_nothing(self, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
        """MongoDB is away for a while, in which a minute ends."""
        bench.use(times=2)
        bench.meters.of("hh_a").slow("find", "c", [], 0.3)
        bench.meters.of("hh_a").connections = 1

        async def fail(*_: Any, **__: Any) -> None:
            raise AutoReconnect("away")

        with monkeypatch.context() as patch:
            patch.setattr(AsyncCollection, "bulk_write", fail)
            await bench.writer.flush()
            bench.now += timedelta(minutes=1)
            bench.use(times=3)
            await bench.writer.flush()
        assert await bench.totals() == {}
        await bench.writer.flush()
        await bench.writer.flush()
        totals = await bench.totals()
        assert (totals["operations"], totals["slow"], totals["connections"]) == (5, 1, {"one_27080": 1})
        assert len(totals["slow_commands"]) == 1
        assert [minute["operations"] for minute in await bench.minutes()] == [2, 3]

    async def test_one_that_is_refused_keeps_no_other(self, bench: Bench) -> None:
        rule = {"$jsonSchema": {"properties": {"operations": {"maximum": 2}}}}
        await bench.database.create_collection("data_usage", validator=rule)
        bench.use("hh_a", 5)
        bench.use("hh_b", 1)
        await bench.writer.flush()
        assert await bench.totals("hh_a") == {}
        assert (await bench.totals("hh_b"))["operations"] == 1
        await bench.database.command("collMod", "data_usage", validator={})
        await bench.writer.flush()
        await bench.writer.flush()
        assert (await bench.totals("hh_a"))["operations"] == 5
        assert (await bench.totals("hh_b"))["operations"] == 1
        assert [minute["operations"] for minute in await bench.minutes()] == [5, 1]
