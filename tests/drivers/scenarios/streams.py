"""Change streams."""

from typing import Any

from pymongo import InsertOne
from tests.drivers.plain import DRIVER_ERRORS, attempt, describe
from tests.drivers.scenarios.registry import World, scenario

QUICK = {"max_await_time_ms": 100}
_MOST_ASKED = 100


async def _next(stream: Any, count: int) -> list[Any]:
    """Take so many events, in the form that does not depend on the run."""
    events: list[Any] = []
    for _ in range(_MOST_ASKED):
        if len(events) == count:
            break
        event = await stream.try_next()
        if event is not None:
            events.append(_event(event))
    return events


def _event(event: dict[str, Any]) -> dict[str, Any]:
    """Leave out what says when it happened, and in which session."""
    return {
        key: value for key, value in event.items() if key not in ("_id", "clusterTime", "wallTime", "txnNumber", "lsid")
    }


@scenario
async def watch_a_collection(world: World) -> object:
    async with await world.items.watch(**QUICK) as stream:
        await world.items.insert_one({"_id": 1, "n": 1, "a": [1, 2]})
        await world.items.update_one({"_id": 1}, {"$set": {"n": 2}, "$unset": {"a": 1}})
        await world.items.replace_one({"_id": 1}, {"r": 1})
        await world.db.other.insert_one({"_id": 2})
        await world.items.delete_one({"_id": 1})
        return await _next(stream, 4)


@scenario
async def watch_the_database(world: World) -> object:
    async with await world.db.watch(**QUICK) as stream:
        await world.db.a.insert_one({"_id": 1})
        await world.db.b.insert_many([{"_id": 1}, {"_id": 2}])
        await world.db.a.update_many({}, {"$inc": {"n": 1}})
        return await _next(stream, 4)


@scenario
async def watch_through_a_pipeline(world: World) -> object:
    pipeline = [{"$match": {"operationType": "insert", "fullDocument.n": {"$gt": 1}}}, {"$set": {"seen": True}}]
    async with await world.items.watch(pipeline, **QUICK) as stream:
        await world.items.insert_many([{"_id": n, "n": n} for n in range(4)])
        await world.items.delete_one({"_id": 3})
        return await _next(stream, 2)


@scenario
async def watch_with_lookup(world: World) -> object:
    await world.items.insert_one({"_id": 1, "n": 1, "kept": True})
    async with await world.items.watch(full_document="updateLookup", **QUICK) as stream:
        await world.items.update_one({"_id": 1}, {"$inc": {"n": 1}})
        return await _next(stream, 1)


@scenario
async def watch_before_and_after(world: World) -> object:
    await attempt(world.db.command("create", "items", changeStreamPreAndPostImages={"enabled": True}))
    await world.items.insert_one({"_id": 1, "n": 1})
    asked = {"full_document": "whenAvailable", "full_document_before_change": "whenAvailable"}
    try:
        async with await world.items.watch(**asked, **QUICK) as stream:
            await world.items.update_one({"_id": 1}, {"$inc": {"n": 1}})
            return await _next(stream, 1)
    except DRIVER_ERRORS as error:
        return describe(error)


@scenario
async def watch_resumes(world: World) -> object:
    async with await world.items.watch(**QUICK) as stream:
        await world.items.insert_many([{"_id": n} for n in range(3)])
        first = await _next(stream, 1)
        token = stream.resume_token
    await world.items.insert_one({"_id": 3})
    async with await world.items.watch(resume_after=token, **QUICK) as stream:
        rest = await _next(stream, 3)
    async with await world.items.watch(start_after=token, **QUICK) as stream:
        again = await _next(stream, 3)
    return [first, rest, again]


@scenario
async def watch_from_a_time(world: World) -> object:
    async with world.client.start_session() as session:
        await world.items.insert_one({"_id": 1}, session=session)
        begin = session.operation_time
    if begin is None:
        return "the server tells no time"
    await world.items.insert_one({"_id": 2})
    async with await world.items.watch(start_at_operation_time=begin, **QUICK) as stream:
        return (await _next(stream, 2))[-1]


@scenario
async def watch_bad_token(world: World) -> object:
    return [await attempt(world.items.watch(resume_after={"_data": "82"}))]


@scenario
async def watch_ends_with_its_collection(world: World) -> object:
    await world.items.insert_one({"_id": 1})
    async with await world.items.watch(**QUICK) as stream:
        await world.items.drop()
        events = await _next(stream, 2)
        return [events, stream.alive]


@scenario
async def watch_renames_and_drops(world: World) -> object:
    await world.db.one.insert_one({"_id": 1})
    async with await world.db.watch(**QUICK) as stream:
        await world.db.one.rename("two")
        await world.db.two.drop()
        return await _next(stream, 2)


@scenario
async def watch_a_transaction(world: World) -> object:
    await world.db.create_collection("items")
    async with await world.items.watch(**QUICK) as stream:
        async with world.client.start_session() as session, await session.start_transaction():
            await world.items.insert_one({"_id": 1}, session=session)
            await world.items.update_one({"_id": 1}, {"$set": {"n": 1}}, session=session)
        await world.items.insert_one({"_id": 2})
        return await _next(stream, 3)


@scenario
async def watch_many_changes(world: World) -> object:
    async with await world.items.watch(batch_size=7, **QUICK) as stream:
        await world.items.bulk_write([InsertOne({"_id": n, "text": "x" * 100}) for n in range(200)])
        events = await _next(stream, 200)
        return [event["documentKey"]["_id"] for event in events]


@scenario
async def watch_the_command(world: World) -> object:
    """The raw reply: what a driver in any language works with."""
    reply = await world.db.command("aggregate", "items", pipeline=[{"$changeStream": {}}], cursor={"batchSize": 1})
    more = await world.db.command("getMore", reply["cursor"]["id"], collection="items", maxTimeMS=50)
    closed = await world.db.command("killCursors", "items", cursors=[reply["cursor"]["id"]])
    return [sorted(reply["cursor"]), reply["cursor"]["ns"], more["cursor"]["nextBatch"], len(closed["cursorsKilled"])]
