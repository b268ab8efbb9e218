"""Options of commands that define things: what they could reach besides the collection they are for."""

from typing import Any

from bson import Binary, Int64
from tests.support.arena import DIARY, HARMLESS, OWN, REFUSED, VICTIM, Arena, Attack, cases

from hothouse.broker.commands import REFUSED_OPTIONS

THERE = f"{VICTIM}.{DIARY}"
INDEX: dict[str, Any] = {"key": {"n": 1}, "name": "n"}
UUID = Binary(b"0" * 16, 4)


def _index(**more: Any) -> dict[str, Any]:
    return {"createIndexes": "own", "indexes": [{**INDEX, **more}]}


class TestCreate:
    @cases(
        [
            Attack("storage-engine", {"create": "c1", "storageEngine": {"wiredTiger": {"configString": "type=file"}}}),
            Attack("storage-engine-deep", {"create": "c1", "timeseries": {"storageEngine": {}}}),
            Attack("index-defaults", {"create": "c1", "indexOptionDefaults": {"storageEngine": {}}}),
            Attack("collection-id", {"create": "c1", "collectionUUID": UUID}),
            Attack(
                "pipeline-without-view", {"create": "c1", "pipeline": [{"$unionWith": {"db": VICTIM, "coll": "x"}}]}
            ),
            Attack("view-on-a-document", {"create": "c1", "viewOn": {"db": VICTIM, "coll": DIARY}, "pipeline": []}),
            Attack("view-with-a-pipeline-that-is-none", {"create": "c1", "viewOn": "own", "pipeline": {"$out": DIARY}}),
            Attack("system-collection", {"create": "system.js"}),
            Attack("bucket-collection", {"create": "system.buckets.own", "timeseries": {"timeField": "t"}}),
            Attack("validator-that-joins", {"create": "c1", "validator": {"$lookup": {"from": {"db": VICTIM}}}}),
        ]
    )
    async def test_refused(self, arena: Arena, attack: Attack) -> None:
        await arena.attempt(attack)

    @cases(
        [
            Attack("capped-for-a-petabyte", {"create": "c2", "capped": True, "size": Int64(2**50)}, HARMLESS),
            Attack("capped-for-less-than-nothing", {"create": "c3", "capped": True, "size": -1}, HARMLESS),
            Attack("timeseries", {"create": "c4", "timeseries": {"timeField": "t", "metaField": "m"}}, HARMLESS),
            Attack("clustered", {"create": "c5", "clusteredIndex": {"key": {"_id": 1}, "unique": True}}, HARMLESS),
            Attack("images", {"create": "c6", "changeStreamPreAndPostImages": {"enabled": True}}, HARMLESS),
            Attack("view-on-itself", {"create": "c7", "viewOn": "c7", "pipeline": []}, HARMLESS),
            Attack("pattern-that-takes-for-ever", {"create": "c8", "validator": {"a": {"$regex": "(a+)+$"}}}, HARMLESS),
            Attack("collation-of-the-moon", {"create": "c9", "collation": {"locale": "xx_MOON"}}, HARMLESS),
            Attack("expiring-at-once", {"create": "c10", "expireAfterSeconds": 0}, HARMLESS),
        ]
    )
    async def test_at_home(self, arena: Arena, attack: Attack) -> None:
        await arena.attempt(attack)

    async def test_encrypted_with_state_elsewhere(self, arena: Arena) -> None:
        """Names of state collections are names in the same database, whatever they look like."""
        fields = {"escCollection": THERE, "ecocCollection": "system.users", "fields": []}
        await arena.attempt(Attack("", {"create": "c11", "encryptedFields": fields}, HARMLESS))


