"""Aggregation pipelines."""

import datetime as dt
from typing import Any

from bson.son import SON
from pymongo.collation import Collation
from tests.drivers.plain import attempt
from tests.drivers.scenarios.orders import run, write_orders
from tests.drivers.scenarios.registry import World, rows, scenario


@scenario
async def group_and_sort(world: World) -> object:
    await write_orders(world)
    group = {
        "_id": "$who", "total": {"$sum": "$sum"}, "mean": {"$avg": "$sum"}, "least": {"$min": "$sum"},
        "most": {"$max": "$sum"}, "all": {"$push": "$_id"}, "first": {"$first": "$_id"}, "last": {"$last": "$_id"},
        "n": {"$count": {}}, "spread": {"$stdDevPop": "$sum"},
    }  # fmt: skip
    return await run(
        world, {"$match": {"sum": {"$gt": 0}}}, {"$sort": {"_id": 1}}, {"$group": group}, {"$sort": {"_id": 1}}
    )


@scenario
async def group_with_top_and_sets(world: World) -> object:
    await write_orders(world)
    top = {"$topN": {"n": 2, "sortBy": {"sum": -1}, "output": "$_id"}}
    group = {
        "_id": "$who",
        "top": top,
        "best": {"$maxN": {"n": 2, "input": "$sum"}},
        "merged": {"$mergeObjects": {"w": "$who"}},
    }
    return await run(world, {"$group": group}, {"$sort": {"_id": 1}})


@scenario
async def expressions_on_text(world: World) -> object:
    await world.db.orders.insert_one({"_id": 1, "s": "Grüße, Ada Lovelace"})
    shape = {
        "upper": {"$toUpper": "$s"}, "length": {"$strLenCP": "$s"}, "bytes": {"$strLenBytes": "$s"},
        "parts": {"$split": ["$s", " "]}, "piece": {"$substrCP": ["$s", 0, 5]}, "at": {"$indexOfCP": ["$s", "Ada"]},
        "found": {"$regexFind": {"input": "$s", "regex": "L(\\w+)"}}, "trim": {"$trim": {"input": "  x "}},
        "joined": {"$concat": ["$s", "!"]},
        "swapped": {"$replaceOne": {"input": "$s", "find": "Ada", "replacement": "A."}},
    }  # fmt: skip
    return await run(world, {"$project": shape})


@scenario
async def expressions_on_dates(world: World) -> object:
    await world.db.orders.insert_one({"_id": 1, "d": dt.datetime(2020, 2, 29, 23, 59, 58, tzinfo=dt.UTC)})
    shape = {
        "year": {"$year": "$d"}, "week": {"$isoWeek": "$d"}, "day": {"$dayOfYear": "$d"},
        "text": {"$dateToString": {"date": "$d", "format": "%Y-%m-%dT%H:%M:%S"}},
        "added": {"$dateAdd": {"startDate": "$d", "unit": "month", "amount": 12}},
        "cut": {"$dateTrunc": {"date": "$d", "unit": "month"}}, "parts": {"$dateToParts": {"date": "$d"}},
        "diff": {"$dateDiff": {"startDate": "$d", "endDate": dt.datetime(2021, 1, 1, tzinfo=dt.UTC), "unit": "day"}},
    }  # fmt: skip
    return await run(world, {"$project": shape})


@scenario
async def expressions_on_arrays_and_conditions(world: World) -> object:
    await world.db.orders.insert_one({"_id": 1, "a": [3, 1, 2], "o": {"x": 1, "y": 2}})
    shape = {
        "mapped": {"$map": {"input": "$a", "as": "n", "in": {"$multiply": ["$$n", 2]}}},
        "kept": {"$filter": {"input": "$a", "cond": {"$gt": ["$$this", 1]}}},
        "sum": {"$reduce": {"input": "$a", "initialValue": 0, "in": {"$add": ["$$value", "$$this"]}}},
        "sorted": {"$sortArray": {"input": "$a", "sortBy": 1}}, "pairs": {"$objectToArray": "$o"},
        "zip": {"$zip": {"inputs": ["$a", ["x", "y", "z"]]}}, "in": {"$in": [3, "$a"]}, "size": {"$size": "$a"},
        "if": {"$cond": [{"$gt": [{"$size": "$a"}, 2]}, "many", "few"]}, "missing": {"$ifNull": ["$none", "nothing"]},
        "case": {"$switch": {"branches": [{"case": {"$eq": ["$o.x", 1]}, "then": "one"}], "default": "other"}},
        "let": {"$let": {"vars": {"v": "$o.y"}, "in": {"$pow": ["$$v", 3]}}},
    }  # fmt: skip
    return await run(world, {"$project": shape})


