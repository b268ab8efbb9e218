"""Pipelines that try to leave the database: every stage that can name another, in every command that takes one."""

from collections.abc import Iterator
from typing import Any

import pytest
from bson import Code, Int64
from bson.max_key import MaxKey
from bson.regex import Regex
from tests.support.arena import DIARY, HARMLESS, REFUSED, VICTIM, Arena, Attack, Outcome, cases, groups

from hothouse.broker.commands import REFUSED_STAGES

from .mongod import FOREIGN_STAGES

Pipeline = list[dict[str, Any]]

THERE = {"db": VICTIM, "coll": DIARY}
REFERENCE = {"$ref": "own", "$id": 1}
"""Keys that make BSON decoders return an object of their own instead of a document."""

FOREIGN: dict[str, Pipeline] = {
    "lookup": [{"$lookup": {"from": THERE, "pipeline": [], "as": "x"}}],
    "lookup-by-field": [{"$lookup": {"from": THERE, "localField": "n", "foreignField": "_id", "as": "x"}}],
    "lookup-database-beside": [{"$lookup": {"db": VICTIM, "from": DIARY, "pipeline": [], "as": "x"}}],
    "lookup-database-last": [{"$lookup": {"as": "x", "pipeline": [], "from": {"coll": DIARY, "db": VICTIM}}}],
    "lookup-in-lookup": [{"$lookup": {"from": "own", "as": "x", "pipeline": [{"$lookup": {"from": THERE}}]}}],
    "lookup-config": [{"$lookup": {"from": {"db": "config", "coll": "cache.collections"}, "pipeline": [], "as": "x"}}],
    "lookup-chunks": [{"$lookup": {"from": {"db": "config", "coll": "cache.chunks.x"}, "pipeline": [], "as": "x"}}],
    "lookup-oplog": [{"$lookup": {"from": {"db": "local", "coll": "oplog.rs"}, "pipeline": [], "as": "x"}}],
    "lookup-reference": [{"$lookup": {"from": {"$ref": DIARY, "$id": 1, "$db": VICTIM}, "pipeline": [], "as": "x"}}],
    "lookup-array": [{"$lookup": {"from": [VICTIM, DIARY], "pipeline": [], "as": "x"}}],
    "lookup-database-null": [{"$lookup": {"from": {"db": None, "coll": DIARY}, "pipeline": [], "as": "x"}}],
    "lookup-database-code": [{"$lookup": {"from": {"db": Code(VICTIM), "coll": DIARY}, "pipeline": [], "as": "x"}}],
    "lookup-database-pattern": [{"$lookup": {"from": {"db": Regex("hh_"), "coll": DIARY}, "pipeline": [], "as": "x"}}],
    "lookup-views": [{"$lookup": {"from": "system.views", "pipeline": [], "as": "x"}}],
    "lookup-buckets": [{"$lookup": {"from": "system.buckets.own", "pipeline": [], "as": "x"}}],
    "lookup-command": [{"$lookup": {"from": "$cmd", "pipeline": [], "as": "x"}}],
    "graph-lookup": [{"$graphLookup": {"from": THERE, "startWith": "$n", "connectFromField": "n",
                                       "connectToField": "_id", "as": "x"}}],
    "graph-lookup-users": [{"$graphLookup": {"from": {"db": "admin", "coll": "system.users"}, "startWith": "$n",
                                             "connectFromField": "n", "connectToField": "_id", "as": "x"}}],
    "union": [{"$unionWith": THERE}],
    "union-with-pipeline": [{"$unionWith": {**THERE, "pipeline": []}}],
    "union-nested-collection": [{"$unionWith": {"coll": THERE, "pipeline": []}}],
    "union-in-union": [{"$unionWith": {"coll": "own", "pipeline": [{"$unionWith": THERE}]}}],
    "union-after-documents": [{"$unionWith": {"pipeline": [{"$documents": []}, {"$unionWith": THERE}]}}],
    "union-system": [{"$unionWith": "system.js"}],
    "union-of-a-reference": [{"$unionWith": {**REFERENCE, **THERE}}],
    "out": [{"$out": THERE}],
    "out-database-only": [{"$out": {"db": VICTIM}}],
    "out-timeseries": [{"$out": {**THERE, "timeseries": {"timeField": "t"}}}],
    "out-to-a-bucket-of-atlas": [{"$out": {"s3": {"bucket": "x", "region": "y", "filename": "z"}}}],
    "out-to-another-cluster": [{"$out": {"atlas": {"db": VICTIM, "coll": DIARY, "clusterName": "x"}}}],
    "out-views": [{"$out": "system.views"}],
    "out-javascript": [{"$out": "system.js"}],
    "out-profile": [{"$out": "system.profile"}],
    "out-number": [{"$out": 1}],
    "out-array": [{"$out": [VICTIM, DIARY]}],
    "out-reference": [{"$out": {"$ref": DIARY, "$id": 1, "$db": VICTIM}}],
    "out-then-out": [{"$out": "mine"}, {"$out": THERE}],
    "merge": [{"$merge": {"into": THERE}}],
    "merge-on": [{"$merge": {"into": THERE, "on": "_id", "whenMatched": "replace", "whenNotMatched": "insert"}}],
    "merge-with-variables": [{"$merge": {"into": THERE, "let": {"a": 1}, "whenMatched": [{"$set": {"a": "$$a"}}]}}],
    "merge-database-beside": [{"$merge": {"into": "own", "db": VICTIM}}],
    "merge-into-the-oplog": [{"$merge": {"into": {"db": "local", "coll": "oplog.rs"}}}],
    "merge-into-users": [{"$merge": {"into": {"db": "admin", "coll": "system.users"}}}],
    "merge-into-credentials": [{"$merge": {"into": {"db": "{platform}", "coll": "broker_credentials"}}}],
    "merge-into-a-reference": [{"$merge": {"into": {"$ref": DIARY, "$id": 1, "$db": VICTIM}}}],
    "merge-into-views": [{"$merge": "system.views"}],
    "merge-with-target-version": [{"$merge": {"into": THERE, "targetCollectionVersion": {}}}],
    "merge-when-matched-lookup": [{"$merge": {"into": "own", "whenMatched": [{"$lookup": {"from": THERE}}]}}],
    "facet": [{"$facet": {"x": [{"$unionWith": THERE}]}}],
    "facet-lookup": [{"$facet": {"x": [{"$lookup": {"from": THERE, "as": "y", "pipeline": []}}]}}],
    "facet-second": [{"$facet": {"a": [{"$limit": 1}], "b": [{"$limit": 1}, {"$unionWith": THERE}]}}],
    "facet-reference": [{"$facet": {**REFERENCE, "x": [{"$unionWith": THERE}]}}],
    "facet-reference-inside": [{"$facet": {"x": {**REFERENCE, "y": [{"$unionWith": THERE}]}}}],
    "merge-into-foreign-database-in-facet": [{"$facet": {"x": [{"$merge": {"into": THERE}}]}}],
    "rank-fusion": [{"$rankFusion": {"input": {"pipelines": {"a": [{"$unionWith": THERE}]}}}}],
    "rank-fusion-reference": [{"$rankFusion": {"input": {**REFERENCE, "pipelines": {"a": [{"$unionWith": THERE}]}}}}],
    "score-fusion": [{"$scoreFusion": {"input": {"pipelines": {"a": [{"$unionWith": THERE}]}}}}],
    "score-fusion-without-pipelines": [{"$scoreFusion": {"input": {}}}],
    "match-expression": [{"$match": {"$expr": {"$in": [1, [{"$lookup": {"from": THERE}}]]}}}],
    "set-in-a-literal": [{"$set": {"x": {"$literal": {"$unionWith": THERE}}}}],
    "project-reference": [{"$project": {"x": {**REFERENCE, "y": {"$unionWith": THERE}}}}],
    "variables": [{"$lookup": {"from": "own", "let": {"a": {"$unionWith": THERE}}, "pipeline": [], "as": "x"}}],
    "search-merging-pipeline": [{"$search": {"mongotQuery": {}, "mergingPipeline": [{"$unionWith": THERE}]}}],
    "search-meta-merging-pipeline": [{"$searchMeta": {"mongotQuery": 1, "mergingPipeline": [{"$unionWith": THERE}]}}],
    "vector-search-filter": [{"$vectorSearch": {"filter": {"$unionWith": THERE}, "index": "x", "limit": 1}}],
    "documents": [{"$documents": [{"$unionWith": THERE}]}],
    "set-window-fields": [{"$setWindowFields": {"output": {"x": {"$lookup": {"from": THERE}}}}}],
    "bucket-output": [{"$bucket": {"groupBy": "$n", "boundaries": [0, 9], "output": {"x": {"$unionWith": THERE}}}}],
    "redact": [{"$redact": {"$cond": [True, {"$graphLookup": {"from": THERE}}, "$$PRUNE"]}}],
    "stage-with-two-fields": [{"$match": {}, "$unionWith": THERE}],
    "stage-without-fields": [{}],
    "stage-that-is-an-array": [[{"$unionWith": THERE}]],
    "stage-that-is-a-reference": [{"$ref": "$unionWith", "$id": 1, "$unionWith": THERE}],
    "stage-that-is-a-string": ["$unionWith"],
    "stage-that-is-null": [None],
    "all-changes": [{"$changeStream": {"allChangesForCluster": True}}],
    "all-changes-number": [{"$changeStream": {"allChangesForCluster": 1}}],
    "all-changes-long": [{"$changeStream": {"allChangesForCluster": Int64(1)}}],
    "all-changes-string": [{"$changeStream": {"allChangesForCluster": "false"}}],
    "all-changes-max-key": [{"$changeStream": {"allChangesForCluster": MaxKey()}}],
    "all-changes-reference": [{"$changeStream": {**REFERENCE, "allChangesForCluster": True}}],
    "all-changes-in-facet": [{"$facet": {"x": [{"$changeStream": {"allChangesForCluster": True}}]}}],
    "changes-of-a-string": [{"$changeStream": "x"}],
    "changes-of-nothing": [{"$changeStream": None}],
    "changes-on-system-namespaces": [{"$changeStream": {"allowToRunOnSystemNS": True}}],
    "changes-on-the-config-database": [{"$changeStream": {"allowToRunOnConfigDB": True}}],
    "changes-of-migrations": [{"$changeStream": {"showMigrationEvents": True}}],
    "changes-of-the-system": [{"$changeStream": {"showSystemEvents": True}}],
    "changes-raw": [{"$changeStream": {"showRawUpdateDescription": True}}],
    "pipeline-in-lookup-that-is-no-array": [{"$lookup": {"from": "own", "pipeline": {"0": {"$unionWith": THERE}}}}],
    "invented-stage": [{"$notAStage": 1}],
    "stage-without-dollar": [{"match": {}}],
    "stage-in-another-case": [{"$UNIONWITH": THERE}],
    "stage-with-a-look-alike": [{"$un\u0456onWith": THERE}],
}  # fmt: skip

