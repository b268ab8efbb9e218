"""Apps in networks of their own, behind the gateway: at the socket they take, and through their relay."""

import asyncio
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.api.gateway.test_forwarding import TestBodies as Bodies
from tests.api.gateway.test_forwarding import TestConnections as Connections
from tests.api.gateway.test_forwarding import TestWebSockets as WebSockets
from tests.api.gateway.test_forwarding import values
from tests.support.gateway_door import AppProcess, Door, until

from hothouse.launch import preflight
from hothouse.launch.backends.local import LocalLauncher
from hothouse.launch.interfaces import Mount, Network, WorkloadSpec

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="sandboxes need Linux")
SUPPORT = Path(__file__).parents[2] / "support"
PORT = 5000
WAYS = {"socket": ("--fd=3", "--forwarded-allow-ips=*"), "relay": (f"--port={PORT}",)}


class SandboxedApp(AppProcess):
    """`gateway_app` in a sandbox; `way` is how it is reached."""

    def __init__(self, folder: Path, way: str) -> None:
        workspace = folder / "workspace"
        workspace.mkdir()
        self.gate, self.notes = workspace / "gate", workspace / "notes"
        self.notes.touch()
        self.notes.chmod(0o666)
        self._launcher = LocalLauncher(folder / "workloads", preflight.detect("bubblewrap", "private"))
        command = (sys.executable, "-m", "uvicorn", "gateway_app:app", "--log-level=warning", "--ws=websockets-sansio")
        spec = WorkloadSpec(
            workload_id="w",
            argv=(*command, *WAYS[way], f"--app-dir={SUPPORT}"),
            env={"GATE": str(self.gate), "NOTES": str(self.notes), "PYTHONDONTWRITEBYTECODE": "1"},
            cwd=workspace,
            mounts=(
                Mount(source=Path(sys.prefix)),
                Mount(source=SUPPORT),
                Mount(source=workspace, writable=True),
            ),
            uid=210_918 if os.geteuid() == 0 else None,
            network=Network(port=PORT, takes_socket=way == "socket"),
        )
        self.endpoint = asyncio.run(self._launcher.start(spec)).endpoint or ""

    def accepts(self) -> bool:
        """Tell whether it answers; connections are taken from the start."""
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(5)
            try:
                probe.connect(self.endpoint.removeprefix("unix:"))
                probe.sendall(b"GET / HTTP/1.0\r\n\r\n")
                return probe.recv(4) == b"HTTP"
            except OSError:
                return False

    def stop(self) -> None:
        asyncio.run(self._launcher.stop("w", grace_seconds=1))


@pytest.fixture(scope="module", params=WAYS)
def app_process(request: pytest.FixtureRequest) -> Iterator[AppProcess]:
    folder = Path(tempfile.mkdtemp(prefix="hothouse-endpoints-"))
    folder.chmod(0o755)
    app = SandboxedApp(folder, request.param)
    try:
        yield app
    finally:
        app.stop()
        shutil.rmtree(folder)


class TestBodies:
    test_upload_arrives_whole = Bodies.test_upload_arrives_whole
    test_download_arrives_whole = Bodies.test_download_arrives_whole
    test_both_directions_stream_at_once = Bodies.test_both_directions_stream_at_once
    test_events_come_as_they_are_sent = Bodies.test_events_come_as_they_are_sent
    test_slow_reader_slows_the_app = Bodies.test_slow_reader_slows_the_app


class TestWebSockets:
    test_text_binary_and_subprotocol = WebSockets.test_text_binary_and_subprotocol
    test_client_that_vanishes_closes_the_other_end = WebSockets.test_client_that_vanishes_closes_the_other_end


class TestConnections:
    test_client_that_leaves_ends_the_request_at_the_app = (
        Connections.test_client_that_leaves_ends_the_request_at_the_app
    )

    async def test_app_sees_the_visitors_address(self, door: Door) -> None:
        """Also where it takes a socket, which has no addresses of its own."""
        async with door.knock(cookie="good") as answer:
            said = await answer.json()
        assert said["client"][0] == "127.0.0.1"
        assert values(said, "x-forwarded-for") == ["127.0.0.1"]

    async def test_connections_are_used_again(self, door: Door) -> None:
        idle = door.gateway._pools._idle
        for _ in range(3):
            async with door.knock(cookie="good") as answer:
                assert answer.status == 200
            await until(lambda: idle.get(door.app.endpoint))
        assert len(idle[door.app.endpoint]) == 1
