"""Fixtures every test may use."""

import os
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from hothouse.database.embedded import EmbeddedMongo


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run what needs the whole platform first: these files take longest, and files are what workers share out."""
    items.sort(key=lambda item: "platform" not in getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session", autouse=True)
def _own_config(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep commands that tests run away from what `hothouse login` kept for the person who runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
        yield


@pytest.fixture(scope="session")
async def mongodb_uri(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """Connection string of a MongoDB for tests: HOTHOUSE_TEST_MONGODB_URI, or one embedded server for the session."""
    given = os.environ.get("HOTHOUSE_TEST_MONGODB_URI")
    if given:
        yield given
        return
    folder: Path = tmp_path_factory.mktemp("mongodb")
    server = EmbeddedMongo(folder / "database", folder / "keys")
    await server.start()
    try:
        yield server.uri
    finally:
        await server.stop()


@pytest.fixture
async def platform_database(mongodb_uri: str) -> AsyncIterator[AsyncDatabase[dict[str, Any]]]:
    """A fresh, empty database with a name of its own, dropped after the test."""
    async with AsyncMongoClient[dict[str, Any]](mongodb_uri, tz_aware=True) as client:
        database = client[f"test_{uuid.uuid4().hex[:12]}"]
        yield database
        await client.drop_database(database)
