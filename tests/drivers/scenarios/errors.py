"""What errors look like: apps act on codes, labels and details."""

from decimal import Decimal
from typing import Any

from bson import Int64
from tests.drivers.plain import attempt
from tests.drivers.scenarios.registry import World, rows, scenario


@scenario
async def errors_of_duplicates(world: World) -> object:
    await world.items.create_index([("a", 1), ("b.c", -1)], unique=True, name="own name")
    await world.items.insert_one({"_id": {"x": 1}, "a": "text", "b": {"c": 5}})
    return [
        await attempt(world.items.insert_one({"_id": {"x": 1}})),
        await attempt(world.items.insert_one({"_id": 2, "a": "text", "b": {"c": 5}})),
        await attempt(world.items.insert_many([{"_id": n} for n in (5, 6, 5)] + [{"_id": 6}], ordered=False)),
    ]


@scenario
async def errors_of_updates(world: World) -> object:
    await world.items.insert_one({"_id": 1, "text": "x", "a": [1]})
    updates: list[Any] = [
        {"$set": {"_id": 2}}, {"$inc": {"text": 1}}, {"$push": {"text": 1}}, {"$noSuch": {"a": 1}},
        {"$set": {"a.b": 1}},
        {"$set": {"x": 1, "x.y": 2}}, {"$rename": {"text": "text"}}, {"$pop": {"a": 5}}, {"$set": {"z.$[none]": 1}},
    ]  # fmt: skip
    return [await attempt(world.items.update_one({"_id": 1}, update)) for update in updates]


@scenario
async def errors_of_queries(world: World) -> object:
    await world.items.insert_one({"_id": 1})
    filters: list[Any] = [
        {"a": {"$noSuch": 1}}, {"$noSuch": []}, {"$or": []}, {"a": {"$in": 5}}, {"a": {"$regex": "("}},
        {"a": {"$type": "odd"}},
        {"a": {"$size": "x"}}, {"a": {"$mod": [0, 1]}}, {"a": {"$elemMatch": 5}}, {"$expr": {"$noSuch": 1}},
    ]  # fmt: skip
    return [await attempt(world.items.find_one(each)) for each in filters]


@scenario
async def errors_of_projections_and_sorts(world: World) -> object:
    await world.items.insert_one({"_id": 1, "a": 1})
    return [
        await attempt(world.items.find_one({}, {"a": 1, "b": 0})),
        await attempt(world.items.find_one({}, {"a": {"$noSuch": 1}})),
        await attempt(world.db.command("find", "items", sort={"a": 5})),
        await attempt(world.db.command("find", "items", limit=-5)),
        await attempt(world.db.command("find", "items", batchSize=-1)),
    ]


@scenario
async def errors_of_commands(world: World) -> object:
    await world.items.insert_one({"_id": 1})
    commands: list[dict[str, Any]] = [
        {"find": "items", "filter": 5}, {"insert": "items", "documents": []}, {"insert": "items"},
        {"update": "items", "updates": [{}]},
        {"aggregate": "items", "pipeline": [{"$match": {}}]}, {"delete": "items", "deletes": [{"q": {}, "limit": 7}]},
        {"findAndModify": "items", "query": {}}, {"distinct": "items"},
        {"createIndexes": "items", "indexes": [{"key": {"a": 1}}]}, {"getMore": Int64(123), "collection": "items"},
        {"renameCollection": f"{world.name}.none", "to": f"{world.name}.other"},
    ]  # fmt: skip
    return [await attempt(world.db.command(command)) for command in commands]


@scenario
async def errors_that_the_driver_finds(world: World) -> object:
    return [
        await attempt(world.items.insert_one({"_id": 1, "no BSON": object()})),
        await attempt(world.items.insert_one({"_id": 1, "n": Decimal(1)})),
        await attempt(world.items.update_one({"_id": 1}, {"a": 1})),
        await attempt(world.items.insert_many([])),
    ]


@scenario
async def errors_of_time(world: World) -> object:
    await world.items.insert_many([{"_id": n} for n in range(20)])
    return [
        await attempt(rows(world.items.find({}, max_time_ms=-1))),
        (await attempt(world.db.command("find", "items", maxTimeMS="soon")))["code"],
        await attempt(world.db.command("find", "items", maxTimeMS=20_000)) is not None,
    ]
