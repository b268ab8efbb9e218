"""The app's database, on a real server."""

import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from app_process import database_uri
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from hothouse_sdk import DatabaseNotConfigured, open_database
from hothouse_sdk.database import close_database


@pytest.fixture
async def name(mongodb_uri: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    name = f"test_{uuid.uuid4().hex[:12]}"
    monkeypatch.setenv("HOTHOUSE_DATABASE_URI", database_uri(mongodb_uri, name))
    yield name
    await close_database()
    async with AsyncMongoClient(mongodb_uri) as client:
        await client.drop_database(name)


async def test_genuine_and_the_apps_own(name: str) -> None:
    database = open_database()
    assert isinstance(database, AsyncDatabase)
    assert database.name == name
    now = datetime.now(UTC).replace(microsecond=0)
    await database.plants.insert_one({"_id": 1, "at": now, "id": (key := uuid.uuid4())})
    assert await database.plants.find_one({"_id": 1}) == {"_id": 1, "at": now, "id": key}


async def test_one_client_until_closed(name: str) -> None:
    client = open_database().client
    assert open_database().client is client
    await close_database()
    assert open_database().client is not client


async def test_closing_without_opening(name: str) -> None:
    await close_database()


@pytest.mark.parametrize(
    ("uri", "message"),
    [
        ("", "HOTHOUSE_DATABASE_URI is not set.*hothouse-sdk dev"),
        ("mongodb://127.0.0.1:1/", "names no database; end it in one"),
        ("postgres://127.0.0.1/x", "is not a MongoDB connection string"),
        ("mongodb://127.0.0.1:port/a", "is not a MongoDB connection string"),
    ],
)
async def test_what_is_wrong_is_said(name: str, monkeypatch: pytest.MonkeyPatch, uri: str, message: str) -> None:
    monkeypatch.setenv("HOTHOUSE_DATABASE_URI", uri)
    with pytest.raises(DatabaseNotConfigured, match=message):
        open_database()
