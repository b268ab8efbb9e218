"""What a reader could try on a database of which something was granted, and what a source could do to its readers."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import bson
import pytest
from bson import Binary, Int64
from tests.support.arena import DIARY, HARMLESS, OWN, REFUSED, VICTIM, Arena, Attack, Person, cases, groups
from tests.support.raw_client import GONE
from tests.support.waiting import eventually

from hothouse.broker import wire
from hothouse.broker.commands import COMMANDS, Policy

Reply = dict[str, Any]

SHOP, SHOP_BEFORE = "shop", "old-shop"
SOURCE = "{source}"
PRIVATE = {"db": SHOP, "coll": "private"}
READING = sorted(name for name, rule in COMMANDS.items() if rule.on_granted)
NOT_READING = sorted(name for name, rule in COMMANDS.items() if rule.policy is Policy.ALLOWED and not rule.on_granted)
SECONDS_TO_REVOKE = 2
WRITING = {
    "insert": {"documents": [{"_id": "was here"}]},
    "update": {"updates": [{"q": {}, "u": {"$set": {"a": 1}}, "upsert": True}]},
    "delete": {"deletes": [{"q": {}, "limit": 0}]},
    "findAndModify": {"query": {}, "remove": True},
    "createIndexes": {"indexes": [{"key": {"a": 1}, "name": "a"}]},
    "collMod": {"validator": {"never": 1}},
    "create": {"viewOn": "shared", "pipeline": []},
    "renameCollection": {"to": f"{OWN}.stolen"},
    "convertToCapped": {"size": 4096},
    "dropIndexes": {"index": "*"},
}


async def grant(arena: Arena, source: Person, *collections: str, names: tuple[str, ...] = (SHOP, SHOP_BEFORE)) -> None:
    """Decide as the hub does; no collections take back what was granted."""
    key = {"_id": f"reader.{source.workload_id}"}
    decision = {
        "schema_version": 1,
        "reader_id": "reader",
        "source_id": source.workload_id,
        "reader_database": arena.attacker.database,
        "source_database": source.database,
        "names": list(names),
        "collections": list(collections),
        "considered": ["shared"],
        "state": "granted" if collections else "taken-back",
    }
    await arena.platform.data_grants.replace_one(key, decision, upsert=True)
    await arena.settle()


async def until_readable(arena: Arena, collection: str = "shared", *, readable: bool = True) -> None:
    """Wait until the broker has heard of a decision."""

    async def as_wanted() -> bool:
        raw = await arena.raw()
        try:
            reply = await raw.command({"count": collection, "$db": SHOP})
        except GONE:  # it was under way when the grant ended
            raw.abort()
            return False
        return bool(reply["ok"]) is readable

    await eventually(as_wanted, "the broker hears of it", 5)


@pytest.fixture(scope="module")
async def source(arena: Arena) -> AsyncIterator[Person]:
    """An app that shares one collection and keeps another to itself."""
    made = await arena.person(f"hh_{arena.token}s")
    home = arena.direct[made.database]
    await home.shared.insert_many([{"_id": number, "n": number} for number in range(10)])
    await home.private.insert_many([{"_id": number, "text": arena.secret} for number in range(3)])
    await home.create_collection("window", viewOn="private", pipeline=[{"$project": {"text": 1}}])
    arena.hidden.append(made.database.encode())
    arena.watched.append(made.database)
    await grant(arena, made, "shared")
    await until_readable(arena)
    yield made
    arena.hidden.clear()


@pytest.fixture(autouse=True)
async def shared(arena: Arena, source: Person) -> None:
    """Grant one collection before each test."""
    found = await arena.platform.data_grants.find_one({"source_id": source.workload_id})
    if found is None or found["collections"] != ["shared"] or found["names"][0] != SHOP:
        await grant(arena, source, "shared")
        await until_readable(arena)
        await until_readable(arena, "new", readable=False)


def _read(name: str, collection: Any) -> Reply:
    more = {
        "aggregate": {"pipeline": [], "cursor": {}},
        "distinct": {"key": "text"},
        "killCursors": {"cursors": [Int64(5)]},
        "getMore": {"collection": collection},
        "listCollections": {},
    }
    first = {"getMore": Int64(5), "listCollections": 1}.get(name, collection)
    return {name: first, **more.get(name, {})}


class TestReading:
    async def test_what_was_granted(self, arena: Arena) -> None:
        """Without this nothing below would mean anything."""
        for name in (SHOP, SHOP_BEFORE):
            reply = await arena.attempt(Attack("", {"find": "shared", "filter": {"n": 3}}, HARMLESS, name))
            assert reply is not None
            assert (reply["cursor"]["firstBatch"], reply["cursor"]["ns"]) == ([{"_id": 3, "n": 3}], f"{name}.shared")

    @groups(
        (name, Attack(f"{name}-of-{collection}", _read(name, collection), REFUSED, SHOP))
        for name in READING
        if name not in ("listCollections", "getMore", "killCursors")
        for collection in ("private", "window", "system.views", "system.js", "system.users", "no", "$cmd", "Shared",
                           "shared.x", "shared ", "", "\x00")
    )  # fmt: skip
    async def test_what_was_not(self, arena: Arena, attacks: list[Attack]) -> None:
        await arena.attempt_each(attacks)

    @groups(
        (name, Attack(f"{name}-{where}", _read(name, "shared"), REFUSED, database))
        for name in READING
        for where, database in {
            "by-the-real-name": SOURCE,
            "in-upper-case": "SHOP",
            "with-a-space": "shop ",
            "with-a-zero": "shop\x00",
            "of-the-victim": VICTIM,
            "of-nobody": "no-such-app",
        }.items()
    )
    async def test_by_other_names(self, arena: Arena, source: Person, attacks: list[Attack]) -> None:
        for attack in attacks:
            database = attack.db.replace(SOURCE, source.database)
            await arena.attempt_each([Attack(attack.name, attack.command, REFUSED, database)])

    @cases(
        [
            Attack("explain", {"explain": {"find": "shared"}}, REFUSED, SHOP),
            Attack("explain-of-private", {"explain": {"find": "private"}}, REFUSED, SHOP),
            Attack("explain-from-home", {"explain": {"find": "shared", "$db": SHOP}}),
            Attack("explaining-aggregate", {"aggregate": "shared", "pipeline": [], "explain": True}, REFUSED, SHOP),
            Attack("statistics", {"collStats": "shared"}, REFUSED, SHOP),
            Attack("statistics-of-all", {"dbStats": 1}, REFUSED, SHOP),
            Attack("validate", {"validate": "shared"}, REFUSED, SHOP),
            Attack("search-indexes", {"listSearchIndexes": "shared"}, REFUSED, SHOP),
            Attack("javascript", {"find": "shared", "filter": {"$where": "1"}}, REFUSED, SHOP),
            Attack("internal-field", {"find": "shared", "fromMongos": True}, REFUSED, SHOP),
            Attack("collection-id", {"find": Binary(b"x" * 16, 4)}, REFUSED, SHOP),
            Attack("roles", {"aggregate": "shared", "pipeline": [{"$set": {"x": "$$USER_ROLES"}}]}, HARMLESS, SHOP),
            Attack("bad-operator", {"find": "shared", "filter": {"$nonsense": 1}}, HARMLESS, SHOP),
            Attack("bad-hint", {"find": "shared", "hint": "nonsense"}, HARMLESS, SHOP),
            Attack("bad-stage", {"aggregate": "shared", "pipeline": [{"$limit": -1}], "cursor": {}}, HARMLESS, SHOP),
            Attack("bad-union", {"aggregate": "shared", "pipeline": [{"$unionWith": {}}]}, HARMLESS, SHOP),
            Attack("bad-collation", {"find": "shared", "collation": {"locale": "moon"}}, HARMLESS, SHOP),
            Attack("indexes", {"listIndexes": "shared"}, HARMLESS, SHOP),
        ]
    )  # fmt: skip
    async def test_otherwise(self, arena: Arena, attack: Attack) -> None:
        """Neither what was not granted nor the database's real name shows in any answer or error."""
        await arena.attempt(attack)

    @cases(
        Attack(f"{command}-{name}", {command: "shared", **rest, **inside}, REFUSED, SHOP)
        for command, rest in {"find": {}, "aggregate": {"pipeline": [], "cursor": {}}, "distinct": {"key": "n"}}.items()
        for name, inside in {
            "starting": {"txnNumber": Int64(1), "startTransaction": True, "autocommit": False},
            "going-on": {"txnNumber": Int64(1), "autocommit": False},
            "autocommit-only": {"autocommit": False},
            "number-only": {"txnNumber": Int64(1)},
        }.items()
    )
    async def test_in_a_transaction(self, arena: Arena, attack: Attack) -> None:
        session = {"lsid": {"id": Binary(b"x" * 16, 4)}}
        await arena.attempt(Attack(attack.name, {**attack.command, **session}, REFUSED, SHOP))


