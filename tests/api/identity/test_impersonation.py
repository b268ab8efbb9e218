"""Viewing as somebody else: what it shows, what it may not, when it ends, and what is on record."""

import base64
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from tests.api.conftest import ADMIN, QUICK, client_of
from tests.support.moving_clock import MovingClock

from hothouse.hub.app import Parts, create_app
from hothouse.settings import Settings

STOP = "/api/v1/auth/impersonation/stop"
REASON = {"reason": "Ticket 12: cannot see her app"}


@pytest.fixture
def clock() -> MovingClock:
    return MovingClock()


@pytest.fixture
async def hub(settings: Settings, clock: MovingClock) -> AsyncIterator[FastAPI]:
    """The hub, with a clock that can be put forward."""
    app = create_app(settings, Parts(passwords=QUICK, clock=clock))
    async with app.router.lifespan_context(app):
        yield app


async def id_of(hub: FastAPI, email: str) -> str:
    user = await hub.state.identity.accounts.by_email(email)
    return str(user.id)


@pytest.fixture
async def grace_id(hub: FastAPI, grace: httpx2.AsyncClient) -> str:
    return await id_of(hub, "grace@example.org")


async def begin(admin: httpx2.AsyncClient, user_id: str, **more: Any) -> httpx2.Response:
    return await admin.post(f"/api/v1/users/{user_id}/impersonate", json={**REASON, **more})


async def who(client: httpx2.AsyncClient) -> str:
    """Return the name a client acts under, or the kind of problem."""
    answer = await client.get("/api/v1/auth/me")
    found = answer.json()
    return str(found["user"]["name"] if answer.status_code == 200 else found["type"].removeprefix("/problems/"))


class TestBegin:
    async def test_until_stopped(self, ada: httpx2.AsyncClient, grace: httpx2.AsyncClient, grace_id: str) -> None:
        began = await begin(ada, grace_id)
        assert began.status_code == 201, began.text
        me = (await ada.get("/api/v1/auth/me")).json()
        assert (me["user"]["name"], me["impersonation"]["by"]["name"]) == ("Grace", "Ada")
        assert (await ada.get("/api/v1/users")).status_code == 403
        assert (await ada.post(STOP)).status_code == 204
        assert await who(ada) == "Ada"
        assert (await ada.get("/api/v1/auth/me")).json()["impersonation"] is None
        assert (await ada.post(STOP)).status_code == 204

    async def test_grace_sees_that_it_happened(
        self, ada: httpx2.AsyncClient, grace: httpx2.AsyncClient, grace_id: str
    ) -> None:
        await begin(ada, grace_id)
        (listed,) = (await grace.get("/api/v1/account/impersonations")).json()["items"]
        assert (listed["by"]["email"], listed["reason"], listed["ended_at"]) == (ADMIN["email"], REASON["reason"], None)
        await ada.post(STOP)
        (listed,) = (await grace.get("/api/v1/account/impersonations")).json()["items"]
        assert listed["ended_at"]
        assert len((await grace.get("/api/v1/account/sessions")).json()["items"]) == 1  # her own, and no other
        assert (await ada.get("/api/v1/account/impersonations")).json()["items"] == []

    async def test_needs_a_reason_and_an_end(self, ada: httpx2.AsyncClient, grace_id: str) -> None:
        for body in ({}, {"reason": "  x  "}, {**REASON, "minutes": 31}, {**REASON, "minutes": 0}):
            assert (await ada.post(f"/api/v1/users/{grace_id}/impersonate", json=body)).status_code == 422, body

    async def test_whom_not(self, hub: FastAPI, ada: httpx2.AsyncClient, grace_id: str) -> None:
        assert (await begin(ada, await id_of(hub, ADMIN["email"]))).status_code == 409  # herself
        assert (await begin(ada, "nobody")).status_code == 404
        await ada.patch(f"/api/v1/users/{grace_id}", json={"role": "admin"})
        assert (await begin(ada, grace_id)).status_code == 409  # another admin
        await ada.patch(f"/api/v1/users/{grace_id}", json={"role": "member"})
        await ada.post(f"/api/v1/users/{grace_id}/deactivate")
        assert (await begin(ada, grace_id)).status_code == 409
        assert await who(ada) == "Ada"

    async def test_by_whom_not(
        self, hub: FastAPI, ada: httpx2.AsyncClient, grace: httpx2.AsyncClient, grace_id: str
    ) -> None:
        hidden, missing = await begin(grace, await id_of(hub, ADMIN["email"])), await begin(grace, "nobody")
        assert (hidden.status_code, hidden.json()) == (missing.status_code, missing.json()) == (404, missing.json())
        token = (await ada.post("/api/v1/tokens", json={"name": "x"})).json()["token"]
        async with client_of(hub, headers={"Authorization": f"Bearer {token}"}) as script:
            assert (await begin(script, grace_id)).status_code == 409

    async def test_page_of_an_app(self, ada: httpx2.AsyncClient, grace_id: str) -> None:
        headers = {"Origin": "http://evil.apps.localhost:8000"}
        answer = await ada.post(f"/api/v1/users/{grace_id}/impersonate", json=REASON, headers=headers)
        assert answer.status_code == 403


