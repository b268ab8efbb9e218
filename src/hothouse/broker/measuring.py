"""Measure databases when their gauges ask for it: in the background, one at a time."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import structlog
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import PyMongoError

from hothouse.broker.storage import StorageGauge
from hothouse.broker.usage import TOTALS

log = structlog.get_logger(__name__)

LONGEST_SECONDS = 300.0
_REST = 9
"""How many times as long as a measurement took nothing else is measured: they get a tenth of MongoDB's time at most."""

Document = dict[str, Any]


class StorageKeeper:
    """The gauges of all databases in use."""

    def __init__(
        self,
        client: AsyncMongoClient[Document],
        database: AsyncDatabase[Document],
        *,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._totals = database[TOTALS]
        self._now = now
        self._gauges: dict[str, StorageGauge] = {}
        self._drained: dict[str, Document] = {}
        self._left: dict[str, Document] = {}
        self._task: asyncio.Task[None] | None = None
        self._rests_until = 0.0

    def of(self, database: str, allowed_bytes: int, allowed_by: str = "") -> StorageGauge:
        """Return the gauge of a database, the same one until it is forgotten, with this quota from now on."""
        gauge = self._gauges.get(database)
        if gauge is None:
            gauge = self._gauges[database] = StorageGauge(allowed_bytes, self._now)
        gauge.allow(allowed_bytes, allowed_by)
        return gauge

    def find(self, database: str) -> StorageGauge | None:
        """Return the gauge of a database that is in use."""
        return self._gauges.get(database)

    def forget(self, database: str) -> None:
        """Let go of a database that nobody is connected to; what is known of it is drained first."""
        gauge = self._gauges.pop(database, None)
        state = gauge.state() if gauge is not None else None
        if state is not None and state != self._drained.pop(database, None):
            self._left[database] = state

    def drain(self) -> dict[str, Document]:
        """Return the states, by database, that changed since the last time."""
        news, self._left = self._left, {}
        for database, gauge in self._gauges.items():
            state = gauge.state()
            if state is not None and state != self._drained.get(database):
                news[database] = self._drained[database] = state
        return news

    async def tick(self) -> None:
        """Begin what is due, if nothing is under way; does not wait for it."""
        if self._task is not None and not self._task.done():
            return
        if self._now() < self._rests_until and all(gauge.is_loaded for gauge in self._gauges.values()):
            return
        if any(not gauge.is_loaded or gauge.is_due() for gauge in self._gauges.values()):
            self._task = asyncio.create_task(self._work())

    async def settle(self) -> None:
        """Wait for what is under way."""
        if self._task is not None:
            await self._task

    async def close(self) -> None:
        """Give up what is under way."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _work(self) -> None:
        try:
            await self._load()
        except PyMongoError as error:
            log.warning("storage-unknown", reason=str(error))
            return
        due = [(name, gauge) for name, gauge in self._gauges.items() if gauge.is_due()]
        if due and self._now() >= self._rests_until:
            await self._measure(*max(due, key=lambda each: each[1].used_bytes / each[1].allowed_bytes))

    async def _load(self) -> None:
        """Give new gauges what was known of their databases."""
        new = {name: gauge for name, gauge in self._gauges.items() if not gauge.is_loaded}
        if not new:
            return
        known = {
            record["_id"]: record.get("storage")
            async for record in self._totals.find({"_id": {"$in": list(new)}}, {"storage": 1})
        }
        for name, gauge in new.items():
            gauge.load(known.get(name))

    async def _measure(self, name: str, gauge: StorageGauge) -> None:
        began = self._now()
        mark = gauge.begin()
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                stats = await self._client[name].command("dbStats")
        except (PyMongoError, TimeoutError) as error:
            gauge.fail()
            log.warning("storage-unknown", database=name, reason=str(error) or "dbStats takes too long")
        else:
            gauge.finish(mark, int(stats["dataSize"]), int(stats["indexSize"]), datetime.now(UTC))
        self._rests_until = self._now() + _REST * (self._now() - began)
