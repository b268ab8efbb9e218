"""Cursors."""

from typing import Any

import bson
from pymongo import CursorType
from tests.drivers.plain import attempt
from tests.drivers.scenarios.registry import World, rows, scenario


async def _numbers(world: World, count: int) -> None:
    await world.items.insert_many([{"_id": n} for n in range(count)])


@scenario
async def cursor_in_batches(world: World) -> object:
    await _numbers(world, 250)
    found: list[Any] = []
    for size in (1, 2, 49, 1000):
        part = await rows(world.items.find({"_id": {"$lt": 50}}, batch_size=size).sort("_id"))
        found.append([row["_id"] for row in part] == list(range(50)))
    return [found, len(await world.items.find({}).to_list()), len(await world.items.find({}).to_list(7))]


@scenario
async def cursor_over_many_documents(world: World) -> object:
    await world.items.insert_many([{"_id": n, "text": "x" * 20_000} for n in range(400)])
    return sum([row["_id"] async for row in world.items.find({})])


@scenario
async def cursor_by_hand(world: World) -> object:
    await _numbers(world, 20)
    first = await world.db.command("find", "items", sort={"_id": 1}, batchSize=3)
    cursor_id = first["cursor"]["id"]
    second = await world.db.command("getMore", cursor_id, collection="items", batchSize=4)
    killed = await world.db.command("killCursors", "items", cursors=[cursor_id])
    gone = await attempt(world.db.command("getMore", cursor_id, collection="items"))
    again = await world.db.command("killCursors", "items", cursors=[cursor_id])
    return [
        first["cursor"]["firstBatch"], first["cursor"]["ns"], second["cursor"]["nextBatch"],
        killed["cursorsKilled"] == [cursor_id], gone.get("code"), gone.get("labels"),
        again["cursorsNotFound"] == [cursor_id],
    ]  # fmt: skip


@scenario
async def cursor_of_the_wrong_collection(world: World) -> object:
    await _numbers(world, 20)
    first = await world.db.command("find", "items", batchSize=3)
    answer = await attempt(world.db.command("getMore", first["cursor"]["id"], collection="other"))
    return answer.get("code")


@scenario
async def cursor_closed_early(world: World) -> object:
    await _numbers(world, 300)
    cursor = world.items.find({}, batch_size=10).sort("_id")
    first = await cursor.next()
    cursor_id = cursor.cursor_id
    await cursor.close()
    gone = await attempt(world.db.command("getMore", cursor_id, collection="items"))
    return [first, cursor.alive, gone.get("code")]


@scenario
async def cursor_again_from_the_start(world: World) -> object:
    await _numbers(world, 30)
    cursor = world.items.find({}, batch_size=7).sort("_id")
    first = [(await cursor.next())["_id"] for _ in range(10)]
    await cursor.rewind()
    again = (await cursor.next())["_id"]
    other = await rows(cursor.clone().limit(2))
    await cursor.close()
    return [first, again, other]


@scenario
async def cursor_exhaust(world: World) -> object:
    await _numbers(world, 400)
    read = await rows(world.items.find({}, batch_size=50, cursor_type=CursorType.EXHAUST).sort("_id"))
    half = world.items.find({}, batch_size=50, cursor_type=CursorType.EXHAUST).sort("_id")
    few = [(await half.next())["_id"] for _ in range(60)]
    await half.close()
    return [len(read), read[-1], few[-1], await world.items.find_one({"_id": 7})]


@scenario
async def cursor_tailable(world: World) -> object:
    await world.db.create_collection("log", capped=True, size=100_000)
    await world.db.log.insert_many([{"_id": n} for n in range(3)])
    cursor = world.db.log.find({}, cursor_type=CursorType.TAILABLE)
    seen = [(await cursor.next())["_id"] for _ in range(3)]
    await world.db.log.insert_one({"_id": 3})
    seen.append((await cursor.next())["_id"])
    alive = cursor.alive
    await cursor.close()
    return [seen, alive]


@scenario
async def cursor_tailable_waits(world: World) -> object:
    await world.db.create_collection("log", capped=True, size=100_000)
    await world.db.log.insert_one({"_id": 0})
    cursor = world.db.log.find({}, cursor_type=CursorType.TAILABLE_AWAIT).max_await_time_ms(100)
    seen = [(await cursor.next())["_id"]]
    await world.db.log.insert_many([{"_id": 1}, {"_id": 2}])
    seen += [(await cursor.next())["_id"] for _ in range(2)]
    await cursor.close()
    return seen


@scenario
async def cursor_tailable_needs_a_capped_collection(world: World) -> object:
    await _numbers(world, 1)
    return [await attempt(rows(world.items.find({}, cursor_type=CursorType.TAILABLE)))]


@scenario
async def cursor_of_raw_batches(world: World) -> object:
    await _numbers(world, 50)
    batches = [
        bson.decode_all(batch) async for batch in world.items.find_raw_batches({}, batch_size=20, sort=[("_id", 1)])
    ]
    return [[len(batch) for batch in batches], batches[0][0], batches[-1][-1]]


@scenario
async def cursor_of_a_command(world: World) -> object:
    await _numbers(world, 50)
    cursor = await world.db.cursor_command("find", "items", filter={"_id": {"$lt": 30}}, sort={"_id": 1}, batchSize=8)
    return [row["_id"] async for row in cursor]


@scenario
async def cursor_without_first_batch(world: World) -> object:
    await _numbers(world, 30)
    found = await rows(world.items.aggregate([{"$sort": {"_id": -1}}], batchSize=0))
    limited = await rows(world.items.find({}, batch_size=10).sort("_id").limit(15))
    return [found[0], len(found), limited[-1], len(limited)]


@scenario
async def cursors_side_by_side(world: World) -> object:
    await _numbers(world, 90)
    cursors = [world.items.find({"_id": {"$mod": [3, rest]}}, batch_size=5).sort("_id") for rest in range(3)]
    taken: list[int] = []
    for _ in range(30):
        taken += [(await cursor.next())["_id"] for cursor in cursors]
    return taken == list(range(90))
