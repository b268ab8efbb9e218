"""A lab whose environments start at once and take nothing, to see in which order they are let in."""

import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
from fastapi import FastAPI
from pymongo import AsyncMongoClient
from tests.support.apps_api import AppsApi
from tests.support.lab import GRACE, InstantBuild, client_of, make_settings, running_hub, running_worker, sign_in
from tests.support.launchers import AnsweringLauncher
from tests.support.waiting import eventually

from hothouse.database.connection import Document

MIB = 2**20
SIZE = {"cpu": 0.5, "memory_bytes": 100 * MIB}
MAXIMUM = {"cpu": 4, "memory_bytes": 2**33, "gpus": 8}
PLENTY = {"title": "Plenty", "rank": 90, "environments": 200, "cpu": 64, "memory_bytes": 2**40, "gpus": 8}


class QueueLab:
    """A database and a worker that stay, and hubs that come and go."""

    def __init__(self, settings: Any, database: Any) -> None:
        self.settings = settings
        self.database = database
        self.build = InstantBuild(settings.home)
        self.launcher = AnsweringLauncher()

    @asynccontextmanager
    async def hub(self) -> AsyncIterator["QueueDesk"]:
        async with (
            running_hub(self.settings, launcher=self.launcher) as app,
            client_of(app) as ada,
            client_of(app) as grace,
        ):
            await sign_in(ada)
            if await self.database["users"].count_documents({"email": GRACE["email"]}) == 0:
                assert (await ada.post("/api/v1/users", json=GRACE)).status_code == 201
            await sign_in(grace, GRACE)
            yield QueueDesk(self, app, AppsApi(ada), AppsApi(grace))

    def started(self) -> list[str]:
        """Return the names of the environments in the order in which they were started."""
        return [self.launcher.specs[one].env["NAME"] for one in self.launcher.starts]


class QueueDesk:
    """A hub, and what Ada and Grace do there."""

    def __init__(self, lab: QueueLab, app: FastAPI, ada: AppsApi, grace: AppsApi) -> None:
        self.lab = lab
        self.app = app
        self.ada = ada
        self.grace = grace

    async def prepare(self) -> None:
        """Make a template, and let Ada have as many environments as she likes."""
        made: dict[str, Any] = {"slug": "quick", "name": "Quick", "command": ["true"], "size": SIZE, "maximum": MAXIMUM}
        made["health"] = {"path": "/"}
        await self.ada.post("/api/v1/templates", 201, json=made)
        opened = await self.ada.client.put("/api/v1/access/template/quick/openness", json={"openness": "signed-in"})
        assert opened.is_success, opened.text
        assert (await self.ada.client.put("/api/v1/tiers/plenty", json=PLENTY)).is_success
        me = await self.lab.database["users"].find_one({"email": "ada@example.org"})
        given = await self.ada.client.put(f"/api/v1/tiers/given/user:{me['_id']}", json={"tier": "plenty"})
        assert given.is_success, given.text
        await self.ada.post("/api/v1/templates/quick/build")

        async def is_built() -> bool:
            return bool((await self.ada.get("/api/v1/templates/quick"))["build"] == "built")

        await eventually(is_built, "the build")

    async def start(self, name: str, **more: Any) -> httpx2.Response:
        body = {"template": "quick", "name": name, "env": {"NAME": name}} | more
        return await self.ada.client.post("/api/v1/environments", json=body)

    async def made(self, name: str, **more: Any) -> dict[str, Any]:
        answer = await self.start(name, **more)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def show(self, environment: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = await self.ada.get(f"/api/v1/environments/{environment['slug']}")
        return found

    async def stop(self, environment: dict[str, Any]) -> None:
        await self.ada.post(f"/api/v1/environments/{environment['slug']}/stop")

    async def in_state(self, environment: dict[str, Any], *states: str, seconds: float = 30) -> dict[str, Any]:
        async def look() -> dict[str, Any] | None:
            now = await self.show(environment)
            return now if now["state"] in states else None

        found: dict[str, Any] = await eventually(look, f"{environment['name']} {states}", seconds)
        return found

    async def document(self, environment: dict[str, Any]) -> Document:
        found: Document = await self.lab.database["environments"].find_one({"slug": environment["slug"]})
        return found


@asynccontextmanager
async def queue_lab(mongodb_uri: str, home: Path, *, memory_mib: int, starts: int = 100) -> AsyncIterator[QueueLab]:
    """Run the worker of a lab that may promise so much memory, and let so many start at the same moment."""
    settings = make_settings(home, mongodb_uri, f"queue_{uuid.uuid4().hex[:8]}", "process")
    settings.environments.capacity_memory_bytes = memory_mib * MIB
    settings.environments.capacity_cpu = 1000
    settings.launch.concurrent_starts = starts
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(AsyncMongoClient[dict[str, Any]](mongodb_uri, tz_aware=True))
        database = client[settings.mongodb.database]
        stack.push_async_callback(client.drop_database, database)
        lab = QueueLab(settings, database)
        await stack.enter_async_context(running_worker(database, {"packages": lab.build}))
        try:
            yield lab
        finally:
            for workload in lab.launcher.running:
                await lab.launcher.finish(workload, exit_code=0)