OWN_NAMES: dict[str, Pipeline] = {
    "union-dotted": [{"$unionWith": f"{VICTIM}.{DIARY}"}],
    "union-dotted-document": [{"$unionWith": {"coll": f"{VICTIM}.{DIARY}", "pipeline": []}}],
    "lookup-dotted": [{"$lookup": {"from": f"{VICTIM}.{DIARY}", "pipeline": [], "as": "x"}}],
    "graph-lookup-dotted": [{"$graphLookup": {"from": f"{VICTIM}.{DIARY}", "startWith": "$n", "connectFromField": "n",
                                              "connectToField": "_id", "as": "x"}}],
    "out-dotted": [{"$out": f"{VICTIM}.{DIARY}"}],
    "merge-dotted": [{"$merge": f"{VICTIM}.{DIARY}"}],
    "merge-into-dotted": [{"$merge": {"into": f"{VICTIM}.{DIARY}"}}],
    "out-to-a-path": [{"$out": f"../{VICTIM}/{DIARY}"}],
    "out-own-name": [{"$out": {"db": "{own}", "coll": "mine"}}],
    "merge-own-name": [{"$merge": {"into": {"db": "{own}", "coll": "mine"}}}],
    "union-of-the-victims-collection-here": [{"$unionWith": DIARY}],
    "changes-of-a-pattern": [{"$changeStream": {"fullDocument": "updateLookup"}}],
}  # fmt: skip


