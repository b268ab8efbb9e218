"""Pipelines over several collections: joins, unions, and those that write."""

from typing import Any

from tests.drivers.scenarios.orders import run, write_orders
from tests.drivers.scenarios.registry import World, rows, scenario


@scenario
async def lookup_by_fields(world: World) -> object:
    await write_orders(world)
    lookup = {"from": "people", "localField": "who", "foreignField": "_id", "as": "person"}
    return await run(world, {"$lookup": lookup}, {"$unwind": "$person"}, {"$sort": {"_id": 1}})


@scenario
async def lookup_by_pipeline(world: World) -> object:
    await write_orders(world)
    matching = [{"$match": {"$expr": {"$eq": ["$who", "$$person"]}}}, {"$sort": {"_id": 1}}, {"$limit": 2}]
    lookup = {"from": "orders", "let": {"person": "$_id"}, "pipeline": matching, "as": "orders"}
    free = {"from": "orders", "pipeline": [{"$count": "n"}], "as": "all"}
    sort = {"$sort": {"_id": 1}}
    return [await run(world, {"$lookup": each}, sort, on="people") for each in (lookup, free)]


@scenario
async def lookup_concise_and_nested(world: World) -> object:
    await write_orders(world)
    inner = {"$lookup": {"from": "people", "localField": "who", "foreignField": "_id", "as": "who"}}
    outer = {
        "from": "orders", "localField": "_id", "foreignField": "who", "as": "orders",
        "pipeline": [{"$match": {"sum": {"$gt": 30}}}, {"$sort": {"_id": 1}}, inner],
    }  # fmt: skip
    return await run(world, {"$lookup": outer}, {"$sort": {"_id": 1}}, on="people")


@scenario
async def lookup_in_nothing(world: World) -> object:
    await write_orders(world)
    lookup = {"from": "missing", "localField": "who", "foreignField": "_id", "as": "none"}
    return await run(world, {"$match": {"_id": 1}}, {"$lookup": lookup})


@scenario
async def graph_lookup(world: World) -> object:
    await write_orders(world)
    lookup = {
        "from": "people", "startWith": "$boss", "connectFromField": "boss", "connectToField": "_id", "as": "above",
        "depthField": "depth", "maxDepth": 5, "restrictSearchWithMatch": {"name": {"$ne": "Zed"}},
    }  # fmt: skip
    sort = {"$set": {"above": {"$sortArray": {"input": "$above", "sortBy": {"depth": 1}}}}}
    return await run(world, {"$graphLookup": lookup}, sort, {"$sort": {"_id": 1}}, on="people")


@scenario
async def union_with(world: World) -> object:
    await write_orders(world)
    short = {"$unionWith": "people"}
    long = {"$unionWith": {"coll": "orders", "pipeline": [{"$match": {"_id": {"$lt": 2}}}, {"$project": {"sum": 1}}]}}
    return [
        await run(world, {"$match": {"_id": 8}}, {"$project": {"sum": 1}}, short, {"$sort": {"_id": 1, "name": 1}}),
        await run(world, {"$project": {"name": 1}}, long, {"$sort": {"_id": 1, "sum": 1}}, on="people"),
    ]


@scenario
async def out_replaces_a_collection(world: World) -> object:
    await write_orders(world)
    await world.db.target.insert_one({"_id": "old"})
    plain_form = await run(world, {"$match": {"_id": {"$lt": 2}}}, {"$project": {"sum": 1}}, {"$out": "target"})
    first = await rows(world.db.target.find({}).sort("_id"))
    full_form = await run(
        world, {"$match": {"_id": 2}}, {"$project": {"sum": 1}}, {"$out": {"db": world.name, "coll": "target"}}
    )
    return [plain_form, first, full_form, await rows(world.db.target.find({}))]


@scenario
async def merge_in_every_mode(world: World) -> object:
    await write_orders(world)
    source = [{"$match": {"_id": {"$lt": 3}}}, {"$project": {"sum": 1}}]
    found: list[Any] = []
    for mode in ("replace", "keepExisting", "merge", [{"$set": {"sum": {"$add": ["$sum", "$$new.sum"]}}}]):
        await world.db.target.drop()
        await world.db.target.insert_one({"_id": 1, "old": True, "sum": 5})
        merge = {"into": "target", "on": "_id", "whenMatched": mode, "whenNotMatched": "insert"}
        found.append([await run(world, *source, {"$merge": merge}), await rows(world.db.target.find({}).sort("_id"))])
    return found


@scenario
async def merge_that_fails(world: World) -> object:
    await write_orders(world)
    await world.db.target.insert_one({"_id": 1})
    fail = {"into": {"db": world.name, "coll": "target"}, "whenMatched": "fail"}
    discard = {"into": "target", "whenMatched": "merge", "whenNotMatched": "discard"}
    missing = {"into": "target2", "whenNotMatched": "fail"}
    source = [{"$match": {"_id": {"$in": [1, 2]}}}, {"$project": {"sum": 1}}, {"$sort": {"_id": 1}}]
    return [await run(world, *source, {"$merge": each}) for each in (discard, fail, missing)] + [
        await rows(world.db.target.find({}).sort("_id"))
    ]
