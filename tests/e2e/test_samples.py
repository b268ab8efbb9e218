"""Projects that were not made for Hothouse are deployed unmodified."""

import asyncio
import json
from pathlib import Path

import pytest
import websockets
from tests.support.running_platform import Platform

SAMPLES = Path(__file__).parents[1] / "samples"


def deploy(platform: Platform, token: str, sample: str) -> str:
    """Deploy a sample with the proposed manifest and return its slug."""
    done = platform.cli("deploy", str(SAMPLES / sample), "--yes", "--wait", "--json", token=token)
    assert done.returncode == 0, done.stderr
    slug: str = json.loads(done.stdout)["slug"]
    return slug


@pytest.fixture(scope="module")
def slug(platform: Platform, token: str) -> str:
    return deploy(platform, token, "fastapi-notes")


class TestFastApiNotes:
    def test_keeps_notes_beside_its_code(self, platform: Platform, token: str, slug: str) -> None:
        with platform.app_client(slug, token) as client:
            added = client.post("/notes", data={"title": "Buy milk", "body": "two litres"})
            assert added.status_code == 303
            assert "Buy milk" in client.get("/").text
            assert platform.cli("restart", slug, token=token).returncode == 0
            assert client.get("/api/notes/1").json()["title"] == "Buy milk"

    def test_links_point_to_its_own_origin(self, platform: Platform, token: str, slug: str) -> None:
        with platform.app_client(slug, token) as client:
            assert f"{platform.app_url(slug)}/static/style.css" in client.get("/").text

    def test_websocket_with_subprotocol(self, platform: Platform, token: str, slug: str) -> None:
        async def talk() -> tuple[str | None, str]:
            async with websockets.connect(
                f"ws://{slug}.apps.localhost:{platform.port}/ws",
                subprotocols=[websockets.Subprotocol("notes.v1")],
                additional_headers={"Authorization": f"Bearer {token}"},
                host="127.0.0.1",
                port=platform.port,
            ) as socket:
                await socket.send("hello")
                return socket.subprotocol, str(await socket.recv())

        assert asyncio.run(talk()) == ("notes.v1", "echo: hello")