def _carriers(name: str, pipeline: Pipeline, outcome: Outcome) -> Iterator[Attack]:
    """Give a pipeline in each command that takes one."""
    aggregate = {"aggregate": "own", "pipeline": pipeline, "cursor": {}}
    yield Attack(f"{name}-in-aggregate", aggregate, outcome)
    yield Attack(f"{name}-in-explain", {"explain": aggregate, "verbosity": "executionStats"}, outcome)
    yield Attack(f"{name}-in-explaining-aggregate", {**aggregate, "explain": True}, outcome)
    yield Attack(f"{name}-in-view", {"create": f"v-{name}", "viewOn": "own", "pipeline": pipeline}, outcome)
    yield Attack(f"{name}-in-changed-view", {"collMod": f"v-{name}", "viewOn": "own", "pipeline": pipeline}, outcome)


class TestForeignNamespaces:
    @groups((name, attack) for name, pipeline in FOREIGN.items() for attack in _carriers(name, pipeline, REFUSED))
    async def test_refused(self, arena: Arena, attacks: list[Attack]) -> None:
        await arena.attempt_each(attacks)

    @groups((name, attack) for name, pipeline in OWN_NAMES.items() for attack in _carriers(name, pipeline, HARMLESS))
    async def test_own_names(self, arena: Arena, attacks: list[Attack]) -> None:
        """What looks like somebody else's namespace is a collection of one's own."""
        await arena.attempt_each(attacks)

    @groups(
        (f"stage-{where}", Attack(f"{name}-{where}", command))
        for name in ("lookup", "graph-lookup", "union", "out", "merge", "facet-lookup")
        for where, command in {
            "in-update": {"update": "own", "updates": [{"q": {}, "u": FOREIGN[name]}]},
            "in-find-and-modify": {"findAndModify": "own", "query": {}, "update": FOREIGN[name]},
            "in-bulk-write": {
                "bulkWrite": 1,
                "ops": [{"update": 0, "filter": {}, "updateMods": FOREIGN[name]}],
                "nsInfo": [{"ns": "{own}.own"}],
                "$db": "admin",
            },
            "in-filter": {"find": "own", "filter": {"$expr": FOREIGN[name][0]}},
            "in-projection": {"find": "own", "projection": {"x": FOREIGN[name][0]}},
            "in-variables": {"find": "own", "let": {"x": FOREIGN[name][0]}},
            "in-validator": {"create": "checked", "validator": {"$expr": FOREIGN[name][0]}},
            "in-partial-index": {
                "createIndexes": "own",
                "indexes": [{"key": {"a": 1}, "name": "a", "partialFilterExpression": FOREIGN[name][0]}],
            },
            "in-a-key": {"createIndexes": "own", "indexes": [{"key": {"a": FOREIGN[name]}, "name": "a"}]},
            "in-array-filters": {
                "update": "own",
                "updates": [{"q": {}, "u": {"$set": {"a.$[x]": 1}}, "arrayFilters": [{"x": FOREIGN[name]}]}],
            },
            "in-count": {"count": "own", "query": {"$expr": FOREIGN[name][0]}},
            "in-delete": {"delete": "own", "deletes": [{"q": {"$expr": FOREIGN[name][0]}, "limit": 0}]},
            "in-explained-update": {"explain": {"update": "own", "updates": [{"q": {}, "u": FOREIGN[name]}]}},
        }.items()
    )
    async def test_where_no_pipeline_belongs(self, arena: Arena, attacks: list[Attack]) -> None:
        await arena.attempt_each(attacks)


