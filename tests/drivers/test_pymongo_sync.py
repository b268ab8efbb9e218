"""PyMongo's synchronous client: every scenario, with the same result directly and through the broker."""

from collections.abc import Iterator
from typing import Any

import pytest
from gridfs import GridFSBucket
from pymongo import MongoClient
from tests.drivers.conftest import Ways
from tests.drivers.eager import Eager, drive
from tests.drivers.plain import attempt, plain
from tests.drivers.scenarios.registry import World
from tests.drivers.sweep import SCENARIOS

from .known_gaps import check_result


def _world(client: MongoClient[dict[str, Any]], name: str) -> World:
    return World(Eager(client), name, lambda **options: Eager(GridFSBucket(client[name], **options)))


@pytest.fixture(scope="module")
def worlds(ways: Ways) -> Iterator[tuple[World, World]]:
    with (
        MongoClient[dict[str, Any]](ways.direct_uri, appname="sweep") as direct,
        MongoClient[dict[str, Any]](ways.broker_uri, appname="sweep") as broker,
    ):
        yield _world(direct, ways.direct_database), _world(broker, ways.broker_database)


@pytest.mark.parametrize("name", SCENARIOS)
def test_same_result(ways: Ways, worlds: tuple[World, World], name: str) -> None:
    ways.empty()
    direct, broker = [drive(_result(name, world)) for world in worlds]
    assert broker == direct
    check_result(name, direct)


async def _result(name: str, world: World) -> Any:
    return plain(await attempt(SCENARIOS[name](world)), world.name)
