"""Two ways to the same MongoDB: directly, and through a broker that runs as a process of its own."""

import contextlib
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pymongo import AsyncMongoClient, MongoClient
from tests.support.broker_process import start_broker, stop_broker

from hothouse.broker.credentials import CredentialStore
from hothouse.broker.limits import Limits
from hothouse.database.embedded import NO_RETRIES

BATCH_DOCUMENTS = 100
"""The most in one command here: few, so that drivers split what is more without much being written."""


@dataclass(frozen=True)
class Ways:
    """Connection strings of both ways, each with a database of its own."""

    direct_uri: str
    direct_database: str
    broker_uri: str
    broker_database: str
    admin: MongoClient[dict[str, Any]]

    def empty(self) -> None:
        """Make both databases as if they had never been there."""
        for name in (self.direct_database, self.broker_database):
            for info in self.admin[name].list_collections(filter={"type": "collection"}):
                # The embedded server drops slowly, a sync for each document, and deletes quickly.
                self.admin[name][info["name"]].delete_many({})
            self.admin.drop_database(name)


@dataclass(frozen=True)
class Broker:
    """A broker as a process, and what issues credentials for it."""

    port: int
    platform_database: str
    mongodb_uri: str

    async def workload_uri(self, database: str, *, port: int = 0, **options: str) -> str:
        """Issue a credential and return the connection string that an app would get; `options` change its options."""
        async with AsyncMongoClient[dict[str, Any]](self.mongodb_uri) as admin:
            store = CredentialStore(admin[self.platform_database])
            limits = Limits(batch_documents=BATCH_DOCUMENTS)
            issued = await store.issue(workload_id=f"w-{uuid.uuid4().hex[:8]}", database=database, limits=limits)
        wanted = {"authSource": database, "directConnection": "true", "authMechanism": "SCRAM-SHA-256", **options}
        query = "&".join(f"{name}={value}" for name, value in wanted.items() if value)
        return f"mongodb://{issued.username}:{issued.password}@127.0.0.1:{port or self.port}/{database}?{query}"


@contextlib.asynccontextmanager
async def running_broker(mongodb_uri: str, home: Path) -> AsyncIterator[Broker]:
    """Run a broker with a platform database of its own."""
    database = f"test_{uuid.uuid4().hex[:12]}"
    settings = {"HOTHOUSE_MONGODB_DATABASE": database, "HOTHOUSE_DATA_BATCH_DOCUMENTS": str(BATCH_DOCUMENTS)}
    process, port = await start_broker(mongodb_uri, home, settings=settings)
    try:
        yield Broker(port, database, mongodb_uri)
    finally:
        assert await stop_broker(process) == 0, (home / "broker.log").read_text()
        async with AsyncMongoClient[dict[str, Any]](mongodb_uri) as admin:
            await admin.drop_database(database)


@pytest.fixture(scope="module")
async def broker(mongodb_uri: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Broker]:
    async with running_broker(mongodb_uri, tmp_path_factory.mktemp("broker")) as made:
        yield made


@pytest.fixture(scope="module")
async def ways(broker: Broker) -> AsyncIterator[Ways]:
    direct, through = (f"hh_{uuid.uuid4().hex[:10]}" for _ in range(2))
    with MongoClient[dict[str, Any]](broker.mongodb_uri) as admin:
        made = Ways(
            broker.mongodb_uri.replace(f"&{NO_RETRIES}", ""), direct, await broker.workload_uri(through), through, admin
        )
        yield made
        made.empty()
