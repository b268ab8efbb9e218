"""A hub, a gateway and an app that are all real, and visitors with WebSockets, event streams and downloads."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from fastapi import FastAPI
from tests.support.apps_api import AppsApi, source
from tests.support.events import on_a_port
from tests.support.gateway_door import AppProcess, until
from tests.support.lab import InstantBuild, client_of, gateway_of, make_settings, running_hub, running_worker, sign_in
from tests.support.launchers import NeverReadyLauncher
from tests.support.ports import free_port

from hothouse.gateway.process import Gateway
from hothouse.launch.interfaces import Status, WorkloadSpec
from hothouse.settings_oidc import OidcProvider, OidcSettings

PEOPLE = ("grace", "alan")
SLUG = "tank"
STATE = "s" * 22
DOWNLOAD_BYTES = 5_000_000_000
SLOW_READER_SECONDS = 0.002  # between pieces: no download is over before it is to be broken off


class EchoLauncher(NeverReadyLauncher):
    """Runs `gateway_app` whatever it is asked to run."""

    name = "echo"

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.processes: dict[str, AppProcess] = {}
        self._folder = folder

    async def start(self, spec: WorkloadSpec) -> Status:
        status = await super().start(spec)
        if spec.workload_id not in self.processes:
            folder = Path(tempfile.mkdtemp(dir=self._folder))
            self.processes[spec.workload_id] = AppProcess(folder, int(spec.env["PORT"]))
        return status

    def end(self) -> None:
        for process in self.processes.values():
            process.stop()


@dataclass
class Visitor:
    """Somebody at the app's origin, and when what they had open there ended (`time.monotonic`)."""

    session: aiohttp.ClientSession
    headers: dict[str, str]
    ends: dict[str, float] = field(default_factory=dict)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)
    begun: set[str] = field(default_factory=set)

    def begin(self, name: str, path: str, host: str = "") -> None:
        """Open a stream, a download, or a WebSocket if that is its name."""
        headers = self.headers | ({"Host": host} if host else {})
        work = self._talk(name, path, headers) if name == "websocket" else self._read(name, path, headers)
        self.tasks.append(asyncio.create_task(work))

    async def _talk(self, name: str, path: str, headers: dict[str, str]) -> None:
        async with self.session.ws_connect(path, headers=headers) as socket:
            await socket.send_str("x")
            assert await socket.receive_str() == "X"
            self.begun.add(name)
            await socket.receive()
            self.ends[name] = time.monotonic()

    async def _read(self, name: str, path: str, headers: dict[str, str]) -> None:
        async with self.session.get(path, headers=headers) as answer:
            assert answer.status == 200, await answer.text()
            try:
                while await answer.content.readany():
                    self.begun.add(name)
                    await asyncio.sleep(SLOW_READER_SECONDS)
            except aiohttp.ClientError:
                pass
            self.ends[name] = time.monotonic()

    async def close(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


@dataclass
class House:
    """The parts, and Ada, its admin, whose app `tank` it is, Grace and Alan."""

    hub: FastAPI
    gateway: Gateway
    port: int
    ada: AppsApi
    people: dict[str, AppsApi]
    internal: AppsApi
    session: aiohttp.ClientSession
    visitors: list[Visitor] = field(default_factory=list)

    @property
    def main_host(self) -> str:
        return f"localhost:{self.port}"

    @property
    def app_host(self) -> str:
        return f"{SLUG}.apps.localhost:{self.port}"

    async def share(self, **settings: Any) -> None:
        answer = await self.ada.client.patch(f"/api/v1/apps/{SLUG}", json=settings)
        assert answer.status_code == 200, answer.text

    async def app(self) -> dict[str, Any]:
        found = await self.hub.state.database["apps"].find_one({"slug": SLUG})
        assert found is not None
        return found

    async def app_session(self, person: AppsApi) -> str:
        """Carry a person's sign-in over to the app; returns the secret."""
        query = {"app": SLUG, "state": STATE}
        answer = await person.client.get("/api/v1/auth/handover", params=query, follow_redirects=False)
        code = answer.headers["location"].partition("code=")[2].partition("&")[0]
        body = {"app_id": (await self.app())["_id"], "code": code, "state": STATE}
        return str((await self.internal.post("/internal/v1/handover", 200, json=body))["app_session"])

    async def visit(self, **headers: str) -> Visitor:
        """Open a WebSocket, an event stream and a download at the app."""
        visitor = self._visitor({"Host": self.app_host, **headers})
        visitor.begin("websocket", "/ws")
        visitor.begin("events", "/events")
        visitor.begin("download", f"/big?size={DOWNLOAD_BYTES}")
        await until(lambda: len(visitor.begun) == 3)
        return visitor

    async def follow(self, *paths: str, **headers: str) -> Visitor:
        """Follow streams of the hub's through the gateway."""
        visitor = self._visitor({"Host": self.main_host, **headers})
        for path in paths:
            visitor.begin(path, path)
        await until(lambda: len(visitor.begun) == len(paths))
        return visitor

    def _visitor(self, headers: dict[str, str]) -> Visitor:
        visitor = Visitor(self.session, headers)
        self.visitors.append(visitor)
        return visitor

    async def leave(self) -> None:
        """Close what visitors still have open."""
        for visitor in self.visitors:
            await visitor.close()
        self.visitors.clear()


def cookies_of(person: AppsApi) -> dict[str, str]:
    """Return the header that carries a person's sign-in on the main origin."""
    return {"Cookie": "; ".join(f"{cookie.name}={cookie.value}" for cookie in person.client.cookies.jar)}


@asynccontextmanager
async def running_house(
    mongodb_uri: str, database: Any, home: Path, providers: Sequence[OidcProvider] = ()
) -> AsyncIterator[House]:
    """Run all of it."""
    update = {"port": free_port(), "oidc": OidcSettings(providers=list(providers))}
    settings = make_settings(home, mongodb_uri, database.name, "process").model_copy(update=update)
    async with AsyncExitStack() as stack:
        launcher = EchoLauncher(home)
        stack.callback(launcher.end)
        hub = await stack.enter_async_context(running_hub(settings, launcher=launcher))
        await stack.enter_async_context(running_worker(database, {"build": InstantBuild(home)}))
        url = await stack.enter_async_context(on_a_port(hub))
        ada = AppsApi(await sign_in(await stack.enter_async_context(client_of(hub))))
        people = {}
        for name in PEOPLE:
            account = {"name": name.title(), "email": f"{name}@example.org", "password": "a long enough one"}
            assert (await ada.client.post("/api/v1/users", json=account)).status_code == 201
            people[name] = AppsApi(await sign_in(await stack.enter_async_context(client_of(hub)), account))
        gateway = Gateway(settings.model_copy(update={"hub": settings.hub.model_copy(update={"listen": url})}))
        await gateway.start()
        stack.push_async_callback(gateway.stop, 0.1)
        session = await stack.enter_async_context(
            aiohttp.ClientSession(f"http://127.0.0.1:{settings.port}", cookie_jar=aiohttp.DummyCookieJar())
        )
        internal = AppsApi(await stack.enter_async_context(gateway_of(hub)))
        await ada.served(source(SLUG))
        house = House(hub, gateway, settings.port, ada, people, internal, session)
        yield house
        await house.leave()
