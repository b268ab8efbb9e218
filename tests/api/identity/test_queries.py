"""Every query of identity is served by an index, or goes down the numbers of accounts."""

from typing import Any

import httpx2
from fastapi import FastAPI
from tests.support.command_watch import COMMANDS
from tests.support.second_factor import FACTOR, Phone

from hothouse.kit.clock import SystemClock

MINE = {"users", "sessions", "tokens", "invitations", "password_resets", "attempts", "handovers"}
MINE |= {"second_factors", "second_factor_offers", "second_steps", "device_logins", "impersonations"}


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
    asked = _asked()
    assert len(asked) > 25
    assert [one for one in asked if not await _is_served(hub, *one)] == []


async def test_those_of_second_factors_devices_and_acting(
    hub: FastAPI, ada: httpx2.AsyncClient, grace: httpx2.AsyncClient
) -> None:
    COMMANDS.seen.clear()
    COMMANDS.database = hub.state.database.name
    user_id, phone = (await grace.get("/api/v1/auth/me")).json()["user"]["id"], Phone(SystemClock())
    begun = (await ada.post("/api/v1/device/code", json={"device_name": "x"})).json()
    code = {"device_code": begun["device_code"]}
    assert (await ada.post("/api/v1/device/token", json=code)).status_code == 400
    approval = {"user_code": begun["user_code"], "device_name": "x", "scopes": None, "expires_in_days": 1}
    assert (await grace.post("/api/v1/device/approve", json=approval)).status_code == 204
    assert (await ada.post("/api/v1/device/token", json=code)).status_code == 200
    assert (await ada.post(f"/api/v1/users/{user_id}/impersonate", json={"reason": "a look"})).status_code == 201
    assert (await ada.get("/api/v1/auth/me")).json()["user"]["id"] == user_id
    assert (await ada.post("/api/v1/auth/impersonation/stop")).status_code == 204
    for limit in (1, 2):
        await grace.get("/api/v1/account/impersonations", params={"limit": limit})
        await grace.get("/api/v1/tokens", params={"limit": limit})
    await phone.set_up(grace, "compilers are fun")
    used, spare, *_ = phone.recovery_codes
    body = {"email": "grace@example.org", "password": "compilers are fun"}
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(hub), base_url="http://localhost:8000") as other:
        assert (await other.post("/api/v1/auth/login", json=body)).status_code == 202
        assert (await other.post("/api/v1/auth/second-step", json={"code": "000000"})).status_code == 403
        assert (await other.post("/api/v1/auth/second-step", json={"code": used})).status_code == 200
        assert (await other.post(f"{FACTOR}/recovery-codes", json={"code": spare})).status_code == 200
    assert (await ada.get("/api/v1/users")).status_code == 200
    assert (await ada.delete(f"/api/v1/users/{user_id}/second-factor")).status_code == 204
    assert (await ada.patch(f"/api/v1/users/{user_id}", json={"role": "member"})).status_code == 200
    asked = _asked()
    assert {collection for collection, _ in asked} >= MINE - {"invitations", "password_resets", "handovers"}
    assert [one for one in asked if not await _is_served(hub, *one)] == []


def _asked() -> list[tuple[str, dict[str, Any]]]:
    """Stop watching; return what was asked of identity's collections."""
    COMMANDS.database = None
    return [(collection, query) for _, collection, query, _ in COMMANDS.seen.values() if collection in MINE]
