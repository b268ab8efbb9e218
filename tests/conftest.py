"""Fixtures every test may use."""

import os
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase
from tests.support.memory import quick_folder

from hothouse.database.embedded import EmbeddedMongo

E2E = Path(__file__).parent / "e2e"


def _rank(item: pytest.Item) -> int:
    """Tell when a test's turn is: what needs a whole platform goes first, since such files take longest."""
    if "platform" in getattr(item, "fixturenames", ()):
        return 0
    return 1 if E2E in item.path.parents else 2


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_rank)
    for item in items:
        if _rank(item) == 0:
            item.add_marker(pytest.mark.xdist_group("platform"))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Hand out tests by files, in the order above; those of the one platform that tests share stay together."""
    from xdist.scheduler import LoadGroupScheduling

    class ByFile(LoadGroupScheduling):
        def _split_scope(self, nodeid: str) -> str:
            scope: str = super()._split_scope(nodeid)
            return nodeid.partition("::")[0] if scope == nodeid else scope

    config.option.loadscopereorder = False
    return ByFile(config, log)


@pytest.fixture(scope="session", autouse=True)
def _own_config(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep commands that tests run away from what `hothouse login` kept for the person who runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
        yield


@pytest.fixture(scope="session")
async def mongodb_uri() -> AsyncIterator[str]:
    """Connection string of a MongoDB for tests: HOTHOUSE_TEST_MONGODB_URI, or one embedded server for the session."""
    given = os.environ.get("HOTHOUSE_TEST_MONGODB_URI")
    if given:
        yield given
        return
    with quick_folder() as folder:
        server = EmbeddedMongo(Path(folder) / "database", Path(folder) / "keys")
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
