"""Garbage of one client harms no other: a real broker is fed with it by the thousand while a good client works on.

Nothing here is measured against the clock of a machine: the good client's times are compared with its own, taken in the
same run with nobody else about.
"""

import asyncio
import contextlib
import statistics
import struct
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest
from bson import Binary, Int64
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pymongo import AsyncMongoClient
from tests.support.broker_process import start_broker, stop_broker
from tests.support.good_client import GoodClient
from tests.support.raw_client import GONE, RawClient, body, document, element, message, sequence, typed, with_flags

from hothouse.broker import wire
from hothouse.broker.credentials import CredentialStore

MIB = 2**20
MOST_TIMES_SLOWER = 50
"""How much longer than alone the good client's median may take, with two cores shared by everything: each of the others
signs in, too."""
MOST_ROUNDS = 1500
"""So many rounds of the good client, a find and a ping each, a heavy command may cost the broker's processor."""
REPEATS = 4
PLATFORM = "garbage_platform"


@dataclass
class Person:
    database: str
    uri: str


@dataclass
class Scene:
    """A broker process, who works well with it, and who does not."""

    process: Process
    good: GoodClient
    bad: Person
    direct: AsyncMongoClient[dict[str, Any]]
    alone: float = 0.0
    """The median of the good client's finds while nobody else is about."""
    round_time: float = 0.0
    """The broker's processor time for one of the good client's rounds."""
    meanwhile: list[float] = field(default_factory=list)
    """The good client's finds while garbage came in."""
    memories: list[int] = field(default_factory=list)
    """The broker's memory after each load of garbage."""

    @property
    def memory(self) -> int:
        """The broker's memory, of its own."""
        return psutil.Process(self.process.pid).memory_info().rss

    @property
    def processor_time(self) -> float:
        """The seconds of processor time that the broker has used."""
        times = psutil.Process(self.process.pid).cpu_times()
        return times.user + times.system

    def check(self) -> None:
        """Fail when the broker ended, or the good client's only connection did."""
        assert self.process.returncode is None, "the broker ended"
        self.good.check()

    async def check_speed(self) -> None:
        median = statistics.median(await self.good.more(30))
        assert median < MOST_TIMES_SLOWER * self.alone, (median, self.alone)


@pytest.fixture(scope="module")
async def scene(mongodb_uri: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Scene]:
    home: Path = tmp_path_factory.mktemp("broker")
    settings = {"HOTHOUSE_MONGODB_DATABASE": PLATFORM}
    process, port = await start_broker(mongodb_uri, home, settings=settings)
    async with AsyncMongoClient[dict[str, Any]](mongodb_uri) as direct:
        people = []
        for name in ("good", "bad"):
            issued = await CredentialStore(direct[PLATFORM]).issue(workload_id=f"w-{name}", database=f"hh_{name}")
            login = f"{issued.username}:{issued.password}@127.0.0.1:{port}"
            people.append(Person(f"hh_{name}", f"mongodb://{login}/hh_{name}"))
            await direct[f"hh_{name}"].good.insert_one({"_id": 1})
        good = GoodClient(people[0].uri, "good")
        made = Scene(process, good, people[1], direct)
        await good.more(50)
        made.alone = statistics.median(await good.more(200))
        before, rounds = made.processor_time, len(good.pings)
        await good.more(400)
        made.round_time = (made.processor_time - before) / (len(good.pings) - rounds)
        try:
            yield made
            made.check()
        finally:
            good.stop()
            assert await stop_broker(process) == 0
            for name in (PLATFORM, "hh_good", "hh_bad"):
                await direct.drop_database(name)


# Frames that are nearly right

