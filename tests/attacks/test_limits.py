"""Using up what is everybody's: connections, cursors, transactions, batches, space, memory."""

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator
from typing import Any

import bson
import pytest
from bson import Binary, Int64
from tests.support.arena import DIARY, OWN, TAMED, Arena, Attack, Person
from tests.support.raw_client import GONE, RawClient, body, document, element, message, sequence, typed, with_flags
from tests.support.waiting import eventually

from hothouse.broker import wire
from hothouse.broker.limits import Limits

Reply = dict[str, Any]

BATCH = 20
MIB = 2**20


async def _guest(arena: Arena, limits: Limits) -> tuple[Person, RawClient]:
    """A workload with limits of its own."""
    person = await arena.person(f"hh_{arena.token}g{uuid.uuid4().hex[:4]}", limits)
    return person, await arena.connect(person.uri)


async def _victim_is_well(arena: Arena) -> None:
    """Someone else signs in anew, opens a cursor and a transaction, and is served."""
    victim = await arena.connect(arena.victim.uri)
    home = arena.victim.database
    opened = await victim.command({"find": DIARY, "batchSize": 1, "$db": home})
    assert opened["ok"] == 1, opened
    more = {"getMore": Int64(opened["cursor"]["id"]), "collection": DIARY, "$db": home}
    assert len((await victim.command(more))["cursor"]["nextBatch"]) == 4
    inside = {"lsid": {"id": Binary.from_uuid(uuid.uuid4())}, "txnNumber": Int64(1), "autocommit": False}
    begun = await victim.command({"find": DIARY, **inside, "startTransaction": True, "$db": home})
    assert begun["ok"] == 1, begun
    assert (await victim.command({"abortTransaction": 1, **inside, "$db": "admin"}))["ok"] == 1
    await victim.close()


@pytest.fixture(scope="module")
async def guest(arena: Arena) -> AsyncIterator[RawClient]:
    """A workload that may send few documents at once."""
    person, client = await _guest(arena, Limits(batch_documents=BATCH))
    client.database = person.database  # type: ignore[attr-defined]
    yield client
    await client.close()


def _many(number: int = BATCH + 1) -> list[Reply]:
    return [{"_id": each} for each in range(number)]


class TestBatches:
    FORMS: dict[str, Any] = {  # noqa: RUF012
        "insert": {"insert": "b", "documents": _many()},
        "update": {"update": "b", "updates": [{"q": {}, "u": {"$set": {"a": 1}}}] * (BATCH + 1)},
        "delete": {"delete": "b", "deletes": [{"q": {}, "limit": 1}] * (BATCH + 1)},
        "update-behind-no-documents": {
            "update": "b",
            "documents": [],
            "updates": [{"q": {}, "u": {"$set": {"a": 1}}, "upsert": True}] * (BATCH + 1),
        },
        "bulk-write": {
            "bulkWrite": 1,
            "ops": [{"insert": 0, "document": {}}] * (BATCH + 1),
            "nsInfo": [{"ns": "{db}.b"}],
        },
    }

    @pytest.mark.parametrize("name", sorted(FORMS))
    async def test_too_many(self, arena: Arena, guest: RawClient, name: str) -> None:
        database: str = guest.database  # type: ignore[attr-defined]
        command = dict(self.FORMS[name])
        if name == "bulk-write":
            command |= {"nsInfo": [{"ns": f"{database}.b"}], "$db": "admin"}
        arena.sent.clear()
        reply = await guest.command({"$db": database, **command} if "$db" not in command else command)
        assert (reply["ok"], arena.sent) == (0, [])

    @pytest.mark.parametrize("name", ["documents", "updates", "deletes"])
    async def test_too_many_in_a_sequence(self, arena: Arena, guest: RawClient, name: str) -> None:
        command = {"documents": "insert", "updates": "update", "deletes": "delete"}[name]
        entry = {"documents": {}, "updates": {"q": {}, "u": {"$set": {"a": 1}}}, "deletes": {"q": {}, "limit": 1}}[name]
        database = element("$db", guest.database)  # type: ignore[attr-defined]
        arena.sent.clear()
        frame = message(body(element(command, "b"), database), sequence(name, *[entry] * (BATCH + 1)))
        reply = await guest.exchange(frame)
        assert (reply["ok"], arena.sent) == (0, [])

    async def test_learnt_with_one_and_sent_with_many(self, arena: Arena, guest: RawClient) -> None:
        """Documents in the body, of the same length as before, but more of them."""
        database = element("$db", guest.database)  # type: ignore[attr-defined]

        def insert(*documents: bytes) -> bytes:
            inside = b"".join(typed(3, str(number), each) for number, each in enumerate(documents))
            return message(body(element("insert", "b"), typed(4, "documents", document(inside)), database))

        many = insert(*[document() for _ in range(BATCH + 5)])
        one = insert(document(element("x", "")))
        padded = insert(document(element("x", "y" * (len(many) - len(one)))))
        assert len(padded) == len(many)
        for _ in range(60):
            assert (await guest.exchange(padded))["ok"] == 1
        arena.sent.clear()
        assert ((await guest.exchange(many))["ok"], arena.sent) == (0, [])

    async def test_ten_thousand_and_one(self, arena: Arena) -> None:
        """The limit that holds unless anything else is said."""
        reply = await arena.attempt(Attack("", {"insert": "b", "documents": [{}] * 10_001}))
        assert reply is not None
        assert "10,000" in reply["errmsg"]

    async def test_millions_of_empty_documents(self, arena: Arena) -> None:
        """Counting stops where the limit is passed."""
        empty = document() * 2_000_000
        section = b"\x01" + (4 + 10 + len(empty)).to_bytes(4, "little") + b"documents\x00" + empty
        frame = message(body(element("insert", "b"), element("$db", arena.attacker.database)), section)
        client = await arena.connect(arena.attacker.uri)
        arena.sent.clear()
        with contextlib.suppress(*GONE):
            assert (await client.exchange(frame))["ok"] == 0
        assert not arena.sent
        client.abort()
        await _victim_is_well(arena)


