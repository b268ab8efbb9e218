"""Write what was counted into the platform's database, where the hub reads it: totals, and a graph by the minute."""

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

import structlog
from pymongo import IndexModel, UpdateOne
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import BulkWriteError, PyMongoError

from hothouse.broker.meters import MAX_SLOW, Counts, Delta, Meters

log = structlog.get_logger(__name__)

TOTALS, MINUTES = "data_usage", "data_minutes"
KEPT_HOURS = 24
FLUSH_SECONDS = 5.0
INDEXES = {
    MINUTES: [IndexModel("at", expireAfterSeconds=KEPT_HOURS * 3600), IndexModel([("database", 1), ("at", 1)])],
}
"""The indexes that the hub makes at its start. `data_usage` is read by its `_id`, the database."""

_MAX_MINUTES = 20_000
"""Most minutes that wait for a MongoDB that is away."""

Document = dict[str, Any]
Collection = AsyncCollection[Document]


class StorageNews(Protocol):
    """Who knows how much the databases take."""

    def drain(self) -> Mapping[str, Document]:
        """Return the states, by database, that changed since the last time."""


@dataclass(slots=True)
class _Waiting:
    """What is still to be written of one database."""

    sums: Document = field(default_factory=dict)
    """By how much which fields grow."""
    slow_commands: list[Document] = field(default_factory=list)
    connections: int | None = None
    storage: Document | None = None


class UsageWriter:
    """Writes the meters' news. `instance` names this broker among others, and is the same after a restart."""

    def __init__(
        self,
        database: AsyncDatabase[Document],
        meters: Meters,
        instance: str,
        *,
        storage: StorageNews | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._totals: Collection = database[TOTALS]
        self._minutes: Collection = database[MINUTES]
        self._meters = meters
        self._storage = storage
        self._now = now
        self._connections_field = f"connections.{re.sub('[^A-Za-z0-9_-]', '_', instance)}"
        self._connections: dict[str, int] = {}
        self._written: set[str] = set()
        self._waiting: dict[str, _Waiting] = {}
        self._waiting_minutes: dict[tuple[str, datetime], Document] = {}
        self._lock = asyncio.Lock()
        self._is_begun = False
        self._is_failing = False

    async def run(self) -> None:
        """Write what is new every few seconds, until cancelled."""
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            await self.flush()

    async def flush(self) -> None:
        """Write what is new. What cannot be written now waits for the next time."""
        async with self._lock:
            self._gather()
            try:
                await self._begin()
                self._written |= await self._write(self._totals, self._waiting, self._total_of)
                await self._write(self._minutes, self._waiting_minutes, _minute_of)
            except PyMongoError as error:
                if not self._is_failing:
                    log.warning("usage-not-written", reason=str(error))
                self._is_failing = True
            else:
                self._is_failing = False

    async def close(self) -> None:
        """Write what is new for the last time: this broker has no connections any more."""
        for _, meter in self._meters:
            meter.connections = 0
        await self.flush()

    async def _begin(self) -> None:
        """Forget the connections that this broker had when it was killed."""
        if not self._is_begun:
            mine = self._connections_field
            await self._totals.update_many({mine: {"$exists": True}}, {"$unset": {mine: ""}})
            self._is_begun = True

    def _gather(self) -> None:
        """Add what is new to what waits."""
        for delta in self._meters.drain():
            self._gather_one(delta)
        for database, state in (self._storage.drain() if self._storage else {}).items():
            self._waiting.setdefault(database, _Waiting()).storage = state
        while len(self._waiting_minutes) > _MAX_MINUTES:
            del self._waiting_minutes[next(iter(self._waiting_minutes))]

    def _gather_one(self, delta: Delta) -> None:
        counts, database = delta.counts, delta.database
        is_moved = delta.connections != self._connections.get(database, 0)
        operations = counts.operations
        if not (operations or counts.refused or is_moved or delta.slow_commands):
            return
        waiting = self._waiting.setdefault(database, _Waiting())
        _add(waiting.sums, _fields_of(counts))
        waiting.slow_commands = [*waiting.slow_commands, *delta.slow_commands][-MAX_SLOW:]
        if is_moved:
            waiting.connections = delta.connections
            self._remember_connections(database, delta.connections)
        if operations:
            minute = self._now().replace(second=0, microsecond=0)
            grown = {"operations": operations, "errors": counts.errors, "milliseconds": counts.seconds * 1000}
            _add(self._waiting_minutes.setdefault((database, minute), {}), grown)

    def _remember_connections(self, database: str, count: int) -> None:
        if count:
            self._connections[database] = count
        else:
            self._connections.pop(database, None)

    def _total_of(self, database: str, waiting: _Waiting) -> UpdateOne:
        update: Document = {"$set": {"updated_at": self._now()}}
        if waiting.sums:
            update["$inc"] = waiting.sums
        if waiting.slow_commands:
            update["$push"] = {"slow_commands": {"$each": waiting.slow_commands, "$slice": -MAX_SLOW}}
        if waiting.storage is not None:
            update["$set"]["storage"] = waiting.storage
        if waiting.connections:
            update["$set"][self._connections_field] = waiting.connections
        elif waiting.connections == 0:
            update["$unset"] = {self._connections_field: ""}
        # One that was written before and is gone was deleted with its app; it must not come back.
        return UpdateOne({"_id": database}, update, upsert=database not in self._written)

    @staticmethod
    async def _write(
        collection: Collection, waiting: dict[Any, Any], make: Callable[[Any, Any], UpdateOne]
    ) -> set[Any]:
        """Write all of `waiting` and take out of it what was written; return its keys."""
        keys = list(waiting)
        if not keys:
            return set()
        failed = set(range(len(keys)))
        try:
            await collection.bulk_write([make(key, waiting[key]) for key in keys], ordered=False)
            failed = set()
        except BulkWriteError as error:
            failed = {each["index"] for each in error.details["writeErrors"]}
            raise
        finally:
            for position, key in enumerate(keys):
                if position not in failed:
                    del waiting[key]
        return set(keys)


def _minute_of(key: tuple[str, datetime], sums: Document) -> UpdateOne:
    database, minute = key
    name = f"{database}/{int(minute.timestamp() // 60)}"
    return UpdateOne({"_id": name}, {"$inc": sums, "$setOnInsert": {"database": database, "at": minute}}, upsert=True)


def _fields_of(counts: Counts) -> Document:
    """Return counts by the names they have in the database."""
    return {
        "operations": counts.operations,
        "errors": counts.errors,
        "refused": counts.refused,
        "bytes_in": counts.bytes_in,
        "bytes_out": counts.bytes_out,
        "slow": counts.slow,
        "milliseconds": counts.seconds * 1000,
        **{f"latency.{bucket}": count for bucket, count in enumerate(counts.latency)},
        **{f"commands.{name}": count for name, count in counts.commands.items() if name.isalnum()},
    }


def _add(sums: Document, more: Document) -> None:
    """Add to sums what is not 0."""
    for name, value in more.items():
        if value:
            sums[name] = sums.get(name, 0) + value
