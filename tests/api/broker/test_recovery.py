"""The server or the broker dies: nothing acknowledged is lost, and drivers go on by themselves."""

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from pymongo import AsyncMongoClient
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import PyMongoError

from hothouse.broker.credentials import CredentialStore
from hothouse.database.embedded import EmbeddedMongo

Process = asyncio.subprocess.Process


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[EmbeddedMongo]:
    made = EmbeddedMongo(tmp_path / "database", tmp_path / "keys")
    await made.start()
    yield made
    await made.stop()


async def _start_broker(mongodb_uri: str, home: Path, port: int = 0) -> tuple[Process, int]:
    """Run `hothouse broker` as a process; return it and its port once it says that it is ready."""
    settings = {"HOTHOUSE_HOME": str(home), "HOTHOUSE_MONGODB_URI": mongodb_uri, "HOTHOUSE_BROKER_PORT": str(port)}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "hothouse.cli", "broker", env={**os.environ, **settings}, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    async with asyncio.timeout(30):
        while event := json.loads(await process.stdout.readline()):
            if event["event"] == "ready":
                return process, event["port"]
    raise AssertionError("the broker did not start")


async def _workload_uri(server: EmbeddedMongo, port: int) -> str:
    async with AsyncMongoClient[dict[str, Any]](server.uri) as admin:
        issued = await CredentialStore(admin.hothouse).issue(workload_id="w-1", database="hh_app")
    login = f"{issued.username}:{issued.password}"
    return f"mongodb://{login}@127.0.0.1:{port}/hh_app?authSource=hh_app&directConnection=true"


class _Writer:
    """Writes one document after the other, and remembers which were acknowledged."""

    def __init__(self, items: AsyncCollection[dict[str, Any]]) -> None:
        self.acknowledged: list[int] = []
        self.failures = 0
        self._items = items
        self._progress = asyncio.Event()

    async def run(self) -> None:
        number = 0
        while True:
            number += 1
            try:
                await self._items.insert_one({"_id": number})
            except PyMongoError:
                self.failures += 1
            else:
                self.acknowledged.append(number)
                self._progress.set()

    async def more(self, count: int) -> None:
        """Wait until so many further writes have been acknowledged."""
        wanted = len(self.acknowledged) + count
        async with asyncio.timeout(60):
            while len(self.acknowledged) < wanted:
                self._progress.clear()
                await self._progress.wait()


@contextlib.asynccontextmanager
async def _writing(uri: str) -> AsyncIterator[_Writer]:
    async with AsyncMongoClient[dict[str, Any]](uri) as client:
        writer = _Writer(client.get_default_database().items)
        task = asyncio.create_task(writer.run())
        try:
            yield writer
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


async def _stored(server: EmbeddedMongo) -> set[int]:
    async with AsyncMongoClient[dict[str, Any]](server.uri) as admin:
        return {row["_id"] async for row in admin.hh_app.items.find({})}


class TestKill:
    async def test_mongodb_and_broker_under_load(self, server: EmbeddedMongo, tmp_path: Path) -> None:
        broker, port = await _start_broker(server.uri, tmp_path)
        try:
            async with _writing(await _workload_uri(server, port)) as writer:
                await writer.more(50)
                assert server.process is not None
                server.process.kill()
                await server.process.wait()
                await server.start()
                await writer.more(50)
                assert writer.failures == 0, "the driver's retry is held until MongoDB is back"
                broker.kill()
                await broker.wait()
                broker, _ = await _start_broker(server.uri, tmp_path, port)
                await writer.more(50)
            assert set(writer.acknowledged) <= await _stored(server)
        finally:
            broker.send_signal(signal.SIGTERM)
            assert await broker.wait() == 0