class TestConnections:
    async def test_one_too_many(self, arena: Arena) -> None:
        person, first = await _guest(arena, Limits(connections=3))
        others = [await arena.connect(person.uri) for _ in range(2)]
        with pytest.raises(AssertionError, match="maxPoolSize"):
            await arena.connect(person.uri)
        others.pop().abort()

        async def fits() -> bool:
            try:
                others.append(await arena.connect(person.uri))
            except AssertionError:
                return False
            return True

        await eventually(fits, "a place is free again", 5)
        await _victim_is_well(arena)
        for client in (first, *others):
            client.abort()

    async def test_two_hundred_and_first(self, arena: Arena) -> None:
        """The limit that holds unless anything else is said."""
        person, first = await _guest(arena, Limits())
        clients = [first, *await asyncio.gather(*(arena.connect(person.uri) for _ in range(199)))]
        with pytest.raises(AssertionError, match="200"):
            await arena.connect(person.uri)
        await _victim_is_well(arena)
        for client in clients:
            client.abort()

    async def test_held_by_commands_that_wait(self, arena: Arena) -> None:
        """Every connection that one may have waits for changes: others are served all the same."""
        person, first = await _guest(arena, Limits(connections=40))
        clients = [first, *[await arena.connect(person.uri) for _ in range(39)]]
        stream = {"aggregate": "a", "pipeline": [{"$changeStream": {}}], "cursor": {}, "$db": person.database}
        for client in clients:
            opened = await client.command(stream)
            more = {"getMore": Int64(opened["cursor"]["id"]), "collection": "a", "maxTimeMS": 20_000}
            client.writer.write(wire.encode_message({**more, "$db": person.database}))
        await _victim_is_well(arena)
        for client in clients:
            client.abort()


class TestCursors:
    async def test_of_everybody_are_not_used_up(self, arena: Arena) -> None:
        """Open cursor after cursor that never ends: what is too many is closed at MongoDB too."""
        opened = []
        client = await arena.connect(arena.attacker.uri)
        for _ in range(700):
            reply = await client.command(
                {"find": "own", "batchSize": 1, "noCursorTimeout": True, "$db": arena.attacker.database}
            )
            if not reply["ok"]:
                break
            opened.append(reply["cursor"]["id"])
        own = arena.direct[arena.attacker.database]

        async def is_first_gone() -> bool:
            more = await client.command(
                {"getMore": Int64(opened[0]), "collection": "own", "$db": arena.attacker.database}
            )
            return more["ok"] == 0

        assert len(opened) < 700 or await is_first_gone()
        killed = await own.command("killCursors", "own", cursors=[Int64(each) for each in opened])
        assert len(killed["cursorsKilled"]) <= 600
        await _victim_is_well(arena)
        await client.close()

    async def test_never_end_by_being_asked_not_to(self, arena: Arena) -> None:
        for value in (True, 1, 1.0, Int64(1), "yes"):
            await arena.attempt_frame(
                wire.encode_message({"find": "own", "noCursorTimeout": value, "$db": arena.attacker.database}),
                TAMED,
            )
            for frame in arena.sent:
                assert not bson.decode(frame[21:]).get("noCursorTimeout")


