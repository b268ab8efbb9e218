"""A hub, whole and real, on a database of its own, called in-process."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from pwdlib.hashers.argon2 import Argon2Hasher
from pymongo.asynchronous.database import AsyncDatabase
from tests.support.pool_watch import POOLS

from hothouse.hub.app import Parts, create_app
from hothouse.identity.passwords import Passwords
from hothouse.settings import Settings

MAIN = "http://localhost:8000"
INTERNAL_KEY = "an internal key only this test knows"
QUICK = Passwords(Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1))
ADMIN = {"email": "ada@example.org", "password": "correct horse battery"}


@pytest.fixture
def settings(tmp_path: Path, mongodb_uri: str, platform_database: AsyncDatabase[dict[str, Any]]) -> Settings:
    """Settings of a hub that has an admin, Ada."""
    return Settings.model_validate(
        {
            "home": tmp_path / "home",
            "internal_key": INTERNAL_KEY,
            "mongodb": {"uri": mongodb_uri, "database": platform_database.name},
            "admin": ADMIN,
            "launch": {"isolation": "process"},
        }
    )


@pytest.fixture
async def hub(settings: Settings) -> AsyncIterator[FastAPI]:
    """The hub, started."""
    app = create_app(settings, Parts(passwords=QUICK))
    async with app.router.lifespan_context(app):
        yield app
        await POOLS.settle()


def client_of(hub: FastAPI, **options: Any) -> httpx2.AsyncClient:
    """Make a client that calls the hub as a browser on the main origin would."""
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(hub), base_url=MAIN, **options)


@pytest.fixture
async def anyone(hub: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    """Somebody who is not signed in."""
    async with client_of(hub) as client:
        yield client


@pytest.fixture
async def ada(hub: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    """The admin, signed in."""
    async with client_of(hub) as client:
        answer = await client.post("/api/v1/auth/login", json=ADMIN)
        assert answer.status_code == 200, answer.text
        yield client


@pytest.fixture
async def grace(hub: FastAPI, ada: httpx2.AsyncClient) -> AsyncIterator[httpx2.AsyncClient]:
    """An ordinary user, signed in."""
    account = {"name": "Grace", "email": "grace@example.org", "password": "compilers are fun"}
    assert (await ada.post("/api/v1/users", json=account)).status_code == 201
    async with client_of(hub) as client:
        answer = await client.post("/api/v1/auth/login", json=account)
        assert answer.status_code == 200, answer.text
        yield client


@pytest.fixture
async def gateway(hub: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    """One of the platform's own processes."""
    async with client_of(hub, headers={"X-Hothouse-Internal-Key": INTERNAL_KEY}) as client:
        yield client
