"""API tokens that are good for some things only, or for a while; tests/api/access/test_matrix.py asks every route."""

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from tests.api.conftest import QUICK, client_of
from tests.support.moving_clock import MovingClock

from hothouse.hub.app import Parts, create_app
from hothouse.settings import Settings

APP = {"_id": "app1", "slug": "demo", "slugs": ["demo"], "owner_id": None, "access": "private", "name": "Demo"}


@pytest.fixture
def clock() -> MovingClock:
    return MovingClock()


@pytest.fixture
async def hub(settings: Settings, clock: MovingClock) -> AsyncIterator[FastAPI]:
    """The hub, with a clock that can be put forward."""
    app = create_app(settings, Parts(passwords=QUICK, clock=clock))
    async with app.router.lifespan_context(app):
        yield app


async def token(client: httpx2.AsyncClient, **more: Any) -> dict[str, Any]:
    answer = await client.post("/api/v1/tokens", json={"name": "x", **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


def script(hub: FastAPI, secret: str) -> httpx2.AsyncClient:
    return client_of(hub, headers={"Authorization": f"Bearer {secret}"})


class TestScopes:
    async def test_gateway(self, hub: FastAPI, ada: httpx2.AsyncClient, gateway: httpx2.AsyncClient) -> None:
        apps = hub.state.database["apps"]
        await apps.insert_one({**APP, "realm": "local", "desired": "running"})

        async def outcome(scope: str) -> str:
            body = {"app_id": "app1", "bearer": (await token(ada, scopes=[scope]))["token"]}
            return (await gateway.post("/internal/v1/admit", json=body)).json()["outcome"]

        found = {scope: await outcome(scope) for scope in ("read", "apps:open", "apps:write", "admin")}
        assert found == {"read": "forbidden", "apps:open": "allowed", "apps:write": "forbidden", "admin": "forbidden"}
        await apps.update_one({"_id": "app1"}, {"$set": {"access": "public"}})
        assert await outcome("read") == "allowed"  # as anyone's is

    async def test_cannot_widen_itself(self, hub: FastAPI, ada: httpx2.AsyncClient) -> None:
        for scope in ("read", "apps:write", "admin"):
            async with script(hub, (await token(ada, scopes=[scope]))["token"]) as client:
                assert (await client.post("/api/v1/tokens", json={"name": "wider"})).status_code == 403
                assert (await client.patch("/api/v1/account", json={"name": "Eve"})).status_code == 403

    async def test_gives_no_more_than_its_owner_has(self, hub: FastAPI, grace: httpx2.AsyncClient) -> None:
        async with script(hub, (await token(grace, scopes=["admin"]))["token"]) as client:
            assert (await client.get("/api/v1/users")).status_code == 404

    async def test_refused_before_anything_is_looked_up(self, hub: FastAPI, ada: httpx2.AsyncClient) -> None:
        await hub.state.database["apps"].insert_one({**APP, "realm": "local", "desired": "running"})
        async with script(hub, (await token(ada, scopes=["apps:open"]))["token"]) as client:
            there, missing = [await client.get(f"/api/v1/apps/{slug}") for slug in ("demo", "none")]
        assert (there.status_code, there.json()) == (403, missing.json())

    @pytest.mark.parametrize("scopes", [[], ["root"], "read"])
    async def test_unknown(self, ada: httpx2.AsyncClient, scopes: Any) -> None:
        answer = await ada.post("/api/v1/tokens", json={"name": "x", "scopes": scopes})
        assert answer.status_code == 422


class TestExpiry:
    async def test_ends(self, hub: FastAPI, ada: httpx2.AsyncClient, clock: MovingClock) -> None:
        made = await token(ada, expires_in_days=1)
        async with script(hub, made["token"]) as client:
            clock.advance(hours=23)
            assert (await client.get("/api/v1/auth/me")).status_code == 200
            clock.advance(hours=1, seconds=1)
            assert (await client.get("/api/v1/auth/me")).status_code == 401
        (listed,) = (await ada.get("/api/v1/tokens")).json()["items"]
        assert listed["expires_at"] == made["expires_at"]

    async def test_is_handed_down(self, hub: FastAPI, ada: httpx2.AsyncClient) -> None:
        made = await token(ada, expires_in_days=1)
        async with script(hub, made["token"]) as client:
            assert (await token(client))["expires_at"] == made["expires_at"]
            assert (await token(client, expires_in_days=30))["expires_at"] == made["expires_at"]
            assert (await token(client, expires_in_days=1))["expires_at"] == made["expires_at"]

    async def test_does_not_end_by_itself(self, ada: httpx2.AsyncClient) -> None:
        made = await token(ada)
        assert (made["expires_at"], made["scopes"]) == (None, None)
