"""The primary of a replica set moves, and the broker's connections with it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from pymongo import AsyncMongoClient
from tests.support.stepped_down import SteppedDownServer
from tests.support.waiting import eventually

from hothouse.broker.errors import UpstreamError
from hothouse.broker.upstream import Access, DatabaseUsers, Pools, Server, UpstreamConnection, call


@pytest.fixture
async def replica_set() -> AsyncIterator[SteppedDownServer]:
    async with SteppedDownServer().running() as server:
        yield server


@pytest.fixture
async def replica_pools(replica_set: SteppedDownServer) -> AsyncIterator[Pools]:
    async with AsyncMongoClient[dict[str, Any]](replica_set.uri) as client:
        pools = Pools(Server(client), DatabaseUsers(client, b"key"))
        yield pools
        pools.close()


async def _where(connection: UpstreamConnection) -> str:
    """Return the address of the server that a connection leads to, which must be the primary."""
    return str((await call(connection, {"whereAmI": 1, "$db": "hh_a"}))["me"])


class TestStepDown:
    async def test_new_connections_lead_to_the_new_primary(
        self, replica_set: SteppedDownServer, replica_pools: Pools
    ) -> None:
        pool = replica_pools.of("hh_a", Access.OWN)
        idle, lent = await pool.acquire(), await pool.acquire()
        assert await _where(lent) == replica_set.addresses[0]
        idle.give_back()
        replica_set.elect(1)
        with pytest.raises(UpstreamError, match="not primary"):
            await _where(lent)
        replica_pools.renew(lent)
        assert (idle.is_open, lent.is_open) == (False, True), "what is lent may still be read"
        lent.give_back()
        assert not lent.is_open
        assert await _where(await pool.acquire()) == replica_set.addresses[1]

    async def test_late_complaints_change_nothing(self, replica_set: SteppedDownServer, replica_pools: Pools) -> None:
        pool = replica_pools.of("hh_a", Access.OWN)
        old = [await pool.acquire() for _ in range(2)]
        replica_set.elect(1)
        replica_pools.renew(old[0])
        new = await pool.acquire()
        new.give_back()
        replica_pools.renew(old[1])
        assert pool.take() is new

    async def test_connections_wait_for_an_election(self, replica_set: SteppedDownServer, replica_pools: Pools) -> None:
        pool = replica_pools.of("hh_a", Access.OWN)
        lent = await pool.acquire()
        replica_set.step_down()
        replica_pools.renew(lent)
        waiting = asyncio.create_task(pool.acquire())
        await eventually(lambda: replica_set.hellos > 5, "the broker asks for the primary")
        assert not waiting.done()
        replica_set.elect(1)
        async with asyncio.timeout(10):
            assert await _where(await waiting) == replica_set.addresses[1]
