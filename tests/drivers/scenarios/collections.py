"""Collections, views, validators, and what lists them."""

from typing import Any

from tests.drivers.plain import attempt
from tests.drivers.scenarios.registry import World, rows, scenario

NEEDS_NAME = {
    "$jsonSchema": {
        "bsonType": "object",
        "required": ["name"],
        "properties": {"age": {"bsonType": "int", "minimum": 0}},
    }
}


async def _names(world: World) -> list[str]:
    return sorted(await world.db.list_collection_names())


@scenario
async def collection_create_and_drop(world: World) -> object:
    await world.db.create_collection("plain")
    again = await attempt(world.db.create_collection("plain"))
    by_command = await attempt(world.db.command("create", "plain"))
    await world.db.drop_collection("plain")
    missing = await attempt(world.db.command("drop", "plain"))
    return [again, by_command, missing, await _names(world)]


@scenario
async def collection_list(world: World) -> object:
    await world.db.create_collection("one")
    await world.db.create_collection("two", validator={"a": 1}, validationLevel="moderate", validationAction="warn")
    await world.db.command("create", "three", viewOn="one", pipeline=[{"$match": {"n": 1}}])
    everything = await rows(world.db.list_collections())
    named = await world.db.command("listCollections", nameOnly=True, authorizedCollections=True)
    return {
        "all": sorted(everything, key=lambda each: each["name"]),
        "filtered": await rows(world.db.list_collections(filter={"name": "two"})),
        "views": await rows(world.db.list_collections(filter={"type": "view"})),
        "names": sorted(each["name"] for each in named["cursor"]["firstBatch"]),
        "options": await world.db.two.options(),
    }


@scenario
async def collection_list_in_batches(world: World) -> object:
    for number in range(12):
        await world.db.create_collection(f"c{number:02}")
    return [
        await _names(world),
        await world.db.command("listCollections", cursor={"batchSize": 3}, nameOnly=True) is not None,
    ]


@scenario
async def database_list_has_the_own_one(world: World) -> object:
    """The one place where results differ on purpose: through the broker there is nothing but one's own."""
    await world.items.insert_one({"_id": 1})
    names = await world.client.list_database_names()
    infos = await rows(world.client.list_databases(filter={"name": world.name}))
    return [world.name in names, [sorted(each) for each in infos], [each["name"] for each in infos]]


@scenario
async def collection_rename(world: World) -> object:
    await world.db.one.insert_one({"_id": 1})
    await world.db.taken.insert_one({"_id": 2})
    return [
        await attempt(world.db.one.rename("taken")),
        await attempt(world.db.one.rename("other")),
        await attempt(world.db.other.rename("taken", dropTarget=True)),
        await attempt(world.db.missing.rename("x")),
        await attempt(world.db.taken.rename("")),
        await _names(world),
        await rows(world.db.taken.find({})),
    ]


@scenario
async def collection_capped(world: World) -> object:
    await world.db.create_collection("capped", capped=True, size=100_000, max=3)
    for number in range(5):
        await world.db.capped.insert_one({"_id": number})
    kept = await rows(world.db.capped.find({}).sort("$natural", -1))
    return [
        kept,
        await world.db.capped.options(),
        await attempt(world.db.command("convertToCapped", "capped", size=50_000)),
    ]


@scenario
async def collection_validator(world: World) -> object:
    await world.db.create_collection("items", validator=NEEDS_NAME)
    return [
        await attempt(world.items.insert_one({"_id": 1, "name": "Ada", "age": 3})),
        await attempt(world.items.insert_one({"_id": 2, "age": -3})),
        await attempt(world.items.insert_many([{"_id": 3, "name": "b"}, {"_id": 4}, {"_id": 5, "name": "c"}])),
        await attempt(world.items.update_one({"_id": 1}, {"$set": {"age": -1}})),
        await attempt(world.items.update_one({"_id": 1}, {"$unset": {"name": 1}})),
        await attempt(world.items.find_one_and_replace({"_id": 1}, {"age": 1})),
        await attempt(world.items.insert_one({"_id": 6}, bypass_document_validation=True)),
        [row["_id"] for row in await rows(world.items.find({}).sort("_id"))],
    ]


@scenario
async def collection_validator_changes(world: World) -> object:
    await world.items.insert_one({"_id": 1})
    added = await attempt(world.db.command("collMod", "items", validator=NEEDS_NAME, validationLevel="moderate"))
    return [
        added,
        await attempt(world.items.update_one({"_id": 1}, {"$set": {"x": 1}})),
        await attempt(world.items.insert_one({"_id": 2})),
        await attempt(world.db.command("collMod", "items", validationAction="warn")),
        await attempt(world.items.insert_one({"_id": 3})),
        await attempt(world.db.command("collMod", "items", validator={})),
        await attempt(world.db.command("collMod", "missing", validator={})),
        (await attempt(world.db.command("collMod", "items", unknownOption=1)))["code"],
    ]