class TestStages:
    @groups(
        (name.removeprefix("$"), Attack(f"stage-{name}-{where}", {**command, "cursor": {}}))
        for name in FOREIGN_STAGES
        for where, command in {
            "alone": {"aggregate": "own", "pipeline": [{name: {}}]},
            "on-the-database": {"aggregate": 1, "pipeline": [{name: {"allUsers": True}}]},
            "in-facet": {"aggregate": "own", "pipeline": [{"$facet": {"x": [{name: {}}]}}]},
            "in-union": {"aggregate": "own", "pipeline": [{"$unionWith": {"coll": "own", "pipeline": [{name: {}}]}}]},
        }.items()
    )
    async def test_not_for_workloads(self, arena: Arena, attacks: list[Attack]) -> None:
        await arena.attempt_each(attacks)

    def test_the_list_holds_what_the_table_refuses(self) -> None:
        assert REFUSED_STAGES.keys() <= set(FOREIGN_STAGES)

    @cases(
        Attack(f"on-admin-{name}", {"aggregate": 1, "pipeline": [{stage: body}], "cursor": {}}, REFUSED, "admin")
        for name, stage, body in (
            ("current-op", "$currentOp", {"allUsers": True, "idleSessions": True}),
            ("local-sessions", "$listLocalSessions", {"allUsers": True}),
            ("changes", "$changeStream", {}),
            ("all-changes", "$changeStream", {"allChangesForCluster": True}),
            ("documents", "$documents", []),
        )
    )
    async def test_on_admin(self, arena: Arena, attack: Attack) -> None:
        await arena.attempt(attack)

    @cases(
        Attack(f"database-wide-{name}", {"aggregate": target, "pipeline": pipeline, "cursor": {}})
        for name, target, pipeline in (
            ("match", 1, [{"$match": {}}]),
            ("nothing", 1, []),
            ("union", 1, [{"$unionWith": "own"}]),
            ("double", 1.0, [{"$match": {}}]),
            ("long", Int64(1), [{"$match": {}}]),
            ("two", 2, [{"$documents": []}]),
            ("true", True, [{"$documents": []}]),
            ("code", Code("own"), [{"$match": {}}]),
            ("command", "$cmd.aggregate", [{"$changeStream": {}}]),
            ("null", None, [{"$documents": []}]),
            ("array", ["own"], [{"$match": {}}]),
        )
    )
    async def test_aggregate_one(self, arena: Arena, attack: Attack) -> None:
        await arena.attempt(attack)

    @cases(
        Attack(f"pipeline-{name}", {"aggregate": "own", "pipeline": pipeline, "cursor": {}})
        for name, pipeline in {
            "missing-array": {"0": {"$unionWith": THERE}},
            "string": "x",
            "null": None,
            "reference": {"$ref": "x", "$id": 1, "0": {"$unionWith": THERE}},
        }.items()
    )
    async def test_no_pipeline_at_all(self, arena: Arena, attack: Attack) -> None:
        await arena.attempt(attack)


