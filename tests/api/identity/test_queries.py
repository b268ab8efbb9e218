"""Every query of identity is served by an index, or goes down the numbers of accounts."""

from typing import Any

import httpx2
from fastapi import FastAPI
from tests.support.command_watch import COMMANDS

MINE = {"users", "sessions", "tokens", "invitations", "password_resets", "attempts", "handovers"}


async def _scans(hub: FastAPI, collection: str, query: dict[str, Any]) -> bool:
    command = {"explain": {"find": collection, "filter": query}, "verbosity": "queryPlanner"}
    plan = await hub.state.database.command(command)
    return "COLLSCAN" in repr(plan["queryPlanner"]["winningPlan"])


async def _is_served(hub: FastAPI, collection: str, query: dict[str, Any]) -> bool:
    """Tell whether an index finds it; the embedded server has to be asked for one condition at a time."""
    if not await _scans(hub, collection, query):
        return True
    alone = [{key: value} for key, value in query.items() if not isinstance(value, dict) or "$in" in value]
    return any([not await _scans(hub, collection, one) for one in alone])


async def test_every_query_uses_an_index(hub: FastAPI, ada: httpx2.AsyncClient, grace: httpx2.AsyncClient) -> None:
    COMMANDS.seen.clear()
    COMMANDS.database = hub.state.database.name
    for params in ({}, {"q": "gra"}, {"q": "grace@example"}, {"role": "admin"}, {"state": "deactivated"}, {"limit": 1}):
        assert (await ada.get("/api/v1/users", params=params)).status_code == 200
    user_id = (await grace.get("/api/v1/auth/me")).json()["user"]["id"]
    made = (await ada.post("/api/v1/invitations", json={})).json()
    body = {"code": made["url"].partition("#")[2], "name": "Mia", "email": "mia@example.org", "password": "x" * 12}
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(hub), base_url="http://localhost:8000") as mia:
        assert (await mia.post("/api/v1/auth/invitation/accept", json=body)).status_code == 201
    for limit in (1, 2):
        await ada.get("/api/v1/invitations", params={"limit": limit})
        await grace.get("/api/v1/account/sessions", params={"limit": limit})
    assert (await ada.post(f"/api/v1/users/{user_id}/reset-link")).status_code == 201
    assert (await ada.patch(f"/api/v1/users/{user_id}", json={"name": "G", "role": "developer"})).status_code == 200
    body = {"current_password": "compilers are fun", "new_password": "x" * 12}
    assert (await grace.post("/api/v1/account/password", json=body)).status_code == 204
    for verb in ("deactivate", "reactivate"):
        assert (await ada.post(f"/api/v1/users/{user_id}/{verb}")).status_code == 200
    COMMANDS.database = None
    asked = [(collection, query) for _, collection, query, _ in COMMANDS.seen.values() if collection in MINE]
    assert len(asked) > 25
    assert [one for one in asked if not await _is_served(hub, *one)] == []
