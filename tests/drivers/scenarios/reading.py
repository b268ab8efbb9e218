"""Finding documents."""

from bson import ObjectId, Regex
from pymongo import ASCENDING, DESCENDING
from pymongo.collation import Collation
from tests.drivers.plain import attempt
from tests.drivers.scenarios.registry import World, rows, scenario

PEOPLE = [
    {"_id": 1, "name": "Ada", "age": 36, "tags": ["math", "code"], "at": {"city": "London"}},
    {"_id": 2, "name": "bob", "age": 17, "tags": ["code"], "at": {"city": "Oslo"}},
    {"_id": 3, "name": "Émile", "age": 52, "tags": [], "scores": [{"s": 3}, {"s": 9}]},
    {"_id": 4, "name": "ada", "age": None, "at": {"city": "oslo"}},
    {"_id": 5, "name": "Zoë", "tags": ["math"], "scores": [{"s": 5}]},
]


async def _people(world: World) -> None:
    await world.items.insert_many([dict(each) for each in PEOPLE])


@scenario
async def find_comparisons(world: World) -> object:
    await _people(world)
    filters = [
        {"age": 36}, {"age": {"$gt": 20}}, {"age": {"$gte": 17, "$lt": 52}}, {"age": {"$ne": 36}}, {"age": None},
        {"age": {"$in": [17, 52]}}, {"age": {"$nin": [17, 52]}}, {"age": {"$exists": False}}, {"at.city": "Oslo"},
        {"age": {"$type": "int"}}, {"age": {"$mod": [2, 0]}},
    ]  # fmt: skip
    return [[row["_id"] for row in await rows(world.items.find(each, sort=[("_id", 1)]))] for each in filters]


@scenario
async def find_logical(world: World) -> object:
    await _people(world)
    filters = [
        {"$or": [{"age": 17}, {"name": "Zoë"}]},
        {"$and": [{"tags": "code"}, {"age": {"$gt": 20}}]},
        {"$nor": [{"tags": "math"}, {"tags": "code"}]},
        {"age": {"$not": {"$gt": 20}}},
    ]
    return [[row["_id"] for row in await rows(world.items.find(each, sort=[("_id", 1)]))] for each in filters]


@scenario
async def find_in_arrays(world: World) -> object:
    await _people(world)
    filters = [
        {"tags": {"$all": ["math", "code"]}}, {"tags": {"$size": 1}}, {"tags": []}, {"tags.0": "math"},
        {"scores": {"$elemMatch": {"s": {"$gt": 4, "$lt": 6}}}}, {"scores.s": 9},
    ]  # fmt: skip
    return [[row["_id"] for row in await rows(world.items.find(each, sort=[("_id", 1)]))] for each in filters]


@scenario
async def find_by_pattern(world: World) -> object:
    await _people(world)
    patterns = [{"$regex": "^a", "$options": "i"}, Regex("^A"), {"$in": [Regex("^z", "i"), "bob"]}]
    return [[row["_id"] for row in await rows(world.items.find({"name": each}).sort("_id"))] for each in patterns]


@scenario
async def find_with_expression_and_let(world: World) -> object:
    await world.items.insert_many([{"_id": n, "spent": n * 10, "budget": 25} for n in range(5)])
    over = await rows(world.items.find({"$expr": {"$gt": ["$spent", "$budget"]}}).sort("_id"))
    above = await attempt(
        rows(world.items.find({"$expr": {"$gt": ["$spent", "$$least"]}}, let={"least": 15}).sort("_id"))
    )
    return {"over": over, "above": above}


@scenario
async def find_by_object_id(world: World) -> object:
    known = ObjectId("5f0000000000000000000001")
    await world.items.insert_one({"_id": known, "made": known.generation_time})
    return [await world.items.find_one(known), await world.items.find_one({"_id": ObjectId("5f" + "0" * 22)})]


@scenario
async def find_projections(world: World) -> object:
    await _people(world)
    projections = [
        {"name": 1}, {"_id": 0, "name": 1}, {"at": 0}, ["age"], {"tags": {"$slice": 1}}, {"tags": {"$slice": [-1, 1]}},
        {"scores": {"$elemMatch": {"s": {"$gt": 4}}}}, {"at.city": 1}, {"double": {"$multiply": ["$age", 2]}},
    ]  # fmt: skip
    return [await attempt(rows(world.items.find({}, each).sort("_id"))) for each in projections]


@scenario
async def find_positional_projection(world: World) -> object:
    await _people(world)
    return await attempt(rows(world.items.find({"scores.s": {"$gt": 4}}, {"scores.$": 1}).sort("_id")))


