"""What tests of the gateway hold: real uvicorn apps, a hub that can be told to misbehave, and ways to knock."""

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from tests.support.ports import free_port

from hothouse.gateway.process import Gateway
from hothouse.settings import Settings

KEY = "internal-key-of-the-tests"
ADA = {"user_id": "usr_ada", "email": "ada@example.org", "name": "Ada Łovelace", "groups": ["lab", "a,b"]}
DEADLINE_SECONDS = 20.0
Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Stub = Callable[[Script], Awaitable[str]]


async def until(condition: Callable[[], Any]) -> Any:
    """Return what `condition` returns once that is true."""
    async with asyncio.timeout(DEADLINE_SECONDS):
        while not (found := condition()):
            await asyncio.sleep(0.005)
    return found


def route(**changes: Any) -> dict[str, Any]:
    return {
        "app_id": "app_echo",
        "slug": "echo",
        "former_slugs": [],
        "name": "Echo <b>",
        "icon": "🌱",
        "state": "running",
        "reason": "",
        "endpoint": None,
        "access": "private",
        "release": 1,
        "workload_id": "w1",
        "deployment": None,
        **changes,
    }


class MisbehavingHub:
    """Speaks the internal API on a unix socket, counts what it is asked, and can hang, fail or be gone."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.routes: dict[str, dict[str, Any]] = {}
        self.sessions = {"good": ADA, "hh_token": ADA}
        eve = {**ADA, "user_id": "usr_eve", "email": "eve@example.org"}
        self.strangers = {"stranger": eve, "hh_stranger": eve}
        self.codes: dict[str, tuple[str, str]] = {}
        self.admissions: list[dict[str, Any]] = []
        self.wakes: list[str] = []
        self.activity: list[dict[str, Any]] = []
        self.seen: list[web.Request] = []
        self.ttl_seconds = 30.0
        self.is_failing = self.is_over_quota = False
        self.admission_gate = asyncio.Event()
        self.admission_gate.set()
        self._followers: set[asyncio.Queue[bytes]] = set()
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        app = web.Application(client_max_size=2**30)
        app.router.add_get("/internal/v1/routes", self._follow)
        app.router.add_post("/internal/v1/admit", self._admit)
        app.router.add_post("/internal/v1/handover", self._redeem)
        app.router.add_post("/internal/v1/apps/{app_id}/wake", self._wake)
        app.router.add_post("/internal/v1/activity", self._note)
        app.router.add_route("*", "/{rest:.*}", self._public)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.01, handle_signals=False)
        await self._runner.setup()
        await web.UnixSite(self._runner, str(self.path)).start()

    async def kill(self) -> None:
        """Go away as a killed process does: every connection breaks, nobody listens."""
        if self._runner is not None:
            for queue in self._followers:
                queue.put_nowait(b"")
            await self._runner.cleanup()
            self._runner = None
        self.path.unlink(missing_ok=True)

    def put(self, **changes: Any) -> None:
        """Set a route and tell the gateways."""
        data = route(**changes)
        self.routes[data["app_id"]] = data
        self._tell("route", data)

    def remove(self, app_id: str) -> None:
        del self.routes[app_id]
        self._tell("removed", {"app_id": app_id})

    def recheck(self, **concerned: list[str]) -> None:
        """Tell the gateways that decisions may be other ones now."""
        self._tell("recheck", concerned)

    def _tell(self, name: str, data: Any) -> None:
        for queue in self._followers:
            queue.put_nowait(f"event: {name}\ndata: {json.dumps(data)}\n\n".encode())

    async def _follow(self, request: web.Request) -> web.StreamResponse:
        self._check(request)
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        queue: asyncio.Queue[bytes] = asyncio.Queue()
        snapshot = json.dumps({"routes": list(self.routes.values())})
        queue.put_nowait(f": open\n\nevent: snapshot\ndata: {snapshot}\n\n".encode())
        self._followers.add(queue)
        try:
            while message := await queue.get():
                await response.write(message)
        except (ConnectionError, aiohttp.ClientConnectionResetError):
            pass
        finally:
            self._followers.discard(queue)
        return response

    async def _admit(self, request: web.Request) -> web.Response:
        self._check(request)
        question = await request.json()
        self.admissions.append(question)
        answer = self._decide(question)  # as it is when it is asked, also if the answer takes long
        await self.admission_gate.wait()
        return web.json_response({} if self.is_failing else answer, status=500 if self.is_failing else 200)

    def _decide(self, question: dict[str, Any]) -> dict[str, Any]:
        credential = question["bearer"] or question["app_session"]
        identity = self.sessions.get(credential) or self.strangers.get(credential)
        route = self.routes.get(question["app_id"])
        is_public = route is not None and route["access"] == "public"
        is_allowed = is_public or (route is not None and credential in self.sessions)
        outcome = "allowed" if is_allowed else "forbidden" if identity else "sign-in"
        return {
            "outcome": outcome,
            "identity": identity,
            "credentials": [f"id of {credential}", "id of a parent"] if identity else [],
            "ttl_seconds": self.ttl_seconds,
            "reason": "because",
        }

    async def _redeem(self, request: web.Request) -> web.Response:
        self._check(request)
        asked = await request.json()
        if self.codes.pop(asked["code"], None) != (asked["app_id"], asked["state"]):
            return web.json_response({"type": "/problems/x"}, status=403)
        return web.json_response({"app_session": "good", "max_age_seconds": 3600})

    async def _wake(self, request: web.Request) -> web.Response:
        self._check(request)
        self.wakes.append(request.match_info["app_id"])
        if self.is_failing:
            return web.json_response({}, status=500)
        if self.is_over_quota:
            return web.json_response({"type": "/problems/quota-reached"}, status=409)
        return web.json_response(self.routes[request.match_info["app_id"]], status=202)

    async def _note(self, request: web.Request) -> web.Response:
        self._check(request)
        self.activity += (await request.json())["items"]
        return web.Response(status=204)

    async def _public(self, request: web.Request) -> web.Response:
        self.seen.append(request)
        body = await request.read()
        return web.json_response(
            {"path": request.raw_path, "size": len(body), "headers": [list(pair) for pair in request.headers.items()]}
        )

    def _check(self, request: web.Request) -> None:
        assert request.headers["X-Hothouse-Internal-Key"] == KEY


class AppProcess:
    """One uvicorn process that serves `gateway_app`."""

    def __init__(self, folder: Path, port: int | None = None) -> None:
        self.port = port or free_port()
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self.gate = folder / "gate"
        self.notes = folder / "notes"
        self.notes.touch()
        command = [sys.executable, "-m", "uvicorn", "gateway_app:app", "--log-level=warning", "--ws=websockets-sansio"]
        self.process = subprocess.Popen(
            [*command, f"--port={self.port}", f"--app-dir={Path(__file__).parent}"],
            env={**os.environ, "GATE": str(self.gate), "NOTES": str(self.notes)},
        )

    def read_notes(self) -> list[list[Any]]:
        return [json.loads(line) for line in self.notes.read_text().splitlines()]

    def accepts(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


class Door:
    """What a test holds: the hub, the gateway, and ways to knock."""

    def __init__(self, hub: MisbehavingHub, gateway: Gateway, settings: Settings, app: AppProcess) -> None:
        self.hub = hub
        self.gateway = gateway
        self.settings = settings
        self.app = app
        self.port = settings.port
        self.app_host = f"echo.{settings.domain}:{settings.port}"
        self.main_host = f"localhost:{settings.port}"
        self.session = aiohttp.ClientSession(
            f"http://127.0.0.1:{self.port}", cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False
        )

    def knock(self, path: str = "/", *, method: str = "GET", host: str | None = None, cookie: str = "", **options: Any):
        """Ask the app (or `host`) as the visitor whose session the cookie is."""
        headers = {"Host": host or self.app_host, **options.pop("headers", {})}
        if cookie:
            headers["Cookie"] = f"hothouse_app={cookie}"
        return self.session.request(method, path, headers=headers, allow_redirects=False, **options)

    async def put(self, **changes: Any) -> None:
        """Set a route and wait until the gateway has it."""
        version = self.gateway.table.by_id["app_echo"].version if "app_echo" in self.gateway.table.by_id else -1
        self.hub.put(**changes)
        app_id = changes.get("app_id", "app_echo")
        await until(lambda: (found := self.gateway.table.by_id.get(app_id)) and found.version > version)

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self.port)

    async def send(self, raw: bytes) -> bytes:
        """Send bytes on a connection of their own; return all that comes back until it closes."""
        reader, writer = await self.connect()
        writer.write(raw)
        async with asyncio.timeout(DEADLINE_SECONDS):
            answer = await reader.read()
        writer.close()
        return answer

    def head(self, *lines: str, target: str = "/", method: str = "GET", cookie: str = "good") -> bytes:
        """Return the head of a request to the app, without the empty line."""
        cookies = [f"Cookie: hothouse_app={cookie}"] if cookie else []
        return "\r\n".join([f"{method} {target} HTTP/1.1", f"Host: {self.app_host}", *cookies, *lines, ""]).encode()