DATABASE = element("$db", "hh_bad")
GOOD_FRAMES = [
    wire.encode_message({"find": "a", "filter": {"x": 1}, "$db": "hh_bad"}),
    wire.encode_message({"hello": 1, "$db": "admin", "speculativeAuthenticate": {"saslStart": 1, "payload": b"n,,"}}),
    wire.encode_message({"saslStart": 1, "mechanism": "SCRAM-SHA-256", "payload": b"n,,n=w-bad,r=abc", "$db": "admin"}),
    wire.encode_message({"saslContinue": 1, "payload": b"c=biws,r=x,p=AAAA", "$db": "admin"}),
    wire.encode_message({"aggregate": "a", "pipeline": [{"$facet": {"x": [{"$limit": 1}]}}], "$db": "hh_bad"}),
    wire.encode_message({"getMore": Int64(5), "collection": "a", "$db": "hh_bad"}),
    wire.encode_message({"find": "a", "lsid": {"id": Binary(b"x" * 16, 4)}, "txnNumber": Int64(1), "$db": "hh_bad"}),
    message(body(element("insert", "a"), DATABASE), sequence("documents", {"_id": 1}, {"_id": 2})),
    message(sequence("ops", {"insert": 0, "document": {}}), body(element("bulkWrite", 1), element("$db", "admin")),
            sequence("nsInfo", {"ns": "hh_bad.a"})),
    message(body(element("find", "a"), DATABASE), b"\x00\x00\x00\x00", flags=wire.CHECKSUM_PRESENT),
    message(body(element("update", "a"), DATABASE), sequence("updates", {"q": {}, "u": {}}), flags=wire.MORE_TO_COME),
]  # fmt: skip


@st.composite
def garbage(draw: st.DrawFn) -> bytes:
    """Bytes to send: random ones, or a good frame with something broken in it."""
    kind = draw(st.sampled_from(["random", "header", "flipped", "length", "opcode", "cut", "joined", "spliced"]))
    if kind == "random":
        return draw(st.binary(min_size=1, max_size=300))
    frame = bytearray(draw(st.sampled_from(GOOD_FRAMES)))
    if kind == "header":
        content = draw(st.binary(max_size=120))
        return struct.pack("<iiii", 16 + len(content), 1, 0, wire.OP_MSG) + content
    if kind == "flipped":
        for _ in range(draw(st.integers(1, 6))):
            frame[draw(st.integers(16, len(frame) - 1))] ^= 1 << draw(st.integers(0, 7))
    elif kind == "length":
        at = draw(st.integers(0, len(frame) - 4))
        frame[at : at + 4] = struct.pack("<i", draw(st.integers(-(2**31), 2**31 - 1)))
    elif kind == "opcode":
        frame[12:16] = struct.pack("<i", draw(st.integers(-5, 3000)))
    elif kind == "cut":
        frame = frame[: draw(st.integers(1, len(frame) - 1))]
    elif kind == "joined":
        frame += draw(st.sampled_from(GOOD_FRAMES)) * draw(st.integers(1, 5))
    else:
        other = draw(st.sampled_from(GOOD_FRAMES))
        at = draw(st.integers(16, min(len(frame), len(other)) - 1))
        frame[at:] = other[at:]
        frame[:4] = struct.pack("<i", len(frame))
    return bytes(frame)


async def _feed(uri: str, pieces: list[bytes], *, sign_in: bool) -> None:
    """Send garbage on one connection, and read whatever comes until the broker hangs up or has said enough."""
    with contextlib.suppress(*GONE, AssertionError):
        client = await RawClient.connect(uri, sign_in=sign_in)
        try:
            client.writer.write(b"".join(pieces))
            client.writer.write_eof()
            async with asyncio.timeout(5):
                while await client.reader.read(65_536):
                    pass
        finally:
            client.abort()


async def _feed_all(uri: str, batches: list[list[bytes]], *, sign_in: bool) -> None:
    """Use one connection for each batch, a few at a time."""
    waiting = iter(batches)

    async def feed() -> None:
        for pieces in waiting:
            await _feed(uri, pieces, sign_in=sign_in)

    await asyncio.gather(*(feed() for _ in range(4)))


