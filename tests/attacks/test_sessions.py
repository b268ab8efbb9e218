"""Cursors, sessions, transactions and change streams of somebody else: guessed, stolen, ended, resumed."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from typing import Any

import bson
import pytest
from bson import Binary, Int64, Timestamp
from tests.support.arena import DIARY, HARMLESS, REFUSED, Arena, Attack, cases
from tests.support.raw_client import RawClient, body, element, message, typed
from tests.support.waiting import eventually

Reply = dict[str, Any]
OTHER_SESSION = uuid.UUID(int=77)


@pytest.fixture
async def victim(arena: Arena) -> AsyncIterator[RawClient]:
    client = await arena.connect(arena.victim.uri)
    yield client
    await client.close()


@pytest.fixture
async def cursor(arena: Arena, victim: RawClient) -> int:
    """An open cursor of the victim."""
    reply = await victim.command({"find": DIARY, "batchSize": 2, "$db": arena.victim.database})
    return int(reply["cursor"]["id"])


def lsid(number: int = 77, **more: Any) -> Reply:
    return {"id": Binary.from_uuid(uuid.UUID(int=number)), **more}


async def _rest(arena: Arena, victim: RawClient, cursor: int) -> list[Reply]:
    """Read on, as the victim."""
    more = {"getMore": Int64(cursor), "collection": DIARY, "$db": arena.victim.database}
    found: list[Reply] = (await victim.command(more))["cursor"]["nextBatch"]
    return found


class TestCursors:
    @pytest.mark.parametrize("collection", [DIARY, "own", "$cmd.aggregate", "system.users", ""])
    async def test_read_on(self, arena: Arena, victim: RawClient, cursor: int, collection: str) -> None:
        await arena.attempt(Attack("", {"getMore": Int64(cursor), "collection": collection}))
        assert len(await _rest(arena, victim, cursor)) == 3

    @pytest.mark.parametrize("where", ["{victim}", "admin", "local"])
    async def test_read_on_elsewhere(self, arena: Arena, victim: RawClient, cursor: int, where: str) -> None:
        await arena.attempt(Attack("", {"getMore": Int64(cursor), "collection": DIARY}, REFUSED, where))
        assert len(await _rest(arena, victim, cursor)) == 3

    async def test_kill(self, arena: Arena, victim: RawClient, cursor: int) -> None:
        reply = await arena.attempt(Attack("", {"killCursors": DIARY, "cursors": [Int64(cursor)]}, HARMLESS))
        assert reply is not None
        assert (reply["cursorsKilled"], reply["cursorsNotFound"], arena.sent) == ([], [cursor], [])
        assert len(await _rest(arena, victim, cursor)) == 3

    async def test_kill_together_with_an_own_one(self, arena: Arena, victim: RawClient, cursor: int) -> None:
        opened = await arena.attempt(Attack("", {"find": "own", "batchSize": 2}, HARMLESS))
        assert opened is not None
        own = opened["cursor"]["id"]
        kill = {"killCursors": "own", "cursors": [Int64(own), Int64(cursor)]}
        reply = await arena.attempt(Attack("", kill, HARMLESS))
        assert reply is not None
        assert (reply["cursorsKilled"], reply["cursorsNotFound"]) == ([own], [cursor])
        assert not any(Int64(cursor) in bson.decode(frame[21:])["cursors"] for frame in arena.sent)
        assert len(await _rest(arena, victim, cursor)) == 3

    @pytest.mark.parametrize("kind", ["double", "string", "document", "nested"])
    async def test_kill_by_another_type(self, arena: Arena, victim: RawClient, cursor: int, kind: str) -> None:
        forms = {"double": float(cursor), "string": str(cursor), "document": {"id": Int64(cursor)},
                 "nested": [Int64(cursor)]}  # fmt: skip
        await arena.attempt(Attack("", {"killCursors": DIARY, "cursors": [forms[kind]]}, HARMLESS))
        assert len(await _rest(arena, victim, cursor)) == 3

    @cases(
        [
            *(Attack(f"guess-{number}", {"getMore": Int64(number), "collection": "own"}) for number in
              (0, 1, -1, 2**31, 2**62, 2**63 - 1, -(2**63))),
            Attack("small-number", {"getMore": 5, "collection": "own"}),
            Attack("double", {"getMore": 5.0, "collection": "own"}),
            Attack("null", {"getMore": None, "collection": "own"}),
            Attack("no-collection", {"getMore": Int64(5)}),
            Attack("collection-null", {"getMore": Int64(5), "collection": None}),
            Attack("collection-is-a-document", {"getMore": Int64(5), "collection": {"db": "{victim}", "coll": DIARY}}),
            Attack("kill-without-cursors", {"killCursors": "own"}),
            Attack("kill-no-array", {"killCursors": "own", "cursors": {"0": Int64(1)}}),
            Attack("kill-in-no-collection", {"killCursors": 1, "cursors": [Int64(1)]}),
        ]
    )  # fmt: skip
    async def test_guesses(self, arena: Arena, attack: Attack) -> None:
        await arena.attempt(attack)

    async def test_of_a_colleague_on_the_same_database(self, arena: Arena) -> None:
        """Two workloads of one app, such as two releases during a deployment, do not share cursors either."""
        opened = await arena.attempt(Attack("", {"find": "own", "batchSize": 2}, HARMLESS))
        assert opened is not None
        colleague = await arena.connect((await arena.person(arena.attacker.database)).uri)
        more = {"getMore": Int64(opened["cursor"]["id"]), "collection": "own", "$db": arena.attacker.database}
        assert (await colleague.command(more))["code"] == 43
        await colleague.close()

    async def test_id_in_a_document_is_no_cursor(self, arena: Arena, cursor: int) -> None:
        """A reply that looks as if it had opened the victim's cursor does not make it the attacker's."""
        forged = {"cursor": {"id": Int64(cursor), "ns": "x.y", "firstBatch": []}, "id": Int64(cursor)}
        await arena.attempt(Attack("", {"insert": "forged", "documents": [{"_id": 1, **forged}]}, HARMLESS))
        await arena.attempt(Attack("", {"find": "forged"}, HARMLESS))
        find = {"aggregate": "forged", "pipeline": [], "cursor": {"id": Int64(cursor)}, "explain": True}
        await arena.attempt(Attack("", find, HARMLESS))
        await arena.attempt(Attack("", {"getMore": Int64(cursor), "collection": DIARY}))


class TestSessions:
    @cases(
        Attack(f"{name}-{where}", {**command, "lsid": session})
        for name, session in {
            "digest-of-another-user": lsid(uid=Binary(b"x" * 32)),
            "digest-first": {"uid": Binary(b"x" * 32), "id": Binary.from_uuid(OTHER_SESSION)},
            "child-of-a-transaction": lsid(txnUUID=Binary.from_uuid(OTHER_SESSION)),
            "child-of-a-retried-write": lsid(txnNumber=Int64(5), txnUUID=Binary.from_uuid(OTHER_SESSION)),
            "with-anything-else": lsid(x=1),
            "with-a-null": lsid(uid=None),
            "without-id": {},
            "id-of-another-subtype": {"id": Binary(b"x" * 16, 3)},
            "id-of-another-length": {"id": Binary(b"x" * 15, 4)},
            "id-that-is-a-string": {"id": "x" * 16},
            "reference": {"$ref": "x", "$id": 1, "id": Binary.from_uuid(OTHER_SESSION)},
            "array": [Binary.from_uuid(OTHER_SESSION)],
            "only-the-id": Binary.from_uuid(OTHER_SESSION),
        }.items()
        for where, command in {
            "in-find": {"find": "own"},
            "in-insert": {"insert": "written", "documents": [{}]},
            "in-abort": {"abortTransaction": 1, "txnNumber": Int64(1), "autocommit": False, "$db": "admin"},
        }.items()
    )
    async def test_forms(self, arena: Arena, attack: Attack) -> None:
        await arena.attempt(attack)

    @cases(
        Attack(f"{command}-{name}", {command: sessions}, REFUSED, "admin")
        for command in ("endSessions", "refreshSessions")
        for name, sessions in {
            "digest-of-another-user": [lsid(uid=Binary(b"x" * 32))],
            "child": [lsid(txnNumber=Int64(1))],
            "no-array": lsid(),
            "reference": [{"$ref": "x", "$id": 1, "id": Binary.from_uuid(OTHER_SESSION)}],
            "null": None,
            "of-strings": ["x"],
        }.items()
    )
    async def test_ending(self, arena: Arena, attack: Attack) -> None:
        await arena.attempt(attack)

    @cases(
        [
            Attack("kill", {"killSessions": [lsid()]}, REFUSED, "admin"),
            Attack("kill-all", {"killAllSessions": []}, REFUSED, "admin"),
            Attack("kill-by-pattern", {"killAllSessionsByPattern": [{"users": []}]}, REFUSED, "admin"),
            Attack("kill-on-own", {"killAllSessions": [{"user": "x", "db": "{victim}"}]}),
            Attack("list", {"aggregate": "system.sessions", "pipeline": [{"$listSessions": {}}]}, REFUSED, "config"),
            Attack("reap", {"reapLogicalSessionCacheNow": 1}, REFUSED, "admin"),
        ]
    )
    async def test_of_everybody(self, arena: Arena, attack: Attack) -> None:
        await arena.attempt(attack)

    async def test_transaction_of_another(self, arena: Arena, victim: RawClient) -> None:
        """Know another's session and transaction numbers: they can be neither used, nor ended."""
        home, drawer = arena.victim.database, f"drawer-{arena.secret}"
        inside = {"lsid": lsid(), "txnNumber": Int64(1), "autocommit": False}
        begun = {"update": DIARY, "updates": [{"q": {"_id": 1}, "u": {"$set": {"text": arena.secret}}}], **inside}
        assert (await victim.command({**begun, "startTransaction": True, "$db": home}))["ok"] == 1
        try:
            await self._attack_transaction(arena, inside)
            assert (await victim.command({"find": drawer, **inside, "$db": home}))["ok"] == 1
        finally:
            assert (await victim.command({"abortTransaction": 1, **inside, "$db": "admin"}))["ok"] == 1

    async def _attack_transaction(self, arena: Arena, inside: Reply) -> None:
        for command in (
            {"find": DIARY, **inside},
            {"abortTransaction": 1, **inside, "$db": "admin"},
            {"commitTransaction": 1, **inside, "$db": "admin"},
            {"insert": "own", "documents": [{}], **inside},
            {"endSessions": [lsid()], "$db": "admin"},
            {"find": "own", **inside, "startTransaction": True},
            {"find": "own", **inside, "txnNumber": Int64(2), "startTransaction": True},
            {"insert": "written", "documents": [{}], "lsid": lsid(), "txnNumber": Int64(9)},
        ):
            await arena.attempt(Attack("", command, HARMLESS))
        own = {"abortTransaction": 1, "lsid": lsid(), "txnNumber": Int64(2), "autocommit": False, "$db": "admin"}
        await arena.attempt(Attack("", own, HARMLESS))

    async def test_id_as_mongodb_knows_it(self, arena: Arena, victim: RawClient) -> None:
        """Ids are mapped one way: who learns one as MongoDB knows it cannot send it."""
        inside = {"lsid": lsid(78), "txnNumber": Int64(1), "autocommit": False, "startTransaction": True}
        arena.sent.clear()
        await victim.command({"find": DIARY, **inside, "$db": arena.victim.database})
        known = next(bson.decode(frame[21:])["lsid"]["id"] for frame in arena.sent)
        abort = {"abortTransaction": 1, "lsid": {"id": known}, "txnNumber": Int64(1), "autocommit": False}
        reply = await arena.attempt(Attack("", {**abort, "$db": "admin"}, HARMLESS))
        assert reply is not None
        assert reply["ok"] == 0
        assert not any(known in frame for frame in arena.sent)
        own = {"commitTransaction": 1, "lsid": lsid(78), "txnNumber": Int64(1), "autocommit": False}
        assert (await victim.command({**own, "$db": "admin"}))["ok"] == 1

    async def test_session_in_the_explained_command(self, arena: Arena) -> None:
        """There it would not be renamed."""
        foreign = {"explain": {"find": "own", "lsid": lsid(), "txnNumber": Int64(1), "autocommit": False}}
        await arena.attempt(Attack("", foreign, HARMLESS))
        assert not any(OTHER_SESSION.bytes in frame for frame in arena.sent)

    async def test_session_of_another_type_in_front(self, arena: Arena) -> None:
        """Bytes that look like a session inside a field in front of the real one."""
        fake = typed(5, "x", b"\x1e\x00\x00\x00\x00lsid\x00" + bytes(21))
        elements = element("find", "own"), fake, element("lsid", lsid()), element("$db", arena.attacker.database)
        await arena.attempt_frame(message(body(*elements)), HARMLESS)
        assert not any(OTHER_SESSION.bytes in frame for frame in arena.sent)

    async def test_write_that_is_sent_twice(self, arena: Arena) -> None:
        """A driver that lost the first answer asks again, even on another connection: it is done once."""
        write = {"update": "counted", "updates": [{"q": {"_id": 1}, "u": {"$inc": {"n": 1}}, "upsert": True}]}
        command = {**write, "lsid": lsid(79), "txnNumber": Int64(1), "$db": arena.attacker.database}
        for _ in range(2):
            client = await arena.connect(arena.attacker.uri)
            assert (await client.command(command))["n"] == 1
            await client.close()
        assert await arena.direct[arena.attacker.database].counted.find_one() == {"_id": 1, "n": 1}