class TestChange:
    @cases(
        [
            Attack("view-to-another", {"collMod": "own", "viewOn": {"db": VICTIM, "coll": DIARY}, "pipeline": []}),
            Attack("view-pipeline-only", {"collMod": "own", "pipeline": [{"$unionWith": {"db": VICTIM, "coll": "x"}}]}),
            Attack("buckets", {"collMod": "system.buckets.own", "timeseriesBucketsMayHaveMixedSchemaData": True}),
            Attack("internal-timeseries", {"collMod": "own", "isTimeseriesNamespace": True}),
            Attack("storage-engine", {"collMod": "own", "storageEngine": {}}),
            Attack(
                "validator-with-a-stage", {"collMod": "own", "validator": {"$expr": {"$unionWith": {"db": VICTIM}}}}
            ),
            Attack("without-a-collection", {"collMod": 1, "viewOn": "own"}),
        ]
    )
    async def test_refused(self, arena: Arena, attack: Attack) -> None:
        await arena.attempt(attack)

    @cases(
        [
            Attack("unique-of-nothing", {"collMod": "own", "index": {"name": "no", "prepareUnique": True}}, HARMLESS),
            Attack("of-a-namespace", {"collMod": THERE, "validator": {"never": 1}}, HARMLESS),
            Attack("hide-the-id-index", {"collMod": "own", "index": {"name": "_id_", "hidden": True}}, HARMLESS),
        ]
    )
    async def test_at_home(self, arena: Arena, attack: Attack) -> None:
        await arena.attempt(attack)


class TestIndexes:
    @cases(
        [
            Attack("storage-engine", _index(storageEngine={"wiredTiger": {"configString": "x"}})),
            Attack("partial-with-javascript", _index(partialFilterExpression={"$where": "1"})),
            Attack("partial-with-a-stage", _index(partialFilterExpression={"$lookup": {"from": {"db": VICTIM}}})),
            Attack("collection-id", {**_index(), "collectionUUID": UUID}),
            Attack("in-a-bucket", {"createIndexes": "system.buckets.own", "indexes": [INDEX]}),
            Attack("drop-in-the-system", {"dropIndexes": "system.users", "index": "*"}),
            Attack("old-name-elsewhere", {"deleteIndexes": DIARY, "index": "*"}, REFUSED, VICTIM),
        ]
    )
    async def test_refused(self, arena: Arena, attack: Attack) -> None:
        await arena.attempt(attack)

    @cases(
        [
            Attack("namespace-of-old", _index(ns=THERE, name="n1"), HARMLESS),
            Attack("drop-duplicates", _index(dropDups=True, unique=True, name="n2"), HARMLESS),
            Attack("name-that-is-a-path", _index(name=f"../../{VICTIM}/{DIARY}"), HARMLESS),
            Attack("name-that-is-storage", _index(name='n",key_format=u,type="file'), HARMLESS),
            Attack("name-with-a-zero", _index(name="n\x00x"), HARMLESS),
            Attack("name-of-a-megabyte", _index(name="n" * 2**20), HARMLESS),
            Attack("version-zero", _index(v=0, name="n3"), HARMLESS),
            Attack("quorum-of-fifty", {**_index(name="n4"), "commitQuorum": 50}, HARMLESS),
            Attack("of-a-namespace", {"createIndexes": THERE, "indexes": [INDEX]}, HARMLESS),
            Attack("drop-of-a-namespace", {"dropIndexes": THERE, "index": "*"}, HARMLESS),
            Attack("drop-the-victims-by-name", {"dropIndexes": DIARY, "index": "text_1"}, HARMLESS),
            Attack("a-hundred", {"createIndexes": "own", "indexes": [
                {"key": {f"k{number}": 1}, "name": f"k{number}"} for number in range(100)]}, HARMLESS),
            Attack("of-everything", _index(key={"$**": 1}, name="n5"), HARMLESS),
            Attack("expires-at-once", _index(key={"t": 1}, name="n6", expireAfterSeconds=0), HARMLESS),
        ]
    )  # fmt: skip
    async def test_at_home(self, arena: Arena, attack: Attack) -> None:
        await arena.attempt(attack)
        await arena.furnish()

    async def test_javascript_in_a_search_index(self, arena: Arena) -> None:
        definition = {"name": "x", "definition": {"$function": {"body": "1"}}}
        await arena.attempt(Attack("", {"createSearchIndexes": "own", "indexes": [definition]}))

    @cases(
        [
            Attack("search-by-id", {"updateSearchIndex": "own", "id": "victims", "definition": {}}, HARMLESS),
            Attack("search-drop-by-id", {"dropSearchIndex": "own", "id": "victims"}, HARMLESS),
            Attack("search-list-by-id", {"listSearchIndexes": "own", "id": "victims"}, HARMLESS),
        ]
    )
    async def test_of_search_by_somebody_elses_id(self, arena: Arena, attack: Attack) -> None:
        await arena.attempt(attack)

    @cases(
        Attack(f"option-{option}-{command}", {command: "own", "x": {"y": [{option: 1}]}})
        for option in sorted(REFUSED_OPTIONS)
        for command in ("create", "collMod", "createIndexes")
    )
    async def test_options_at_any_depth(self, arena: Arena, attack: Attack) -> None:
        await arena.attempt(attack)