@scenario
async def conversions(world: World) -> object:
    await world.db.orders.insert_one({"_id": 1, "s": "12", "f": 2.7})
    shape = {
        "int": {"$toInt": "$s"}, "long": {"$toLong": "$s"}, "double": {"$toDouble": "$s"},
        "decimal": {"$toDecimal": "$s"},
        "text": {"$toString": "$f"}, "bool": {"$toBool": "$s"}, "type": {"$type": "$f"}, "cut": {"$trunc": "$f"},
        "bad": {"$convert": {"input": "x", "to": "int", "onError": "no number"}},
    }  # fmt: skip
    return [await run(world, {"$project": shape}), await run(world, {"$project": {"x": {"$toInt": "none"}}})]


@scenario
async def unwind(world: World) -> object:
    await write_orders(world)
    await world.db.orders.insert_one({"_id": 99, "items": []})
    kept = {"$unwind": {"path": "$items", "includeArrayIndex": "at", "preserveNullAndEmptyArrays": True}}
    return [
        await run(world, {"$unwind": "$items"}, {"$sortByCount": "$items.k"}),
        await run(world, kept, {"$sort": {"_id": 1, "at": 1}}),
    ]


@scenario
async def facet(world: World) -> object:
    await write_orders(world)
    facets = {
        "count": [{"$count": "n"}], "best": [{"$sort": {"sum": -1}}, {"$limit": 2}, {"$project": {"sum": 1}}],
        "who": [{"$group": {"_id": "$who", "n": {"$sum": 1}}}, {"$sort": {"_id": 1}}],
        "joined": [
            {"$limit": 1}, {"$lookup": {"from": "people", "localField": "who", "foreignField": "_id", "as": "p"}},
        ],
    }  # fmt: skip
    return await run(world, {"$sort": {"_id": 1}}, {"$facet": facets})


@scenario
async def buckets(world: World) -> object:
    await write_orders(world)
    fixed = {"groupBy": "$sum", "boundaries": [0, 30, 60], "default": "more", "output": {"ids": {"$push": "$_id"}}}
    return [
        await run(world, {"$bucket": fixed}),
        await run(world, {"$bucketAuto": {"groupBy": "$sum", "buckets": 3}}),
    ]


@scenario
async def window_fields(world: World) -> object:
    await write_orders(world)
    output = {
        "running": {"$sum": "$sum", "window": {"documents": ["unbounded", "current"]}},
        "rank": {"$rank": {}}, "before": {"$shift": {"output": "$sum", "by": -1, "default": None}},
        "mean": {"$avg": "$sum", "window": {"documents": [-1, 1]}},
    }  # fmt: skip
    stage = {"partitionBy": "$who", "sortBy": {"sum": 1}, "output": output}
    return await run(world, {"$setWindowFields": stage}, {"$project": {"items": 0}}, {"$sort": {"_id": 1}})


@scenario
async def densify_and_fill(world: World) -> object:
    await world.db.orders.insert_many([{"_id": n, "t": n * 2, "v": n} for n in (1, 3, 4)])
    densify = {"$densify": {"field": "t", "range": {"step": 2, "bounds": "full"}}}
    fill = {"$fill": {"sortBy": {"t": 1}, "output": {"v": {"method": "locf"}}}}
    return [await run(world, densify, {"$sort": {"t": 1}}), await run(world, densify, fill, {"$sort": {"t": 1}})]


@scenario
async def reshaping(world: World) -> object:
    await write_orders(world)
    return await run(
        world, {"$match": {"_id": {"$lt": 3}}}, {"$addFields": {"deep": {"in": "$sum"}}}, {"$set": {"x": 1}},
        {"$unset": ["items", "who"]}, {"$replaceRoot": {"newRoot": {"$mergeObjects": ["$$ROOT", "$deep"]}}},
        {"$redact": {"$cond": [{"$eq": ["$_id", 1]}, "$$PRUNE", "$$KEEP"]}},
        {"$sort": SON([("_id", -1)])}, {"$skip": 0},
    )  # fmt: skip


