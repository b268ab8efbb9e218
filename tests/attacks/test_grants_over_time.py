"""Grants that end, change and are renamed; what stays open meanwhile, and what a source could do to its readers."""

import asyncio
import time
from typing import Any

import pytest
from bson import Int64
from tests.support.arena import DIARY, HARMLESS, OWN, REFUSED, Arena, Attack, Person
from tests.support.raw_client import GONE
from tests.support.waiting import eventually

from hothouse.broker import wire

from .granting import SHOP, SHOP_BEFORE, grant, until_readable

Reply = dict[str, Any]

pytestmark = pytest.mark.usefixtures("shared")

SECONDS_TO_REVOKE = 2


class TestAliases:
    @pytest.mark.parametrize("alias", ["admin", "local", "config", "{own}", "{victim}", "", "$external"])
    async def test_names_that_mean_something_else(self, arena: Arena, source: Person, alias: str) -> None:
        """Whatever a source is called: the own database stays the own one, and MongoDB's own are not opened by it."""
        await grant(arena, source, "*", names=(arena.fill(alias), SHOP))
        await until_readable(arena, "new")
        reply = await arena.attempt(Attack("", {"find": "own", "filter": {"_id": 1}}, HARMLESS))
        assert reply is not None
        assert reply["cursor"]["firstBatch"] == [{"_id": 1, "n": 1}]
        for frame in arena.sent:
            assert wire.parse(frame).text(b"$db") == arena.attacker.database
        for command in ({"find": "system.users"}, {"find": "oplog.rs"}, {"find": DIARY}):
            reply = await arena.attempt(Attack("", {**command, "$db": arena.fill(alias)}, HARMLESS))
            assert reply is not None
            assert not reply["ok"] or reply["cursor"]["firstBatch"] == []
            assert {wire.parse(frame).text(b"$db") for frame in arena.sent} <= {
                source.database,
                arena.attacker.database,
            }

    async def test_former_name_that_is_the_present_one_of_another(self, arena: Arena, source: Person) -> None:
        """A name means the app that has it now."""
        other = await arena.person(f"hh_{arena.token}o")
        await arena.direct[other.database].shared.insert_one({"_id": "other"})
        try:
            await grant(arena, source, "shared", names=("new-shop", SHOP))
            await grant(arena, other, "shared", names=(SHOP,))

            await self._until_first_is(arena, "other")
        finally:
            await arena.platform.data_grants.delete_many({"source_id": other.workload_id})
            await self._until_first_is(arena, 0)
            await arena.direct.drop_database(other.database)
            await arena.settle()

    async def _until_first_is(self, arena: Arena, first_id: Any) -> None:
        async def is_first() -> bool:
            reply = await (await arena.raw()).command({"find": "shared", "sort": {"_id": 1}, "$db": SHOP})
            return bool(reply["ok"] and reply["cursor"]["firstBatch"][0]["_id"] == first_id)

        await eventually(is_first, "the name means another app", 5)

    async def test_of_another_reader(self, arena: Arena) -> None:
        """A grant is its reader's alone."""
        stranger = await arena.connect((await arena.person(f"hh_{arena.token}z")).uri)
        for name in (SHOP, SHOP_BEFORE):
            assert (await stranger.command({"find": "shared", "$db": name}))["code"] == 13
        await stranger.close()


