"""Inserting, updating, replacing and deleting."""

from typing import Any

from bson import ObjectId
from pymongo import ReturnDocument
from pymongo.collation import Collation
from tests.drivers.plain import attempt
from tests.drivers.scenarios.registry import World, rows, scenario


async def _all(world: World) -> list[Any]:
    return await rows(world.items.find({}).sort("_id"))


@scenario
async def insert_one(world: World) -> object:
    given = await world.items.insert_one({"_id": "a", "n": 1}, comment="by a test")
    made = await world.items.insert_one({"n": 2})
    document: dict[str, Any] = {"n": 3}
    await world.items.insert_one(document)
    return [given, made, isinstance(document["_id"], ObjectId), await world.items.count_documents({})]


@scenario
async def insert_many_ordered_stops_at_an_error(world: World) -> object:
    documents = [{"_id": n} for n in (1, 2, 2, 3, 1, 4)]
    return [await attempt(world.items.insert_many(documents)), await _all(world)]


@scenario
async def insert_many_unordered_goes_on(world: World) -> object:
    documents = [{"_id": n} for n in (1, 2, 2, 3, 1, 4)]
    return [await attempt(world.items.insert_many(documents, ordered=False)), await _all(world)]


@scenario
async def insert_many_in_several_messages(world: World) -> object:
    """More than the broker takes in one command, so that the driver has to split it."""
    done = await world.items.insert_many([{"_id": n} for n in range(210)])
    return [len(done.inserted_ids), await world.items.count_documents({"_id": {"$gte": 0}})]


@scenario
async def insert_error_position_behind_a_split(world: World) -> object:
    documents = [{"_id": n} for n in range(110)] + [{"_id": 5}, {"_id": 200}]
    return [
        await attempt(world.items.insert_many(documents)),
        await attempt(world.items.insert_many([{"_id": 201}, *documents], ordered=False)),
        await world.items.count_documents({"_id": {"$gte": 109}}),
    ]


@scenario
async def update_field_operators(world: World) -> object:
    await world.items.insert_one({"_id": 1, "n": 5, "m": 2, "low": 3, "high": 3, "old": "x", "gone": 1})
    update = {
        "$set": {"s": "set", "deep.er": 1}, "$inc": {"n": -2}, "$mul": {"m": 2.5}, "$min": {"low": 1},
        "$max": {"high": 9}, "$rename": {"old": "new"}, "$unset": {"gone": ""}, "$setOnInsert": {"never": 1},
        "$currentDate": {"at": True, "stamp": {"$type": "timestamp"}},
    }  # fmt: skip
    return [await world.items.update_one({"_id": 1}, update), await _all(world)]


@scenario
async def update_array_operators(world: World) -> object:
    await world.items.insert_one({"_id": 1, "a": [3, 1], "set": [1], "pull": [1, 2, 3, 4], "pop": [1, 2, 3], "bits": 5})
    updates: list[dict[str, Any]] = [
        {"$push": {"a": {"$each": [2, 9], "$sort": 1, "$slice": 3, "$position": 0}}},
        {"$addToSet": {"set": {"$each": [1, 2]}}},
        {"$pull": {"pull": {"$gt": 2}}},
        {"$pullAll": {"pull": [1]}},
        {"$pop": {"pop": -1}},
        {"$bit": {"bits": {"and": 4}}},
    ]
    return [[await world.items.update_one({"_id": 1}, update) for update in updates], await _all(world)]


@scenario
async def update_positions(world: World) -> object:
    await world.items.insert_many([{"_id": n, "marks": [n, 5, 9], "rows": [{"k": 1}, {"k": 2}]} for n in range(3)])
    first = await world.items.update_one({"_id": 1, "marks": 5}, {"$set": {"marks.$": 50}})
    every = await world.items.update_many({}, {"$inc": {"marks.$[]": 1}})
    some = await world.items.update_many(
        {}, {"$set": {"rows.$[row].seen": True}, "$inc": {"marks.$[big]": 100}},
        array_filters=[{"row.k": 2}, {"big": {"$gte": 10}}],
    )  # fmt: skip
    return [first, every, some, await _all(world)]


@scenario
async def update_by_pipeline(world: World) -> object:
    await world.items.insert_many([{"_id": n, "a": n, "b": 2} for n in range(3)])
    stages = [
        {"$set": {"sum": {"$add": ["$a", "$b"]}}},
        {"$unset": "b"},
        {"$replaceWith": {"$mergeObjects": ["$$ROOT", {"c": 1}]}},
    ]
    done = await world.items.update_many({"a": {"$gt": 0}}, stages)
    with_let = await attempt(world.items.update_one({"_id": 0}, [{"$set": {"a": "$$x"}}], let={"x": 7}))
    return [done, with_let, await _all(world)]


@scenario
async def update_many_and_nothing(world: World) -> object:
    await world.items.insert_many([{"_id": n, "n": n % 2} for n in range(6)])
    return [
        await world.items.update_many({"n": 1}, {"$set": {"n": 1}}),
        await world.items.update_many({"n": 1}, {"$set": {"n": 2}}),
        await world.items.update_one({"_id": 99}, {"$set": {"n": 2}}),
        await _all(world),
    ]


