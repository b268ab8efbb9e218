"""Transactions."""

from typing import Any

from pymongo import InsertOne, ReadPreference, UpdateOne, WriteConcern
from pymongo.errors import OperationFailure
from pymongo.read_concern import ReadConcern
from tests.drivers.plain import DRIVER_ERRORS, attempt, describe
from tests.drivers.scenarios.registry import World, rows, scenario


async def _all(world: World) -> list[Any]:
    return await rows(world.items.find({}).sort("_id"))


@scenario
async def transaction_commits(world: World) -> object:
    await world.db.create_collection("items")
    async with world.client.start_session() as session:
        async with await session.start_transaction():
            await world.items.insert_one({"_id": 1}, session=session)
            inside = await world.items.count_documents({}, session=session)
            outside = await world.items.count_documents({})
        return [inside, outside, await _all(world), session.has_ended, session.in_transaction]


@scenario
async def transaction_aborts(world: World) -> object:
    await world.items.insert_one({"_id": 1})
    async with world.client.start_session() as session:
        await session.start_transaction()
        await world.items.delete_one({"_id": 1}, session=session)
        await world.items.insert_one({"_id": 2}, session=session)
        seen = await rows(world.items.find({}, session=session))
        await session.abort_transaction()
    return [seen, await _all(world)]


@scenario
async def transaction_over_collections(world: World) -> object:
    await world.db.create_collection("a")
    await world.db.create_collection("b")
    async with world.client.start_session() as session, await session.start_transaction():
        await world.db.a.insert_one({"_id": 1, "n": 1}, session=session)
        await world.db.b.insert_many([{"_id": 1}, {"_id": 2}], session=session)
        moved = await world.db.a.find_one_and_delete({"_id": 1}, session=session)
        joined = await rows(
            world.db.b.aggregate([{"$match": {"_id": {"$gt": 1}}}, {"$set": {"m": 1}}], session=session)
        )
    return [moved, joined, await world.db.a.count_documents({}), await world.db.b.count_documents({})]


@scenario
async def transaction_error_inside_ends_it(world: World) -> object:
    await world.items.insert_one({"_id": 1})
    async with world.client.start_session() as session:
        await session.start_transaction()
        await world.items.insert_one({"_id": 2}, session=session)
        duplicate = await attempt(world.items.insert_one({"_id": 1}, session=session))
        after = await attempt(world.items.insert_one({"_id": 3}, session=session))
        committed = await attempt(session.commit_transaction())
    return [duplicate, after, committed, await _all(world)]


@scenario
async def transaction_exception_aborts(world: World) -> object:
    await world.db.create_collection("items")
    try:
        async with world.client.start_session() as session, await session.start_transaction():
            await world.items.insert_one({"_id": 1}, session=session)
            raise LookupError("the app's own")
    except LookupError as error:
        return [str(error), await _all(world)]


@scenario
async def transaction_with_callback(world: World) -> object:
    await world.items.insert_one({"_id": 1, "n": 1})

    async def work(session: Any) -> Any:
        await world.items.update_one({"_id": 1}, {"$inc": {"n": 1}}, session=session)
        return (await world.items.find_one({"_id": 1}, session=session))["n"]

    async with world.client.start_session() as session:
        given = await session.with_transaction(work, write_concern=WriteConcern("majority"), max_commit_time_ms=10_000)
    return [given, await _all(world)]


@scenario
async def transaction_conflict_and_retry(world: World) -> object:
    """The second writer is told that it may try again, and then succeeds."""
    await world.items.insert_one({"_id": 1, "n": 0})
    async with world.client.start_session() as first, world.client.start_session() as second:
        await first.start_transaction()
        await world.items.update_one({"_id": 1}, {"$inc": {"n": 1}}, session=first)
        await second.start_transaction()
        refused = await attempt(world.items.update_one({"_id": 1}, {"$inc": {"n": 10}}, session=second))
        if second.in_transaction:
            await second.abort_transaction()
        await first.commit_transaction()
        async with await second.start_transaction():
            await world.items.update_one({"_id": 1}, {"$inc": {"n": 10}}, session=second)
    return [refused, await _all(world)]


