"""What is culled and what is not: real sandboxes, a real Jupyter server with real kernels, a clock put forward."""

import contextlib
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from tests.support.environments_desk import Desk, asked, open_up, template
from tests.support.moving_clock import MovingClock
from tests.support.waiting import eventually
from tests.support.whole_lab import Lab, running_lab

from hothouse.environments.culling.culler import Culler

COUNTER = """
import http.server, os
COUNT = 0

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        global COUNT
        COUNT += 1
        answer = str(COUNT).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_): ...

http.server.ThreadingHTTPServer((os.environ["HOST"], int(os.environ["PORT"])), Handler).serve_forever()
"""
SPIN = """
import threading

def spin():
    while True:
        pass

threading.Thread(target=spin, daemon=True).start()
"""
BUSY = SPIN + COUNTER
JUPYTER = ("jupyter", "server", "--ip=$HOST", "--port=$PORT", "--no-browser", "--allow-root",
           "--IdentityProvider.token=",
    "--ServerApp.allow_remote_access=True", "--ServerApp.disable_check_xsrf=True")  # fmt: skip


@pytest.fixture(scope="module")
def clock() -> MovingClock:
    return MovingClock()


class Looks:
    """How often the culler has looked at everything."""

    def __init__(self) -> None:
        self.count = 0

    async def more(self) -> None:
        """Wait for a look that began from now on to end."""
        seen = self.count
        await eventually(lambda: self.count >= seen + 2, "two looks", 30)


@pytest.fixture(scope="module")
def looks() -> Iterator[Looks]:
    """Have the culler look every second: more often, and asking a Jupyter server would itself be work for that."""
    looks, real = Looks(), Culler.look

    async def look(self: Culler) -> None:
        await real(self)
        looks.count += 1

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("hothouse.environments.culling.culler.LOOK_SECONDS", 1.0)
        patch.setattr(Culler, "look", look)
        yield looks


@pytest.fixture(scope="module")
async def culled(mongodb_uri: str, short_home: Path, clock: MovingClock, looks: Looks) -> AsyncIterator[Lab]:
    """A lab whose clock can be put forward."""
    del looks  # which are quicker
    async with running_lab(mongodb_uri, short_home, clock=clock) as lab:
        for made in (
            template("counter", "python", "-c", COUNTER),
            template("busy", "python", "-c", BUSY),
            template("kept", "python", "-c", COUNTER, is_culled=False),
            template(
                "kernels",
                *JUPYTER,
                packages=["jupyter-server", "ipykernel"],
                activity="jupyter",
                health={"path": "/api/status", "timeout_seconds": 60},
            ),
        ):
            await lab.ada.post("/api/v1/templates", 201, json=made)
            await open_up(lab.ada, made["slug"])
        yield lab


@pytest.fixture
def grace(culled: Lab) -> Desk:
    return Desk(culled.grace, culled)


async def unused_until_asleep(desk: Desk, environment: dict[str, Any], clock: MovingClock) -> dict[str, Any]:
    """Put the clock forward until it sleeps.

    Once is not always enough: on a slow machine, what it did before that may be seen only afterwards.
    """
    for _ in range(5):
        clock.advance(minutes=61)
        with contextlib.suppress(AssertionError):
            return await desk.in_state(environment, "sleeping", seconds=15)
    raise AssertionError(await desk.api.get(f"/api/v1/environments/{environment['slug']}/activity"))


async def endpoint(desk: Desk, environment: dict[str, Any]) -> str:
    """Return where it is, as a gateway that has a request for it is told."""
    document = await desk.lab.database["environments"].find_one({"slug": environment["slug"]})
    assert document is not None
    route = await desk.lab.gateway.post(f"/internal/v1/apps/{document['_id']}/wake")
    return str(route["endpoint"])


class TestSleep:
    async def test_it_stands_still_and_goes_on_where_it_was(self, grace: Desk, clock: MovingClock) -> None:
        made = await grace.running("counter")
        where = await endpoint(grace, made)
        before = int((await asked(where, "/")).text)
        slept = await unused_until_asleep(grace, made, clock)
        assert slept["reason"] == "asleep: it was not used for 1 hour"
        document = await grace.lab.database["environments"].find_one({"slug": made["slug"]})
        status = await grace.lab.launcher.poll(document["workload_id"])
        assert status is not None
        assert status.is_frozen
        woken = await asked(await endpoint(grace, made), "/")
        assert int(woken.text) == before + 1
        assert (await grace.show(made))["state"] == "running"
        record = await grace.lab.ada.get("/api/v1/culling/record")
        assert [(one["slug"], one["action"]) for one in record["items"]][:1] == [(made["slug"], "sleep")]
        await grace.delete(made)

    async def test_it_is_stopped_much_later(self, grace: Desk, clock: MovingClock) -> None:
        made = await grace.running("counter", name="Long asleep")
        await unused_until_asleep(grace, made, clock)
        clock.advance(hours=12, minutes=1)
        stopped = await grace.in_state(made, "stopped")
        assert "asleep for 12 hours" in stopped["reason"]
        await grace.do(made, "start")
        await grace.in_state(made, "running")
        await grace.do(made, "stop")
        assert (await grace.in_state(made, "stopped"))["reason"] is None, "this time it was by hand"
        await grace.delete(made)

    async def test_a_frozen_one_can_be_stopped_by_hand(self, grace: Desk, clock: MovingClock) -> None:
        made = await grace.running("counter", name="Cold")
        await unused_until_asleep(grace, made, clock)
        await grace.do(made, "stop")
        await grace.in_state(made, "stopped")
        await grace.delete(made)

    async def test_preview_and_warning(self, grace: Desk, clock: MovingClock) -> None:
        made = await grace.running("counter", name="Warned")
        clock.advance(minutes=55)
        shown = await grace.api.get(f"/api/v1/environments/{made['slug']}/activity")
        assert (shown["next"]["action"], shown["next"]["is_near"]) == ("sleep", True)
        preview = await grace.lab.ada.get("/api/v1/culling/preview")
        assert made["slug"] in [one["slug"] for one in preview["items"]]
        await grace.delete(made)