class TestPipelines:
    @groups(
        (name, Attack(f"{name}-{where}", {"aggregate": "shared", "pipeline": pipeline, "cursor": {}}, REFUSED, SHOP))
        for name, stage in {
            "lookup": {"$lookup": {"from": "private", "pipeline": [], "as": "x"}},
            "lookup-by-name": {"$lookup": {"from": PRIVATE, "pipeline": [], "as": "x"}},
            "lookup-at-home": {"$lookup": {"from": {"db": OWN, "coll": "own"}, "pipeline": [], "as": "x"}},
            "lookup-view": {"$lookup": {"from": "window", "pipeline": [], "as": "x"}},
            "graph-lookup": {"$graphLookup": {"from": "private", "startWith": "$n", "connectFromField": "n",
                                              "connectToField": "_id", "as": "x"}},
            "union": {"$unionWith": "private"},
            "union-document": {"$unionWith": {"coll": "private", "pipeline": []}},
            "union-victim": {"$unionWith": {"db": VICTIM, "coll": DIARY}},
            "out": {"$out": "shared"},
            "out-new": {"$out": "new"},
            "out-home": {"$out": {"db": OWN, "coll": "stolen"}},
            "out-there": {"$out": {"db": SHOP, "coll": "shared"}},
            "merge": {"$merge": "shared"},
            "merge-home": {"$merge": {"into": {"db": OWN, "coll": "stolen"}}},
            "merge-there": {"$merge": {"into": {"db": SHOP, "coll": "private"}}},
            "current-op": {"$currentOp": {}},
            "statistics": {"$collStats": {"storageStats": {}}},
            "index-statistics": {"$indexStats": {}},
        }.items()
        for where, pipeline in {
            "alone": [stage],
            "in-facet": [{"$facet": {"a": [{"$limit": 1}], "b": [stage]}}],
            "in-lookup": [{"$lookup": {"from": "shared", "pipeline": [{"$limit": 1}, stage], "as": "y"}}],
            "in-union": [{"$unionWith": {"coll": "shared", "pipeline": [stage]}}],
            "in-fusion": [{"$rankFusion": {"input": {"pipelines": {"a": [stage]}}}}],
            "in-expression": [{"$set": {"x": {"$cond": [True, stage, 1]}}}],
        }.items()
        if where != "in-expression" or next(iter(stage)) not in ("$currentOp", "$collStats", "$indexStats")
    )  # fmt: skip
    async def test_beyond_the_grant(self, arena: Arena, attacks: list[Attack]) -> None:
        await arena.attempt_each(attacks)

    @cases(
        Attack(f"{name}-from-home", {"aggregate": "own", "pipeline": [stage], "cursor": {}})
        for name, stage in {
            "lookup": {"$lookup": {"from": {"db": SHOP, "coll": "shared"}, "pipeline": [], "as": "x"}},
            "union": {"$unionWith": {"db": SHOP, "coll": "shared"}},
            "graph-lookup": {"$graphLookup": {"from": {"db": SHOP, "coll": "shared"}, "as": "x"}},
            "out": {"$out": {"db": SHOP, "coll": "shared"}},
            "merge": {"$merge": {"into": {"db": SHOP, "coll": "shared"}}},
        }.items()
    )
    async def test_two_databases(self, arena: Arena, attack: Attack) -> None:
        await arena.attempt(attack)

    @cases(
        Attack(f"{name}-of-the-database", {"aggregate": 1, "pipeline": pipeline, "cursor": {}}, REFUSED, SHOP)
        for name, pipeline in {
            "changes": [{"$changeStream": {}}],
            "documents": [{"$documents": []}],
            "union": [{"$documents": []}, {"$unionWith": "private"}],
        }.items()
    )
    async def test_database_wide(self, arena: Arena, attack: Attack) -> None:
        await arena.attempt(attack)

    async def test_view_at_home_over_a_granted_name(self, arena: Arena) -> None:
        """A view is of its own database, whatever its target is called elsewhere."""
        await arena.attempt(Attack("", {"create": "mirror", "viewOn": "shared", "pipeline": []}, HARMLESS))
        await arena.attempt(Attack("", {"create": "mirror2", "viewOn": f"{SHOP}.shared", "pipeline": []}, HARMLESS))
        for view in ("mirror", "mirror2"):
            reply = await arena.attempt(Attack("", {"find": view}, HARMLESS))
            assert reply is not None
            assert reply["cursor"]["firstBatch"] == []


