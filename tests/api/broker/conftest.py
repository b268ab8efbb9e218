"""A broker in front of the real test MongoDB, and workloads that reach it with real drivers."""

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from hothouse.broker.core import Options
from hothouse.broker.credentials import CredentialStore
from hothouse.broker.limits import Limits
from hothouse.broker.process import listening


@dataclass
class Workload:
    """One app as the broker sees it."""

    workload_id: str
    database: str
    uri: str


@dataclass
class Platform:
    """A running broker, the credentials behind it, and a direct way to MongoDB."""

    address: tuple[str, int]
    credentials: CredentialStore
    direct: AsyncMongoClient[dict[str, Any]]

    async def workload(self, database: str | None = None, limits: Limits | None = None) -> Workload:
        workload_id = f"w-{uuid.uuid4().hex[:8]}"
        database = database or f"hh_{uuid.uuid4().hex[:10]}"
        credential = await self.credentials.issue(workload_id=workload_id, database=database, limits=limits)
        return Workload(workload_id, database, self.uri(credential.username, credential.password, database))

    def uri(self, username: str, password: str, database: str) -> str:
        host, port = self.address
        options = f"authSource={database}&directConnection=true&authMechanism=SCRAM-SHA-256"
        return f"mongodb://{username}:{password}@{host}:{port}/{database}?{options}"


@pytest.fixture
async def platform(platform_database: AsyncDatabase[dict[str, Any]], mongodb_uri: str) -> AsyncIterator[Platform]:
    async with (
        AsyncMongoClient[dict[str, Any]](mongodb_uri) as direct,
        listening(direct, platform_database.name, host="127.0.0.1", port=0, options=Options(key=b"tests")) as address,
    ):
        yield Platform(address, CredentialStore(platform_database), direct)


Opener = Callable[..., Awaitable[AsyncDatabase[dict[str, Any]]]]


@pytest.fixture
async def workload(platform: Platform) -> AsyncIterator[Workload]:
    made = await platform.workload()
    yield made
    await platform.direct.drop_database(made.database)


@pytest.fixture
async def client(workload: Workload) -> AsyncIterator[AsyncMongoClient[dict[str, Any]]]:
    async with AsyncMongoClient[dict[str, Any]](workload.uri, serverSelectionTimeoutMS=5000) as made:
        yield made


@pytest.fixture
def own(client: AsyncMongoClient[dict[str, Any]]) -> AsyncDatabase[dict[str, Any]]:
    """The workload's own database, through the broker."""
    return client.get_default_database()
