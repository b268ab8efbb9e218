"""Pools that share a room, driven at random: no place is lost, none is used twice, and everybody gets one."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hothouse.broker.errors import UpstreamError
from hothouse.broker.upstream import UpstreamConnection, UpstreamPool
from hothouse.broker.upstream import pool as pool_module
from hothouse.broker.upstream.room import Room

MAX_CONNECTIONS, MAX_PER_POOL, POOLS = 3, 2, 4

Lending = asyncio.Task[UpstreamConnection]


class _Transport(asyncio.Transport):
    """A socket that opens and closes, and nothing else."""

    def __init__(self, connection: UpstreamConnection) -> None:
        super().__init__()
        self._connection = connection
        self._closing = False
        connection.connection_made(self)

    def is_closing(self) -> bool:
        return self._closing

    def abort(self) -> None:
        if not self._closing:
            self._closing = True
            asyncio.get_running_loop().call_soon(self._connection.connection_lost, None)


class FlakyServer:
    """Opens connections that lead nowhere; fails as often as it is told to."""

    def __init__(self) -> None:
        self.era = 0
        self.failures = 0

    def forget(self) -> None: ...

    async def open(self, on_lost: Callable[[UpstreamConnection], None]) -> UpstreamConnection:
        era = self.era
        await asyncio.sleep(0)
        if self.failures:
            self.failures -= 1
            raise UpstreamError("told to fail")
        connection = UpstreamConnection(on_lost, era)
        _Transport(connection)
        return connection


class World:
    """Some pools in a room, and all who ask them for connections."""

    def __init__(self, max_connections: int = MAX_CONNECTIONS, max_per_pool: int = MAX_PER_POOL) -> None:
        self.server: Any = FlakyServer()
        self.room = Room(max_connections)
        self.pools = [UpstreamPool(self.server, max_per_pool, room=self.room) for _ in range(POOLS)]
        self.asked: list[Lending] = []
        self.lent: list[UpstreamConnection] = []

    async def do(self, what: str, number: int) -> None:
        if what == "ask":
            self.asked.append(asyncio.create_task(self.pools[number % POOLS].acquire()))
        elif what == "leave" and self.asked:
            self.asked[number % len(self.asked)].cancel()
        elif what == "give" and self.lent:
            self.lent.pop(number % len(self.lent)).give_back()
        elif what == "lose" and self.lent:
            self.lent[number % len(self.lent)].abort()
        elif what == "trim":
            self.pools[number % POOLS].trim()
        elif what == "fail":
            self.server.failures = 1
        elif what == "renew":
            self.server.era += 1
            for pool in self.pools:
                pool.close_idle()
        elif what == "pause":
            await self.settle()
        self.check()

    async def settle(self) -> None:
        for _ in range(12):
            await asyncio.sleep(0)
        for task in [task for task in self.asked if task.done()]:
            self.asked.remove(task)
            if not task.cancelled() and task.exception() is None:
                self.lent.append(task.result())

    def check(self) -> None:
        assert self.room.taken == sum(map(len, self.pools)) <= MAX_CONNECTIONS
        assert all(len(pool) <= MAX_PER_POOL for pool in self.pools)
        assert len(set(self.lent)) == len(self.lent)

    async def finish(self) -> None:
        """Give everything back until nobody waits any more, then close."""
        self.server.failures = 0
        for _ in range(200):
            await self.settle()
            if not self.asked and not self.lent:
                break
            while self.lent:
                self.lent.pop().give_back()
        assert not self.asked, "somebody waits forever"
        for pool in self.pools:
            pool.close()
        self.check()
        assert self.room.taken == 0


DEEDS = st.sampled_from(
    ["ask", "ask", "ask", "leave", "give", "give", "lose", "trim", "fail", "renew", "pause", "pause"]
)


@given(deeds=st.lists(st.tuples(DEEDS, st.integers(0, 11)), max_size=60))
def test_no_place_is_lost(deeds: list[tuple[str, int]]) -> None:
    async def run() -> None:
        world = World()
        for what, number in deeds:
            await world.do(what, number)
        await world.finish()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pool_module, "WAIT_SECONDS", -1.0)
        patch.setattr(pool_module, "IDLE_SECONDS", -1.0)
        asyncio.run(run())


async def _turn(world: World, *asked: list[Lending]) -> list[int]:
    """Let things happen; return how many of each list have a connection."""
    for _ in range(12):
        await asyncio.sleep(0)
    return [sum(task.done() for task in tasks) for tasks in asked]


@pytest.mark.parametrize("waiting", [1, 30])
async def test_pools_take_turns(waiting: int) -> None:
    world = World()
    hog, *others = world.pools
    lent = [await hog.acquire(), await hog.acquire(), await others[0].acquire()]
    crowd = [asyncio.create_task(hog.acquire()) for _ in range(30)]
    await asyncio.sleep(0)
    modest = [asyncio.create_task(pool.acquire()) for pool in others for _ in range(waiting)]
    await asyncio.sleep(0)
    for connection in lent:
        connection.give_back()
    assert await _turn(world, crowd, modest) == [1, 2]
    for task in (*crowd, *modest):
        task.cancel()


async def test_pools_that_wait_get_even() -> None:
    """Connections move from the one who has many, until moving them would only go back and forth."""
    world = World(max_connections=6, max_per_pool=6)
    hog, other = world.pools[:2]
    lent = [await hog.acquire() for _ in range(5)]
    await other.acquire()
    crowd, crew = ([asyncio.create_task(pool.acquire()) for _ in range(9)] for pool in (hog, other))
    await asyncio.sleep(0)
    for connection in lent:
        connection.give_back()
    assert await _turn(world, crowd, crew) == [3, 2]
    assert (len(hog), len(other)) == (3, 3)
    for task in (*crowd, *crew):
        task.cancel()


async def test_primary_moves_while_a_connection_is_opened() -> None:
    world = World()
    opening = asyncio.create_task(world.pools[0].acquire())
    await asyncio.sleep(0)
    world.server.era += 1
    assert (await opening).era == world.server.era
