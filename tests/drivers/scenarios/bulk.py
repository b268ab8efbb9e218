"""Many writes at a time: on a collection, and on a client."""

from typing import Any

from pymongo import DeleteMany, DeleteOne, InsertOne, ReplaceOne, UpdateMany, UpdateOne, WriteConcern
from pymongo.collation import Collation
from tests.drivers.plain import attempt
from tests.drivers.scenarios.registry import World, rows, scenario


async def _all(world: World, collection: str = "items") -> list[Any]:
    return await rows(world.db[collection].find({}).sort("_id"))


@scenario
async def bulk_write_every_kind(world: World) -> object:
    await world.items.insert_many([{"_id": n, "n": n} for n in range(5)])
    done = await world.items.bulk_write(
        [
            InsertOne({"_id": 10}),
            UpdateOne({"_id": 1}, {"$set": {"u": 1}}),
            UpdateMany({"n": {"$gte": 2}}, {"$inc": {"n": 1}}),
            ReplaceOne({"_id": 0}, {"r": 1}),
            UpdateOne({"_id": 20}, {"$set": {"n": 1}}, upsert=True),
            ReplaceOne({"_id": 21}, {"n": 1}, upsert=True),
            DeleteOne({"_id": 4}),
            DeleteMany({"n": 4}),
        ]
    )
    return [done.bulk_api_result, await _all(world)]


@scenario
async def bulk_write_ordered_stops_at_an_error(world: World) -> object:
    operations = [InsertOne({"_id": 1}), InsertOne({"_id": 1}), UpdateOne({"_id": 1}, {"$set": {"n": 1}})]
    return [await attempt(world.items.bulk_write(operations)), await _all(world)]


@scenario
async def bulk_write_unordered_collects_errors(world: World) -> object:
    await world.items.create_index("n", unique=True)
    operations = [
        InsertOne({"_id": 1, "n": 1}), InsertOne({"_id": 1, "n": 2}), InsertOne({"_id": 3, "n": 1}),
        UpdateOne({"_id": 1}, {"$bad": {"n": 1}}), DeleteOne({"_id": 1}), InsertOne({"_id": 4, "n": 4}),
    ]  # fmt: skip
    return [await attempt(world.items.bulk_write(operations, ordered=False)), await _all(world)]


@scenario
async def bulk_write_with_options(world: World) -> object:
    await world.items.insert_many([{"_id": n, "name": name, "a": [1, 2]} for n, name in enumerate(["ann", "ANN"])])
    await world.items.create_index("name")
    done = await attempt(
        world.items.bulk_write(
            [
                UpdateOne({"name": "ann"}, {"$set": {"a.$[x]": 9}}, array_filters=[{"x": 2}], hint="name_1"),
                UpdateMany({"name": "ann"}, {"$set": {"c": 1}}, collation=Collation("en", strength=2)),
                DeleteOne({"name": "ANN"}, hint=[("name", 1)]),
            ],
            comment="all at once",
        )
    )
    return [done, await _all(world)]


@scenario
async def bulk_write_with_let(world: World) -> object:
    await world.items.insert_many([{"_id": n, "n": n} for n in range(3)])
    operations = [UpdateMany({"$expr": {"$gt": ["$n", "$$least"]}}, {"$set": {"big": True}})]
    return [await attempt(world.items.bulk_write(operations, let={"least": 0})), await _all(world)]


@scenario
async def bulk_write_in_several_messages(world: World) -> object:
    operations = [InsertOne({"_id": n, "n": 0}) for n in range(150)]
    operations += [UpdateOne({"_id": n}, {"$inc": {"n": 1}}) for n in range(0, 150, 3)]  # type: ignore[arg-type]
    done = await world.items.bulk_write(operations, ordered=False)
    return [done.bulk_api_result, await world.items.count_documents({"n": 1})]


@scenario
async def bulk_write_with_nothing_in_it(world: World) -> object:
    return [await attempt(world.items.bulk_write([])), await attempt(world.client.bulk_write([]))]


@scenario
async def bulk_write_without_validation(world: World) -> object:
    await world.db.create_collection("items", validator={"n": {"$gt": 0}})
    refused = await attempt(world.items.bulk_write([InsertOne({"_id": 1, "n": 0})]))
    passed = await attempt(world.items.bulk_write([InsertOne({"_id": 2, "n": 0})], bypass_document_validation=True))
    return [refused, passed, await _all(world)]


def _client_operations(world: World) -> list[Any]:
    a, b = f"{world.name}.a", f"{world.name}.b"
    return [
        InsertOne({"_id": 1, "n": 1}, namespace=a),
        InsertOne({"_id": 2, "n": 2}, namespace=b),
        UpdateOne({"_id": 1}, {"$inc": {"n": 5}}, namespace=a),
        UpdateOne({"_id": 3}, {"$set": {"n": 3}}, upsert=True, namespace=b),
        ReplaceOne({"_id": 2}, {"r": 1}, namespace=b),
        UpdateMany({}, {"$set": {"m": 1}}, namespace=b),
        DeleteOne({"_id": 3}, namespace=b),
        DeleteMany({"_id": {"$gt": 100}}, namespace=a),
    ]


@scenario
async def client_bulk_write(world: World) -> object:
    done = await attempt(world.client.bulk_write(_client_operations(world)))
    return [done, await _all(world, "a"), await _all(world, "b")]


@scenario
async def client_bulk_write_verbose(world: World) -> object:
    return await attempt(world.client.bulk_write(_client_operations(world), verbose_results=True))


@scenario
async def client_bulk_write_errors(world: World) -> object:
    namespace = f"{world.name}.items"
    operations = [InsertOne({"_id": n}, namespace=namespace) for n in (1, 1, 2, 2, 3)]
    ordered = await attempt(world.client.bulk_write(operations, verbose_results=True))
    unordered = await attempt(world.client.bulk_write(operations, ordered=False))
    return [ordered, unordered, await _all(world)]


@scenario
async def client_bulk_write_in_several_messages(world: World) -> object:
    names = [f"{world.name}.c{n % 4}" for n in range(240)]
    operations = [InsertOne({"_id": n, "text": "x" * 50}, namespace=name) for n, name in enumerate(names)]
    done = await attempt(world.client.bulk_write(operations, ordered=False, verbose_results=True))
    return [done, [await world.db[f"c{n}"].count_documents({}) for n in range(4)]]


@scenario
async def client_bulk_write_with_pipeline_and_let(world: World) -> object:
    namespace = f"{world.name}.items"
    operations = [
        InsertOne({"_id": 1, "n": 1}, namespace=namespace),
        UpdateOne({"_id": 1}, [{"$set": {"n": {"$add": ["$n", "$$more"]}}}], namespace=namespace),
        UpdateOne({"_id": 1}, {"$set": {"a": [1, 2]}}, namespace=namespace),
        UpdateOne({"_id": 1}, {"$set": {"a.$[x]": 7}}, array_filters=[{"x": 2}], namespace=namespace),
    ]
    return [await attempt(world.client.bulk_write(operations, let={"more": 4}, comment="hi")), await _all(world)]


@scenario
async def client_bulk_write_unacknowledged(world: World) -> object:
    operations = [InsertOne({"_id": n}, namespace=f"{world.name}.items") for n in range(3)]
    careless = {"ordered": False, "write_concern": WriteConcern(w=0)}
    done = await attempt(world.client.bulk_write(operations, **careless))
    await world.items.insert_one({"_id": "after"})
    return [done, await world.items.count_documents({})]
