"""Device login: asked for, approved, limited, refused, guessed."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from tests.api.conftest import QUICK, client_of
from tests.support.moving_clock import MovingClock

from hothouse.hub.app import Parts, create_app
from hothouse.settings import Settings

BEGIN, POLL = "/api/v1/device/code", "/api/v1/device/token"
SHOW, APPROVE, DENY = (f"/api/v1/device/{verb}" for verb in ("request", "approve", "deny"))
ASKED = {"device_name": "laptop", "scopes": None, "expires_in_days": 90}


@pytest.fixture
def clock() -> MovingClock:
    return MovingClock()


@pytest.fixture
async def hub(settings: Settings, clock: MovingClock) -> AsyncIterator[FastAPI]:
    """The hub, with a clock that can be put forward."""
    app = create_app(settings, Parts(passwords=QUICK, clock=clock))
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def device(hub: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    """A machine that nobody is signed in at."""
    headers = {"User-Agent": "python-httpx2/2.16", "X-Forwarded-For": "203.0.113.5"}
    async with client_of(hub, headers=headers) as client:
        yield client


async def begin(device: httpx2.AsyncClient, **asked: Any) -> dict[str, Any]:
    answer = await device.post(BEGIN, json={**ASKED, **asked})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def poll(device: httpx2.AsyncClient, begun: dict[str, Any]) -> tuple[int, Any]:
    answer = await device.post(POLL, json={"device_code": begun["device_code"]})
    return answer.status_code, answer.json().get("error")


def decision(begun: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"user_code": begun["user_code"], **ASKED, **more}


async def test_from_asked_to_signed_out(
    hub: FastAPI, ada: httpx2.AsyncClient, device: httpx2.AsyncClient, clock: MovingClock
) -> None:
    begun = await begin(device)
    assert begun["verification_uri_complete"] == f"http://localhost:8000/device?code={begun['user_code']}"
    assert await poll(device, begun) == (400, "authorization_pending")
    shown = (await ada.post(SHOW, json={"user_code": begun["user_code"].lower().replace("-", " ")})).json()
    assert (shown["device_name"], shown["address"], shown["is_same_address"]) == ("laptop", "203.0.113.5", False)
    assert (shown["user_code"], shown["scopes"], shown["device"]["browser"]) == (begun["user_code"], None, "Python 2")
    assert (await ada.post(APPROVE, json=decision(begun, device_name="my laptop"))).status_code == 204

    got = (await device.post(POLL, json={"device_code": begun["device_code"]})).json()
    assert (got["token_type"], got["scope"], got["user"]["email"]) == ("Bearer", None, "ada@example.org")
    assert await poll(device, begun) == (400, "expired_token")  # it works once
    (listed,) = (await ada.get("/api/v1/tokens")).json()["items"]
    assert (listed["name"], listed["id"]) == ("my laptop", got["token"]["id"])
    device.headers["Authorization"] = f"Bearer {got['access_token']}"
    assert (await device.get("/api/v1/auth/me")).json()["user"]["email"] == "ada@example.org"
    entries = (await ada.get("/api/v1/audit", params={"action": "device.token"})).json()["items"]
    assert [(one["result"], one["who"]["email"]) for one in entries] == [("done", "ada@example.org")]

    assert (await device.delete("/api/v1/tokens/current")).status_code == 204
    assert (await device.get("/api/v1/auth/me")).status_code == 401
    assert (await ada.delete("/api/v1/tokens/current")).status_code == 401  # a session is no token


async def test_limited_by_the_person(ada: httpx2.AsyncClient, device: httpx2.AsyncClient) -> None:
    begun = await begin(device)
    assert (await ada.post(APPROVE, json=decision(begun, scopes=["read"], expires_in_days=7))).status_code == 204
    got = (await device.post(POLL, json={"device_code": begun["device_code"]})).json()
    assert (got["scope"], got["expires_in"] <= 7 * 86_400) == ("read", True)
    device.headers["Authorization"] = f"Bearer {got['access_token']}"
    assert (await device.get("/api/v1/apps")).status_code == 200
    assert (await device.get("/api/v1/tokens")).status_code == 403
    assert (await device.delete("/api/v1/tokens/current")).status_code == 204  # signs out whatever its scopes


async def test_never_more_than_it_asked_for(ada: httpx2.AsyncClient, device: httpx2.AsyncClient) -> None:
    begun = await begin(device, scopes=["read"])
    for scopes in (None, ["admin"], ["read", "apps:write"]):
        answer = await ada.post(APPROVE, json=decision(begun, scopes=scopes))
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/scopes")
    assert await poll(device, begun) == (400, "authorization_pending")


async def test_slow_down(device: httpx2.AsyncClient, clock: MovingClock) -> None:
    begun = await begin(device)
    seen = []
    for seconds in (0, 1, 6, 13, 13):
        clock.advance(seconds=seconds)
        seen.append((await poll(device, begun))[1])
    # The first is in time; one after a second is not, and each such makes the interval five seconds longer.
    assert seen == ["authorization_pending", "slow_down", "slow_down", "authorization_pending", "authorization_pending"]


async def test_refused(ada: httpx2.AsyncClient, device: httpx2.AsyncClient) -> None:
    begun = await begin(device)
    assert (await ada.post(DENY, json={"user_code": begun["user_code"]})).status_code == 204
    assert (await ada.post(APPROVE, json=decision(begun))).status_code == 404
    assert await poll(device, begun) == (400, "access_denied")
    assert await poll(device, begun) == (400, "expired_token")


async def test_too_late(ada: httpx2.AsyncClient, device: httpx2.AsyncClient, clock: MovingClock) -> None:
    begun = await begin(device)
    clock.advance(minutes=11)
    assert (await ada.post(APPROVE, json=decision(begun))).status_code == 404
    assert await poll(device, begun) == (400, "expired_token")


async def test_codes_are_guessed(hub: FastAPI, ada: httpx2.AsyncClient, device: httpx2.AsyncClient) -> None:
    begun = await begin(device)
    assert await poll(device, {"device_code": "x" * 43}) == (400, "expired_token")
    assert await poll(device, {"device_code": begun["user_code"]}) == (400, "expired_token")
    answers = [(await ada.post(SHOW, json={"user_code": f"BBBB-BBB{letter}"})).status_code for letter in "BCDFGHJKLMNP"]
    assert answers == [404] * 10 + [429] * 2
    assert (await ada.post(APPROVE, json=decision(begun))).status_code == 429


async def test_many_that_wait(device: httpx2.AsyncClient) -> None:
    answers = [(await device.post(BEGIN, json=ASKED)).status_code for _ in range(22)]
    assert answers == [200] * 20 + [429] * 2


async def test_names_that_mislead(device: httpx2.AsyncClient) -> None:
    for name in ("", " ", "x" * 101, "a\u202eb", "a\nb"):
        assert (await device.post(BEGIN, json={**ASKED, "device_name": name})).status_code == 422, name


async def test_approval_from_another_page(
    hub: FastAPI, ada: httpx2.AsyncClient, anyone: httpx2.AsyncClient, device: httpx2.AsyncClient
) -> None:
    """Neither an app's page in the person's browser, nor a program with a token, nor nobody approves."""
    begun = await begin(device)
    for header in ({"Origin": "http://evil.apps.localhost:8000"}, {"Sec-Fetch-Site": "same-site"}):
        assert (await ada.post(APPROVE, json=decision(begun), headers=header)).status_code == 403
    assert (await anyone.post(APPROVE, json=decision(begun))).status_code == 401
    token = (await ada.post("/api/v1/tokens", json={"name": "x"})).json()["token"]
    async with client_of(hub, headers={"Authorization": f"Bearer {token}"}) as script:
        for path in (SHOW, APPROVE, DENY):
            assert (await script.post(path, json=decision(begun))).status_code == 403
    assert (await ada.get("/api/v1/device/approve", params=decision(begun))).status_code in (404, 405)
    assert await poll(device, begun) == (400, "authorization_pending")


async def test_polled_and_approved_at_once(
    ada: httpx2.AsyncClient, grace: httpx2.AsyncClient, device: httpx2.AsyncClient
) -> None:
    begun = await begin(device)
    decided = await asyncio.gather(*(person.post(APPROVE, json=decision(begun)) for person in (ada, grace)))
    assert sorted(answer.status_code for answer in decided) == [204, 404]
    polls = await asyncio.gather(*(poll(device, begun) for _ in range(4)))
    assert sorted(status for status, _ in polls) == [200, 400, 400, 400]
    total = [len((await person.get("/api/v1/tokens")).json()["items"]) for person in (ada, grace)]
    assert sorted(total) == [0, 1]


async def test_account_closed_in_between(
    hub: FastAPI, ada: httpx2.AsyncClient, grace: httpx2.AsyncClient, device: httpx2.AsyncClient
) -> None:
    begun = await begin(device)
    assert (await grace.post(APPROVE, json=decision(begun))).status_code == 204
    user = await hub.state.identity.accounts.by_email("grace@example.org")
    for verb in ("deactivate", "reactivate"):
        assert (await ada.post(f"/api/v1/users/{user.id}/{verb}")).status_code == 200
    assert await poll(device, begun) == (400, "expired_token")