class TestWriting:
    @groups(
        (name, Attack(f"{name}-{collection}", {name: collection, **WRITING.get(name, {})}, REFUSED, SHOP))
        for name in NOT_READING
        for collection in ("shared", "private", "new")
    )
    async def test_each_command(self, arena: Arena, attacks: list[Attack]) -> None:
        await arena.attempt_each(attacks)

    @cases(
        [
            Attack("rename-away", {"renameCollection": f"{SHOP}.shared", "to": f"{OWN}.stolen"}),
            Attack("rename-there", {"renameCollection": f"{OWN}.own", "to": f"{SHOP}.shared", "dropTarget": True}),
            Attack("rename-within", {"renameCollection": f"{SHOP}.shared", "to": f"{SHOP}.private"}),
            Attack("bulk-insert", {"bulkWrite": 1, "ops": [{"insert": 0, "document": {}}],
                                   "nsInfo": [{"ns": f"{SHOP}.shared"}]}),
            Attack("bulk-second", {"bulkWrite": 1, "ops": [{"delete": 1, "filter": {}, "multi": True}],
                                   "nsInfo": [{"ns": f"{OWN}.own"}, {"ns": f"{SHOP}.shared"}]}),
        ]
    )  # fmt: skip
    async def test_through_admin(self, arena: Arena, attack: Attack) -> None:
        await arena.attempt(Attack(attack.name, attack.command, REFUSED, "admin"))

    async def test_by_the_real_name(self, arena: Arena, source: Person) -> None:
        there = f"{source.database}.shared"
        for command in (
            {"renameCollection": there, "to": f"{OWN}.stolen"},
            {"renameCollection": f"{OWN}.own", "to": there},
            {"bulkWrite": 1, "ops": [{"insert": 0, "document": {}}], "nsInfo": [{"ns": there}]},
        ):
            await arena.attempt(Attack("", {**command, "$db": "admin"}))
        await arena.attempt(Attack("", {"insert": "shared", "documents": [{}], "$db": source.database}))

    async def test_with_a_good_shape_of_home(self, arena: Arena) -> None:
        """What the broker learnt of inserts at home must not open the way there."""
        raw = await arena.raw()
        own = arena.attacker.database
        for number in range(60):
            await raw.command({"insert": "shared", "documents": [{"_id": f"{number:04}"}], "$db": own})
        await raw.command({"drop": "shared", "$db": own})
        await arena.attempt(Attack("", {"insert": "shared", "documents": [{"_id": "9999"}], "$db": SHOP}))
        padded = {"insert": "shared", "documents": [{"_id": "x" * (4 + len(own) - len(SHOP))}], "$db": SHOP}
        await arena.attempt(Attack("", padded))