class TestGarbage:
    @given(st.lists(st.lists(garbage(), min_size=1, max_size=4), min_size=15, max_size=15), st.booleans())
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    def test_harms_nobody(self, scene: Scene, batches: list[list[bytes]], sign_in: bool) -> None:
        """Thousands of broken frames, before and after the sign-in, while the good client works."""
        begin = len(scene.good.finds)
        with ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, _feed_all(scene.bad.uri, batches, sign_in=sign_in)).result()
        scene.check()
        scene.meanwhile += scene.good.finds[begin:]
        scene.memories.append(scene.memory)
        assert scene.memory - max(scene.memories[:5]) < 40 * MIB
        if len(scene.meanwhile) > 50:
            assert statistics.median(scene.meanwhile) < MOST_TIMES_SLOWER * scene.alone

    async def test_nor_afterwards(self, scene: Scene) -> None:
        await scene.check_speed()

    async def test_good_frames_arrive_in_any_pieces(self, scene: Scene) -> None:
        client = await RawClient.connect(scene.bad.uri)
        frame = wire.encode_message({"find": "good", "$db": "hh_bad"})
        for at in range(len(frame)):
            client.writer.write(frame[at : at + 1])
            await client.writer.drain()
        client.writer.write(frame * 50)
        for _ in range(51):
            assert (await client.read_reply())["ok"] == 1
        client.abort()


def _pipeline_of(size: int) -> bytes:
    """An aggregation with a filter of so many bytes, of small values."""
    count = size // 13
    many = b"".join(typed(3, f"{number:07}"[:4], document()) for number in range(count))
    stage = document(typed(3, "$match", document(typed(3, "a", document(typed(4, "$in", document(many)))))))
    pipeline = typed(4, "pipeline", document(typed(3, "0", stage)))
    return message(body(element("aggregate", "a"), pipeline, element("cursor", {}), DATABASE))


HEAVY = {
    "long-pipeline": lambda: _pipeline_of(2 * MIB - 10_000),
    "huge-pipeline": lambda: _pipeline_of(6 * MIB),
    "body-beyond-the-limit": lambda: wire.encode_message(
        {"find": "a", "filter": {"x": "y" * 40 * MIB}, "$db": "hh_bad"}
    ),
    "dollars": lambda: wire.encode_message({"find": "a", "filter": {"x": "$" * (15 * MIB)}, "$db": "hh_bad"}),
    "cursors": lambda: wire.encode_message(
        {"killCursors": "a", "cursors": [Int64(1)] * 100_000 + [Int64(2)] * 100_000, "$db": "hh_bad"}
    ),
    "sessions": lambda: wire.encode_message(
        {"endSessions": [{"id": Binary(struct.pack("<qq", n, n), 4)} for n in range(100_000)], "$db": "admin"}
    ),
    "fields": lambda: wire.encode_message({"find": "a", "$db": "hh_bad", **{f"f{n}": 1 for n in range(300_000)}}),
    "empty-documents": lambda: message(
        body(element("insert", "a"), DATABASE),
        b"\x01" + struct.pack("<i", 14 + 5 * 5_000_000) + b"documents\x00" + document() * 5_000_000,
    ),
    "namespaces": lambda: message(
        body(element("bulkWrite", 1), element("$db", "admin")),
        sequence("nsInfo", *[{"ns": "hh_bad.a"}] * 50_000),
        sequence("ops", {"insert": 0, "document": {}}),
    ),
    "deep": lambda: _deep(50_000),
}


def _deep(depth: int) -> bytes:
    heads = b"".join(struct.pack("<i", 5 + 8 * (depth - level)) + b"\x03x\x00" for level in range(depth))
    held = document(typed(3, "0", heads + document() + b"\x00" * depth))
    return message(body(element("aggregate", "a"), typed(4, "pipeline", held), DATABASE))


