"""Fields of commands: what only a cluster's members send, what makes a server wait, JavaScript in every place."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from bson import Binary, Code, Decimal128, Int64, MinKey, Timestamp
from bson.max_key import MaxKey
from tests.support.arena import DIARY, HARMLESS, OWN, REFUSED, TAMED, VICTIM, Arena, Attack, cases, groups
from tests.support.raw_client import body, element, message, typed

from hothouse.broker import wire

from .mongod import INTERNAL_FIELDS

LIMIT_MS = 30_000
FAR_AHEAD = Timestamp(2**32 - 2, 1)

BASES: dict[str, dict[str, Any]] = {
    "find": {"find": "own", "filter": {}},
    "aggregate": {"aggregate": "own", "pipeline": [], "cursor": {}},
    "insert": {"insert": "written", "documents": [{}]},
    "update": {"update": "written", "updates": [{"q": {}, "u": {"$set": {"a": 1}}}]},
    "delete": {"delete": "written", "deletes": [{"q": {}, "limit": 0}]},
    "find-and-modify": {"findAndModify": "written", "query": {}, "update": {"$set": {"a": 1}}},
    "count": {"count": "own"},
    "list-collections": {"listCollections": 1},
    "create": {"create": "made"},
    "create-indexes": {"createIndexes": "own", "indexes": [{"key": {"a": 1}, "name": "a"}]},
    "commit": {"commitTransaction": 1},
    "explain": {"explain": {"find": "own"}},
}


def _with(base: str, extra: dict[str, Any]) -> dict[str, Any]:
    return {**BASES[base], **extra}


class TestInternalFields:
    @groups(
        (field, Attack(f"field-{field}-of-{base}", _with(base, {field: {"a": 1} if field.startswith("$") else True})))
        for field in INTERNAL_FIELDS
        for base in ("find", "aggregate", "insert", "create")
    )
    async def test_refused(self, arena: Arena, attacks: list[Attack]) -> None:
        await arena.attempt_each(attacks)

    @cases(
        [
            Attack("gossip-about-the-victim", _with("find", {"requestGossipRoutingCache": [f"{VICTIM}.{DIARY}"]})),
            Attack("step-down-by-term", _with("find", {"term": Int64(2**60)})),
            Attack("impersonate", _with("find", {"$audit": {"$impersonatedUser": {"user": "root", "db": "admin"}}})),
            Attack("another-tenant", _with("find", {"$tenant": Binary(b"0" * 12)})),
            Attack("claim-to-be-a-router", _with("aggregate", {"fromMongos": True, "needsMerge": True})),
            Attack("claim-to-be-a-shard", _with("insert", {"shardVersion": {"t": Timestamp(1, 1)}})),
            Attack("write-while-blocked", _with("insert", {"mayBypassWriteBlocking": True})),
            Attack("act-as-migration", _with("delete", {"fromMigrate": True})),
            Attack("exchange", _with("aggregate", {"exchange": {"policy": "broadcast", "consumers": 2}})),
            Attack("constants", _with("find", {"runtimeConstants": {"userRoles": []}})),
            Attack("encrypted", _with("find", {"encryptionInformation": {"type": 1, "schema": {f"{VICTIM}.x": {}}}})),
            Attack("by-collection-id", _with("find", {"collectionUUID": Binary.from_uuid(uuid.UUID(int=1))})),
            Attack("settings-of-others", _with("find", {"querySettings": {"reject": True}})),
            Attack("help-instead", _with("insert", {"help": True})),
            Attack("operation-key", _with("find", {"clientOperationKey": Binary.from_uuid(uuid.UUID(int=1))})),
            Attack("join-a-transaction", _with("insert", {"startOrContinueTransaction": True, "txnNumber": Int64(1)})),
            Attack("coordinate", _with("commit", {"coordinator": True})),
            Attack("commit-in-the-future", _with("commit", {"commitTimestamp": FAR_AHEAD})),
            Attack("storage-engine", _with("create", {"storageEngine": {"wiredTiger": {"configString": "x"}}})),
            Attack("index-storage", _with("create", {"indexOptionDefaults": {"storageEngine": {}}})),
            Attack("temporary", _with("create", {"temp": True})),
            Attack("flags-of-storage", _with("create", {"flags": 1})),
            Attack("own-id-index", _with("create", {"idIndex": {"key": {"_id": 1}, "name": "x", "ns": VICTIM}})),
            Attack(
                "index-engine",
                {"createIndexes": "own", "indexes": [{"key": {"a": 1}, "name": "a", "storageEngine": {"x": {}}}]},
            ),
            Attack("inside-explain-router", {"explain": {"aggregate": "own", "pipeline": [], "fromMongos": True}}),
            Attack("inside-explain-gossip", {"explain": {"find": "own", "requestGossipRoutingCache": [VICTIM]}}),
            Attack("inside-explain-term", {"explain": {"find": "own", "term": Int64(5)}}),
            Attack("get-more-with-term", {"getMore": Int64(7), "collection": "own", "term": Int64(2**60)}),
            Attack(
                "get-more-with-optime",
                {"getMore": Int64(7), "collection": "own", "lastKnownCommittedOpTime": {"ts": FAR_AHEAD, "t": 1}},
            ),
        ]
    )
    async def test_by_hand(self, arena: Arena, attack: Attack) -> None:
        await arena.attempt(attack)

    @cases(
        Attack(f"null-{field}", _with(base, {field: None}), HARMLESS)
        for base, field in (
            ("find", "filter"),
            ("find", "lsid"),
            ("find", "readConcern"),
            ("insert", "writeConcern"),
            ("aggregate", "let"),
            ("update", "comment"),
        )
    )
    async def test_null_instead_of_a_document(self, arena: Arena, attack: Attack) -> None:
        """MongoDB takes null for "not there"; whatever is checked must not be got round with it."""
        await arena.attempt(attack)


class TestConcerns:
    @cases(
        [
            Attack(
                "read-after-an-optime-to-come",
                _with("find", {"readConcern": {"afterOpTime": {"ts": FAR_AHEAD, "t": Int64(9)}}}),
            ),
            Attack(
                "read-after-the-last-stable",
                _with("find", {"readConcern": {"$_waitLastStableRecoveryTimestamp": True}}),
            ),
            Attack(
                "read-of-transactions-table", _with("find", {"readConcern": {"allowTransactionTableSnapshot": True}})
            ),
            Attack(
                "read-concern-of-another-origin", _with("find", {"readConcern": {"provenance": "internalWriteDefault"}})
            ),
            Attack(
                "write-concern-of-another-origin",
                _with("insert", {"writeConcern": {"w": 1, "provenance": "internalWriteDefault"}}),
            ),
            Attack(
                "write-concern-of-the-oplog", _with("insert", {"writeConcern": {"wOpTime": {"ts": FAR_AHEAD}, "w": 1}})
            ),
        ]
    )
    async def test_internal_ones(self, arena: Arena, attack: Attack) -> None:
        await arena.attempt(attack)

    @cases(
        [
            Attack(
                "read-after-a-time-to-come", _with("find", {"readConcern": {"afterClusterTime": FAR_AHEAD}}), HARMLESS
            ),
            Attack(
                "read-at-a-time-to-come",
                _with("find", {"readConcern": {"level": "snapshot", "atClusterTime": FAR_AHEAD}}),
                HARMLESS,
            ),
            Attack("linearizable", _with("find", {"readConcern": {"level": "linearizable"}}), HARMLESS),
            Attack("available", _with("find", {"readConcern": {"level": "available"}}), HARMLESS),
            Attack("fifty-nodes", _with("insert", {"writeConcern": {"w": 50, "wtimeout": 0}}), HARMLESS),
            Attack("no-such-tag", _with("insert", {"writeConcern": {"w": "nowhere"}}), HARMLESS),
            Attack("many-tags", _with("insert", {"writeConcern": {"w": {"dc": 99}}}), HARMLESS),
            Attack("minus-one-node", _with("insert", {"writeConcern": {"w": -1}}), HARMLESS),
            Attack(
                "two-concerns",
                _with("insert", {"writeConcern": {"w": "majority", "j": True, "wtimeout": 2**31}}),
                HARMLESS,
            ),
            Attack(
                "prefer-elsewhere",
                _with("find", {"$readPreference": {"mode": "secondary", "tags": [{"x": "y"}]}}),
                HARMLESS,
            ),
            Attack("prefer-nonsense", _with("find", {"$readPreference": {"mode": {"$where": "1"}}}), REFUSED),
        ]
    )
    async def test_that_could_make_a_server_wait(self, arena: Arena, attack: Attack) -> None:
        """The reply comes within the ten seconds that the client waits."""
        await arena.attempt(attack)


class TestTime:
    @pytest.mark.parametrize(
        "value",
        [
            0,
            -0.0,
            10**9,
            Int64(2**62),
            1e300,
            float("inf"),
            float("nan"),
            Decimal128("1E+10"),
            Decimal128("NaN"),
            None,
            "30000",
            True,
            [1],
            {},
            MinKey(),
            MaxKey(),
            b"x",
        ],
        ids=str,
    )
    @pytest.mark.parametrize("base", ["find", "aggregate", "insert", "explain"])
    async def test_limit_cannot_be_got_rid_of(self, arena: Arena, base: str, value: Any) -> None:
        await arena.attempt(Attack("", _with(base, {"maxTimeMS": value}), TAMED))
        self._check_limits(arena)

    async def test_undefined(self, arena: Arena) -> None:
        """Type 6 is deprecated, has no value, and MongoDB takes it for "not there"."""
        elements = element("find", "own"), typed(6, "maxTimeMS", b""), element("$db", arena.attacker.database)
        await arena.attempt_frame(message(body(*elements)), TAMED)
        self._check_limits(arena)

    async def test_limit_learnt_small_and_sent_large(self, arena: Arena) -> None:
        """Let the broker get used to a command with a small limit, then send the same with a large one."""
        raw = await arena.raw()
        for _ in range(60):
            await raw.command({**_with("find", {"maxTimeMS": 100}), "$db": arena.attacker.database})
        await arena.attempt(Attack("", _with("find", {"maxTimeMS": 2**31 - 1}), TAMED))
        self._check_limits(arena)

    async def test_limit_that_only_members_of_a_cluster_may_set(self, arena: Arena) -> None:
        await arena.attempt(Attack("", _with("find", {"maxTimeMSOpOnly": 10**9})))

    def _check_limits(self, arena: Arena) -> None:
        for frame in arena.sent:
            limit = wire.parse(frame).decode().get("maxTimeMS")
            assert isinstance(limit, int), limit
            assert 0 < limit <= LIMIT_MS

    @pytest.mark.parametrize("where", ["top", "explain"])
    async def test_forged_cluster_time(self, arena: Arena, where: str) -> None:
        """The server's clock is everybody's; a workload must not move it."""
        time = {"clusterTime": FAR_AHEAD, "signature": {"hash": b"\x00" * 20, "keyId": Int64(0)}}
        inner = {"find": "own", "$clusterTime": time}
        await arena.attempt(Attack("", inner if where == "top" else {"explain": inner}, TAMED))
        assert not any(b"$clusterTime" in frame for frame in arena.sent)
        now = (await arena.direct.admin.command("hello")).get("$clusterTime")
        assert now is None or now["clusterTime"].time < FAR_AHEAD.time - 1000

    async def test_forged_cluster_time_of_another_shape(self, arena: Arena) -> None:
        for time in (
            FAR_AHEAD,
            {"clusterTime": FAR_AHEAD},
            {"$ref": "x", "$id": 1, "clusterTime": FAR_AHEAD},
            [],
            None,
        ):
            await arena.attempt(Attack("", {"find": "own", "$clusterTime": time}, TAMED))
            assert not any(b"$clusterTime" in frame for frame in arena.sent)


CODE = "function() { return true }"
SCRIPTS: dict[str, Any] = {
    "where": {"$where": CODE},
    "where-code": {"$where": Code(CODE)},
    "where-scope": {"$where": Code(CODE, {"a": 1})},
    "where-in-and": {"$and": [{"a": 1}, {"$or": [{"$where": CODE}]}]},
    "where-in-nor": {"$nor": [{"$where": CODE}]},
    "where-in-reference": {"x": {"$ref": "own", "$id": 1, "$where": CODE}},
    "function": {"$expr": {"$function": {"body": CODE, "args": [], "lang": "js"}}},
    "function-deep": {
        "$expr": {"$cond": [{"$eq": [1, {"$function": {"body": CODE, "args": [], "lang": "js"}}]}, 1, 0]}
    },
    "function-in-scope": {"x": Code("1", {"$function": {"body": CODE}})},
    "emit": {"$expr": {"$_internalJsEmit": {"eval": CODE, "this": "$$ROOT"}}},
    "internal-match": {"$_internalExprEq": 1},
}


def _scripted(name: str, script: Any) -> Iterator[Attack]:
    places: dict[str, dict[str, Any]] = {
        "find": {"find": "own", "filter": script},
        "projection": {"find": "own", "projection": {"x": script}},
        "sort": {"find": "own", "sort": script},
        "variables": {"find": "own", "let": {"x": script}},
        "hint": {"find": "own", "hint": script},
        "count": {"count": "own", "query": script},
        "distinct": {"distinct": "own", "key": "n", "query": script},
        "update-query": {"update": "own", "updates": [{"q": script, "u": {"$set": {"a": 1}}}]},
        "update-pipeline": {"update": "own", "updates": [{"q": {}, "u": [{"$set": {"a": script}}]}]},
        "array-filter": {"update": "own", "updates": [{"q": {}, "u": {}, "arrayFilters": [script]}]},
        "delete": {"delete": "own", "deletes": [{"q": script, "limit": 0}]},
        "find-and-modify": {"findAndModify": "own", "query": script, "remove": True},
        "match": {"aggregate": "own", "pipeline": [{"$match": script}], "cursor": {}},
        "lookup": {"aggregate": "own", "pipeline": [{"$lookup": {"from": "own", "pipeline": [{"$match": script}]}}]},
        "geo-near": {"aggregate": "own", "pipeline": [{"$geoNear": {"query": script}}], "cursor": {}},
        "graph-lookup": {
            "aggregate": "own",
            "pipeline": [{"$graphLookup": {"from": "own", "restrictSearchWithMatch": script}}],
        },
        "change-stream": {"aggregate": "own", "pipeline": [{"$changeStream": {}}, {"$match": script}], "cursor": {}},
        "view": {"create": "scripted", "viewOn": "own", "pipeline": [{"$match": script}]},
        "validator": {"create": "scripted", "validator": script},
        "changed-validator": {"collMod": "own", "validator": script},
        "partial-index": {
            "createIndexes": "own",
            "indexes": [{"key": {"a": 1}, "name": "a", "partialFilterExpression": script}],
        },
        "list": {"listCollections": 1, "filter": script},
        "explain": {"explain": {"find": "own", "filter": script}},
        "search-index": {"createSearchIndexes": "own", "indexes": [{"name": "x", "definition": script}]},
        "bulk-write": {
            "bulkWrite": 1,
            "ops": [{"delete": 0, "filter": script}],
            "nsInfo": [{"ns": "{own}.own"}],
            "$db": "admin",
        },
    }
    for place, command in places.items():
        yield Attack(f"{name}-in-{place}", command)


class TestJavaScript:
    @groups((name, attack) for name, script in SCRIPTS.items() for attack in _scripted(name, script))
    async def test_refused(self, arena: Arena, attacks: list[Attack]) -> None:
        await arena.attempt_each(attacks)

    @cases(
        [
            Attack(
                "group-accumulator",
                {"aggregate": "own", "pipeline": [{"$group": {"_id": None, "x": {"$accumulator": {}}}}]},
            ),
            Attack(
                "window-function",
                {"aggregate": "own", "pipeline": [{"$setWindowFields": {"output": {"x": {"$accumulator": {}}}}}]},
            ),
            Attack(
                "bucket-accumulator",
                {"aggregate": "own", "pipeline": [{"$bucketAuto": {"output": {"x": {"$accumulator": {}}}}}]},
            ),
            Attack("map-reduce", {"mapReduce": "own", "map": CODE, "reduce": CODE, "out": {"inline": 1}}),
            Attack(
                "map-reduce-elsewhere",
                {"mapReduce": "own", "map": CODE, "reduce": CODE, "out": {"replace": DIARY, "db": VICTIM}},
            ),
            Attack("map-reduce-lower-case", {"mapreduce": "own", "map": CODE, "reduce": CODE, "out": "x"}),
            Attack("eval", {"eval": CODE, "nolock": True}),
            Attack("eval-dollar", {"$eval": CODE}),
            Attack("group", {"group": {"ns": "own", "$reduce": CODE, "initial": {}}}),
            Attack("stored", {"insert": "system.js", "documents": [{"_id": "f", "value": Code(CODE)}]}),
        ]
    )
    async def test_by_hand(self, arena: Arena, attack: Attack) -> None:
        await arena.attempt(attack)

    async def test_code_as_data_is_data(self, arena: Arena) -> None:
        await arena.attempt(
            Attack("", {"insert": "texts", "documents": [{"_id": 1, "$where": CODE, "c": Code(CODE)}]}, HARMLESS)
        )
        reply = await arena.attempt(Attack("", {"find": "texts", "filter": {"_id": 1}}, HARMLESS))
        assert reply is not None
        assert reply["cursor"]["firstBatch"][0]["$where"] == CODE


class TestSize:
    @cases(
        [
            Attack("huge-comment", _with("find", {"comment": "x" * 10_000_000}), HARMLESS),
            Attack("many-fields", _with("find", {f"f{number}": 1 for number in range(5000)}), HARMLESS),
            Attack("huge-name", {"find": "x" * 1_000_000}, HARMLESS),
            Attack("huge-database", {"find": "own", "$db": "h" * 1_000_000}),
            Attack("huge-refused-name", {"find": "system." + "x" * 1_000_000}),
            Attack("huge-stage", {"aggregate": "own", "pipeline": [{"$" + "x" * 1_000_000: 1}], "cursor": {}}),
            Attack("huge-field", {"find": "own", "$" + "x" * 1_000_000: 1}),
            Attack("huge-explained", {"explain": {"x" * 1_000_000: 1}}),
            Attack(
                "huge-namespace", {"renameCollection": f"{VICTIM}." + "x" * 1_000_000, "to": f"{OWN}.a", "$db": "admin"}
            ),
        ]
    )
    async def test_is_not_thrown_back(self, arena: Arena, attack: Attack) -> None:
        """An error names what it refuses, but does not repeat a megabyte of it, nor put it into the log."""
        reply = await arena.attempt(attack)
        assert reply is not None
        assert attack.outcome is not REFUSED or len(reply["errmsg"]) < 2000