class TestBulkWrite:
    @cases(
        Attack(
            f"entry-{name}", {"bulkWrite": 1, "ops": [{"insert": 0, "document": {}}], "nsInfo": info, "$db": "admin"}
        )
        for name, info in {
            "collection-id": [{"ns": f"{OWN}.own", "collectionUUID": UUID}],
            "encryption": [{"ns": f"{OWN}.own", "encryptionInformation": {"schema": {THERE: {}}}}],
            "timeseries": [{"ns": f"{OWN}.own", "isTimeseriesNamespace": True}],
            "shard-version": [{"ns": f"{OWN}.own", "shardVersion": {}}],
            "database-version": [{"ns": f"{OWN}.own", "databaseVersion": {}}],
            "reference": [{"$ref": "x", "$id": 1, "ns": THERE}],
            "no-namespace": [{}],
            "document": {"0": {"ns": THERE}},
            "string": THERE,
            "empty": [],
            "null": None,
            "array-in-array": [[{"ns": THERE}]],
            "foreign-among-many": [{"ns": f"{OWN}.c{number}"} for number in range(50)] + [{"ns": THERE}],
            "unused-foreign": [{"ns": f"{OWN}.own"}, {"ns": THERE}],
        }.items()
    )
    async def test_refused(self, arena: Arena, attack: Attack) -> None:
        await arena.attempt(attack)

    @cases(
        Attack(
            f"operation-{name}",
            {"bulkWrite": 1, "ops": [operation], "nsInfo": [{"ns": f"{OWN}.own"}], "$db": "admin"},
            outcome,
        )
        for name, operation, outcome in (
            ("index-beyond", {"insert": 7, "document": {}}, HARMLESS),
            ("index-below", {"insert": -1, "document": {}}, HARMLESS),
            ("namespace-instead", {"insert": THERE, "document": {}}, HARMLESS),
            ("javascript", {"update": 0, "filter": {"$where": "1"}, "updateMods": {"$set": {"a": 1}}}, REFUSED),
            ("stage", {"update": 0, "filter": {}, "updateMods": [{"$out": {"db": VICTIM, "coll": DIARY}}]}, REFUSED),
            (
                "sample-of-queries",
                {"update": 0, "filter": {}, "updateMods": {"$set": {"a": 1}}, "sampleId": UUID},
                HARMLESS,
            ),
        )
    )
    async def test_operations(self, arena: Arena, attack: Attack) -> None:
        await arena.attempt(attack)

    @cases(
        Attack(
            f"on-{name}",
            {"bulkWrite": 1, "ops": [{"insert": 0, "document": {}}], "nsInfo": [{"ns": THERE}]},
            REFUSED,
            database,
        )
        for name, database in {"own": OWN, "victim": VICTIM, "config": "config", "nowhere": ""}.items()
    )
    async def test_places(self, arena: Arena, attack: Attack) -> None:
        await arena.attempt(attack)


class TestRename:
    @cases(
        [
            Attack("drop-by-id", {"renameCollection": f"{OWN}.own", "to": THERE, "dropTarget": UUID}),
            Attack("stay-temporary", {"renameCollection": f"{OWN}.own", "to": THERE, "stayTemp": True}),
            Attack("collection-id", {"renameCollection": f"{OWN}.own", "to": f"{OWN}.x", "collectionUUID": UUID}),
            Attack("from-a-document", {"renameCollection": {"db": VICTIM, "coll": DIARY}, "to": f"{OWN}.x"}),
            Attack("to-a-document", {"renameCollection": f"{OWN}.own", "to": {"db": VICTIM, "coll": DIARY}}),
            Attack("to-nothing", {"renameCollection": f"{OWN}.own"}),
            Attack("buckets", {"renameCollection": f"{OWN}.system.buckets.own", "to": f"{OWN}.x"}),
        ]
    )
    async def test_refused(self, arena: Arena, attack: Attack) -> None:
        await arena.attempt(Attack(attack.name, {**attack.command, "$db": "admin"}))
