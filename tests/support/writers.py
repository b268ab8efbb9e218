"""Apps that write one document after the other while something breaks, and remember what was acknowledged.

Each write is an insert, and a number appended to the writer's tally: what was lost is missing there, what was done
twice is there twice.
"""

import asyncio
import contextlib
import sys
import threading
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from pymongo import AsyncMongoClient, MongoClient
from pymongo.errors import PyMongoError

NODE_SCRIPT = Path(__file__).parents[1] / "drivers" / "node" / "write.mjs"
STEP_SECONDS = 0.02
MORE_SECONDS = 90


class Writer(Protocol):
    """One app; `acknowledged` are the numbers of its writes that came through, `failures` says of the others why."""

    name: str
    acknowledged: list[int]
    failures: list[str]


async def more(writers: Sequence[Writer], count: int) -> None:
    """Wait until every writer got so many further writes acknowledged."""
    wanted = {writer.name: len(writer.acknowledged) + count for writer in writers}
    async with asyncio.timeout(MORE_SECONDS):
        while any(len(writer.acknowledged) < wanted[writer.name] for writer in writers):
            await asyncio.sleep(STEP_SECONDS)


async def check(writers: Sequence[Writer], mongodb_uri: str, database: str, *, may_repeat_updates: bool) -> None:
    """Fail when an acknowledged write was lost, or any was done twice.

    `may_repeat_updates` is for an embedded server that was killed: what it remembers of retried writes is no part of
    the write itself, so an update that was under way may be done again (directly too); an insert may not.
    """
    async with AsyncMongoClient[dict[str, Any]](mongodb_uri) as client:
        db = client[database]
        for writer in writers:
            inserted = Counter([row["number"] async for row in db.items.find({"writer": writer.name})])
            tally = await db.tallies.find_one({"_id": writer.name})
            for kind, done in (("insert", inserted), ("update", Counter((tally or {"done": []})["done"]))):
                lost = set(writer.acknowledged) - done.keys()
                twice = {} if kind == "update" and may_repeat_updates else done - Counter(done.keys())
                assert not lost, f"{kind}s of {writer.name} that were acknowledged and lost: {sorted(lost)}"
                assert not twice, f"{kind}s of {writer.name} that were done twice: {sorted(twice)}"


class AsyncWriter:
    """PyMongo's asynchronous client."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.acknowledged: list[int] = []
        self.failures: list[str] = []

    @contextlib.asynccontextmanager
    async def writing(self, uri: str) -> AsyncIterator["AsyncWriter"]:
        async with AsyncMongoClient[dict[str, Any]](uri) as client:
            task = asyncio.create_task(self._write(client))
            try:
                yield self
            finally:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task

    async def _write(self, client: AsyncMongoClient[dict[str, Any]]) -> None:
        db, number = client.get_default_database(), 0
        while True:
            number += 1
            try:
                await db.items.insert_one({"writer": self.name, "number": number})
                await db.tallies.update_one({"_id": self.name}, {"$push": {"done": number}}, upsert=True)
            except PyMongoError as error:
                self.failures.append(str(error))
            else:
                self.acknowledged.append(number)


class SyncWriter:
    """PyMongo's synchronous client, in a thread."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.acknowledged: list[int] = []
        self.failures: list[str] = []
        self._is_over = threading.Event()

    @contextlib.asynccontextmanager
    async def writing(self, uri: str) -> AsyncIterator["SyncWriter"]:
        task = asyncio.create_task(asyncio.to_thread(self._write, uri))
        try:
            yield self
        finally:
            self._is_over.set()
            await task

    def _write(self, uri: str) -> None:
        number = 0
        with MongoClient[dict[str, Any]](uri) as client:
            db = client.get_default_database()
            while not self._is_over.is_set():
                number += 1
                try:
                    db.items.insert_one({"writer": self.name, "number": number})
                    db.tallies.update_one({"_id": self.name}, {"$push": {"done": number}}, upsert=True)
                except PyMongoError as error:
                    self.failures.append(str(error))
                else:
                    self.acknowledged.append(number)


class NodeWriter:
    """The driver for Node, in a process."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.acknowledged: list[int] = []
        self.failures: list[str] = []

    @contextlib.asynccontextmanager
    async def writing(self, uri: str) -> AsyncIterator["NodeWriter"]:
        node = Path(sys.executable).with_name("node")
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(node, NODE_SCRIPT, uri, self.name, stdin=pipe, stdout=pipe)
        assert process.stdin is not None
        assert process.stdout is not None
        task = asyncio.create_task(self._read(process.stdout))
        try:
            yield self
        finally:
            process.stdin.close()
            await task
            assert await process.wait() == 0

    async def _read(self, lines: asyncio.StreamReader) -> None:
        async for line in lines:
            if line.strip().isdigit():
                self.acknowledged.append(int(line))
            else:
                self.failures.append(line.decode().strip())
