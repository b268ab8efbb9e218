"""Leases: at most one holder, taken over in time, let go of in time."""

from typing import Any

from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import AutoReconnect
from tests.support.moving_clock import MovingClock

from hothouse.database.leases import Lease

Database = AsyncDatabase[dict[str, Any]]


def lease(database: Database, clock: MovingClock, holder: str = "host-1") -> Lease:
    return Lease(database, clock, "work", holder, seconds=5)


class TestAcquire:
    async def test_by_two_of_the_same_name(self, platform_database: Database) -> None:
        """Containers share host names and process ids; they must not share a lease."""
        clock = MovingClock()
        first, second = lease(platform_database, clock), lease(platform_database, clock)
        assert await first.acquire()
        assert not await second.acquire()
        assert await first.acquire()

    async def test_after_it_ran_out(self, platform_database: Database) -> None:
        clock = MovingClock()
        first, second = lease(platform_database, clock), lease(platform_database, clock)
        assert await first.acquire()
        clock.advance(seconds=4)
        assert not await second.acquire()
        assert await first.renew()
        clock.advance(seconds=4)
        assert not await second.acquire()
        clock.advance(seconds=2)
        assert await second.acquire()
        assert not await first.renew()
        assert not await first.keep()

    async def test_after_release(self, platform_database: Database) -> None:
        clock = MovingClock()
        first, second = lease(platform_database, clock), lease(platform_database, clock)
        assert await first.acquire()
        await second.release()
        assert not await second.acquire(), "only the holder can let go"
        await first.release()
        assert await second.acquire()


class TestKeep:
    async def test_through_a_short_outage(self, platform_database: Database) -> None:
        held, failures = lease(platform_database, MovingClock()), iter([True, True])
        real = held.renew

        async def flaky() -> bool:
            if next(failures, False):
                raise AutoReconnect("the server went away")
            return await real()

        assert await held.acquire()
        held.renew = flaky  # type: ignore[method-assign]
        assert await held.keep()

    async def test_not_longer_than_it_lasts(self, platform_database: Database) -> None:
        held = Lease(platform_database, MovingClock(), "work", "host", seconds=0.4)

        async def away() -> bool:
            raise AutoReconnect("the server went away")

        assert await held.acquire()
        held.renew = away  # type: ignore[method-assign]
        assert not await held.keep()
