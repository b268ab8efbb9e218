"""Whatever is killed while people work: their environments are there again, with all they wrote, and nothing is left.

The tests go from one killed process to all of them, and end with the orderly stop.
"""

import contextlib
import json
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from socket import create_connection
from typing import Any

import httpx2
import psutil
import pytest
from pymongo import MongoClient
from tests.support.load import Clicker
from tests.support.running_platform import Platform
from tests.support.traces import Traces
from tests.support.up_process import wait_until
from websockets.sync.client import ClientConnection, connect

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="it looks at /proc")]
SERVER = Path(__file__).parents[1] / "support" / "notebook_server.py"
MIB = 2**20
HEAL_SECONDS = 60
TEMPLATE = {
    "slug": "bench",
    "name": "Bench",
    "command": ["python", "$HOME/serve.py"],
    "files": {"serve.py": SERVER.read_text()},
    "size": {"cpu": 1, "memory_bytes": 256 * MIB},
    "health": {"path": "/", "timeout_seconds": 60},
}

APP = {
    "schema_version": "1",
    "slug": "beside",
    "name": "Beside",
    "kind": "command",
    "entry": ["python", "serve.py"],
    "resources": {"disk": "64 MiB", "memory": "256 MiB"},
    "access": "signed-in",
}


class House:
    """A platform with environments, and somebody who works in them."""

    def __init__(self, home: Path) -> None:
        self.platform = Platform(home, settings={"HOTHOUSE_ENVIRONMENTS__DEFAULT_TIER": "premium"})
        self.traces = Traces(home, self.platform.port)

    def start(self) -> None:
        self.platform.start()
        self.token = self.platform.token()
        self.headers = {"Authorization": f"Bearer {self.token}"}

    def note(self) -> None:
        """Remember all that runs now."""
        self.traces.note(self.platform.supervisor())

    def ask(self, method: str, path: str, **options: Any) -> Any:
        """Ask the API until there is a hub that answers."""

        def answered() -> httpx2.Response | None:
            try:
                with self.platform.client(timeout=30) as client:
                    answer = client.request(method, f"/api/v1/{path}", headers=self.headers, **options)
            except httpx2.HTTPError:
                return None
            return None if answer.status_code >= 500 else answer

        answer = wait_until(answered, f"{method} {path} is answered", HEAL_SECONDS)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def deploy(self, folder: Path) -> None:
        """Have an app run beside, on a disk of its own."""
        (folder / "manifest.json").write_text(json.dumps(APP))
        (folder / "serve.py").write_text(SERVER.read_text())
        done = self.platform.cli("deploy", str(folder), "--yes", "--wait", token=self.token)
        assert done.returncode == 0, done.stderr

    def begin(self, name: str) -> "Bench":
        """Start an environment with a workspace of its own."""
        made = self.ask("POST", "environments", json={"template": "bench", "name": name, "new_workspace": name})
        bench = Bench(self, made["slug"])
        bench.wait_for("running")
        self.note()
        return bench


class Bench:
    """One environment."""

    def __init__(self, house: House, slug: str) -> None:
        self.house = house
        self.slug = slug

    def show(self) -> dict[str, Any]:
        shown: dict[str, Any] = self.house.ask("GET", f"environments/{self.slug}")
        return shown

    def wait_for(self, state: str) -> None:
        seen: list[Any] = []

        def is_there() -> bool:
            seen[:] = [(now := self.show())["state"], now["reason"], now["log_tail"]]
            return seen[0] == state

        try:
            wait_until(is_there, state, HEAL_SECONDS)
        except AssertionError as error:
            raise AssertionError(f"{self.slug} is not {state}: {seen}") from error

    def client(self) -> httpx2.Client:
        return self.house.platform.app_client(self.slug, self.house.token)

    def clicks(self) -> int:
        with self.client() as client:
            return int(client.get("/").text)

    def socket(self) -> ClientConnection:
        port = self.house.platform.port
        return connect(
            f"ws://{self.slug}.apps.localhost:{port}/ws",
            additional_headers={"Authorization": f"Bearer {self.house.token}"},
            sock=create_connection(("127.0.0.1", port)),
            proxy=None,
        )

    def workload(self) -> str:
        """Return the id of what runs now."""
        with MongoClient[dict[str, Any]](self.house.platform.database_uri()) as client:
            found = client["hothouse"]["environments"].find_one({"slug": self.slug})
        assert found is not None
        return str(found["workload_id"])

    def keeper(self) -> psutil.Process:
        """Return the process that keeps it."""
        folder = self.house.platform.home / "workloads" / self.workload()
        return psutil.Process(json.loads((folder / "state.json").read_text())["keeper"])

    def helper(self, name: str) -> psutil.Process:
        """Return the keeper, or what the keeper runs beside the sandbox."""
        keeper = self.keeper()
        if name == "keeper":
            return keeper
        beside = {child.name(): child for child in keeper.children()}
        known = {"slirp4netns": "slirp4netns", "relay": keeper.name()}
        if known[name] not in beside:
            pytest.skip(f"no {name} on this machine")
        return beside[known[name]]

    def delete(self) -> None:
        self.house.ask("DELETE", f"environments/{self.slug}", params={"confirm": self.slug})


