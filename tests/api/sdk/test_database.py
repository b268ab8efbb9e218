"""The app's database, on a real server."""

import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from app_process import database_uri
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import OperationFailure
from tests.support.sandboxes import sandboxes
from tests.support.waiting import eventually

from hothouse_sdk import DatabaseNotConfigured, Experiment, is_not_granted, open_database
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


class TestOtherDatabase:
    async def test_on_a_plain_server_it_is_the_database_of_that_name(self, name: str) -> None:
        """So an author can try the app alone, on sample data."""
        other = f"plants-{name[-12:]}"
        await open_database().client[other].beds.insert_one({"_id": 1})
        try:
            assert await open_database(other).beds.find_one() == {"_id": 1}
            experiment = Experiment()
            assert experiment.other_database(other) == open_database(other)
            assert experiment.other_database(other).client is experiment.database.client
        finally:
            await open_database().client.drop_database(other)

    async def test_readable_as_long_as_it_is_granted(
        self, mongodb_uri: str, platform_database: AsyncDatabase[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with sandboxes(mongodb_uri, platform_database) as all_of_them:
            reader, source = await all_of_them.make("stats"), await all_of_them.make("click-tracker")
            monkeypatch.setenv("HOTHOUSE_DATABASE_URI", source.uri)
            await open_database().clicks.insert_one({"_id": 1})
            await close_database()
            monkeypatch.setenv("HOTHOUSE_DATABASE_URI", reader.uri)
            clicks = open_database("click-tracker").clicks

            async def answer() -> Any:
                try:
                    return await clicks.find_one()
                except OperationFailure as error:
                    return "not granted" if is_not_granted(error) else repr(error)

            assert await answer() == "not granted"
            await all_of_them.grant(reader, source, "clicks")
            await eventually(lambda: is_now(answer, {"_id": 1}), seconds=5)
            with pytest.raises(OperationFailure) as refused:
                await clicks.insert_one({"_id": 2})
            assert is_not_granted(refused.value)
            await all_of_them.grant(reader, source)
            await eventually(lambda: is_now(answer, "not granted"), seconds=5)
            await close_database()

    async def test_other_failures_are_told_apart(self, name: str) -> None:
        with pytest.raises(OperationFailure) as failed:
            await open_database("click-tracker").command("find", "clicks", filter={"$no": 1})
        assert not is_not_granted(failed.value)

    async def test_without_a_database(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("HOTHOUSE_DATABASE_URI", raising=False)
        with pytest.raises(DatabaseNotConfigured, match="is not set"):
            Experiment().other_database("click-tracker")


async def is_now(ask: Any, expected: Any) -> bool:
    return bool(await ask() == expected)
