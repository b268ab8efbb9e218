"""An index is made while documents are inserted: the embedded server would hang for good, for everybody."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from pymongo import AsyncMongoClient
from pymongo.asynchronous.collection import AsyncCollection

from hothouse.broker.credentials import CredentialStore
from hothouse.broker.process import listening
from hothouse.database.embedded import EmbeddedMongo

DOCUMENTS, ROUNDS = 20, 8


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[EmbeddedMongo]:
    """A server of this test's own: one that hangs does not stop when it is asked to."""
    made = EmbeddedMongo(tmp_path / "database", tmp_path / "keys")
    await made.start()
    yield made
    assert made.process is not None
    made.process.kill()
    await made.process.wait()


async def test_index_made_under_inserts(server: EmbeddedMongo) -> None:
    async with AsyncMongoClient[dict[str, Any]](server.uri) as admin:
        issued = await CredentialStore(admin.hothouse).issue(workload_id="w-1", database="hh_app")
        async with listening(admin, "hothouse", host="127.0.0.1", port=0) as (host, port):
            uri = f"mongodb://w-1:{issued.password}@{host}:{port}/hh_app?authSource=hh_app&directConnection=true"
            async with AsyncMongoClient[dict[str, Any]](uri) as client, asyncio.timeout(60):
                for number in range(ROUNDS):
                    items = client.hh_app[f"items{number}"]
                    writers = [_insert(items, writer) for writer in range(1 + 7 * (number % 2))]
                    await asyncio.gather(*writers, items.create_index("a"))
                    assert await items.count_documents({"a": {"$gte": 0}}) == len(writers) * DOCUMENTS


async def _insert(items: AsyncCollection[dict[str, Any]], writer: int) -> None:
    for count in range(DOCUMENTS):
        await items.insert_one({"_id": f"{writer}-{count}", "a": count})
