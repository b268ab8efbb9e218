"""The server or the broker dies: nothing acknowledged is lost or done twice, and apps go on by themselves."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pymongo import AsyncMongoClient
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import ConnectionFailure, OperationFailure, PyMongoError
from tests.support.broker_process import start_broker, stop_broker
from tests.support.waiting import eventually
from tests.support.writers import AsyncWriter, NodeWriter, SyncWriter, Writer, check, more

from hothouse.broker.credentials import CredentialStore
from hothouse.database.embedded import EmbeddedMongo

Client = AsyncMongoClient[dict[str, Any]]

DATABASE = "hh_app"
COLLECTIONS = ("items", "tallies", "accounts")


@dataclass
class Stack:
    """A MongoDB and a broker, which can be killed and come back where they were."""

    server: EmbeddedMongo
    home: Path
    uri: str = ""
    port: int = 0
    broker: asyncio.subprocess.Process | None = None

    async def begin(self) -> None:
        await self.server.start()
        await self.start_broker()
        async with Client(self.server.uri) as admin:
            issued = await CredentialStore(admin.hothouse).issue(workload_id="w-1", database=DATABASE)
            # Made beforehand: the embedded server does not stand collections that are made while they are written to.
            for name in COLLECTIONS:
                await admin[DATABASE].create_collection(name)
        login = f"{issued.username}:{issued.password}"
        self.uri = f"mongodb://{login}@127.0.0.1:{self.port}/{DATABASE}?authSource={DATABASE}&directConnection=true"

    async def start_broker(self) -> None:
        self.broker, self.port = await start_broker(self.server.uri, self.home, self.port)

    async def kill_mongodb(self) -> None:
        assert self.server.process is not None
        self.server.process.kill()
        await self.server.process.wait()

    async def kill_broker(self) -> None:
        assert self.broker is not None
        self.broker.kill()
        await self.broker.wait()

    async def end(self) -> None:
        if self.broker is not None:
            assert await stop_broker(self.broker) == 0
        await self.server.stop()


@pytest.fixture(scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    home = tmp_path_factory.mktemp("recovery")
    made = Stack(EmbeddedMongo(home / "database", home / "keys"), home)
    await made.begin()
    yield made
    await made.end()


@pytest.fixture
async def stack(running: Stack) -> Stack:
    """A stack that runs, with empty collections."""
    async with Client(running.server.uri) as admin:
        for name in COLLECTIONS:
            await admin[DATABASE][name].delete_many({})
    return running


@pytest.fixture
async def client(stack: Stack) -> AsyncIterator[Client]:
    async with Client(stack.uri) as made:
        yield made


async def _kill_and_restart(stack: Stack, victim: str) -> None:
    """Kill "mongodb", "broker", or "mongodb and broker"; return when they accept work again."""
    if "mongodb" in victim:
        await stack.kill_mongodb()
    if "broker" in victim:
        await stack.kill_broker()
    if "mongodb" in victim:
        await stack.server.start()
    if "broker" in victim:
        await stack.start_broker()


def _unexpected(writers: Sequence[Writer]) -> list[str]:
    """Return what apps were told, but for retried inserts that the killed embedded server does not know again."""
    return [failure for writer in writers for failure in writer.failures if "E11000" not in failure]


either = pytest.mark.parametrize("victim", ["mongodb", "broker"])


class TestWriters:
    @pytest.mark.parametrize("victim", ["mongodb", "broker", "mongodb and broker"])
    async def test_lose_nothing(self, stack: Stack, victim: str) -> None:
        """Four apps write all the while, with three drivers; each goes on by itself."""
        writers: list[Writer] = [AsyncWriter("async 1"), AsyncWriter("async 2"), SyncWriter("sync"), NodeWriter("node")]
        async with contextlib.AsyncExitStack() as running:
            for writer in writers:
                await running.enter_async_context(writer.writing(stack.uri))
            for _ in range(2):
                await more(writers, 12)
                await _kill_and_restart(stack, victim)
            await more(writers, 12)
        if victim == "mongodb":
            assert _unexpected(writers) == [], "retries wait until MongoDB is back"
        await check(writers, stack.server.uri, DATABASE, may_repeat_updates="mongodb" in victim)


class TestChangeStream:
    async def test_misses_nothing(self, stack: Stack, client: Client) -> None:
        """Through both kills a watching app sees every acknowledged insert, once."""
        seen: Counter[int] = Counter()
        watching = asyncio.Event()

        async def watch() -> None:
            async with await client.get_default_database().items.watch(max_await_time_ms=200) as stream:
                watching.set()
                async for change in stream:
                    seen[change["fullDocument"]["number"]] += 1

        task = asyncio.create_task(watch())
        try:
            await asyncio.wait_for(watching.wait(), 20)
            writer = AsyncWriter("watched")
            async with writer.writing(stack.uri):
                for victim in ("mongodb", "broker"):
                    await more([writer], 15)
                    await _kill_and_restart(stack, victim)
                await more([writer], 15)
            await eventually(lambda: set(writer.acknowledged) <= seen.keys(), "the stream catches up", 30)
            assert set(seen.values()) == {1}
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


class TestTransaction:
    async def test_mongodb_dies_inside(self, stack: Stack, client: Client) -> None:
        """The transaction is gone; its error says that it may be tried again, and that succeeds."""
        accounts = client.get_default_database().accounts
        async with client.start_session() as session:
            await session.start_transaction()
            await accounts.insert_one({"_id": "a"}, session=session)
            await _kill_and_restart(stack, "mongodb")
            with pytest.raises((ConnectionFailure, OperationFailure)) as broken:
                await accounts.insert_one({"_id": "b"}, session=session)
            assert broken.value.has_error_label("TransientTransactionError")
            await session.abort_transaction()
            assert await accounts.count_documents({}) == 0
            async with await session.start_transaction():
                await accounts.insert_many([{"_id": "a"}, {"_id": "b"}], session=session)
        assert await accounts.count_documents({}) == 2

    async def test_broker_dies_inside(self, stack: Stack, client: Client) -> None:
        """MongoDB keeps the transaction: it goes on, or its error says that it may be tried again."""
        accounts = client.get_default_database().accounts
        async with client.start_session() as session:
            await session.start_transaction()
            await accounts.insert_one({"_id": "a"}, session=session)
            await _kill_and_restart(stack, "broker")
            broken = None
            try:
                await accounts.insert_one({"_id": "b"}, session=session)
                await session.commit_transaction()
            except PyMongoError as error:
                broken = error
                await session.abort_transaction()
                async with await session.start_transaction():
                    await accounts.insert_many([{"_id": "a"}, {"_id": "b"}], session=session)
            assert broken is None or broken.has_error_label("TransientTransactionError")
        assert await accounts.count_documents({}) == 2

    async def test_transfers_through_kills(self, stack: Stack, client: Client) -> None:
        """Money moves between two accounts all the while: none appears, none vanishes."""
        accounts = client.get_default_database().accounts
        await accounts.insert_many([{"_id": "a", "sum": 1000, "moves": 0}, {"_id": "b", "sum": 0}])
        moves = _Moves(client)
        task = asyncio.create_task(moves.run())
        try:
            await moves.more(10)
            await _kill_and_restart(stack, "mongodb")
            await moves.more(10)
            await _kill_and_restart(stack, "broker")
            await moves.more(10)
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        a, b = await accounts.find({}).sort("_id").to_list()
        assert a["sum"] + b["sum"] == 1000
        assert a["moves"] == b["sum"]
        # One more: the killed embedded server may not know that the commit under way was done, and it is repeated.
        assert moves.done <= a["moves"] <= moves.begun + 1


class _Moves:
    """Moves 1 from account a to account b, in one transaction after the other."""

    def __init__(self, client: Client) -> None:
        self.begun = 0
        self.done = 0
        self._client = client
        self._accounts = client.get_default_database().accounts

    async def run(self) -> None:
        while True:
            self.begun += 1
            async with self._client.start_session() as session:
                with contextlib.suppress(PyMongoError):
                    await session.with_transaction(self._move)
                    self.done += 1

    async def _move(self, session: AsyncClientSession) -> None:
        await self._accounts.update_one({"_id": "a"}, {"$inc": {"sum": -1, "moves": 1}}, session=session)
        await self._accounts.update_one({"_id": "b"}, {"$inc": {"sum": 1}}, session=session)

    async def more(self, count: int) -> None:
        wanted = self.done + count
        await eventually(lambda: self.done >= wanted, f"{count} more moves", 60)


class TestReads:
    @either
    async def test_go_on(self, stack: Stack, client: Client, victim: str) -> None:
        items = client.get_default_database().items
        await items.insert_one({"_id": 1})
        await _kill_and_restart(stack, victim)
        assert await items.find_one({"_id": 1}) == {"_id": 1}

    async def test_a_cursor_half_read_ends_with_a_clear_error(self, stack: Stack, client: Client) -> None:
        items = client.get_default_database().items
        await items.insert_many([{"_id": number} for number in range(50)])
        cursor = items.find({}, batch_size=10)
        await cursor.next()
        await _kill_and_restart(stack, "broker")
        with pytest.raises((OperationFailure, ConnectionFailure)):
            await cursor.to_list()
        assert await items.count_documents({}) == 50
