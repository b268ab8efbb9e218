"""A lab whose apps run nowhere but serve at once: Ada, its admin, Grace, who has data, Alan, who reads, and Eve."""

import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from pymongo import AsyncMongoClient
from tests.support.apps_api import AppsApi
from tests.support.data_lab import Lab
from tests.support.events import on_a_port
from tests.support.lab import InstantBuild, client_of, make_settings, running_hub, running_worker, sign_in
from tests.support.launchers import AnsweringLauncher

PEOPLE = ("grace", "alan", "eve")


@pytest.fixture(scope="module")
async def lab(mongodb_uri: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Lab]:
    """The lab, listening on a port."""
    home: Path = tmp_path_factory.mktemp("data-lab")
    settings = make_settings(home, mongodb_uri, f"data_{uuid.uuid4().hex[:8]}", "process")
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(AsyncMongoClient[dict[str, Any]](mongodb_uri, tz_aware=True))
        database = client[settings.mongodb.database]
        stack.push_async_callback(client.drop_database, database)
        launcher = AnsweringLauncher()
        stack.push_async_callback(launcher.stop_all)
        hub = await stack.enter_async_context(running_hub(settings, launcher=launcher))
        build = InstantBuild(home)
        await stack.enter_async_context(running_worker(database, {"build": build}))
        ada = await sign_in(await stack.enter_async_context(client_of(hub)))
        people = {}
        for name in PEOPLE:
            account = {"name": name.title(), "email": f"{name}@example.org", "password": "a long enough one"}
            assert (await ada.post("/api/v1/users", json=account)).status_code == 201
            people[name] = AppsApi(await sign_in(await stack.enter_async_context(client_of(hub)), account))
        url = await stack.enter_async_context(on_a_port(hub))
        yield Lab(settings, database, build, hub, AppsApi(ada), **people, url=url)
