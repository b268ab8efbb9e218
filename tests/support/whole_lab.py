"""A whole lab, real down to the processes: hub, worker, launcher, database. One serves all tests of a module."""

import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase
from tests.support.apps_api import AppsApi
from tests.support.lab import GRACE, client_of, gateway_of, make_settings, running_hub, running_worker, sign_in

from hothouse.jobs.process import handlers
from hothouse.launch.backends.local import LocalLauncher
from hothouse.settings import Settings


@dataclass
class Lab:
    """The parts of a running lab, and people who use it."""

    settings: Settings
    client: AsyncMongoClient[dict[str, Any]]
    database: AsyncDatabase[dict[str, Any]]
    hub: FastAPI
    ada: AppsApi
    grace: AppsApi
    anyone: httpx2.AsyncClient
    gateway: AppsApi
    url: str = ""

    @property
    def launcher(self) -> LocalLauncher:
        """A second view of what the hub's launcher runs."""
        return LocalLauncher(self.settings.home / "workloads", self.hub.state.isolation)

    @property
    def containers(self) -> LocalLauncher:
        """The same of what runs in images; their records are alike, and nothing is started by it."""
        return LocalLauncher(self.settings.home / "containers", self.hub.state.isolation)

    async def endpoint(self, slug: str) -> str | None:
        """Return where the gateway is told to send requests for an app."""
        app = await self.database["apps"].find_one({"slug": slug})
        assert app is not None
        route = await self.gateway.post(f"/internal/v1/apps/{app['_id']}/wake")
        endpoint: str | None = route["endpoint"]
        return endpoint


@pytest.fixture(scope="module")
def short_home() -> Iterator[Path]:
    """A data folder that other users may pass through, as an installation's is."""
    import shutil
    import tempfile

    folder = Path(tempfile.mkdtemp(prefix="hothouse-lab-"))
    folder.chmod(0o711)
    yield folder / "home"
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
async def lab(mongodb_uri: str, short_home: Path) -> AsyncIterator[Lab]:
    """A lab with Ada, its admin, and Grace."""
    async with running_lab(mongodb_uri, short_home) as made:
        yield made


@asynccontextmanager
async def running_lab(mongodb_uri: str, home: Path, **parts: Any) -> AsyncIterator[Lab]:
    """Run a lab, with parts of the hub replaced."""
    settings = make_settings(home, mongodb_uri, f"lab_{uuid.uuid4().hex[:8]}")
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(AsyncMongoClient[dict[str, Any]](mongodb_uri, tz_aware=True))
        database = client[settings.mongodb.database]
        stack.push_async_callback(client.drop_database, database)
        emptying = await stack.enter_async_context(AsyncExitStack())  # once nobody starts anything any more
        hub = await stack.enter_async_context(running_hub(settings, **parts))
        await stack.enter_async_context(running_worker(database, handlers(settings, database)))
        ada, grace, anyone = [await stack.enter_async_context(client_of(hub)) for _ in range(3)]
        gateway = await stack.enter_async_context(gateway_of(hub))
        await sign_in(ada)
        assert (await ada.post("/api/v1/users", json=GRACE)).status_code == 201
        await sign_in(grace, GRACE)
        made = Lab(settings, client, database, hub, AppsApi(ada), AppsApi(grace), anyone, AppsApi(gateway))
        for launcher in (made.launcher, made.containers):
            emptying.push_async_callback(launcher.stop_all, grace_seconds=0)
        yield made
