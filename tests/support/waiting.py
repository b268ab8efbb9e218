"""Waiting for a condition instead of sleeping."""

import asyncio
import inspect
from collections.abc import Callable
from typing import Any

STEP_SECONDS = 0.02
LONGEST_STEP_SECONDS = 0.2
"""Whoever waits long asks less often: asking costs those who are waited for."""


async def eventually(condition: Callable[[], Any], what: str = "", seconds: float = 15) -> Any:
    """Ask until the condition (a function, or one that returns an awaitable) is true; returns what it gave.

    Fails with `what` and the last answer once the time is up. An `AssertionError` of the condition means "not yet".
    """
    step = STEP_SECONDS
    deadline = asyncio.get_running_loop().time() + seconds
    while True:
        try:
            answer = condition()
            if inspect.isawaitable(answer):
                answer = await answer
        except AssertionError as error:
            answer, last = None, error
        else:
            last = None
        if answer:
            return answer
        if asyncio.get_running_loop().time() > deadline:
            raise AssertionError(
                f"not within {seconds} s: {what or inspect.getsource(condition).strip()}; {answer!r}"
            ) from last
        await asyncio.sleep(step)
        step = min(step * 1.3, LONGEST_STEP_SECONDS)
