"""Signs of life of processes that nobody can ask over HTTP."""

import asyncio
import contextlib
from datetime import timedelta

from pymongo.errors import PyMongoError

from hothouse.database.connection import Database
from hothouse.kit.clock import Clock

BEAT_SECONDS = 2.0
DEAD_AFTER = timedelta(seconds=8)


async def beat(database: Database, clock: Clock, part: str, name: str) -> None:
    """Leave a sign of life every few seconds until cancelled."""
    while True:
        with contextlib.suppress(PyMongoError):  # the absence of the sign is the message
            await database["processes"].update_one(
                {"_id": part}, {"$set": {"part": part, "name": name, "seen_at": clock.now()}}, upsert=True
            )
        await asyncio.sleep(BEAT_SECONDS)


async def is_alive(database: Database, clock: Clock, part: str) -> bool:
    """Tell whether a part has been heard of lately."""
    process = await database["processes"].find_one({"_id": part})
    return process is not None and clock.now() - process["seen_at"] < DEAD_AFTER
