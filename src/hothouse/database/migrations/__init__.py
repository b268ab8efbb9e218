"""Migrations: what documents of an earlier version need, so that today's code can read them.

Each is a module with `async def run(database)` and is listed in `MIGRATIONS`, oldest first. A hub runs them all at each
start, before it makes indexes, and one hub at a time. So each has to be idempotent, has to bear being broken off
anywhere, and has to cost next to nothing where there is nothing to do.
"""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Protocol

from hothouse.database.connection import Database
from hothouse.database.leases import Lease
from hothouse.database.migrations import (
    app_public_paths,
    app_slugs,
    former_indexes,
    grants,
    people,
    roles,
    workload_owners,
)
from hothouse.kit.clock import Clock


class Migration(Protocol):
    """A module of this package."""

    async def run(self, database: Database) -> None:
        """Bring every document up to date that is not."""
        ...


MIGRATIONS: tuple[Migration, ...] = (
    app_slugs,
    people,
    app_public_paths,
    roles,
    grants,
    former_indexes,
    workload_owners,
)


async def apply(database: Database, clock: Clock, migrations: Iterable[Migration] = MIGRATIONS) -> None:
    """Run the migrations, once no other process does.

    Raises: `PyMongoError`.
    """
    async with _alone(Lease(database, clock, "migrations", f"{socket.gethostname()}-{os.getpid()}")):
        for migration in migrations:
            await migration.run(database)


@asynccontextmanager
async def _alone(lease: Lease) -> AsyncIterator[None]:
    """Hold a lease for as long as the block takes."""

    async def keep() -> None:
        while True:
            await asyncio.sleep(lease.seconds / 4)
            await lease.keep()  # were it lost, another hub would do the same beside this one, which harms nothing

    while True:
        if await lease.acquire():
            break
        await asyncio.sleep(lease.seconds / 50)
    keeping = asyncio.create_task(keep())
    try:
        yield
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        await lease.release()