class TestHeavy:
    """Commands that cost the attacker little and the broker, perhaps, much."""

    @pytest.mark.parametrize("name", sorted(HEAVY))
    async def test_keeps_nobody_waiting_for_long(self, scene: Scene, name: str) -> None:
        """While the broker thinks nobody else is served, so no command may have it think for long.

        What counts is its processor time, which does not depend on what else the machine does.
        """
        heavy = await _processor_time(scene, HEAVY[name]())
        assert heavy < MOST_ROUNDS * scene.round_time, (heavy, scene.round_time)


async def _processor_time(scene: Scene, frame: bytes) -> float:
    """Return the seconds that the broker's processor takes for a frame, without those for the good client's rounds."""
    await scene.good.more(1)
    rounds, before = len(scene.good.pings), scene.processor_time
    for _ in range(REPEATS):
        client = await RawClient.connect(scene.bad.uri)
        with contextlib.suppress(*GONE, TimeoutError):
            client.writer.write(frame)
            await client.read_frame()
        client.abort()
    scene.check()
    taken = scene.processor_time - before
    await scene.good.more(1)
    return taken / REPEATS - (len(scene.good.pings) - rounds) * scene.round_time / REPEATS


LARGE = wire.MAX_MESSAGE_BYTES - MIB


@pytest.fixture(scope="module")
async def slow(scene: Scene) -> bytes:
    """A command that keeps MongoDB busy for some seconds."""
    await scene.direct.hh_bad.slow.insert_many([{"_id": number} for number in range(120)])
    lookup = {"$lookup": {"from": "slow", "pipeline": [{"$match": {"x": 1}}], "as": "y"}}
    command = {"aggregate": "slow", "pipeline": [lookup] * 200, "cursor": {}, "maxTimeMS": 4000}
    return wire.encode_message({**command, "$db": "hh_bad"})


async def _send_patiently(client: RawClient, *frames: bytes) -> None:
    """Send as much as the broker takes within a few seconds."""
    client.writer.write(b"".join(frames))
    with contextlib.suppress(*GONE, TimeoutError):
        async with asyncio.timeout(3):
            await client.writer.drain()


class TestMemory:
    async def _settled(self, scene: Scene) -> int:
        await scene.good.more(20)
        return scene.memory

    async def test_frames_that_wait_behind_a_slow_command(self, scene: Scene, slow: bytes) -> None:
        """One large frame after the other, on connections that are busy: what waits is counted."""
        before = await self._settled(scene)
        large = struct.pack("<iiii", LARGE + 16, 1, 0, wire.OP_MSG) + b"x" * LARGE
        clients = []
        try:
            for _ in range(12):
                client = await RawClient.connect(scene.bad.uri)
                clients.append(client)
                await _send_patiently(client, slow, large)
            assert await self._settled(scene) - before < 320 * MIB
            scene.check()
        finally:
            for client in clients:
                client.abort()

    async def test_frames_that_mongodb_does_not_take(self, scene: Scene, slow: bytes) -> None:
        """Have MongoDB busy with something that wants no reply, send a lot behind it, and go; again and again."""
        before = await self._settled(scene)
        insert = message(
            body(element("insert", "heap"), DATABASE),
            sequence("documents", {"text": "x" * 14 * MIB}, {"text": "x" * (LARGE - 15 * MIB)}),
            flags=wire.MORE_TO_COME,
        )
        try:
            for _ in range(12):
                client = await RawClient.connect(scene.bad.uri)
                await _send_patiently(client, with_flags(slow, wire.MORE_TO_COME), insert)
                client.abort()
            assert await self._settled(scene) - before < 320 * MIB
            scene.check()
        finally:
            await scene.direct.hh_bad.heap.drop()

    async def test_strangers_with_half_frames(self, scene: Scene) -> None:
        before = await self._settled(scene)
        strangers = []
        for _ in range(300):
            client = await RawClient.connect(scene.bad.uri, sign_in=False)
            client.writer.write(struct.pack("<iiii", 65_000, 1, 0, wire.OP_MSG) + bytes(64_000))
            strangers.append(client)
        assert await self._settled(scene) - before < 80 * MIB
        scene.check()
        await scene.check_speed()
        for client in strangers:
            client.abort()