class TestForbidden:
    async def test_her_account_is_hers(self, ada: httpx2.AsyncClient, grace: httpx2.AsyncClient, grace_id: str) -> None:
        token = (await grace.post("/api/v1/tokens", json={"name": "hers"})).json()["id"]
        session = (await grace.get("/api/v1/account/sessions")).json()["items"][0]["id"]
        await begin(ada, grace_id)
        account = "/api/v1/account"
        for method, path, body in [
            ("PATCH", account, {"name": "X"}),
            ("POST", f"{account}/password", {"current_password": "x", "new_password": "y" * 12}),
            ("POST", f"{account}/second-factor", {"current_password": "compilers are fun"}),
            ("POST", f"{account}/second-factor/turn-off", {"code": "000000"}),
            ("GET", f"{account}/second-factor", None),
            ("GET", f"{account}/sessions", None),
            ("DELETE", f"{account}/sessions", None),
            ("DELETE", f"{account}/sessions/{session}", None),
            ("GET", "/api/v1/tokens", None),
            ("POST", "/api/v1/tokens", {"name": "mine now"}),
            ("DELETE", f"/api/v1/tokens/{token}", None),
            (
                "POST",
                "/api/v1/device/approve",
                {"user_code": "x", "device_name": "x", "scopes": None, "expires_in_days": 1},
            ),
        ]:
            answer = await ada.request(method, path, json=body)
            assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-as-another"), (method, path)
        assert await who(grace) == "Grace"

    async def test_nobody_further(self, hub: FastAPI, ada: httpx2.AsyncClient, grace_id: str) -> None:
        mia = {"name": "Mia", "email": "mia@example.org", "password": "long enough pw"}
        mia_id = (await ada.post("/api/v1/users", json=mia)).json()["id"]
        await begin(ada, grace_id)
        for path in (f"/api/v1/users/{mia_id}/impersonate", f"/api/v1/users/{grace_id}/reset-link"):
            assert (await ada.post(path, json=REASON)).status_code == 403
        answer = await ada.patch(f"/api/v1/users/{grace_id}", json={"role": "admin"})
        assert answer.status_code == 403
        assert await who(ada) == "Grace"

    async def test_gives_no_rights_and_sets_no_secrets(
        self, hub: FastAPI, ada: httpx2.AsyncClient, grace: httpx2.AsyncClient, grace_id: str
    ) -> None:
        """What she may do with her app, but not what would last after it, nor what she never shows."""
        app = {**_app(grace_id), "access": "private"}
        await hub.state.database["apps"].insert_one(app)
        group = (await ada.post("/api/v1/groups", json={"name": "Hers"})).json()
        manager = f"/api/v1/groups/{group['id']}/members/user:{grace_id}"
        assert (await ada.put(manager, json={"is_manager": True})).status_code == 200
        await begin(ada, grace_id)
        me = await id_of(hub, ADMIN["email"])
        for method, path, body in [
            ("PATCH", "/api/v1/apps/tank", {"secrets": {"API_KEY": "x"}}),
            ("PATCH", "/api/v1/apps/tank", {"access": "public"}),
            ("PUT", f"/api/v1/access/app/tank/grants/user:{me}", {"role": "editor"}),
            ("POST", "/api/v1/access/app/tank/hand-over", {"user_id": me}),
            ("PUT", f"/api/v1/access/platform/platform/grants/user:{grace_id}", {"role": "admin"}),
            ("DELETE", "/api/v1/apps/tank?confirm=tank", None),
            ("PUT", f"/api/v1/groups/{group['id']}/members/user:{me}", {"is_manager": True}),
        ]:
            answer = await ada.request(method, path, json=body)
            assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-as-another"), (method, path)
        stored = await hub.state.database["apps"].find_one({"_id": "a1"})
        assert (stored["owner_id"], stored["access"], stored.get("secrets")) == (grace_id, "private", None)