class TestChangeStreams:
    @pytest.fixture
    async def token(self, arena: Arena, victim: RawClient) -> Reply:
        """A resume token of the victim's own stream."""
        opened = await victim.command(
            {"aggregate": DIARY, "pipeline": [{"$changeStream": {}}], "cursor": {}, "$db": arena.victim.database}
        )
        found: Reply = opened["cursor"]["postBatchResumeToken"]
        return found

    @pytest.mark.parametrize("target", ["own", DIARY, 1])
    @pytest.mark.parametrize("option", ["resumeAfter", "startAfter"])
    async def test_resume_where_another_was(self, arena: Arena, token: Reply, option: str, target: Any) -> None:
        """A token is a place in the history of the whole server: what is seen from there on is one's own."""
        stream = {"aggregate": target, "pipeline": [{"$changeStream": {option: token}}], "cursor": {}}
        await self._sees_own_changes_only(arena, stream)

    @cases(
        [
            Attack("from-the-beginning", {"$changeStream": {"startAtOperationTime": Timestamp(1, 1)}}),
            Attack("before-changes", {"$changeStream": {"fullDocumentBeforeChange": "whenAvailable"}}),
            Attack("updates-looked-up", {"$changeStream": {"fullDocument": "updateLookup"}}),
            Attack("expanded", {"$changeStream": {"showExpandedEvents": True}}),
            Attack("token-of-rubbish", {"$changeStream": {"resumeAfter": {"_data": "82"}}}),
            Attack("token-that-is-a-reference", {"$changeStream": {"resumeAfter": {"$ref": "x", "$id": 1}}}),
            Attack("token-with-a-foreign-namespace", {"$changeStream": {"resumeAfter": {"_data": "FORGED"}}}),
        ]
    )
    @pytest.mark.parametrize("target", ["own", DIARY, 1, ".*"])
    async def test_of_ones_own(self, arena: Arena, attack: Attack, target: Any) -> None:
        forged = bson.encode({"s": Int64(0), "t": Timestamp(1, 1), "n": f"{arena.victim.database}.{DIARY}", "k": {}})
        stage = attack.command
        if stage["$changeStream"].get("resumeAfter") == {"_data": "FORGED"}:
            stage = {"$changeStream": {"resumeAfter": {"_data": forged.hex()}}}
        await self._sees_own_changes_only(arena, {"aggregate": target, "pipeline": [stage], "cursor": {}})

    async def _sees_own_changes_only(self, arena: Arena, command: Reply) -> None:
        """Open a stream, let both write, and look at what it shows."""
        opened = await arena.attempt(Attack("", command, HARMLESS))
        assert opened is not None
        if not opened["ok"]:
            return
        await self._write(arena)
        more = {"getMore": opened["cursor"]["id"], "collection": "own", "maxTimeMS": 100}
        if not isinstance(command["aggregate"], str):
            more["collection"] = "$cmd.aggregate"
        else:
            more["collection"] = command["aggregate"]
        reply = await arena.attempt(Attack("", more, HARMLESS))
        assert reply is not None
        seen = opened["cursor"]["firstBatch"] + (reply["cursor"]["nextBatch"] if reply["ok"] else [])
        assert {change["ns"]["db"] for change in seen if "ns" in change} <= {arena.attacker.database}
        await arena.attempt(Attack("", {"killCursors": "own", "cursors": [opened["cursor"]["id"]]}, HARMLESS))

    async def _write(self, arena: Arena) -> None:
        """Change something of the victim and put it back, then something of the attacker."""
        home = arena.direct[arena.victim.database]
        await home[DIARY].update_one({"_id": 1}, {"$set": {"mood": arena.secret}})
        await home[DIARY].update_one({"_id": 1}, {"$unset": {"mood": 1}})
        await arena.direct[arena.attacker.database].own.update_one({"_id": 1}, {"$inc": {"n": 1}})

    async def test_waits_no_longer_than_allowed(self, arena: Arena) -> None:
        """Hold on to a connection of MongoDB for a day: others are served meanwhile, and it gets it back in time."""
        opened = await arena.attempt(
            Attack("", {"aggregate": "own", "pipeline": [{"$changeStream": {}}], "cursor": {}}, HARMLESS)
        )
        assert opened is not None
        client = await arena.connect(arena.attacker.uri)
        more = {"getMore": opened["cursor"]["id"], "collection": "own", "maxTimeMS": 86_400_000}
        arena.sent.clear()
        waiting = asyncio.create_task(client.command({**more, "$db": arena.attacker.database}))
        await eventually(lambda: arena.sent, "the getMore reaches MongoDB")
        assert all(bson.decode(frame[21:])["maxTimeMS"] <= 600_000 for frame in arena.sent)
        await arena.attempt(Attack("", {"find": "own", "limit": 1}, HARMLESS))
        client.abort()
        waiting.cancel()
