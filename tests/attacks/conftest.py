"""One arena for the attacks of a file."""

import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest
from pymongo import AsyncMongoClient
from tests.support.arena import Arena, spy

from hothouse.broker.process import listening
from hothouse.broker.upstream import UpstreamConnection


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