class TestEnd:
    async def test_of_its_time(self, ada: httpx2.AsyncClient, grace_id: str, clock: MovingClock) -> None:
        """Nothing is done in the admin's own name before they were told."""
        await begin(ada, grace_id, minutes=10)
        clock.advance(minutes=11)
        answer = await ada.post("/api/v1/invitations", json={})
        assert (answer.status_code, answer.json()["type"]) == (401, "/problems/impersonation-over")
        over = await ada.get("/api/v1/auth/handover", params={"app": "x", "state": "s" * 22}, follow_redirects=False)
        assert (over.status_code, over.headers["location"]) == (303, "/")
        await ada.post(STOP)
        assert await who(ada) == "Ada"

    async def test_of_the_admins_session(
        self, hub: FastAPI, ada: httpx2.AsyncClient, grace: httpx2.AsyncClient, grace_id: str
    ) -> None:
        await begin(ada, grace_id)
        acting = client_of(hub, cookies=dict(ada.cookies.items()))
        assert await who(acting) == "Grace"
        assert (await ada.post("/api/v1/auth/logout")).status_code == 204
        assert await who(acting) == "impersonation-over"
        assert await who(grace) == "Grace"  # hers goes on

    async def test_of_the_admins_role(
        self, hub: FastAPI, ada: httpx2.AsyncClient, grace: httpx2.AsyncClient, grace_id: str
    ) -> None:
        eve = {"name": "Eve", "email": "eve@example.org", "password": "long enough pw"}
        eve_id = (await ada.post("/api/v1/users", json={**eve, "role": "admin"})).json()["id"]
        async with client_of(hub) as other:
            assert (await other.post("/api/v1/auth/login", json=eve)).status_code == 200
            await begin(other, grace_id)
            assert await who(other) == "Grace"
            assert (await ada.patch(f"/api/v1/users/{eve_id}", json={"role": "member"})).status_code == 200
            # Gone, not merely worthless: that is what gateways are told of.
            assert await hub.state.database["sessions"].find_one({"impersonator_id": eve_id}) is None
            assert await who(other) == "impersonation-over"

    async def test_of_her_password(self, ada: httpx2.AsyncClient, grace: httpx2.AsyncClient, grace_id: str) -> None:
        await begin(ada, grace_id)
        body = {"current_password": "compilers are fun", "new_password": "a quite different one"}
        assert (await grace.post("/api/v1/account/password", json=body)).status_code == 204
        assert await who(ada) == "impersonation-over"

    async def test_signing_in_anew(self, ada: httpx2.AsyncClient, grace_id: str) -> None:
        await begin(ada, grace_id)
        assert (await ada.post("/api/v1/auth/login", json=ADMIN)).status_code == 200
        assert await who(ada) == "Ada"


