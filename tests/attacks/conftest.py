"""One arena for the attacks of a file."""

import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest
from pymongo import AsyncMongoClient
from tests.support.arena import Arena, Person, spy

from hothouse.broker.process import listening
from hothouse.broker.upstream import UpstreamConnection

from .granting import SHOP, grant, until_readable


@pytest.fixture(scope="module")
async def arena(mongodb_uri: str) -> AsyncIterator[Arena]:
    with pytest.MonkeyPatch.context() as patch:
        async with AsyncMongoClient[dict[str, Any]](mongodb_uri) as direct:
            platform = direct[f"test_{uuid.uuid4().hex[:12]}"]
            async with listening(direct, platform.name, host="127.0.0.1", port=0) as address:
                made = Arena(address, direct, platform, mongodb_uri)
                patch.setattr(UpstreamConnection, "send", spy(made.sent, UpstreamConnection.send))
                await made.open()
                yield made
                await made.close()


@pytest.fixture(scope="module")
async def source(arena: Arena) -> AsyncIterator[Person]:
    """An app that shares one collection and keeps another to itself."""
    made = await arena.person(f"hh_{arena.token}s")
    home = arena.direct[made.database]
    await home.shared.insert_many([{"_id": number, "n": number} for number in range(10)])
    await home.private.insert_many([{"_id": number, "text": arena.secret} for number in range(3)])
    await home.create_collection("window", viewOn="private", pipeline=[{"$project": {"text": 1}}])
    arena.hidden.append(made.database.encode())
    arena.watched.append(made.database)
    await grant(arena, made, "shared")
    await until_readable(arena)
    yield made
    arena.hidden.clear()


@pytest.fixture
async def shared(arena: Arena, source: Person) -> None:
    """Grant one collection before each test."""
    found = await arena.platform.data_grants.find_one({"source_id": source.workload_id})
    if found is None or found["collections"] != ["shared"] or found["names"][0] != SHOP:
        await grant(arena, source, "shared")
        await until_readable(arena)
        await until_readable(arena, "new", readable=False)