def echoes(socket: ClientConnection, words: str) -> bool:
    socket.send(words)
    return socket.recv(HEAL_SECONDS) == words


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = House(tmp_path_factory.mktemp("kills") / "home")
    try:
        house.start()
        house.ask("POST", "templates", json=TEMPLATE)
        yield house
    finally:
        house.platform.close()


@pytest.fixture(scope="module")
def bench(house: House) -> Bench:
    """An environment that goes on through all of it."""
    return house.begin("Long study")


class TestPartOfThePlatform:
    @pytest.mark.parametrize("part", ["hub", "gateway", "broker", "mongodb", "worker"])
    def test_killed(self, house: House, bench: Bench, part: str) -> None:
        before, ran = bench.clicks(), bench.workload()
        with bench.client() as client, bench.socket() as socket, Clicker(client) as clicker:
            clicker.wait_for(20, HEAL_SECONDS)
            killed = house.platform.pid_of(part)
            os.kill(killed, signal.SIGKILL)
            is_back = lambda: house.platform.pid_of(part) != killed and house.platform.is_ready()  # noqa: E731
            wait_until(is_back, f"{part} is back", HEAL_SECONDS)
            clicker.wait_for(20, HEAL_SECONDS)
            if part != "gateway":
                assert echoes(socket, "the same socket")
        with bench.socket() as socket:
            assert echoes(socket, "a new socket")
        assert bench.clicks() - before >= clicker.acknowledged, "acknowledged clicks were lost"
        assert (bench.show()["state"], bench.workload()) == ("running", ran)
        if part not in ("gateway", "mongodb"):
            assert clicker.failures == [], "who works there noticed"
        house.note()


class TestWhatKeepsAnEnvironment:
    @pytest.mark.parametrize("name", ["keeper", "relay", "slirp4netns"])
    def test_killed(self, house: House, name: str) -> None:
        bench = house.begin(f"Study {name}")
        ran, helper = bench.workload(), bench.helper(name)
        with bench.client() as client, Clicker(client) as clicker:
            clicker.wait_for(20, HEAL_SECONDS)
            helper.kill()
            wait_until(lambda: bench.workload() != ran, "it is started anew", HEAL_SECONDS)
            clicker.wait_for(20, HEAL_SECONDS)
        bench.wait_for("running")
        assert bench.clicks() >= clicker.acknowledged, "acknowledged clicks were lost"
        house.note()
        bench.delete()


class TestWholeMachine:
    def test_goes_down_and_comes_back(self, house: House, bench: Bench, tmp_path: Path) -> None:
        stopped = house.begin("Done with")
        house.ask("POST", f"environments/{stopped.slug}/stop")
        stopped.wait_for("stopped")
        house.deploy(tmp_path)
        before, ran = bench.clicks(), bench.workload()
        with bench.client() as client, Clicker(client) as clicker:
            clicker.wait_for(20, HEAL_SECONDS)
            house.note()
            house.platform.kill()
            house.traces.kill()
        house.start()
        wait_until(lambda: bench.workload() != ran, "it is started anew", HEAL_SECONDS)
        bench.wait_for("running")
        house.platform.wait_for_app(APP["slug"], house.token)
        assert bench.clicks() - before >= clicker.acknowledged, "acknowledged clicks were lost"
        assert stopped.show()["state"] == "stopped"
        house.note()

    def test_leaves_nothing_after_the_stop(self, house: House, bench: Bench) -> None:
        bench.wait_for("running")
        house.note()
        there = house.traces.left()
        assert there.keys() >= {"processes", "sockets"}
        if psutil.Process().uids().real == 0:
            assert there.keys() >= {"control groups", "mounts", "networks", "loop devices"}
        house.platform.stop()
        with contextlib.suppress(AssertionError):
            wait_until(lambda: not house.traces.left(), "all is gone", 10)
        assert house.traces.left() == {}