@scenario
async def transaction_callback_is_repeated(world: World) -> object:
    await world.items.insert_one({"_id": 1, "n": 0})
    tries: list[int] = []

    async def work(session: Any) -> None:
        tries.append(1)
        await world.items.update_one({"_id": 1}, {"$inc": {"n": 1}}, session=session)
        if len(tries) == 1:
            error = OperationFailure("play a conflict", 112)
            error._add_error_label("TransientTransactionError")
            raise error

    async with world.client.start_session() as session:
        await session.with_transaction(work)
    return [len(tries), await _all(world)]


@scenario
async def transaction_committed_twice(world: World) -> object:
    await world.db.create_collection("items")
    async with world.client.start_session() as session:
        await session.start_transaction()
        await world.items.insert_one({"_id": 1}, session=session)
        await session.commit_transaction()
        again = await attempt(session.commit_transaction())
        aborted = await attempt(session.abort_transaction())
    return [again, aborted, await _all(world)]


@scenario
async def transaction_without_work(world: World) -> object:
    async with world.client.start_session() as session:
        await session.start_transaction()
        nothing = await attempt(session.commit_transaction())
        none_under_way = await attempt(session.abort_transaction())
    return [nothing, none_under_way]


@scenario
async def transaction_snapshot(world: World) -> object:
    await world.items.insert_many([{"_id": n} for n in range(3)])
    async with world.client.start_session() as session:
        await session.start_transaction(ReadConcern("snapshot"), WriteConcern("majority"), ReadPreference.PRIMARY)
        before = await world.items.count_documents({}, session=session)
        await world.items.insert_one({"_id": 9})
        after = await world.items.count_documents({}, session=session)
        await session.commit_transaction()
    return [before, after, await world.items.count_documents({})]


@scenario
async def transaction_with_cursor_and_bulk(world: World) -> object:
    await world.items.insert_many([{"_id": n, "n": 0} for n in range(50)])
    async with world.client.start_session() as session, await session.start_transaction():
        done = await world.items.bulk_write(
            [UpdateOne({"_id": n}, {"$set": {"n": 1}}) for n in range(20)] + [InsertOne({"_id": 99})],  # type: ignore[list-item]
            session=session,
        )
        read = await rows(world.items.find({"n": 1}, {"_id": 1}, session=session, batch_size=6).sort("_id"))
    return [done.bulk_api_result, len(read), await world.items.count_documents({})]


@scenario
async def transaction_of_client_bulk(world: World) -> object:
    await world.db.create_collection("items")
    operations = [InsertOne({"_id": n}, namespace=f"{world.name}.items") for n in range(3)]
    async with world.client.start_session() as session:
        await session.start_transaction()
        done = await attempt(world.client.bulk_write(operations, session=session))
        await attempt(session.abort_transaction())
    return [done, await _all(world)]


@scenario
async def transaction_creates_collections(world: World) -> object:
    try:
        async with world.client.start_session() as session, await session.start_transaction():
            await world.db.fresh.insert_one({"_id": 1}, session=session)
            await world.db.create_collection("made", session=session)
    except DRIVER_ERRORS as error:
        return describe(error)
    return sorted(await world.db.list_collection_names())


@scenario
async def transaction_refuses_what_servers_refuse(world: World) -> object:
    await world.items.insert_one({"_id": 1})
    found: list[Any] = []
    for command in ({"count": "items"}, {"dropIndexes": "items", "index": "*"}, {"listCollections": 1}):
        async with world.client.start_session() as session:
            await session.start_transaction()
            found.append(await attempt(world.db.command(command, session=session)))
            await attempt(session.abort_transaction())
    return found


@scenario
async def transaction_number_of_before(world: World) -> object:
    """A session that goes on after a transaction: ordinary writes, then another transaction."""
    await world.db.create_collection("items")
    async with world.client.start_session() as session:
        for number in range(3):
            async with await session.start_transaction():
                await world.items.insert_one({"_id": number}, session=session)
            await world.items.update_one({"_id": number}, {"$set": {"n": number}}, session=session)
    return await _all(world)
