"""What changed in the database, told to everyone in this process who wants to know.

A change stream is followed where the server has them, so that a change made by the worker or by another hub is
seen as soon as one made here. Notices carry ids only: whoever acts on one reads the document as it is by then.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog
from pymongo.errors import PyMongoError

from hothouse.database.connection import Database

log = structlog.get_logger(__name__)

QUEUE_LIMIT = 1_000
RETRY_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Change:
    """A document was written or deleted; `key` None means that anything may have changed, so read all again."""

    collection: str
    key: str | None
    is_deleted: bool = False


ANYTHING = Change("*", None)
TakeFirst = Callable[[Sequence[Change]], Awaitable[None]]
"""Is told of changes before all listeners, who wait until it is done with them. Raises: `PyMongoError` to be told again
that anything may have changed."""


class Changes:
    """A feed of changes in some collections; `run` must be running for it to be fed."""

    def __init__(self, database: Database, collections: Iterable[str], take_first: TakeFirst | None = None) -> None:
        self._database = database
        self._collections = tuple(collections)
        self._take_first = take_first
        self._listeners: set[asyncio.Queue[Change]] = set()

    @asynccontextmanager
    async def listen(self) -> AsyncIterator[asyncio.Queue[Change]]:
        """Give a queue of the changes from now on; a listener that falls far behind is told to read all again."""
        queue: asyncio.Queue[Change] = asyncio.Queue()
        self._listeners.add(queue)
        try:
            yield queue
        finally:
            self._listeners.discard(queue)

    def publish(self, change: Change) -> None:
        """Tell every listener in this process."""
        for queue in self._listeners:
            told = change
            if queue.qsize() >= QUEUE_LIMIT:
                while not queue.empty():
                    queue.get_nowait()
                told = ANYTHING
            queue.put_nowait(told)

    async def run(self) -> None:
        """Follow the database until cancelled, reconnecting as often as it takes."""
        arrived: asyncio.Queue[Change] = asyncio.Queue()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._tell(arrived))
            while True:
                try:
                    await self._follow(arrived)
                except PyMongoError as error:
                    log.warning("changes-interrupted", error=str(error))
                    await asyncio.sleep(RETRY_SECONDS)

    async def _follow(self, arrived: asyncio.Queue[Change]) -> None:
        wanted = {"$match": {"ns.coll": {"$in": list(self._collections)}}}
        async with await self._database.watch([wanted], max_await_time_ms=1_000) as stream:
            arrived.put_nowait(ANYTHING)
            async for event in stream:
                arrived.put_nowait(
                    Change(
                        event["ns"]["coll"],
                        str(event["documentKey"]["_id"]) if "documentKey" in event else None,
                        event["operationType"] == "delete",
                    )
                )

    async def _tell(self, arrived: asyncio.Queue[Change]) -> None:
        """Tell what arrived, all that did meanwhile at once, to whoever comes first and then to the listeners."""
        while True:
            batch = [await arrived.get()]
            while not arrived.empty():
                batch.append(arrived.get_nowait())
            if self._take_first is not None:
                try:
                    await self._take_first(batch)
                except PyMongoError as error:
                    log.warning("changes-not-taken", error=str(error))
                    await asyncio.sleep(RETRY_SECONDS)
                    arrived.put_nowait(ANYTHING)  # so nobody is told before it is in force
                    continue
            for change in batch:
                self.publish(change)