class TestCookie:
    async def test_in_another_browser(
        self, hub: FastAPI, ada: httpx2.AsyncClient, grace: httpx2.AsyncClient, grace_id: str
    ) -> None:
        """It is of use only beside the admin's own session."""
        await begin(ada, grace_id)
        acting = ada.cookies["hothouse_acting"]
        for cookies in ({"hothouse_acting": acting}, {**dict(grace.cookies.items()), "hothouse_acting": acting}):
            async with client_of(hub, cookies=cookies) as thief:
                assert await who(thief) == "impersonation-over"

    async def test_as_a_session(self, hub: FastAPI, ada: httpx2.AsyncClient, grace_id: str) -> None:
        """Put where the session belongs, it still is what it is."""
        await begin(ada, grace_id)
        async with client_of(hub, cookies={"hothouse_session": ada.cookies["hothouse_acting"]}) as thief:
            assert (await thief.post("/api/v1/tokens", json={"name": "x"})).status_code == 403


class TestRecord:
    async def test_both_names(self, ada: httpx2.AsyncClient, grace_id: str) -> None:
        await begin(ada, grace_id)
        assert (await ada.post("/api/v1/tokens", json={"name": "x"})).status_code == 403
        await ada.post(STOP)
        entries = (await ada.get("/api/v1/audit", params={"person": ADMIN["email"]})).json()["items"]
        shown = [
            (one["action"], one["result"], one["who"]["name"], (one["who"]["impersonator"] or {}).get("name"))
            for one in entries
        ]
        assert shown[:3] == [
            ("people.stop-impersonating", "done", "Grace", "Ada"),
            ("tokens.create", "denied", "Grace", "Ada"),
            ("people.impersonate", "done", "Ada", None),
        ]
        assert entries[2]["after"]["reason"] == REASON["reason"]
        assert (await ada.get("/api/v1/audit/verify")).json()["is_intact"]


class TestApps:
    async def test_apps_are_told_of_both(
        self, hub: FastAPI, ada: httpx2.AsyncClient, gateway: httpx2.AsyncClient, grace_id: str
    ) -> None:
        """An app's session of before is over; a new one is the other person's, says whose, and ends with it."""
        await hub.state.database["apps"].insert_one(_app(await id_of(hub, ADMIN["email"])))
        own = await _app_session(ada, gateway)
        assert (await _admitted(gateway, own))["identity"]["name"] == "Ada"
        await begin(ada, grace_id)
        assert (await _admitted(gateway, own))["identity"] is None
        acting = await _app_session(ada, gateway)
        admission = await _admitted(gateway, acting)
        assert (admission["identity"]["name"], admission["identity"]["impersonator"]) == ("Grace", ADMIN["email"])
        claims = json.loads(base64.urlsafe_b64decode(admission["assertion"].split(".")[1] + "=="))
        assert (claims["sub"], claims["act"]["email"]) == (grace_id, ADMIN["email"])
        assert len(admission["credentials"]) == 3  # whose end the gateway is told of: app's, acting, the admin's own
        await ada.post(STOP)
        assert (await _admitted(gateway, acting))["identity"] is None


def _app(owner_id: str) -> dict[str, Any]:
    return {
        "_id": "a1",
        "slugs": ["tank"],
        "slug": "tank",
        "name": "Tank",
        "icon": None,
        "owner_id": owner_id,
        "access": "signed-in",
        "member_ids": [],
        "desired": "stopped",
        "state": "stopped",
        "is_asleep": False,
        "workload_id": None,
        "deployment_id": None,
    }


async def _app_session(client: httpx2.AsyncClient, gateway: httpx2.AsyncClient) -> str:
    query = {"app": "tank", "state": "s" * 22}
    answer = await client.get("/api/v1/auth/handover", params=query, follow_redirects=False)
    code = answer.headers["location"].partition("code=")[2].partition("&")[0]
    body = {"app_id": "a1", "code": code, "state": "s" * 22}
    return str((await gateway.post("/internal/v1/handover", json=body)).json()["app_session"])


async def _admitted(gateway: httpx2.AsyncClient, secret: str) -> dict[str, Any]:
    answer = await gateway.post("/internal/v1/admit", json={"app_id": "a1", "app_session": secret})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found