class TestListing:
    @pytest.mark.parametrize(
        "extra",
        [{}, {"nameOnly": True}, {"nameOnly": False}, {"authorizedCollections": False}, {"filter": {}},
         {"filter": {"name": {"$in": ["private", "shared"]}}}, {"filter": {"type": "collection"}}],
        ids=str,
    )  # fmt: skip
    async def test_collections(self, arena: Arena, extra: Reply) -> None:
        reply = await arena.attempt(Attack("", {"listCollections": 1, **extra}, HARMLESS, SHOP))
        assert reply is not None
        assert [(entry["name"], "options" in entry) for entry in reply["cursor"]["firstBatch"]] == [("shared", False)]

    @cases(
        Attack(f"filter-{name}", {"listCollections": 1, "filter": wanted}, REFUSED, SHOP)
        for name, wanted in {
            "expression": {"$expr": {"$divide": [1, {"$cond": [{"$eq": ["$name", "private"]}, 0, 1]}]}},
            "or": {"$or": [{"name": "private"}, {"name": "shared"}]},
            "pattern": {"name": {"$regex": "^p"}},
            "not": {"name": {"$ne": "shared"}},
            "options": {"options.viewOn": "private"},
            "javascript": {"$where": "1"},
            "pattern-in-list": {"name": {"$in": [bson.Regex("^p")]}},
            "reference": {"$ref": "x", "$id": 1, "name": "private"},
            "array": [{"name": "private"}],
        }.items()
    )
    async def test_questions(self, arena: Arena, attack: Attack) -> None:
        await arena.attempt(attack)

    async def test_databases(self, arena: Arena, source: Person) -> None:
        reply = await arena.attempt(Attack("", {"listDatabases": 1}, HARMLESS, "admin"))
        assert reply is not None
        assert {entry["name"] for entry in reply["databases"]} <= {arena.attacker.database, SHOP, SHOP_BEFORE}

    async def test_everything_does_not_mean_the_servers_own(self, arena: Arena, source: Person) -> None:
        await grant(arena, source, "*")
        await until_readable(arena, "new")
        for name in ("system.views", "system.js", "system.profile", "system.buckets.x", "$cmd"):
            await arena.attempt(Attack("", {"find": name}, REFUSED, SHOP))
        await arena.attempt(
            Attack("", {"aggregate": 1, "pipeline": [{"$changeStream": {}}], "cursor": {}}, REFUSED, SHOP)
        )


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
