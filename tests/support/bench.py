"""A database and a worker that stay, and hubs that come and go: for tests of the reconciler."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from fastapi import FastAPI
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase
from tests.support.apps_api import AppsApi
from tests.support.lab import InstantBuild, client_of, gateway_of, make_settings, running_hub, running_worker, sign_in
from tests.support.launchers import AnsweringLauncher, NeverReadyLauncher
from tests.support.moving_clock import MovingClock
from tests.support.waiting import eventually

from hothouse.settings import Settings

COLLECTIONS = ("apps", "releases", "deployments", "workloads", "uploads", "jobs", "job_logs", "leases")


class Bench:
    """A database and a worker that stay, and hubs that come and go."""

    def __init__(self, settings: Settings, database: AsyncDatabase[dict[str, Any]], clock: MovingClock) -> None:
        self.settings = settings
        self.database = database
        self.clock = clock
        self.build = InstantBuild(settings.home)
        self.launchers: set[NeverReadyLauncher] = set()

    @asynccontextmanager
    async def hub(self, launcher: NeverReadyLauncher) -> AsyncIterator["Desk"]:
        self.launchers.add(launcher)
        before = asyncio.all_tasks()
        async with (
            running_hub(self.settings, launcher=launcher, clock=self.clock) as app,
            client_of(app) as ada,
            gateway_of(app) as gateway,
        ):
            await sign_in(ada)
            named = {task for task in asyncio.all_tasks() if task.get_name() in ("reconciler", "changes")} - before
            yield Desk(app, AppsApi(ada), AppsApi(gateway), named)

    async def live(self) -> list[dict[str, Any]]:
        return await self.database["workloads"].find({"is_live": True}).to_list()

    async def app(self, slug: str) -> dict[str, Any]:
        found = await self.database["apps"].find_one({"slug": slug})
        assert found is not None
        return found

    async def nudge(self, slug: str) -> None:
        """Have an app looked at now, as when a clock that was put forward strikes."""
        await self.database["apps"].update_one({"slug": slug}, {"$inc": {"nudges": 1}})

    async def looked_at(self, hub: "Desk", slug: str) -> None:
        """Have an app looked at, and return when that is over: when the next look begins."""
        app_id = (await self.app(slug))["_id"]
        real, begun = hub.context.apps.get, asyncio.Event()

        async def get(asked: str) -> Any:
            if asked == app_id:
                begun.set()
            return await real(asked)

        hub.context.apps.get = get
        for _ in range(2):
            begun.clear()
            await self.nudge(slug)
            await asyncio.wait_for(begun.wait(), 15)
        hub.context.apps.get = real

    async def only_runs(self, launcher: AnsweringLauncher, slug: str) -> None:
        """Wait until what runs, what is recorded and what serves are one and the same workload."""

        async def is_so() -> bool:
            app, live = await self.app(slug), await self.live()
            ids = [workload["_id"] for workload in live]
            return bool(app["state"] == "running" and ids == [app["workload_id"]] == launcher.running)

        await eventually(is_so, f"one workload of {slug}")


class Desk:
    """One running hub, with Ada before it."""

    def __init__(self, app: FastAPI, ada: AppsApi, gateway: AppsApi, background: set[asyncio.Task[Any]]) -> None:
        self.app, self.ada, self.gateway, self.background = app, ada, gateway, background

    @property
    def context(self) -> Any:
        return self.app.state.apps.context


@pytest.fixture(scope="module")
async def shared(mongodb_uri: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Bench]:
    name = f"bench_{uuid.uuid4().hex[:8]}"
    settings = make_settings(tmp_path_factory.mktemp("bench"), mongodb_uri, name, "process")
    settings.launch.frozen_hours = 0
    async with AsyncMongoClient[dict[str, Any]](mongodb_uri, tz_aware=True) as client:
        yield Bench(settings, client[name], MovingClock())
        await client.drop_database(name)


@pytest.fixture
async def bench(shared: Bench, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bench]:
    """The bench, cleared, with a worker."""
    monkeypatch.setattr("hothouse.workloads.runner.DRAIN_SECONDS", 0.05)
    for name in COLLECTIONS:
        await shared.database[name].delete_many({})
    shared.clock = MovingClock()
    shared.build = InstantBuild(shared.settings.home)
    async with running_worker(shared.database, {"build": shared.build}, clock=shared.clock):
        yield shared
    for launcher in shared.launchers:
        await launcher.stop_all()
    shared.launchers.clear()
