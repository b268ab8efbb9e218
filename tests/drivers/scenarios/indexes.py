"""Indexes."""

import datetime as dt
from typing import Any

from pymongo import ASCENDING, DESCENDING, HASHED, IndexModel
from pymongo.collation import Collation
from tests.drivers.plain import attempt
from tests.drivers.scenarios.registry import World, rows, scenario


async def _listed(world: World) -> list[Any]:
    return sorted(await rows(world.items.list_indexes()), key=lambda index: index["name"])


@scenario
async def index_create_list_drop(world: World) -> object:
    made = [
        await world.items.create_index("a"),
        await world.items.create_index([("b", ASCENDING), ("c", DESCENDING)], name="own name"),
        await world.items.create_indexes([IndexModel("d", unique=True), IndexModel([("e", 1)], sparse=True)]),
        await world.items.create_index("a"),
    ]
    listed = await _listed(world)
    await world.items.drop_index("a_1")
    await world.items.drop_index([("d", 1)])
    return [made, listed, await _listed(world), sorted(await world.items.index_information())]


@scenario
async def index_drop_all_and_errors(world: World) -> object:
    await world.items.create_index("a")
    await world.items.drop_indexes()
    return [
        await _listed(world),
        await attempt(world.items.drop_index("a_1")),
        await attempt(world.items.drop_index("_id_")),
        await attempt(rows(world.db.missing.list_indexes())),
        await attempt(world.items.create_index([])),
    ]


@scenario
async def index_conflicts(world: World) -> object:
    await world.items.create_index("a", name="one")
    return [
        await attempt(world.items.create_index("a", name="two")),
        await attempt(world.items.create_index("b", name="one")),
        await attempt(world.items.create_index("a", name="one", unique=True)),
        await attempt(world.items.create_index([("a", "sideways")])),
    ]


@scenario
async def index_unique_violation(world: World) -> object:
    await world.items.create_index([("a", 1), ("b", 1)], unique=True)
    await world.items.insert_one({"_id": 1, "a": 1, "b": "x"})
    return [
        await attempt(world.items.insert_one({"_id": 2, "a": 1, "b": "x"})),
        await attempt(world.items.insert_one({"_id": 3, "a": 1, "b": "y"})),
        await attempt(world.items.update_one({"_id": 3}, {"$set": {"b": "x"}})),
        await attempt(world.items.replace_one({"_id": 3}, {"a": 1, "b": "x"})),
        await attempt(world.items.find_one_and_update({"_id": 3}, {"$set": {"b": "x"}})),
        await attempt(world.items.update_one({"_id": 4}, {"$set": {"a": 1, "b": "x"}}, upsert=True)),
    ]


@scenario
async def index_unique_over_duplicates(world: World) -> object:
    await world.items.insert_many([{"_id": 1, "a": 1}, {"_id": 2, "a": 1}])
    return [(await attempt(world.items.create_index("a", unique=True)))["code"], await _listed(world)]


@scenario
async def index_partial_and_sparse(world: World) -> object:
    await world.items.create_index("a", unique=True, partialFilterExpression={"live": True})
    await world.items.create_index("s", unique=True, sparse=True)
    await world.items.insert_many([{"_id": 1, "a": 1, "live": True}, {"_id": 2, "a": 1, "live": False}])
    return [
        await attempt(world.items.insert_one({"_id": 3, "a": 1, "live": True})),
        await attempt(world.items.insert_one({"_id": 4, "a": 1})),
        await _listed(world),
    ]


@scenario
async def index_of_limited_life(world: World) -> object:
    await world.items.create_index("at", expireAfterSeconds=3600)
    await world.items.insert_one({"_id": 1, "at": dt.datetime.now(dt.UTC)})
    change = {"keyPattern": {"at": 1}, "expireAfterSeconds": 7200}
    changed = await attempt(world.db.command("collMod", "items", index=change))
    return [changed, await _listed(world), await world.items.count_documents({})]


@scenario
async def index_hidden(world: World) -> object:
    await world.items.create_index("a", hidden=True)
    hidden = await _listed(world)
    shown = await attempt(world.db.command("collMod", "items", index={"name": "a_1", "hidden": False}))
    return [hidden, shown, await _listed(world)]


@scenario
async def index_kinds(world: World) -> object:
    made = [
        await attempt(world.items.create_index([("$**", 1)])),
        await attempt(world.items.create_index([("h", HASHED)])),
        await attempt(world.items.create_index([("t", "text")], default_language="none")),
        await attempt(world.items.create_index([("w", "2dsphere")])),
        await attempt(world.items.create_index("c", collation=Collation("en", strength=2))),
        await attempt(world.items.create_index("proj.$**", wildcardProjection={"x": 1})),
    ]
    return [made, await attempt(_listed(world))]


@scenario
async def index_over_arrays(world: World) -> object:
    await world.items.create_index([("tags", 1), ("n", 1)])
    await world.items.insert_many([{"_id": n, "tags": [n, n + 1], "n": n} for n in range(5)])
    found = await rows(world.items.find({"tags": 3}, {"_id": 1}, hint="tags_1_n_1").sort("_id"))
    both = await attempt(world.items.insert_one({"_id": 9, "tags": [1], "n": [1, 2]}))
    return [found, both]


@scenario
async def index_commands(world: World) -> object:
    created = await world.db.command("createIndexes", "items", indexes=[{"key": {"a": 1}, "name": "a"}])
    again = await world.db.command("createIndexes", "items", indexes=[{"key": {"a": 1}, "name": "a"}])
    dropped = await world.db.command("dropIndexes", "items", index="a")
    return [created, again, dropped]


@scenario
async def index_for_search(world: World) -> object:
    await world.items.insert_one({"_id": 1})
    return [
        await attempt(world.items.create_search_index({"definition": {"mappings": {"dynamic": True}}, "name": "s"})),
        await attempt(rows(world.items.list_search_indexes())),
    ]