class TestTransactions:
    async def _begin(self, arena: Arena, client: RawClient, number: int, how_many: int, **ending: Any) -> int:
        """Begin transactions, each in a session of its own, until that is refused; return how many were begun."""
        own = arena.attacker.database
        for count in range(how_many):
            session = {"lsid": {"id": Binary.from_uuid(uuid.UUID(int=number * 100_000 + count))}, "autocommit": False}
            begin = {"find": "own", "limit": 1, **session, "txnNumber": Int64(5), "startTransaction": True, "$db": own}
            if not (await client.command(begin))["ok"]:
                return count
            if ending:
                await client.command({**ending, **session, "$db": "admin"})
        return how_many

    async def _end(self, client: RawClient, number: int, how_many: int) -> None:
        for count in range(how_many):
            session = {"lsid": {"id": Binary.from_uuid(uuid.UUID(int=number * 100_000 + count))}, "autocommit": False}
            await client.command({"abortTransaction": 1, **session, "txnNumber": Int64(5), "$db": "admin"})

    @pytest.mark.parametrize(
        "ending",
        [{}, {"abortTransaction": 1, "txnNumber": Int64(4)}, {"commitTransaction": 1, "txnNumber": Int64(6)},
         {"abortTransaction": 1, "txnNumber": Int64(5), "comment": {"x": 1}, "writeConcern": {"w": "nonsense"}}],
        ids=["left-open", "ended-by-a-lower-number", "ended-by-a-higher-number", "ended-with-a-bad-concern"],
    )  # fmt: skip
    async def test_of_everybody_are_not_used_up(self, arena: Arena, ending: Reply) -> None:
        """Begin one after the other and never end them: the server has room for so many for all together."""
        client = await arena.connect(arena.attacker.uri)
        number = 1 + len(str(ending))
        begun = await self._begin(arena, client, number, 150, **ending)
        await _victim_is_well(arena)
        await self._end(client, number, begun)
        if not ending.get("writeConcern"):
            assert begun < 150
        await client.close()

    async def test_of_a_shape_that_is_known(self, arena: Arena) -> None:
        """What the broker recognises by its looks is counted too."""
        client = await arena.connect(arena.attacker.uri)
        for _ in range(3):
            begun = await self._begin(arena, client, 9, 40)
            await self._end(client, 9, begun)
        begun = await self._begin(arena, client, 10, 150)
        await self._end(client, 10, begun)
        assert begun < 150
        await client.close()


