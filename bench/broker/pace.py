"""How quickly something can be done again and again. Needs the standard library only: every way is paced by it."""

import asyncio
import time
from collections.abc import Awaitable, Callable


async def rate(operation: Callable[[], Awaitable[object]], seconds: float, at_once: int) -> float:
    """Return operations per second of `at_once` tasks over about `seconds`, at least one operation each."""
    done, begin = 0, time.perf_counter()
    deadline = begin + seconds

    async def again_and_again() -> None:
        nonlocal done
        while True:
            await operation()
            done += 1
            if time.perf_counter() >= deadline:
                return

    await asyncio.gather(*(again_and_again() for _ in range(at_once)))
    return done / (time.perf_counter() - begin)


def rate_sync(operation: Callable[[], object], seconds: float) -> float:
    """Return operations per second of a blocking function over about `seconds`."""
    done, begin = 0, time.perf_counter()
    while (elapsed := time.perf_counter() - begin) < seconds or not done:
        operation()
        done += 1
    return done / elapsed
