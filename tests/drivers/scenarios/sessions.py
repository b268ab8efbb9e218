"""Sessions, concerns, and writes that nobody waits for."""

import uuid
from typing import Any

from bson import Binary, Int64
from pymongo import ReadPreference, WriteConcern
from pymongo.read_concern import ReadConcern
from tests.drivers.plain import attempt
from tests.drivers.scenarios.registry import World, rows, scenario


@scenario
async def session_of_cause_and_effect(world: World) -> object:
    items = world.db.get_collection(
        "items", read_concern=ReadConcern("majority"), write_concern=WriteConcern("majority")
    )
    async with world.client.start_session(causal_consistency=True) as session:
        await items.insert_one({"_id": 1}, session=session)
        found = await items.find_one({"_id": 1}, session=session)
        times = [session.operation_time is not None, session.cluster_time is not None]
        async with world.client.start_session() as follower:
            if session.operation_time is not None and session.cluster_time is not None:
                follower.advance_cluster_time(session.cluster_time)
                follower.advance_operation_time(session.operation_time)
            seen = await items.find_one({"_id": 1}, session=follower)
    return [found, times, seen]


@scenario
async def session_snapshot(world: World) -> object:
    await world.items.insert_many([{"_id": n} for n in range(3)])
    async with world.client.start_session(snapshot=True) as session:
        before = await attempt(rows(world.items.find({}, session=session).sort("_id")))
        await world.items.insert_one({"_id": 9})
        after = await attempt(rows(world.items.find({}, session=session).sort("_id")))
        counted = await attempt(rows(world.items.aggregate([{"$count": "n"}], session=session)))
        refused = await attempt(world.items.insert_one({"_id": 10}, session=session))
    return [before, after, counted, refused]


@scenario
async def session_after_its_end(world: World) -> object:
    session = world.client.start_session()
    await world.items.insert_one({"_id": 1}, session=session)
    await session.end_session()
    return [await attempt(world.items.insert_one({"_id": 2}, session=session))]


@scenario
async def session_commands(world: World) -> object:
    own = {"id": Binary(uuid.uuid4().bytes, 4)}
    started = await world.client.admin.command("startSession")
    return [
        sorted(started["id"]), started["timeoutMinutes"],
        await attempt(world.client.admin.command("refreshSessions", [own])),
        await attempt(world.client.admin.command("endSessions", [own, own])),
    ]  # fmt: skip


@scenario
async def retried_write_is_done_once(world: World) -> object:
    """The same transaction number again, as a driver sends it whose connection broke before the answer."""
    await world.items.insert_one({"_id": 1, "n": 0})
    identity: dict[str, Any] = {"lsid": {"id": Binary(uuid.uuid4().bytes, 4)}, "txnNumber": Int64(1)}
    update = {"update": "items", "updates": [{"q": {"_id": 1}, "u": {"$inc": {"n": 1}}}], **identity}
    insert = {"insert": "items", "documents": [{"_id": "x"}, {"_id": "y"}], **identity, "txnNumber": Int64(2)}
    modify = {
        "findAndModify": "items",
        "query": {"_id": 1},
        "update": {"$inc": {"n": 1}},
        "new": True,
        **identity,
        "txnNumber": Int64(3),
    }
    delete = {
        "delete": "items",
        "deletes": [{"q": {"_id": {"$gte": "x"}}, "limit": 1}],
        **identity,
        "txnNumber": Int64(4),
    }
    commands = (update, insert, modify, delete)
    answers = [[await attempt(world.db.command(dict(command))) for _ in range(2)] for command in commands]
    stale = await attempt(world.db.command(dict(insert)))
    return [answers, stale, await rows(world.items.find({}).sort("_id"))]


@scenario
async def unacknowledged_writes(world: World) -> object:
    careless = world.db.get_collection("items", write_concern=WriteConcern(w=0))
    given = [
        await careless.insert_one({"_id": 1}),
        await careless.insert_one({"_id": 1}),
        await careless.insert_many([{"_id": n} for n in range(10, 15)]),
        await careless.update_one({"_id": 1}, {"$set": {"n": 1}}),
        await careless.replace_one({"_id": 10}, {"r": 1}),
        await careless.delete_one({"_id": 11}),
        await careless.delete_many({"_id": {"$gt": 13}}),
    ]
    await world.items.insert_one({"_id": "last"})
    return [given, await rows(world.items.find({}).sort("_id"))]


@scenario
async def unacknowledged_writes_keep_their_order(world: World) -> object:
    careless = world.db.get_collection("items", write_concern=WriteConcern(w=0))
    await world.items.insert_one({"_id": 1, "seen": []})
    for number in range(50):
        await careless.update_one({"_id": 1}, {"$push": {"seen": number}})
    return await world.items.find_one({"_id": 1})


@scenario
async def write_concerns(world: World) -> object:
    concerns = [
        WriteConcern(1),
        WriteConcern("majority", wtimeout=5000),
        WriteConcern(1, j=True),
        WriteConcern(j=False),
    ]
    done = [
        await attempt(world.db.get_collection("items", write_concern=each).insert_one({"_id": number}))
        for number, each in enumerate(concerns)
    ]
    unknown = world.db.get_collection("items", write_concern=WriteConcern("no such tag"))
    return [done, await attempt(unknown.insert_one({"_id": "u"}))]


@scenario
async def write_concern_that_cannot_be_met(world: World) -> object:
    impossible = world.db.get_collection("items", write_concern=WriteConcern(w=49, wtimeout=100))
    return [
        await attempt(impossible.insert_one({"_id": 1})),
        await attempt(impossible.bulk_write([])),
        await world.items.count_documents({}),
    ]


@scenario
async def read_concerns(world: World) -> object:
    await world.items.insert_one({"_id": 1})
    levels = ("local", "available", "majority", "linearizable", "snapshot", "no such")
    found = [
        await attempt(world.db.get_collection("items", read_concern=ReadConcern(level)).find_one({"_id": 1}))
        for level in levels
    ]
    return [
        found,
        await attempt(rows(world.db.get_collection("items", read_concern=ReadConcern("majority")).aggregate([]))),
    ]


@scenario
async def read_preferences(world: World) -> object:
    await world.items.insert_one({"_id": 1})
    kinds = ("PRIMARY", "PRIMARY_PREFERRED", "SECONDARY", "SECONDARY_PREFERRED", "NEAREST")
    found = []
    for kind in kinds:
        preference = getattr(ReadPreference, kind)
        found.append(await attempt(world.db.get_collection("items", read_preference=preference).find_one({"_id": 1})))
    return found