@scenario
async def upserts(world: World) -> object:
    made = await world.items.update_one(
        {"_id": "k", "of": "x"}, {"$set": {"n": 1}, "$setOnInsert": {"new": True}}, upsert=True
    )
    again = await world.items.update_one({"_id": "k"}, {"$setOnInsert": {"new": False}}, upsert=True)
    own_id = await world.items.update_one({"of": "y"}, {"$set": {"n": 2}}, upsert=True)
    replaced = await world.items.replace_one({"_id": "r"}, {"n": 3}, upsert=True)
    return [made, again, isinstance(own_id.upserted_id, ObjectId), replaced, await world.items.count_documents({})]


@scenario
async def update_with_hint_collation_and_sort(world: World) -> object:
    await world.items.insert_many([{"_id": n, "name": name, "n": n} for n, name in enumerate(["ANN", "ann", "Bob"])])
    await world.items.create_index("name")
    hinted = await world.items.update_one({"name": "Bob"}, {"$set": {"x": 1}}, hint="name_1")
    unknown = await attempt(world.items.update_one({"name": "Bob"}, {"$set": {"x": 1}}, hint="missing"))
    loose = Collation("en", strength=2)
    collated = await attempt(world.items.update_many({"name": "ann"}, {"$set": {"x": 2}}, collation=loose))
    last = await attempt(world.items.update_one({"n": {"$gte": 0}}, {"$set": {"x": 3}}, sort={"n": -1}))
    return [hinted, unknown, collated, last, await _all(world)]


@scenario
async def replace_one(world: World) -> object:
    await world.items.insert_one({"_id": 1, "a": 1, "b": 2})
    return [
        await world.items.replace_one({"_id": 1}, {"c": 3}),
        await world.items.replace_one({"_id": 2}, {"c": 3}),
        await attempt(world.items.replace_one({"_id": 1}, {"$set": {"c": 3}})),
        await _all(world),
    ]


@scenario
async def delete(world: World) -> object:
    await world.items.insert_many([{"_id": n, "n": n % 3} for n in range(9)])
    await world.items.create_index("n")
    return [
        await world.items.delete_one({"n": 1}),
        await world.items.delete_one({"n": 77}),
        await world.items.delete_many({"n": 2}, hint="n_1", comment="tidy"),
        await world.items.delete_many({"n": 0}, collation=Collation("en")),
        await _all(world),
    ]


@scenario
async def find_one_and_update(world: World) -> object:
    await world.items.insert_many([{"_id": n, "n": n, "tags": ["a", "b"]} for n in range(4)])
    after = ReturnDocument.AFTER
    change = world.items.find_one_and_update
    return [
        await change({"_id": 1}, {"$inc": {"n": 10}}),
        await change({"_id": 1}, {"$inc": {"n": 10}}, return_document=after),
        await change({"n": {"$lt": 5}}, {"$set": {"last": 1}}, sort=[("n", -1)], projection={"n": 1}),
        await change({"_id": 2}, {"$set": {"tags.$[t]": "c"}}, array_filters=[{"t": "b"}], return_document=after),
        await change({"_id": 3}, [{"$set": {"n": {"$add": ["$n", 1]}}}], return_document=after),
        await change({"_id": 9}, {"$set": {"n": 9}}, upsert=True, return_document=after),
        await change({"_id": 77}, {"$set": {"n": 9}}),
    ]


@scenario
async def find_one_and_replace_or_delete(world: World) -> object:
    await world.items.insert_many([{"_id": n, "n": n} for n in range(4)])
    return [
        await world.items.find_one_and_replace({"_id": 1}, {"r": 1}),
        await world.items.find_one_and_replace({"_id": 2}, {"r": 2}, return_document=ReturnDocument.AFTER),
        await world.items.find_one_and_delete({"n": {"$gte": 0}}, sort=[("_id", -1)]),
        await world.items.find_one_and_delete({"_id": 77}),
        await _all(world),
    ]


@scenario
async def find_and_modify_command(world: World) -> object:
    await world.items.insert_one({"_id": 1, "n": 1})
    modern = await world.db.command("findAndModify", "items", query={"_id": 1}, update={"$inc": {"n": 1}}, new=True)
    legacy = await attempt(world.db.command("findandmodify", "items", query={"_id": 1}, remove=True))
    return [modern, legacy, await _all(world)]


@scenario
async def write_commands_by_hand(world: World) -> object:
    return [
        await world.db.command("insert", "items", documents=[{"_id": 1}, {"_id": 1}, {"_id": 2}], ordered=False),
        await world.db.command("update", "items", updates=[{"q": {"_id": 1}, "u": {"$set": {"n": 1}}, "multi": False}]),
        await world.db.command("delete", "items", deletes=[{"q": {"_id": 2}, "limit": 1}]),
        await _all(world),
    ]
