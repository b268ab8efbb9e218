"""Changes are in force before anybody is told of them."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import AutoReconnect

from hothouse.database.changes import ANYTHING, Change, Changes

Database = AsyncDatabase[dict[str, Any]]


@asynccontextmanager
async def running(changes: Changes) -> AsyncIterator[None]:
    task = asyncio.create_task(changes.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_whoever_comes_first_is_done_before_listeners_hear(platform_database: Database) -> None:
    gate, entered = asyncio.Event(), asyncio.Event()
    gate.set()

    async def take(_: Sequence[Change]) -> None:
        entered.set()
        await gate.wait()

    changes = Changes(platform_database, ["grants"], take)
    async with running(changes), changes.listen() as heard:
        assert await asyncio.wait_for(heard.get(), 20) == ANYTHING
        gate.clear()
        entered.clear()
        await platform_database["other"].insert_one({"_id": "x"})
        await platform_database["grants"].insert_one({"_id": "one"})
        await asyncio.wait_for(entered.wait(), 20)
        assert heard.empty()
        gate.set()
        assert await asyncio.wait_for(heard.get(), 20) == Change("grants", "one")


async def test_what_could_not_be_taken_is_told_once_all_is_read_again(platform_database: Database) -> None:
    fails = [AutoReconnect("away"), AutoReconnect("still away")]
    taken: list[Change] = []

    async def take(batch: Sequence[Change]) -> None:
        if any(change.key == "one" for change in batch) and fails:
            raise fails.pop()
        taken.extend(batch)

    changes = Changes(platform_database, ["grants"], take)
    async with running(changes), changes.listen() as heard:
        assert await asyncio.wait_for(heard.get(), 20) == ANYTHING
        await platform_database["grants"].insert_one({"_id": "one"})
        assert await asyncio.wait_for(heard.get(), 20) == ANYTHING
        assert taken == [ANYTHING, ANYTHING]
        assert len(fails) == 1


async def test_a_listener_that_falls_behind_is_told_to_read_all(platform_database: Database) -> None:
    changes = Changes(platform_database, [])
    async with changes.listen() as slow:
        for number in range(1_001):
            changes.publish(Change("grants", str(number)))
        async with changes.listen() as quick:
            changes.publish(Change("grants", "last"))
            assert quick.get_nowait() == Change("grants", "last")
        assert slow.get_nowait() == ANYTHING
