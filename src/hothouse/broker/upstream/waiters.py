"""Who waits for a connection of a pool, first come first served."""

import asyncio
from collections import deque
from collections.abc import Callable

from hothouse.broker.upstream.connection import UpstreamConnection

STALLED_SECONDS = 1.0

Lent = UpstreamConnection | None
"""A connection; or None, a place to open one in."""


class Waiters:
    """A queue; true while anybody waits."""

    def __init__(self) -> None:
        self._futures: deque[asyncio.Future[Lent]] = deque()
        self._served_at = 0.0

    def __bool__(self) -> bool:
        while self._futures and self._futures[0].done():
            self._futures.popleft()
        return bool(self._futures)

    @property
    def is_stalled(self) -> bool:
        """Whether somebody waits, and nobody was served for a second."""
        return bool(self) and asyncio.get_running_loop().time() - self._served_at > STALLED_SECONDS

    async def wait(self, on_unused: Callable[[Lent], None]) -> Lent:
        """Return what is lent to the caller when it is his turn.

        `on_unused` takes it back when the caller left at that very moment. Raises: the error of `turn_away`.
        """
        loop = asyncio.get_running_loop()
        if not self:
            self._served_at = loop.time()
        future: asyncio.Future[Lent] = loop.create_future()
        self._futures.append(future)
        try:
            return await future
        except asyncio.CancelledError:
            if future.done() and not future.cancelled() and future.exception() is None:
                on_unused(future.result())
            raise

    def serve(self, lent: Lent) -> None:
        """Lend to the first who waits; somebody must."""
        assert self  # noqa: S101 - whoever calls this has asked
        self._served_at = asyncio.get_running_loop().time()
        self._futures.popleft().set_result(lent)

    def turn_away(self, error: Exception) -> None:
        """Let everybody's wait fail."""
        while self:
            self._futures.popleft().set_exception(error)