class TestViews:
    async def test_view_over_view_over_somebody_elses_name(self, arena: Arena) -> None:
        """A view may be made over a name that the victim uses too: it shows the attacker's collection of that name."""
        await arena.attempt(Attack("", {"create": "v1", "viewOn": DIARY, "pipeline": []}, HARMLESS))
        await arena.attempt(Attack("", {"create": "v2", "viewOn": "v1", "pipeline": [{"$unionWith": DIARY}]}, HARMLESS))
        reply = await arena.attempt(Attack("", {"find": "v2"}, HARMLESS))
        assert reply is not None
        assert reply["cursor"]["firstBatch"] == []

    @cases(
        Attack(f"view-on-{name}", {"create": "v3", "viewOn": target, "pipeline": []})
        for name, target in {
            "system-views": "system.views",
            "buckets": "system.buckets.x",
            "a-document": THERE,
            "an-array": [VICTIM, DIARY],
            "nothing": "",
            "a-command": "$cmd",
            "null": None,
        }.items()
    )
    async def test_targets(self, arena: Arena, attack: Attack) -> None:
        await arena.attempt(attack)

    @pytest.mark.parametrize("name", ["insert", "update", "find"])
    async def test_definitions_cannot_be_written_directly(self, arena: Arena, name: str) -> None:
        view = {"_id": "{own}.v", "viewOn": "own", "pipeline": [{"$unionWith": THERE}]}
        rest = {"insert": {"documents": [view]}, "update": {"updates": [{"q": {}, "u": view}]}, "find": {}}[name]
        await arena.attempt(Attack("", {name: "system.views", **rest}))
