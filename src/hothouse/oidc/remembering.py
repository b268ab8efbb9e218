"""Values that come from elsewhere, are kept for a while, and outlive a while without an answer."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from hothouse.kit.clock import Clock
from hothouse.oidc.errors import ProviderAway

T = TypeVar("T")
PAUSE = timedelta(seconds=5)


class Remembered(Generic[T]):
    """One value. However many ask at once, it is fetched once; a failure is remembered, too, for `PAUSE`."""

    def __init__(self, fetch: Callable[[], Awaitable[T]], keep: timedelta, clock: Clock) -> None:
        self._fetch = fetch
        self._keep = keep
        self._clock = clock
        self._lock = asyncio.Lock()
        self._value: T | None = None
        self._fetched_at: datetime | None = None
        self._failure: tuple[datetime, ProviderAway] | None = None

    async def get(self) -> T:
        """Return the value, an old one if no new one can be had. Raises: `ProviderAway` if there is none at all."""
        async with self._lock:
            if self._is_younger_than(self._keep) and self._value is not None:
                return self._value
            try:
                return await self._renew()
            except ProviderAway:
                if self._value is None:
                    raise
                return self._value

    async def no_older_than(self, age: timedelta) -> T:
        """Return the value as it is, or was so lately. Raises: `ProviderAway` when that cannot be told."""
        async with self._lock:
            if self._is_younger_than(age) and self._value is not None:
                return self._value
            return await self._renew()

    async def _renew(self) -> T:
        now = self._clock.now()
        if self._failure and now - self._failure[0] < PAUSE:
            raise self._failure[1]
        try:
            self._value = await self._fetch()
        except ProviderAway as error:
            self._failure = (self._clock.now(), error)
            raise
        self._failure, self._fetched_at = None, self._clock.now()
        return self._value

    def _is_younger_than(self, age: timedelta) -> bool:
        return self._fetched_at is not None and self._clock.now() - self._fetched_at < age
