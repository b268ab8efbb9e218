"""What a reader could try on a database of which something was granted."""

from typing import Any

import bson
import pytest
from bson import Binary, Int64
from tests.support.arena import DIARY, HARMLESS, OWN, REFUSED, VICTIM, Arena, Attack, Person, cases, groups

from hothouse.broker.commands import COMMANDS, Policy

from .granting import SHOP, SHOP_BEFORE, grant, until_readable

Reply = dict[str, Any]

pytestmark = pytest.mark.usefixtures("shared")
SOURCE = "{source}"
PRIVATE = {"db": SHOP, "coll": "private"}
READING = sorted(name for name, rule in COMMANDS.items() if rule.on_granted)
NOT_READING = sorted(name for name, rule in COMMANDS.items() if rule.policy is Policy.ALLOWED and not rule.on_granted)
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