class TestCursors:
    async def _opened(self, arena: Arena, database: str, collection: str) -> Int64:
        reply = await arena.attempt(Attack("", {"find": collection, "batchSize": 2}, HARMLESS, database))
        assert reply is not None
        return Int64(reply["cursor"]["id"])

    async def test_go_on_at_their_own_place_only(self, arena: Arena, source: Person) -> None:
        there, here = await self._opened(arena, SHOP, "shared"), await self._opened(arena, OWN, "own")
        for cursor, database in ((there, OWN), (here, SHOP), (there, source.database), (there, "admin")):
            await arena.attempt(Attack("", {"getMore": cursor, "collection": "shared"}, REFUSED, database))
        for cursor, database in ((there, OWN), (here, SHOP)):
            kill = {"killCursors": "shared", "cursors": [cursor]}
            reply = await arena.attempt(Attack("", kill, HARMLESS, database))
            assert reply is not None
            assert reply["cursorsNotFound"] == [cursor]
        more = await arena.attempt(Attack("", {"getMore": there, "collection": "shared"}, HARMLESS, SHOP))
        assert more is not None
        assert (len(more["cursor"]["nextBatch"]), more["cursor"]["ns"]) == (8, f"{SHOP}.shared")

    async def test_are_refused_after_it_was_taken_back(self, arena: Arena, source: Person) -> None:
        cursor = await self._opened(arena, SHOP, "shared")
        begin = time.monotonic()
        await grant(arena, source)
        await until_readable(arena, readable=False)
        assert time.monotonic() - begin < SECONDS_TO_REVOKE
        await arena.attempt(Attack("", {"getMore": cursor, "collection": "shared"}, REFUSED, SHOP))
        await arena.attempt(Attack("", {"getMore": cursor, "collection": "shared"}, REFUSED))
        await grant(arena, source, "shared")
        await until_readable(arena)
        await arena.attempt(Attack("", {"getMore": cursor, "collection": "shared"}, REFUSED, SHOP))

    async def test_of_a_collection_that_was_taken_out(self, arena: Arena, source: Person) -> None:
        """Fewer collections than before: what reads the others goes, or is opened anew; what was taken out is over."""
        await grant(arena, source, "shared", "window")
        await until_readable(arena, "window")
        raw = await arena.raw()
        raw.received.clear()
        opened = await raw.command({"find": "window", "batchSize": 1, "$db": SHOP})
        await grant(arena, source, "shared")
        await until_readable(arena, "window", readable=False)
        more = {"getMore": Int64(opened["cursor"]["id"]), "collection": "window"}
        await arena.attempt(Attack("", more, REFUSED, SHOP))
        await arena.attempt(Attack("", {"find": "shared"}, HARMLESS, SHOP))

    async def test_change_stream_under_way_is_cut(self, arena: Arena, source: Person) -> None:
        reader = await arena.connect(arena.attacker.uri)
        stream = {"aggregate": "shared", "pipeline": [{"$changeStream": {}}], "cursor": {}, "$db": SHOP}
        opened = await reader.command(stream)
        more = {"getMore": Int64(opened["cursor"]["id"]), "collection": "shared", "maxTimeMS": 30_000, "$db": SHOP}
        begin = time.monotonic()
        await grant(arena, source)
        with pytest.raises((AssertionError, *GONE)):  # noqa: PT012 - a stream may still hear that nothing happened
            while True:
                assert (await reader.command(more))["ok"] == 1
        assert time.monotonic() - begin < SECONDS_TO_REVOKE
        reader.abort()

    async def test_replies_that_come_by_themselves_end(self, arena: Arena, source: Person) -> None:
        """An exhaust cursor sends on and on without being asked; not after the grant has ended."""
        reader = await arena.connect(arena.attacker.uri)
        stream = {"aggregate": "shared", "pipeline": [{"$changeStream": {}}], "cursor": {}, "$db": SHOP}
        opened = await reader.command(stream)
        more = {"getMore": Int64(opened["cursor"]["id"]), "collection": "shared", "maxTimeMS": 100, "$db": SHOP}
        frame = wire.encode_message(more)
        reader.writer.write(frame[:16] + wire.EXHAUST_ALLOWED.to_bytes(4, "little") + frame[20:])
        await grant(arena, source)
        await until_readable(arena, readable=False)
        await arena.direct[source.database].shared.update_one({"_id": 1}, {"$set": {"text": arena.secret}})
        reader.received.clear()
        try:
            while await asyncio.wait_for(reader.read_frame(), 0.5):
                pass
        except (*GONE, TimeoutError):
            pass
        finally:
            await arena.direct[source.database].shared.update_one({"_id": 1}, {"$unset": {"text": 1}})
        assert arena.secret.encode() not in reader.received
        reader.abort()