class TestKept:
    async def test_a_silent_computation(self, grace: Desk, clock: MovingClock, looks: Looks) -> None:
        made = await grace.running("busy")
        await looks.more()
        for _ in range(3):
            clock.advance(minutes=59)
            await looks.more()
        shown = await grace.api.get(f"/api/v1/environments/{made['slug']}/activity")
        assert shown["kept_by"] == "the processor is at work"
        assert (await grace.show(made))["state"] == "running"
        await grace.delete(made)

    async def test_who_opted_out(self, grace: Desk, clock: MovingClock, looks: Looks) -> None:
        made = await grace.running("kept")
        clock.advance(hours=30)
        await looks.more()
        assert (await grace.show(made))["state"] == "running"
        await grace.delete(made)

    async def test_what_somebody_asked_to_have_kept(self, grace: Desk, clock: MovingClock, looks: Looks) -> None:
        made = await grace.running("counter", name="Asked for")
        path = f"/api/v1/environments/{made['slug']}/keep"
        kept = await grace.api.post(path, 200, json={"hours": 72})
        clock.advance(hours=23)
        await looks.more()
        assert (await grace.show(made))["state"] == "running", kept
        clock.advance(hours=2)  # more than the settings allow is not granted
        await grace.in_state(made, "sleeping")
        await grace.delete(made)

    async def test_a_kernel_that_computes_but_not_one_that_is_idle(
        self, grace: Desk, clock: MovingClock, looks: Looks
    ) -> None:
        """With an idle tab beside it: its polling and its WebSocket are no use."""
        made = await grace.running("kernels")
        where = await endpoint(grace, made)
        async with session_at(where) as (session, base):
            kernel = await (await session.post(f"{base}/api/kernels")).json()
            channels = f"{base}/api/kernels/{kernel['id']}/channels"
            async with session.ws_connect(channels) as socket:
                await execute(socket, "import time; time.sleep(300)")
                await eventually(lambda: is_busy(session, base), "a busy kernel", 30)
                for _ in range(3):
                    clock.advance(minutes=59)
                    await looks.more()
                shown = await grace.api.get(f"/api/v1/environments/{made['slug']}/activity")
                assert shown["kept_by"] == "a kernel is computing"
                await session.post(f"{base}/api/kernels/{kernel['id']}/interrupt")

                async def is_idle() -> bool:
                    return not await is_busy(session, base)

                await eventually(is_idle, "an idle kernel", 30)
                await unused_until_asleep(grace, made, clock)
        await grace.delete(made)


def session_at(endpoint: str) -> Any:
    return _Session(endpoint)


class _Session:
    """A client of a Jupyter server at an endpoint, and the address to ask."""

    def __init__(self, endpoint: str) -> None:
        is_socket = endpoint.startswith("unix:")
        connector = aiohttp.UnixConnector(endpoint.removeprefix("unix:")) if is_socket else None
        self._session = aiohttp.ClientSession(connector=connector)
        self._base = "http://localhost" if is_socket else endpoint

    async def __aenter__(self) -> tuple[aiohttp.ClientSession, str]:
        return self._session, self._base

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()


async def is_busy(session: aiohttp.ClientSession, base: str) -> bool:
    kernels = await (await session.get(f"{base}/api/kernels")).json()
    return any(kernel["execution_state"] == "busy" for kernel in kernels)


async def execute(socket: aiohttp.ClientWebSocketResponse, code: str) -> None:
    """Have a kernel run code, as a notebook does."""
    content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False}
    header = {"msg_id": uuid.uuid4().hex, "msg_type": "execute_request", "username": "", "session": uuid.uuid4().hex,
              "date": "", "version": "5.3"}  # fmt: skip
    await socket.send_json(
        {"header": header, "parent_header": {}, "metadata": {}, "content": content, "buffers": [], "channel": "shell"}
    )