@scenario
async def view(world: World) -> object:
    await world.items.insert_many([{"_id": n, "n": n, "who": n % 2} for n in range(6)])
    await world.db.people.insert_many([{"_id": 0, "name": "Ada"}, {"_id": 1, "name": "Bob"}])
    lookup = {"$lookup": {"from": "people", "localField": "who", "foreignField": "_id", "as": "who"}}
    await world.db.create_collection("v", viewOn="items", pipeline=[{"$match": {"n": {"$gt": 2}}}, lookup])
    await world.db.create_collection("v2", viewOn="v", pipeline=[{"$project": {"n": 1}}])
    changed = {"pipeline": [{"$match": {"n": 0}}], "viewOn": "items"}
    return [
        await rows(world.db.v.find({}).sort("_id")),
        await rows(world.db.v2.find({"n": {"$lt": 5}}, sort=[("_id", 1)])),
        await world.db.v.count_documents({"n": 4}),
        await rows(world.db.v.aggregate([{"$sort": {"_id": -1}}, {"$limit": 1}])),
        await world.db.v2.distinct("n"),
        await attempt(world.db.v.insert_one({"_id": 9})),
        await attempt(world.db.command("collMod", "v2", **changed)),
        await rows(world.db.v2.find({})),
        await attempt(world.db.command("drop", "v")),
        await _names(world),
    ]


@scenario
async def collection_kinds(world: World) -> object:
    """What not every server has: the same answer both ways is all that is asked."""
    clustered = {"key": {"_id": 1}, "unique": True}
    made: list[Any] = [
        await attempt(world.db.command("create", "series", timeseries={"timeField": "at", "metaField": "who"})),
        await attempt(world.db.command("create", "clustered", clusteredIndex=clustered)),
        await attempt(world.db.command("create", "collated", collation={"locale": "en", "strength": 2})),
        await attempt(world.db.command("create", "images", changeStreamPreAndPostImages={"enabled": True})),
        (await attempt(world.db.command("create", "odd", noSuchOption=1)))["code"],
    ]
    await world.db.collated.insert_one({"_id": "ADA"})
    return [made, await world.db.collated.find_one({"_id": "ada"}), await _names(world)]


@scenario
async def database_drop(world: World) -> object:
    await world.db.a.insert_one({})
    await world.db.b.insert_one({})
    await world.client.drop_database(world.name)
    empty = await _names(world)
    again = await attempt(world.db.command("dropDatabase"))
    return [empty, again]


@scenario
async def statistics(world: World) -> object:
    await world.items.insert_many([{"_id": n} for n in range(10)])
    await world.items.create_index("a")
    collection = await world.db.command("collStats", "items")
    database = await world.db.command("dbStats")
    kept = ("ns", "count", "nindexes", "capped", "ok")
    return [
        {key: collection.get(key) for key in kept},
        {key: database.get(key) for key in ("db", "collections", "objects", "indexes", "views", "ok")},
        sorted(collection), sorted(database),
    ]  # fmt: skip


@scenario
async def validate_command(world: World) -> object:
    await world.items.insert_many([{"_id": n} for n in range(10)])
    told = await attempt(world.db.command("validate", "items"))
    return [
        told.get("valid"),
        told.get("nrecords"),
        sorted(told),
        await attempt(world.db.command("validate", "missing")),
    ]


@scenario
async def names_that_are_not_allowed(world: World) -> object:
    return [
        (await attempt(world.db.command("create", "")))["code"],
        await attempt(world.db["a" * 250].insert_one({"_id": 1})),
        await attempt(world.db["with space"].insert_one({"_id": 1})),
        await attempt(world.db["ünïcode.with.dots"].insert_one({"_id": 1})),
        await _names(world),
    ]


@scenario
async def who_am_i(world: World) -> object:
    """What the broker answers itself has the same form."""
    build = await world.client.server_info()
    pinged = await world.client.admin.command("ping")
    hello = await world.client.admin.command("hello")
    kept = (
        "isWritablePrimary",
        "maxBsonObjectSize",
        "minWireVersion",
        "maxWireVersion",
        "readOnly",
    )
    status = await world.client.admin.command("connectionStatus")
    return [
        build["version"],
        build["versionArray"],
        pinged["ok"],
        {key: hello.get(key) for key in kept},
        len(status["authInfo"]["authenticatedUsers"]),
    ]
