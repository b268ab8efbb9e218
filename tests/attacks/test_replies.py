"""Replies that are not for the one who reads them: whom a server answers, and what it is asked in between."""

import asyncio
import struct
from collections.abc import AsyncIterator
from typing import Any

import pytest
from bson import Binary, Int64
from tests.support.arena import DIARY, HARMLESS, Arena, Person
from tests.support.raw_client import GONE, RawClient, body, document, element, message, text, typed, with_flags

from hothouse.broker import wire

MORE_TO_COME, EXHAUST = wire.MORE_TO_COME, wire.EXHAUST_ALLOWED


def _own(arena: Arena) -> bytes:
    return element("$db", arena.attacker.database)


def _find(arena: Arena, **more: Any) -> bytes:
    return wire.encode_message({"find": "own", **more, "$db": arena.attacker.database})


@pytest.fixture(scope="module")
async def slow(arena: Arena) -> AsyncIterator[dict[str, Any]]:
    """A command that keeps MongoDB busy for a moment."""
    own = arena.direct[arena.attacker.database]
    await own.many.insert_many([{"_id": number} for number in range(250)])
    yield {
        "aggregate": "many",
        "pipeline": [
            {"$lookup": {"from": "many", "pipeline": [{"$match": {"x": 1}}], "as": "y"}},
            {"$set": {"from": "attacker"}},
            {"$limit": 2},
            {"$project": {"y": 0}},
        ],
        "cursor": {},
        "$db": arena.attacker.database,
    }
    await own.many.drop()


