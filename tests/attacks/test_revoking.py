"""Credentials that end, and crowds that never had one."""

import asyncio
import struct
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from bson import Int64
from pymongo import AsyncMongoClient
from pymongo.errors import OperationFailure, PyMongoError
from tests.support.arena import DIARY, Arena, Person
from tests.support.raw_client import GONE, RawClient, body, document, element, message
from tests.support.sign_in import Exchange, is_in
from tests.support.waiting import eventually

from hothouse.broker import wire

Reply = dict[str, Any]
SECONDS_TO_REVOKE = 2


@pytest.fixture
async def stranger(arena: Arena) -> AsyncIterator[RawClient]:
    client = await arena.connect(arena.attacker.uri, sign_in=False)
    yield client
    client.abort()


@pytest.fixture
async def person(arena: Arena) -> Person:
    """A workload whose credential may be spoilt."""
    return await arena.person(f"hh_{arena.token}x")


class TestRevoked:
    async def test_connections_cursors_and_streams_end(self, arena: Arena, person: Person) -> None:
        idle, busy, streaming = [await arena.connect(person.uri) for _ in range(3)]
        await busy.command({"insert": "a", "documents": [{"_id": n} for n in range(10)], "$db": person.database})
        cursor = (await busy.command({"find": "a", "batchSize": 2, "$db": person.database}))["cursor"]["id"]
        stream = {"aggregate": "a", "pipeline": [{"$changeStream": {}}], "cursor": {}, "$db": person.database}
        opened = (await streaming.command(stream))["cursor"]["id"]
        waiting = {"getMore": Int64(opened), "collection": "a", "maxTimeMS": 30_000, "$db": person.database}
        streaming.writer.write(wire.encode_message(waiting))
        begin = time.monotonic()
        await arena.credentials.revoke(person.workload_id)
        for client in (idle, busy, streaming):
            with pytest.raises(GONE):  # noqa: PT012 - a stream may still hear that nothing happened
                while True:
                    await client.read_reply()
            client.abort()
        assert time.monotonic() - begin < SECONDS_TO_REVOKE
        again = await arena.person(person.database)
        other = await arena.connect(again.uri)
        more = {"getMore": Int64(cursor), "collection": "a", "$db": person.database}
        assert (await other.command(more))["code"] == 43
        await other.close()

    async def test_driver_is_told(self, arena: Arena, person: Person) -> None:
        async with AsyncMongoClient[Reply](person.uri, serverSelectionTimeoutMS=5000) as client:
            own = client[person.database]
            await own.a.insert_one({})
            async with await own.a.watch(max_await_time_ms=60_000) as stream:
                waiting = asyncio.create_task(stream.next())
                await arena.credentials.revoke(person.workload_id)
                with pytest.raises(PyMongoError):
                    await waiting
            with pytest.raises(OperationFailure) as caught:
                await own.a.find_one({})
            assert caught.value.code == 18

    async def test_issued_anew_ends_the_old_one(self, arena: Arena, person: Person) -> None:
        old = await arena.connect(person.uri)
        await arena.credentials.issue(workload_id=person.workload_id, database=person.database)
        assert await old.is_closed_by_peer()
        old.abort()
        with pytest.raises(AssertionError, match="Authentication failed"):
            await arena.connect(person.uri)

    async def test_revoked_between_the_steps(self, arena: Arena, person: Person, stranger: RawClient) -> None:
        exchange = Exchange(stranger, person)
        proof = exchange.final(await exchange.start())
        await arena.credentials.revoke(person.workload_id)
        assert (await exchange.finish(proof))["code"] == 18
        assert not await is_in(stranger, person.database)

    async def test_moved_to_another_database_between_the_steps(
        self, arena: Arena, person: Person, stranger: RawClient
    ) -> None:
        """A credential that is issued anew for another database does not open that one with the old password."""
        exchange = Exchange(stranger, person)
        proof = exchange.final(await exchange.start())
        await arena.credentials.issue(workload_id=person.workload_id, database=f"hh_{arena.token}y")
        assert (await exchange.finish(proof))["code"] == 18


class TestCrowds:
    async def test_half_frames_of_strangers_take_little_memory(self, arena: Arena) -> None:
        """Nobody can have more than a handshake's worth of bytes kept."""
        strangers = [await arena.connect(arena.attacker.uri, sign_in=False) for _ in range(50)]
        for client in strangers:
            client.writer.write(struct.pack("<iiii", 64 * 1024, 1, 0, wire.OP_MSG) + bytes(60_000))
        for client in strangers[:3]:
            client.writer.write(struct.pack("<iiii", 65 * 1024, 1, 0, wire.OP_MSG) * 4000)
            assert await client.is_closed_by_peer()
        good = await arena.connect(arena.victim.uri)
        assert (await good.command({"count": DIARY, "$db": arena.victim.database}))["n"] == 5
        for client in (*strangers, good):
            client.abort()

    async def test_byte_by_byte(self, arena: Arena, monkeypatch: pytest.MonkeyPatch) -> None:
        """Who only ever sends a byte now and then is closed like one who says nothing."""
        monkeypatch.setattr("hothouse.broker.core.HANDSHAKE_SECONDS", 0.3)
        slow = await arena.connect(arena.attacker.uri, sign_in=False)
        frame = wire.encode_message({"hello": 1, "x": "x" * 5000, "$db": "admin"})
        sent = iter(frame)

        def is_closed() -> bool:
            if not slow.writer.is_closing():
                slow.writer.write(bytes([next(sent)]))
            return slow.reader.at_eof() or slow.reader.exception() is not None

        await eventually(is_closed, "the broker hangs up", 10)
        slow.abort()

    async def test_nonsense_in_the_first_breath(self, arena: Arena) -> None:
        for nonsense in (
            b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(60),
            b"SSH-2.0-x\r\n" + bytes(20),
            b"PROXY TCP4 1.2.3.4 1.2.3.4 1 2\r\n",
            message(body(element("hello", 1)), body(element("hello", 1))),
            message(b"\x00" + document()),
        ):
            client = await arena.connect(arena.attacker.uri, sign_in=False)
            client.writer.write(nonsense)
            assert await client.is_closed_by_peer(), nonsense
            client.abort()
