"""A whole hub whose permissions OpenFGA decides."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from tests.support.apps_api import AppsApi, source
from tests.support.fake_openfga import FakeOpenFga
from typer.testing import CliRunner

from hothouse.cli.main import app as command
from hothouse.hub.authorizing import compare
from hothouse.settings import AccessSettings, Settings


@pytest.fixture
async def server() -> AsyncIterator[FakeOpenFga]:
    server = FakeOpenFga()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
def settings(settings: Settings, server: FakeOpenFga) -> Settings:
    access = {
        "backend": "openfga",
        "openfga_url": f"{server.url}/",
        "openfga_store_id": server.store_id,
        "openfga_token": server.token,
    }
    return settings.model_copy(update={"access": AccessSettings.model_validate(access)})


@pytest.fixture
async def shared(ada: httpx2.AsyncClient, grace: httpx2.AsyncClient) -> str:
    """Ada's app, which Grace may change; returns the address of the grant."""
    await AppsApi(ada).deploy(source("mine"))
    me = (await grace.get("/api/v1/auth/me")).json()["user"]["id"]
    grant = f"/api/v1/access/app/mine/grants/user:{me}"
    assert (await ada.put(grant, json={"role": "editor"})).status_code == 200
    return grant


async def test_shares_and_takes_back(ada: httpx2.AsyncClient, grace: httpx2.AsyncClient, shared: str) -> None:
    async def seen() -> tuple[int, int, list[Any]]:
        shown = await grace.get("/api/v1/apps/mine")
        changed = await grace.patch("/api/v1/apps/mine", json={"icon": "A"})
        return shown.status_code, changed.status_code, (await grace.get("/api/v1/apps")).json()["items"]

    shown, changed, (listed,) = await seen()
    assert (shown, changed, listed["permissions"]) == (200, 200, ["app.open", "app.view", "app.edit"])
    assert (await ada.delete(shared)).status_code == 204
    assert await seen() == (404, 404, [])
    assert (await ada.put("/api/v1/access/app/mine/openness", json={"openness": "signed-in"})).status_code == 204
    shown, changed, (listed,) = await seen()
    assert (shown, changed, listed["permissions"]) == (200, 404, ["app.open", "app.view"])


async def test_away(
    ada: httpx2.AsyncClient, grace: httpx2.AsyncClient, anyone: httpx2.AsyncClient, server: FakeOpenFga, shared: str
) -> None:
    assert (await anyone.get("/health/ready")).json()["parts"]["openfga"] == "ok"
    server.is_away = True
    for client in (ada, grace):
        for path in ("/api/v1/apps/mine", "/api/v1/apps", "/api/v1/auth/me"):
            answer = await client.get(path)
            assert (answer.status_code, answer.json()["type"]) == (503, "/problems/access-undecided"), path
            assert server.url not in answer.text
    ready = await anyone.get("/health/ready")
    assert ready.status_code == 503
    assert "cannot be decided" in ready.json()["parts"]["openfga"]
    assert (await anyone.get("/api/v1/setup")).status_code == 200
    server.is_away = False
    assert (await grace.get("/api/v1/apps/mine")).status_code == 200


async def test_command_mends(hub: FastAPI, settings: Settings, server: FakeOpenFga, shared: str) -> None:
    server.tuples.clear()
    compared = await compare(settings)
    assert compared is not None
    assert (compared.known, compared.added, compared.removed) == (1, 1, 0)
    assert len(server.models) == 1  # the command and the hub speak of the same kinds


async def test_what_was_written_but_not_told(
    grace: httpx2.AsyncClient, hub: FastAPI, server: FakeOpenFga, shared: str
) -> None:
    """A hub that wrote a grant and died told nobody; whichever starts next, or follows the database, does."""
    await hub.state.database["grants"].update_many({}, {"$set": {"role": "viewer"}})
    await hub.state.access.context.feed.load()
    assert (await grace.patch("/api/v1/apps/mine", json={"icon": "B"})).status_code == 404
    assert {relation for _, relation, _ in server.tuples} == {"has_viewer"}


class TestCommand:
    def test_nothing_to_compare(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HOTHOUSE_MONGODB_URI", "mongodb://127.0.0.1:1/")
        result = CliRunner().invoke(command, ["access", "sync"])
        assert result.exit_code == 1
        assert "decides by itself" in result.output

    @pytest.mark.parametrize("lacking", ["URL", "STORE_ID"])
    def test_incomplete_settings(self, monkeypatch: pytest.MonkeyPatch, lacking: str) -> None:
        given = {"BACKEND": "openfga", "OPENFGA_URL": "http://127.0.0.1:1", "OPENFGA_STORE_ID": "x"}
        for name, value in given.items():
            if not name.endswith(lacking):
                monkeypatch.setenv(f"HOTHOUSE_ACCESS_{name}", value)
        result = CliRunner().invoke(command, ["access", "sync"])
        assert result.exit_code == 1
        assert f"HOTHOUSE_ACCESS_OPENFGA_{lacking}" in result.output


def test_token_is_not_shown() -> None:
    assert "secret" not in json.dumps(AccessSettings(openfga_token=SecretStr("secret")).model_dump(mode="json"))
