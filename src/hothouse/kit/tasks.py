"""Ending tasks."""

import asyncio
from typing import Any

PATIENCE_SECONDS = 1.0


async def end_tasks(*tasks: asyncio.Future[Any]) -> None:
    """Cancel tasks and return when all of them are over, whatever they end with.

    One cancellation may be lost: up to Python 3.11 `asyncio.wait_for` swallows it when what it waits for is done at the
    same moment (https://github.com/python/cpython/issues/86296). So it is repeated.
    """
    left = {task for task in tasks if not task.done()}
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=PATIENCE_SECONDS)
    await asyncio.gather(*tasks, return_exceptions=True)  # so that none is reported as never asked for
