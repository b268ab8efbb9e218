"""What is measured: a MongoDB, and `hothouse broker` in front of it, each a process of its own."""

import asyncio
import contextlib
import json
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psutil
from pymongo import AsyncMongoClient

from hothouse.broker.credentials import CredentialStore
from hothouse.database.embedded import EmbeddedMongo

PLATFORM_DATABASE = "hothouse_bench"


@dataclass(frozen=True)
class Stack:
    """A running broker and what is behind it."""

    mongodb_uri: str
    port: int
    pid: int

    async def issue(self, workload_id: str, database: str) -> str:
        """Return the connection string of a workload for its own database."""
        async with AsyncMongoClient[dict[str, Any]](self.mongodb_uri) as admin:
            issued = await CredentialStore(admin[PLATFORM_DATABASE]).issue(workload_id=workload_id, database=database)
        login = f"{issued.username}:{issued.password}"
        return f"mongodb://{login}@127.0.0.1:{self.port}/{database}?authSource={database}&directConnection=true"

    def cpu_seconds(self) -> float:
        """Return the processor time that the broker has used."""
        times = psutil.Process(self.pid).cpu_times()
        return float(times.user + times.system)

    def memory(self) -> int:
        """Return the broker's proportional set size in bytes."""
        return int(psutil.Process(self.pid).memory_full_info().pss)

    @contextlib.asynccontextmanager
    async def relay(self) -> AsyncIterator[str]:
        """Run a relay in front of MongoDB that only copies bytes; gives the connection string through it."""
        parts = urlsplit(self.mongodb_uri)
        arguments = (sys.executable, str(Path(__file__).with_name("relay.py")), str(parts.port))
        process = await asyncio.create_subprocess_exec(*arguments, stdout=asyncio.subprocess.PIPE)
        assert process.stdout is not None
        try:
            port = int(await process.stdout.readline())
            yield urlunsplit(parts._replace(netloc=f"{parts.netloc.rpartition(':')[0]}:{port}"))
        finally:
            process.terminate()
            await process.wait()

    async def drop(self, *databases: str) -> None:
        """Remove databases and the platform's own; deleting first, because the embedded server drops slowly."""
        async with AsyncMongoClient[dict[str, Any]](self.mongodb_uri) as admin:
            for name in (*databases, PLATFORM_DATABASE):
                for collection in await admin[name].list_collection_names():
                    await admin[name][collection].delete_many({})
                await admin.drop_database(name)


@contextlib.asynccontextmanager
async def running_stack(mongodb_uri: str | None) -> AsyncIterator[Stack]:
    """Run a broker in front of a MongoDB: the one that is named, or an embedded one with its data in a temp folder."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        async with _mongodb(mongodb_uri, home) as uri, _broker(uri, home) as (port, pid):
            yield Stack(uri, port, pid)


@contextlib.asynccontextmanager
async def _mongodb(uri: str | None, home: Path) -> AsyncIterator[str]:
    if uri:
        yield uri
        return
    server = EmbeddedMongo(home / "database", home / "keys")
    await server.start()
    try:
        yield server.uri
    finally:
        await server.stop()


@contextlib.asynccontextmanager
async def _broker(mongodb_uri: str, home: Path) -> AsyncIterator[tuple[int, int]]:
    settings = {
        "HOTHOUSE_HOME": str(home),
        "HOTHOUSE_MONGODB_URI": mongodb_uri,
        "HOTHOUSE_MONGODB_DATABASE": PLATFORM_DATABASE,
        "HOTHOUSE_BROKER_PORT": "0",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "hothouse.cli", "broker", env={**os.environ, **settings}, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    drain = None
    try:
        while line := await process.stdout.readline():
            event = json.loads(line)
            if event.get("event") == "ready":
                drain = asyncio.create_task(process.stdout.read())
                yield event["port"], process.pid
                return
        raise SystemExit("The broker did not start.")
    finally:
        process.terminate()
        await process.wait()
        if drain is not None:
            await drain