class TestStorage:
    @pytest.fixture(scope="class")
    @classmethod
    async def full(cls, arena: Arena) -> AsyncIterator[tuple[Person, RawClient]]:
        """A workload whose database is full."""
        person, client = await _guest(arena, Limits(storage_bytes=2 * MIB))
        for number in range(30):
            piece = {"_id": number, "text": "x" * 100_000}
            await client.command({"insert": "c", "documents": [piece], "$db": person.database})

        async def is_full() -> bool:
            reply = await client.command({"insert": "c", "documents": [{"text": "x" * 1000}], "$db": person.database})
            return reply["ok"] == 0

        await eventually(is_full, "the database is full", 15)
        yield person, client
        await client.close()
        await arena.direct.drop_database(person.database)

    WRITES: dict[str, Reply] = {  # noqa: RUF012
        "insert": {"insert": "c", "documents": [{}]},
        "insert-elsewhere": {"insert": "other", "documents": [{}]},
        "update": {"update": "c", "updates": [{"q": {}, "u": {"$set": {"a": "x" * 1000}}}]},
        "upsert": {"update": "c", "updates": [{"q": {"_id": "new"}, "u": {"$set": {"a": 1}}, "upsert": True}]},
        "update-that-unsets": {"update": "c", "updates": [{"q": {}, "u": {"$unset": {"a": 1}}}]},
        "find-and-modify": {"findAndModify": "c", "query": {}, "update": {"$set": {"a": 1}}},
        "find-and-modify-lower-case": {"findandmodify": "c", "query": {}, "update": {"$set": {"a": 1}}},
        "find-and-remove-and-update": {"findAndModify": "c", "query": {}, "remove": True, "update": {"$set": {"a": 1}}},
        "find-and-remove-or-not": {"findAndModify": "c", "query": {}, "remove": False, "update": {"$set": {"a": 1}}},
        "out": {"aggregate": "c", "pipeline": [{"$out": "copy"}], "cursor": {}},
        "merge": {"aggregate": "c", "pipeline": [{"$unset": "_id"}, {"$merge": "c"}], "cursor": {}},
        "create": {"create": "new"},
        "create-view": {"create": "v", "viewOn": "c", "pipeline": []},
        "create-indexes": {"createIndexes": "c", "indexes": [{"key": {"text": 1}, "name": "text"}]},
        "bulk-insert": {"bulkWrite": 1, "ops": [{"insert": 0, "document": {}}], "nsInfo": [{"ns": "{db}.c"}]},
        "bulk-delete-then-insert": {
            "bulkWrite": 1,
            "ops": [{"delete": 0, "filter": {"_id": -1}}, {"insert": 0, "document": {}}],
            "nsInfo": [{"ns": "{db}.c"}],
        },
        "bulk-delete-that-inserts": {
            "bulkWrite": 1,
            "ops": [{"delete": 0, "filter": {"_id": -1}, "insert": 0, "document": {}}],
            "nsInfo": [{"ns": "{db}.c"}],
        },
    }

    @pytest.mark.parametrize("name", sorted(WRITES))
    async def test_writes(self, arena: Arena, full: tuple[Person, RawClient], name: str) -> None:
        person, client = full
        command = dict(self.WRITES[name])
        command["$db"] = person.database
        if "bulkWrite" in command:
            command |= {"nsInfo": [{"ns": f"{person.database}.c"}], "$db": "admin"}
        arena.sent.clear()
        reply = await client.command(command)
        assert reply["ok"] == 0
        assert "full" in reply["errmsg"]
        assert not any(b"\x02$db\x00" in frame and person.database.encode() in frame for frame in arena.sent)

    async def test_unacknowledged(self, arena: Arena, full: tuple[Person, RawClient]) -> None:
        person, client = full
        write = {"insert": "sneaked", "documents": [{"_id": 1}], "writeConcern": {"w": 0}, "$db": person.database}
        client.writer.write(with_flags(wire.encode_message(write), wire.MORE_TO_COME))
        assert (await client.command({"count": "sneaked", "$db": person.database}))["n"] == 0

    async def test_in_a_transaction(self, arena: Arena, full: tuple[Person, RawClient]) -> None:
        person, client = full
        inside = {"lsid": {"id": Binary.from_uuid(uuid.uuid4())}, "txnNumber": Int64(1), "autocommit": False}
        write = {"insert": "c", "documents": [{}], **inside, "startTransaction": True}
        assert "full" in (await client.command({**write, "$db": person.database}))["errmsg"]

    async def test_reading_and_deleting_still_work(self, arena: Arena, full: tuple[Person, RawClient]) -> None:
        person, client = full
        for command in (
            {"find": "c", "limit": 1},
            {"delete": "c", "deletes": [{"q": {"_id": 29}, "limit": 1}]},
            {"findAndModify": "c", "query": {"_id": 28}, "remove": True},
            {"aggregate": "c", "pipeline": [{"$limit": 1}], "cursor": {}},
            {"drop": "nothing-there"},
        ):
            reply = await client.command({**command, "$db": person.database})
            assert reply["ok"] == 1 or reply["code"] == 26, reply


class TestWaiting:
    async def test_client_that_never_reads_is_closed(self, arena: Arena, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("hothouse.broker.core.SLOW_READER_SECONDS", 0.2)
        own = arena.direct[arena.attacker.database]
        await own.large.insert_one({"_id": 1, "text": "x" * 15_000_000})
        slow = await arena.connect(arena.attacker.uri)
        slow.stop_reading()
        slow.writer.write(wire.encode_message({"find": "large", "$db": arena.attacker.database}))
        await _victim_is_well(arena)
        await slow.peer_gone()
        slow.abort()
        await own.large.drop()

    async def test_client_that_says_nothing_is_closed(self, arena: Arena, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("hothouse.broker.core.HANDSHAKE_SECONDS", 0.2)
        silent = await arena.connect(arena.attacker.uri, sign_in=False)
        assert await silent.is_closed_by_peer()

    async def test_pool_is_not_poisoned_by_commands_without_reply(self, arena: Arena) -> None:
        """Send slow commands that want no reply and go: whoever comes next must not stand behind them."""
        own = arena.direct[arena.attacker.database]
        await own.slow.insert_many([{"_id": number} for number in range(300)])
        slow = {
            "aggregate": "slow",
            "pipeline": [{"$lookup": {"from": "slow", "pipeline": [{"$match": {"x": 1}}], "as": "y"}}, {"$limit": 1}],
            "cursor": {},
            "$db": arena.attacker.database,
        }
        for _ in range(10):
            client = await arena.connect(arena.attacker.uri)
            client.writer.write(with_flags(wire.encode_message(slow), wire.MORE_TO_COME))
            await client.writer.drain()
            client.abort()
        await _victim_is_well(arena)
        await arena.attempt(Attack("", {"find": "own", "limit": 1}, TAMED, OWN))
        await own.slow.drop()
