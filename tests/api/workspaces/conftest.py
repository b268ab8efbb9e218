"""A hub and a worker that copies, for two people who have workspaces."""

import asyncio
import shutil
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from pymongo import AsyncMongoClient
from tests.support.apps_api import AppsApi
from tests.support.lab import GRACE, client_of, make_settings, running_hub, running_worker, sign_in
from tests.support.workspaces_api import WorkspaceApi, WorkspacesLab

from hothouse.database.connection import Document
from hothouse.environments.workspaces.jobs import KIND, handlers
from hothouse.jobs.interfaces import WriteLine
from hothouse.kit.clock import SystemClock
from hothouse.launch.backends.local import LocalLauncher


@pytest.fixture(scope="module")
def short_home() -> Iterator[Path]:
    """A data folder that other users may pass through, as an installation's is."""
    folder = Path(tempfile.mkdtemp(prefix="hothouse-work-"))
    folder.chmod(0o711)
    yield folder / "home"
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
async def lab(mongodb_uri: str, short_home: Path) -> AsyncIterator[WorkspacesLab]:
    """A lab with Ada, its admin, and Grace."""
    settings = make_settings(short_home, mongodb_uri, f"work_{uuid.uuid4().hex[:8]}")
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(AsyncMongoClient[dict[str, Any]](mongodb_uri, tz_aware=True))
        database = client[settings.mongodb.database]
        stack.push_async_callback(client.drop_database, database)
        hub = await stack.enter_async_context(running_hub(settings))
        launcher = LocalLauncher(settings.home / "copies", hub.state.isolation)
        copying = asyncio.Event()
        copying.set()

        async def copy_when_allowed(job: Document, write: WriteLine) -> dict[str, Any]:
            await copying.wait()
            return await handlers(settings.home, database, launcher, SystemClock())[KIND](job, write)

        await stack.enter_async_context(running_worker(database, {KIND: copy_when_allowed}))
        ada, grace = [await stack.enter_async_context(client_of(hub)) for _ in range(2)]
        await sign_in(ada)
        assert (await ada.post("/api/v1/users", json=GRACE)).status_code == 201
        await sign_in(grace, GRACE)
        stack.push_async_callback(launcher.stop_all, grace_seconds=0)
        yield WorkspacesLab(settings, database, hub, AppsApi(ada), AppsApi(grace), copying)


@pytest.fixture
async def space(lab: WorkspacesLab) -> WorkspaceApi:
    """A fresh workspace of Grace's."""
    return await lab.workspace()