class TestChangeStreams:
    async def _changes(self, arena: Arena, source: Person, **options: Any) -> list[Reply]:
        """Watch the granted collection while its app does what it likes; return what was seen."""
        raw = await arena.raw()
        stream = {"aggregate": "shared", "pipeline": [{"$changeStream": options}], "cursor": {}}
        opened = await arena.attempt(Attack("", stream, HARMLESS, SHOP))
        assert opened is not None
        if not opened["ok"]:
            return []
        home = arena.direct[source.database]
        await home.shared.insert_one({"_id": "new"})
        await home.private.update_one({"_id": 1}, {"$set": {"mood": arena.secret}})
        await home.private.update_one({"_id": 1}, {"$unset": {"mood": 1}})
        await home.shared.delete_one({"_id": "new"})
        await home.shared.rename("moved")
        await home.moved.rename("shared")
        raw.received.clear()
        seen: list[Reply] = []
        more = {"getMore": Int64(opened["cursor"]["id"]), "collection": "shared", "maxTimeMS": 100}
        for _ in range(20):
            reply = await arena.attempt(Attack("", more, HARMLESS, SHOP))
            assert reply is not None
            seen += reply["cursor"]["nextBatch"] if reply["ok"] else []
            if not reply["ok"] or not reply["cursor"]["id"]:
                break
        return seen

    async def test_shows_the_slug_and_nothing_of_other_collections(self, arena: Arena, source: Person) -> None:
        seen = await self._changes(arena, source)
        assert {change["ns"]["db"] for change in seen if "ns" in change} == {SHOP}
        assert {change["ns"].get("coll") for change in seen if "ns" in change} <= {"shared", None}
        assert not any("moved" in str(change) for change in seen)

    @pytest.mark.parametrize(
        "options",
        [{"fullDocument": "updateLookup"}, {"fullDocumentBeforeChange": "whenAvailable"}, {"showExpandedEvents": True},
         {"allChangesForCluster": True}, {"showSystemEvents": True},
         {"$ref": "x", "$id": 1, "showExpandedEvents": True}],
        ids=str,
    )  # fmt: skip
    async def test_options(self, arena: Arena, source: Person, options: Reply) -> None:
        seen = await self._changes(arena, source, **options)
        assert {change["ns"]["db"] for change in seen if "ns" in change} <= {SHOP}

    async def test_resumed_with_a_token_of_home(self, arena: Arena, source: Person) -> None:
        opened = await arena.attempt(
            Attack("", {"aggregate": "own", "pipeline": [{"$changeStream": {}}], "cursor": {}}, HARMLESS)
        )
        assert opened is not None
        token = opened["cursor"].get("postBatchResumeToken")
        seen = await self._changes(arena, source, resumeAfter=token)
        assert {change["ns"]["db"] for change in seen if "ns" in change} <= {SHOP}

    async def test_own_ones_show_nothing_of_the_source(self, arena: Arena, source: Person) -> None:
        """A token of the granted collection, used at home."""
        stream = {"aggregate": "shared", "pipeline": [{"$changeStream": {}}], "cursor": {}}
        opened = await arena.attempt(Attack("", stream, HARMLESS, SHOP))
        assert opened is not None
        await arena.direct[source.database].shared.update_one({"_id": 1}, {"$set": {"text": arena.secret}})
        await arena.direct[source.database].shared.update_one({"_id": 1}, {"$unset": {"text": 1}})
        for target in ("shared", 1):
            stage = {"$changeStream": {"resumeAfter": opened["cursor"]["postBatchResumeToken"]}}
            reply = await arena.attempt(Attack("", {"aggregate": target, "pipeline": [stage], "cursor": {}}, HARMLESS))
            assert reply is not None
            assert not reply["ok"] or reply["cursor"]["firstBatch"] == []


class TestPoison:
    """A source may write into its granted collection what it likes; its readers must stand it."""

    @pytest.mark.parametrize(
        "document",
        [{"ok": 0.0, "code": 10107, "errmsg": "not primary"}, {"ok": 0.0, "code": 13},
         {"cursor": {"id": Int64(99), "ns": "admin.system.users", "firstBatch": []}, "ok": 1.0},
         {"$db": "admin", "$where": "1"}, {"text": "x" * 1_000_000}, {"_data": "82", "errmsg": "{source}"},
         {"deep": [[[[[[[[[[[[[[[[[[[[[[{}]]]]]]]]]]]]]]]]]]]]]]}],
        ids=range(7),
    )  # fmt: skip
    async def test_documents(self, arena: Arena, source: Person, document: Reply) -> None:
        home = arena.direct[source.database].shared
        await home.insert_one({"_id": "poison", **document})
        await arena.settle()
        try:
            for command in (
                {"find": "shared", "filter": {"_id": "poison"}},
                {"aggregate": "shared", "pipeline": [{"$match": {"_id": "poison"}}], "cursor": {}},
            ):
                reply = await arena.attempt(Attack("", command, HARMLESS, SHOP))
                assert reply is not None
                assert reply["ok"] == 1
                assert len(reply["cursor"]["firstBatch"]) == 1
            victim = await arena.connect(arena.victim.uri)
            assert (await victim.command({"count": DIARY, "$db": arena.victim.database}))["n"] == 5
            await victim.close()
        finally:
            await home.delete_one({"_id": "poison"})
            await arena.settle()
