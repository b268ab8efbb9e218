"""A hub and a worker in one event loop, on a real database, with the launcher a test chooses."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
from fastapi import FastAPI
from pwdlib.hashers.argon2 import Argon2Hasher
from pymongo.asynchronous.database import AsyncDatabase
from tests.support.pool_watch import POOLS

from hothouse.database import indexes
from hothouse.database.changes import Changes
from hothouse.hub.app import Parts, create_app
from hothouse.identity.passwords import Passwords
from hothouse.jobs.interfaces import Handler, WriteLine
from hothouse.jobs.repository import INDEXES, JobsRepository
from hothouse.jobs.worker import Worker
from hothouse.kit.clock import Clock, SystemClock
from hothouse.settings import Settings

MAIN = "http://localhost:8000"
INTERNAL_KEY = "an internal key only this test knows"
QUICK = Passwords(Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1))
ADA = {"email": "ada@example.org", "password": "correct horse battery"}
GRACE = {"name": "Grace", "email": "grace@example.org", "password": "compilers are fun"}


def make_settings(home: Path, mongodb_uri: str, database: str, isolation: str = "auto") -> Settings:
    """Settings of a hub whose admin is Ada."""
    return Settings.model_validate(
        {
            "home": home,
            "internal_key": INTERNAL_KEY,
            "mongodb": {"uri": mongodb_uri, "database": database},
            "admin": ADA,
            "launch": {"isolation": isolation},
        }
    )


class InstantBuild:
    """Builds nothing, at once: gives every release the same empty environment. `lines` go to the log."""

    def __init__(self, home: Path, *lines: str) -> None:
        self.environment = home / "envs" / "instant"
        self.lines = lines
        self.built: list[str] = []
        self.abandoned: list[str] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self, job: dict[str, Any], write: WriteLine) -> dict[str, Any]:
        for line in self.lines:
            write("stdout", line)
        await self.gate.wait()
        (self.environment / "bin").mkdir(parents=True, exist_ok=True)
        self.built.append(job["_id"])
        return {"lock": "", "lock_digest": "none", "environment": str(self.environment)}

    async def abandon(self, job: dict[str, Any]) -> None:
        self.abandoned.append(job["_id"])


@asynccontextmanager
async def running_hub(settings: Settings, **parts: Any) -> AsyncIterator[FastAPI]:
    """Run a hub from start to orderly end."""
    app = create_app(settings, Parts(**{"passwords": QUICK} | parts))
    async with app.router.lifespan_context(app):
        yield app
        await POOLS.settle()


@asynccontextmanager
async def running_worker(
    database: AsyncDatabase[dict[str, Any]],
    handlers: Mapping[str, Handler],
    *,
    clock: Clock | None = None,
    name: str = "worker",
    concurrent: int = 2,
) -> AsyncIterator[asyncio.Task[None]]:
    """Run a worker until the end of the block, or until its task is cancelled."""
    await indexes.ensure(database, INDEXES)
    changes, stopping = Changes(database, ("jobs",)), asyncio.Event()
    following = asyncio.create_task(changes.run())
    repository = JobsRepository(database)
    worker = Worker(repository, changes, clock or SystemClock(), handlers, name=name, concurrent=concurrent)
    task = asyncio.create_task(worker.run(stopping))
    try:
        yield task
    finally:
        await POOLS.settle()
        stopping.set()
        await asyncio.gather(task, return_exceptions=True)
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)


def client_of(hub: FastAPI, **options: Any) -> httpx2.AsyncClient:
    """Make a client that calls the hub as a browser on the main origin would."""
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(hub), base_url=MAIN, **options)


def gateway_of(hub: FastAPI) -> httpx2.AsyncClient:
    """Make a client that calls the hub as one of the platform's own processes."""
    return client_of(hub, headers={"X-Hothouse-Internal-Key": INTERNAL_KEY})


async def sign_in(client: httpx2.AsyncClient, account: Mapping[str, str] = ADA) -> httpx2.AsyncClient:
    """Sign a client in."""
    credentials = {key: account[key] for key in ("email", "password")}
    answer = await client.post("/api/v1/auth/login", json=credentials)
    assert answer.status_code == 200, answer.text
    return client