class TestReplies:
    """A connection to MongoDB carries commands of one after those of another: no reply may reach the wrong one."""

    async def _nothing_is_mixed_up(self, arena: Arena, attacker: RawClient) -> None:
        """Let all talk for a while: each must hear what it asked for, and the attacker nothing of the victim.

        A colleague of the attacker is on the same database, and so on the same connections to MongoDB.
        """
        victim = await arena.connect(arena.victim.uri)
        colleague = await arena.connect((await self._colleague(arena)).uri)
        for number in range(5):
            reply = await victim.command({"find": DIARY, "$db": arena.victim.database})
            assert reply["cursor"]["ns"] == f"{arena.victim.database}.{DIARY}", reply
            one = {"find": "own", "filter": {"_id": number}, "$db": arena.attacker.database}
            assert [found["_id"] for found in (await colleague.command(one))["cursor"]["firstBatch"]] == [number]
            try:
                count = await attacker.command({"count": "own", "$db": arena.attacker.database})
            except GONE:
                attacker.abort()
                attacker = await arena.connect(arena.attacker.uri)
            else:
                assert count.get("n") == 10, count
        assert arena.secret.encode() not in attacker.received
        for client in (victim, colleague, attacker):
            await client.close()

    async def _colleague(self, arena: Arena) -> Person:
        if not hasattr(arena, "colleague"):
            arena.colleague = await arena.person(arena.attacker.database)  # type: ignore[attr-defined]
        return arena.colleague  # type: ignore[attr-defined, no-any-return]

    @pytest.mark.parametrize("flags", [MORE_TO_COME, MORE_TO_COME | EXHAUST], ids=["no-reply", "no-reply-or-many"])
    @pytest.mark.parametrize(
        "broken",
        [
            typed(3, "filter", document(typed(2, "a", text(b"\xff")))),
            typed(3, "filter", document(typed(5, "a", struct.pack("<iB", 5, 4) + b"short"))),
            typed(3, "filter", document(typed(9, "a", struct.pack("<q", 2**62)))),
            typed(3, "filter", document(typed(20, "a", b""))),
            typed(3, "filter", document(b"\xff\xff\xff")),
            typed(3, "filter", b"\x08\x00\x00\x00\x03a\x00\x00"),
            element("filter", {"$nonsense": 1}),
            element("maxTimeMS", -5),
            element("readConcern", {"level": "nonsense"}),
            element("lsid", {"id": Binary(b"x" * 16, 4)})
            + element("txnNumber", Int64(1))
            + element("autocommit", False),
        ],
        ids=["text", "uuid", "date", "type", "rubbish", "length", "operator", "time", "concern", "transaction"],
    )
    async def test_error_to_a_command_that_wanted_no_reply(
        self, arena: Arena, slow: dict[str, Any], broken: bytes, flags: int
    ) -> None:
        """A server that answers all the same shifts every reply behind it by one."""
        client = await arena.connect(arena.attacker.uri)
        bad = message(body(element("find", "own"), broken, _own(arena)), flags=flags)
        client.writer.write(bad + wire.encode_message(slow))
        try:
            reply = await client.read_reply()
            assert reply["cursor"]["firstBatch"][0]["from"] == "attacker", reply
        except GONE:
            client.abort()
            client = await arena.connect(arena.attacker.uri)
        await self._nothing_is_mixed_up(arena, client)

    async def test_gone_before_the_reply(self, arena: Arena, slow: dict[str, Any]) -> None:
        for _ in range(5):
            client = await arena.connect(arena.attacker.uri)
            client.writer.write(wire.encode_message(slow))
            await client.writer.drain()
            client.abort()
        await self._nothing_is_mixed_up(arena, await arena.connect(arena.attacker.uri))

    async def test_gone_after_a_slow_command_without_reply(self, arena: Arena, slow: dict[str, Any]) -> None:
        """What MongoDB still works on must not keep the next one waiting who gets its connection."""
        for _ in range(5):
            client = await arena.connect(arena.attacker.uri)
            client.writer.write(with_flags(wire.encode_message(slow), MORE_TO_COME))
            await client.writer.drain()
            client.abort()
        await self._nothing_is_mixed_up(arena, await arena.connect(arena.attacker.uri))

    async def test_many_at_once_with_the_same_id(self, arena: Arena) -> None:
        """Ids of requests are the client's own; ones that repeat must not confuse anybody."""
        client = await arena.connect(arena.attacker.uri)
        frames = b"".join(
            wire.encode_message({"find": "own", "filter": {"_id": number}, "$db": arena.attacker.database})
            for number in range(10)
        )
        same = bytearray(frames)
        at = 0
        while at < len(same):
            same[at + 4 : at + 8] = struct.pack("<i", 7)
            at += struct.unpack_from("<i", same, at)[0]
        client.writer.write(bytes(same))
        for number in range(10):
            reply = await client.read_reply()
            assert reply["cursor"]["firstBatch"][0]["_id"] == number
        await self._nothing_is_mixed_up(arena, client)

    async def test_replies_carry_the_id_that_was_asked_with(self, arena: Arena) -> None:
        client = await arena.connect(arena.attacker.uri)
        for request_id in (1, -1, 0, 2**31 - 1, -(2**31), 7):
            frame = _find(arena)
            client.writer.write(frame[:4] + struct.pack("<i", request_id) + frame[8:])
            reply = await client.read_frame()
            assert struct.unpack_from("<i", reply, 8)[0] == request_id
        await client.close()

    async def test_request_that_says_it_is_a_reply(self, arena: Arena) -> None:
        frame = _find(arena)
        await arena.attempt_frame(frame[:8] + struct.pack("<i", 12345) + frame[12:], HARMLESS)

    @pytest.mark.parametrize("name", ["listDatabases", "saslStart", "startSession", "ping"])
    async def test_answer_of_the_broker_that_nobody_wants(self, arena: Arena, name: str) -> None:
        """What the broker answers itself stays unsaid too, when no reply is wanted."""
        client = await arena.connect(arena.attacker.uri)
        quiet = with_flags(wire.encode_message({name: 1, "$db": "admin"}), MORE_TO_COME)
        client.writer.write(quiet + wire.encode_message({"count": "own", "$db": arena.attacker.database}))
        assert (await client.read_reply()).get("n") == 10
        await client.close()

    async def test_refusal_that_nobody_wants(self, arena: Arena) -> None:
        client = await arena.connect(arena.attacker.uri)
        for bad in ({"shutdown": 1}, {"find": "system.users"}, {"find": DIARY, "$db": arena.victim.database}):
            frame = wire.encode_message(
                {"$db": arena.attacker.database, **bad} if "$db" in bad else {**bad, "$db": "admin"}
            )
            client.writer.write(with_flags(frame, MORE_TO_COME))
        assert (await client.command({"count": "own", "$db": arena.attacker.database}))["n"] == 10
        await client.close()

    async def test_reader_that_stops_in_the_middle(self, arena: Arena) -> None:
        """A reply that nobody takes must not end up with somebody else."""
        own = arena.direct[arena.attacker.database]
        await own.big.insert_many([{"_id": number, "text": "x" * 1_000_000} for number in range(8)])
        slow = await arena.connect(arena.attacker.uri)
        slow.stop_reading()
        slow.writer.write(wire.encode_message({"find": "big", "$db": arena.attacker.database}))
        await asyncio.sleep(0)
        await self._nothing_is_mixed_up(arena, await arena.connect(arena.attacker.uri))
        slow.abort()
        await self._nothing_is_mixed_up(arena, await arena.connect(arena.attacker.uri))
        await own.big.drop()