@scenario
async def find_sort_skip_limit(world: World) -> object:
    await world.items.insert_many([{"_id": n, "a": n % 3, "b": -n} for n in range(30)])
    cursor = world.items.find({"a": {"$gt": 0}}).sort([("a", DESCENDING), ("b", ASCENDING)]).skip(3).limit(7)
    negative = await rows(world.items.find({}, {"_id": 1}).sort("_id").limit(-4))
    return {"page": await rows(cursor), "one batch": negative}


@scenario
async def find_with_collation(world: World) -> object:
    await _people(world)
    loose = Collation("en", strength=1)
    found = await attempt(rows(world.items.find({"name": "ADA"}, {"name": 1}, collation=loose).sort("_id")))
    ordered = await attempt(rows(world.items.find({}, {"name": 1}).sort("name").collation(Collation("en"))))
    return {"found": found, "ordered": ordered}


@scenario
async def find_with_hints(world: World) -> object:
    await _people(world)
    await world.items.create_index("age")
    by_name = await rows(world.items.find({"age": {"$gt": 20}}, {"_id": 1}).hint("age_1").sort("_id"))
    by_keys = await rows(world.items.find({"age": 17}, {"_id": 1}, hint=[("age", 1)]))
    unknown = await attempt(rows(world.items.find({"age": 17}, hint="missing")))
    return {"by name": by_name, "by keys": by_keys, "unknown": unknown}


@scenario
async def find_with_bounds(world: World) -> object:
    await world.items.insert_many([{"_id": n, "n": n} for n in range(10)])
    await world.items.create_index("n")
    bounded = world.items.find({}, hint="n_1", min=[("n", 3)], max=[("n", 6)])
    return await attempt(rows(bounded))


@scenario
async def find_with_every_option(world: World) -> object:
    await _people(world)
    return await rows(
        world.items.find(
            {"age": {"$gt": 1}}, {"_id": 1}, sort=[("age", 1)], skip=1, limit=5, batch_size=2, comment={"by": "test"},
            max_time_ms=20_000, allow_disk_use=True, no_cursor_timeout=False, allow_partial_results=True,
        )
    )  # fmt: skip


@scenario
async def find_return_key_and_record_id(world: World) -> object:
    await world.items.insert_many([{"_id": n, "n": n} for n in range(3)])
    keys = await attempt(rows(world.items.find({"_id": 1}, return_key=True)))
    with_record = await attempt(rows(world.items.find({"_id": 1}, show_record_id=True)))
    return {"keys": keys, "record": [sorted(row) for row in with_record]}


@scenario
async def find_one_forms(world: World) -> object:
    await _people(world)
    return [
        await world.items.find_one(2),
        await world.items.find_one({"age": 52}, {"name": 1}),
        await world.items.find_one({"age": 99}),
        await world.items.find_one({}, sort=[("_id", -1)]),
    ]


@scenario
async def find_with_javascript_left_out(world: World) -> object:
    """Text that only looks like JavaScript or like commands is data."""
    document = {"_id": 1, "text": "$where", "$db": "x", "odd": {"$lookup": {"from": {"db": "admin", "coll": "x"}}}}
    await world.items.insert_one(document)
    return await world.items.find_one({"text": "$where"})


@scenario
async def count_and_distinct(world: World) -> object:
    await _people(world)
    return {
        "all": await world.items.count_documents({}),
        "some": await world.items.count_documents({"tags": "code"}, skip=1, limit=5),
        "estimated": await world.items.estimated_document_count(),
        "distinct": sorted(await world.items.distinct("tags")),
        "filtered": await world.items.distinct("at.city", {"age": {"$gt": 1}}),
        "command": await world.db.command("count", "items", query={"age": {"$gt": 20}}),
        "none": await world.db.missing.count_documents({}),
    }


@scenario
async def find_near(world: World) -> object:
    places = [{"_id": n, "where": {"type": "Point", "coordinates": [n / 100, 50.0]}} for n in range(5)]
    await world.items.insert_many(places)
    created = await attempt(world.items.create_index([("where", "2dsphere")]))
    here = {"type": "Point", "coordinates": [0.0, 50.0]}
    near = {"where": {"$near": {"$geometry": here, "$maxDistance": 1500}}}
    within = {"where": {"$geoWithin": {"$centerSphere": [[0.0, 50.0], 0.0003]}}}
    found = [await attempt(rows(world.items.find(each, {"_id": 1}))) for each in (near, within)]
    return {"index": created, "found": found}


@scenario
async def find_by_text(world: World) -> object:
    await world.items.insert_many([{"_id": 1, "text": "red green"}, {"_id": 2, "text": "green blue"}])
    created = await attempt(world.items.create_index([("text", "text")]))
    found = await attempt(rows(world.items.find({"$text": {"$search": "green -red"}}, {"_id": 1})))
    return {"index": created, "found": found}