@scenario
async def sample_and_limit(world: World) -> object:
    await write_orders(world)
    return [
        len(await run(world, {"$sample": {"size": 4}})),
        await run(world, {"$sort": {"_id": 1}}, {"$limit": 1}, {"$project": {"sum": 1}}),
    ]


@scenario
async def geo_near(world: World) -> object:
    await world.items.insert_many(
        [{"_id": n, "where": {"type": "Point", "coordinates": [n / 100, 50.0]}} for n in range(4)]
    )
    await attempt(world.items.create_index([("where", "2dsphere")]))
    near = {
        "near": {"type": "Point", "coordinates": [0.0, 50.0]},
        "distanceField": "far",
        "maxDistance": 2000,
        "spherical": True,
    }
    return await run(world, {"$geoNear": near}, {"$project": {"far": {"$round": ["$far", 0]}}}, on="items")


@scenario
async def documents_stage(world: World) -> object:
    stages = [{"$documents": [{"n": 1}, {"n": 2}]}, {"$match": {"n": {"$gt": 1}}}]
    return await attempt(rows(world.db.aggregate(stages)))


@scenario
async def aggregate_with_options(world: World) -> object:
    await write_orders(world)
    await world.db.orders.create_index("who")
    match = {"$match": {"who": 1}}
    sort = {"$sort": {"_id": 1}}
    return [
        await run(
            world,
            match,
            sort,
            {"$project": {"_id": 1}},
            hint="who_1",
            batchSize=1,
            comment="c",
            allowDiskUse=True,
            maxTimeMS=20_000,
        ),
        await run(world, {"$match": {"$expr": {"$eq": ["$who", "$$w"]}}}, sort, {"$project": {"_id": 1}}, let={"w": 2}),
        await run(world, {"$match": {"name": "ADA"}}, on="people", collation=Collation("en", strength=2)),
        await run(world, match, hint="missing"),
    ]


@scenario
async def aggregate_in_batches(world: World) -> object:
    await world.items.insert_many([{"_id": n} for n in range(250)])
    found = await run(
        world, {"$sort": {"_id": 1}}, {"$project": {"twice": {"$multiply": ["$_id", 2]}}}, on="items", batchSize=40
    )
    return [len(found), found[0], found[-1]]


@scenario
async def aggregate_errors(world: World) -> object:
    await write_orders(world)
    return [
        await run(world, {"$project": {"x": {"$divide": ["$sum", 0]}}}),
        await run(world, {"$group": {"total": {"$sum": 1}}}),
        await run(world, {"$project": {"x": {"$noSuch": 1}}}),
        await run(world, {"$limit": -1}),
        await run(world, {"$facet": {"a": [{"$out": "x"}]}}),
        await run(world, {"$out": "x"}, {"$match": {}}),
        await run(world, {"$lookup": {"from": "people"}}),
    ]


def _planned(plan: Any) -> Any:
    """Keep of an explanation what does not depend on time."""
    if isinstance(plan, list):
        return [_planned(each) for each in plan]
    if not isinstance(plan, dict):
        return plan
    changing = (
        "Millis",
        "timeMillis",
        "Micros",
        "planCacheKey",
        "planCacheShapeHash",
        "queryHash",
        "queryShapeHash",
        "optimizationTime",
    )
    return {key: _planned(value) for key, value in plan.items() if not any(word in key for word in changing)}


@scenario
async def explain(world: World) -> object:
    await write_orders(world)
    await world.db.orders.create_index("who")
    pipeline = {"aggregate": "orders", "pipeline": [{"$match": {"who": 1}}], "cursor": {}}
    update = {"update": "orders", "updates": [{"q": {"who": 1}, "u": {"$set": {"x": 1}}}]}
    return [
        _planned(await attempt(world.db.orders.find({"who": 1}).sort("sum").explain())),
        _planned(await attempt(world.db.command("explain", pipeline, verbosity="queryPlanner"))),
        _planned(await attempt(world.db.command("explain", update, verbosity="queryPlanner"))),
        await world.db.orders.count_documents({"x": 1}),
    ]
