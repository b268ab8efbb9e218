"""A connection breaks between a write and its answer: the driver writes again, and it is done once."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from pymongo import AsyncMongoClient, InsertOne, MongoClient, UpdateOne
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import ConnectionFailure
from pymongo.uri_parser import parse_uri
from tests.support.breaking_relay import BreakingRelay

from .conftest import Broker, Ways, running_broker

Collection = AsyncCollection[dict[str, Any]]
PLACES = ("direct", "before the broker", "behind the broker")


@pytest.fixture(scope="module", params=PLACES)
async def place(
    request: pytest.FixtureRequest, broker: Broker, ways: Ways, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[BreakingRelay, str]]:
    """A relay, and the connection string of a database that is reached through it."""
    if request.param == "before the broker":
        async with BreakingRelay("127.0.0.1", broker.port).listening() as relay:
            yield relay, await broker.workload_uri(ways.broker_database, port=relay.port)
        return
    host, port = await _primary(broker.mongodb_uri)
    async with BreakingRelay(host, port).listening() as relay:
        through = _through(broker.mongodb_uri, relay.port)
        if request.param == "direct":
            yield relay, through.replace("/?", f"/{ways.direct_database}?")
            return
        async with running_broker(through, tmp_path_factory.mktemp("relayed")) as relayed:
            yield relay, await relayed.workload_uri(ways.broker_database)


async def _primary(mongodb_uri: str) -> tuple[str, int]:
    async with AsyncMongoClient[dict[str, Any]](mongodb_uri) as client:
        await client.admin.command("ping")
        address = await client.address
    assert address is not None
    return address


def _through(mongodb_uri: str, port: int) -> str:
    """Return the connection string that goes through a relay; what it says of other servers is left out."""
    parts, parsed = urlsplit(mongodb_uri), parse_uri(mongodb_uri)
    login = parts.netloc.rpartition("@")[0]
    source = parsed["options"].get("authSource", "admin")
    return f"mongodb://{login}{'@' if login else ''}127.0.0.1:{port}/?directConnection=true&authSource={source}"


@pytest.fixture
async def items(ways: Ways, place: tuple[BreakingRelay, str]) -> AsyncIterator[Collection]:
    await asyncio.to_thread(ways.empty)
    async with AsyncMongoClient[dict[str, Any]](place[1]) as client:
        collection = client.get_default_database().items
        await collection.insert_one({"_id": 1, "n": 0})
        yield collection


@pytest.fixture
def relay(place: tuple[BreakingRelay, str]) -> BreakingRelay:
    place[0].breaks = 0
    return place[0]


class TestRetriedWrite:
    async def test_update(self, relay: BreakingRelay, items: Collection) -> None:
        relay.break_after("update", items.database.name)
        done = await items.update_one({"_id": 1}, {"$inc": {"n": 1}})
        assert (done.matched_count, done.modified_count) == (1, 1)
        assert await items.find_one({"_id": 1}) == {"_id": 1, "n": 1}
        assert relay.breaks == 1

    async def test_insert(self, relay: BreakingRelay, items: Collection) -> None:
        relay.break_after("insert", items.database.name)
        done = await items.insert_many([{"_id": number} for number in range(2, 5)])
        assert done.inserted_ids == [2, 3, 4]
        assert await items.count_documents({}) == 4
        assert relay.breaks == 1

    async def test_delete(self, relay: BreakingRelay, items: Collection) -> None:
        await items.insert_one({"_id": 2})
        relay.break_after("delete", items.database.name)
        assert (await items.delete_one({})).deleted_count == 1
        assert await items.count_documents({}) == 1
        assert relay.breaks == 1

    async def test_find_and_modify(self, relay: BreakingRelay, items: Collection) -> None:
        relay.break_after("findAndModify", items.database.name)
        changed = await items.find_one_and_update({"_id": 1}, {"$inc": {"n": 1}}, return_document=True)
        assert changed == {"_id": 1, "n": 1}
        assert await items.find_one({"_id": 1}) == changed
        assert relay.breaks == 1

    async def test_bulk(self, relay: BreakingRelay, items: Collection) -> None:
        relay.break_after("update", items.database.name)
        operations: list[Any] = [InsertOne({"_id": 2}), *(UpdateOne({"_id": 1}, {"$inc": {"n": 1}}) for _ in range(3))]
        done = await items.bulk_write(operations)
        assert (done.inserted_count, done.modified_count) == (1, 3)
        assert await items.find_one({"_id": 1}) == {"_id": 1, "n": 3}
        assert relay.breaks == 1

    async def test_commit(self, relay: BreakingRelay, items: Collection) -> None:
        client = items.database.client
        relay.break_after("commitTransaction")
        async with client.start_session() as session, await session.start_transaction():
            await items.update_one({"_id": 1}, {"$inc": {"n": 1}}, session=session)
        assert await items.find_one({"_id": 1}) == {"_id": 1, "n": 1}
        assert relay.breaks == 1

    async def test_read(self, relay: BreakingRelay, items: Collection) -> None:
        relay.break_after("find", items.database.name)
        assert await items.find_one({"_id": 1}) == {"_id": 1, "n": 0}
        assert relay.breaks == 1

    async def test_sync_driver(self, relay: BreakingRelay, items: Collection, place: tuple[BreakingRelay, str]) -> None:
        def write() -> int:
            with MongoClient[dict[str, Any]](place[1]) as client:
                return client.get_default_database().items.update_one({"_id": 1}, {"$inc": {"n": 1}}).modified_count

        relay.break_after("update", items.database.name)
        assert await asyncio.to_thread(write) == 1
        assert await items.find_one({"_id": 1}) == {"_id": 1, "n": 1}
        assert relay.breaks == 1


class TestWithoutRetry:
    async def test_the_app_hears_of_it(
        self, relay: BreakingRelay, place: tuple[BreakingRelay, str], items: Collection
    ) -> None:
        async with AsyncMongoClient[dict[str, Any]](place[1], retryWrites=False) as client:
            relay.break_after("update", items.database.name)
            with pytest.raises(ConnectionFailure):
                await client.get_default_database().items.update_one({"_id": 1}, {"$inc": {"n": 1}})
        assert await items.find_one({"_id": 1}) == {"_id": 1, "n": 1}, "it was done before the connection broke"


class TestTransaction:
    async def test_is_repeated_as_a_whole(self, relay: BreakingRelay, items: Collection) -> None:
        """A broken connection inside a transaction is a transient error; the callback runs again, on a clean slate."""
        tries: list[int] = []

        async def work(session: Any) -> None:
            tries.append(1)
            await items.insert_one({"_id": 2}, session=session)
            if len(tries) == 1:
                relay.break_after("update", items.database.name)
            await items.update_one({"_id": 1}, {"$inc": {"n": 1}}, session=session)

        async with items.database.client.start_session() as session:
            await session.with_transaction(work)
        assert len(tries) == 2
        assert await items.find({}).sort("_id").to_list() == [{"_id": 1, "n": 1}, {"_id": 2}]


class TestChangeStream:
    async def test_resumes(self, relay: BreakingRelay, items: Collection) -> None:
        async with await items.watch(max_await_time_ms=100) as stream:
            await items.insert_one({"_id": 2})
            assert (await stream.next())["documentKey"] == {"_id": 2}
            relay.close_connections()
            await items.insert_one({"_id": 3})
            async with asyncio.timeout(30):
                assert (await stream.next())["documentKey"] == {"_id": 3}
