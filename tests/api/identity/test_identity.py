"""Set-up, sign-in, tokens, hand-over: over the API, against a real database."""

import asyncio
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from fastapi import FastAPI
from tests.api.conftest import ADMIN, INTERNAL_KEY, client_of

from hothouse.hub.app import create_app
from hothouse.settings import Settings

STATE = "a state that only this browser holds"


class TestSetup:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"admin": settings.admin.model_copy(update={"email": None})})

    async def _code(self, gateway: httpx2.AsyncClient) -> str | None:
        return (await gateway.post("/internal/v1/setup-link")).json()["code"]

    async def test_first_admin(self, anyone: httpx2.AsyncClient, gateway: httpx2.AsyncClient) -> None:
        assert (await anyone.get("/api/v1/setup")).json() == {"needed": True}
        body = {"code": await self._code(gateway), "name": "Ada", **ADMIN}
        answer = await anyone.post("/api/v1/setup", json=body)
        assert answer.status_code == 201
        assert answer.json()["user"]["role"] == "admin"
        assert (await anyone.get("/api/v1/auth/me")).json()["user"]["email"] == ADMIN["email"]
        assert await self._code(gateway) is None
        again = await anyone.post("/api/v1/setup", json=body)
        assert (again.status_code, again.json()["type"]) == (409, "/problems/setup-done")

    async def test_newer_link_replaces_older(self, anyone: httpx2.AsyncClient, gateway: httpx2.AsyncClient) -> None:
        older, newer = await self._code(gateway), await self._code(gateway)
        refused = await anyone.post("/api/v1/setup", json={"code": older, "name": "Ada", **ADMIN})
        assert (refused.status_code, refused.json()["type"]) == (403, "/problems/setup-code-invalid")
        accepted = await anyone.post("/api/v1/setup", json={"code": newer, "name": "Ada", **ADMIN})
        assert accepted.status_code == 201

    async def test_two_at_once_make_one_admin(self, hub: FastAPI, gateway: httpx2.AsyncClient) -> None:
        code = await self._code(gateway)
        async with client_of(hub) as one, client_of(hub) as other:
            answers = await asyncio.gather(
                *(
                    client.post(
                        "/api/v1/setup",
                        json={"code": code, "name": name, "email": f"{name}@example.org", "password": "long enough pw"},
                    )
                    for client, name in ((one, "eve"), (other, "mallory"))
                )
            )
        made, refused = sorted(answer.status_code for answer in answers)
        assert made == 201
        assert refused in (403, 409)  # the code was used up, or the account was there already
        assert await hub.state.database["users"].count_documents({}) == 1

    async def test_short_password(self, anyone: httpx2.AsyncClient, gateway: httpx2.AsyncClient) -> None:
        body = {"code": await self._code(gateway), "name": "Ada", "email": "ada@example.org", "password": "short"}
        answer = await anyone.post("/api/v1/setup", json=body)
        assert answer.status_code == 422
        assert [error["pointer"] for error in answer.json()["errors"]] == ["/password"]


class TestLogin:
    async def test_wrong_password(self, anyone: httpx2.AsyncClient) -> None:
        answer = await anyone.post("/api/v1/auth/login", json={**ADMIN, "password": "wrong"})
        assert (answer.status_code, answer.json()["type"]) == (401, "/problems/invalid-credentials")
        assert answer.headers["content-type"] == "application/problem+json"

    async def test_unknown_account_answers_alike(self, anyone: httpx2.AsyncClient) -> None:
        wrong = await anyone.post("/api/v1/auth/login", json={**ADMIN, "password": "wrong"})
        unknown = await anyone.post("/api/v1/auth/login", json={"email": "nobody@example.org", "password": "wrong"})
        assert wrong.json() == unknown.json()

    async def test_too_many_attempts(self, anyone: httpx2.AsyncClient) -> None:
        for _ in range(10):
            answer = await anyone.post("/api/v1/auth/login", json={**ADMIN, "password": "wrong"})
            assert answer.status_code == 401
        answer = await anyone.post("/api/v1/auth/login", json=ADMIN)
        assert answer.status_code == 429
        assert 1 <= int(answer.headers["retry-after"]) <= 61

    async def test_cookie_is_host_only(self, anyone: httpx2.AsyncClient) -> None:
        cookie = (await anyone.post("/api/v1/auth/login", json=ADMIN)).headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=lax" in cookie
        assert "domain" not in cookie

    async def test_https_cookie_is_secure_and_prefixed(self, settings: Settings) -> None:
        hub = create_app(settings.model_copy(update={"origin": "https://lab.example.org"}))
        async with hub.router.lifespan_context(hub), client_of(hub) as client:
            cookie = (await client.post("/api/v1/auth/login", json=ADMIN)).headers["set-cookie"]
        assert cookie.startswith("__Host-hothouse_session=")
        assert "Secure" in cookie

    async def test_logout_ends_the_session(self, hub: FastAPI, ada: httpx2.AsyncClient) -> None:
        cookies = dict(ada.cookies)
        assert (await ada.post("/api/v1/auth/logout")).status_code == 204
        async with client_of(hub, cookies=cookies) as thief:
            assert (await thief.get("/api/v1/auth/me")).status_code == 401


class TestTokens:
    async def test_use_and_revoke(self, ada: httpx2.AsyncClient, anyone: httpx2.AsyncClient) -> None:
        made = await ada.post("/api/v1/tokens", json={"name": "laptop"})
        assert made.status_code == 201
        token = made.json()["token"]
        assert token.startswith("hh_")
        bearer = {"Authorization": f"Bearer {token}"}
        assert (await anyone.get("/api/v1/auth/me", headers=bearer)).json()["user"]["name"] == "Ada"
        listed = (await ada.get("/api/v1/tokens")).json()["items"]
        assert [one["name"] for one in listed] == ["laptop"]
        assert "token" not in listed[0]
        assert listed[0]["last_used_at"] is not None
        assert (await ada.delete(f"/api/v1/tokens/{made.json()['id']}")).status_code == 204
        assert (await anyone.get("/api/v1/auth/me", headers=bearer)).status_code == 401

    async def test_stored_hashed(self, hub: FastAPI, ada: httpx2.AsyncClient) -> None:
        token = (await ada.post("/api/v1/tokens", json={"name": "laptop"})).json()["token"]
        stored = await hub.state.database["tokens"].find_one({})
        assert token not in str(stored)

    async def test_somebody_elses(self, ada: httpx2.AsyncClient, grace: httpx2.AsyncClient) -> None:
        made = (await ada.post("/api/v1/tokens", json={"name": "laptop"})).json()
        assert (await grace.delete(f"/api/v1/tokens/{made['id']}")).status_code == 404
        assert len((await ada.get("/api/v1/tokens")).json()["items"]) == 1

    async def test_pages(self, ada: httpx2.AsyncClient) -> None:
        for number in range(5):
            await ada.post("/api/v1/tokens", json={"name": f"token {number}"})
        names, cursor = [], None
        while True:
            page = (
                await ada.get("/api/v1/tokens", params={"limit": 2, **({"cursor": cursor} if cursor else {})})
            ).json()
            names += [one["name"] for one in page["items"]]
            if not (cursor := page["next_cursor"]):
                break
        assert names == [f"token {number}" for number in range(5)]

    async def test_invented_cursor(self, ada: httpx2.AsyncClient) -> None:
        answer = await ada.get("/api/v1/tokens", params={"cursor": "%%%"})
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/cursor")


class TestCrossSite:
    async def test_a_page_of_an_app_cannot_act(self, ada: httpx2.AsyncClient) -> None:
        for headers in (
            {"Sec-Fetch-Site": "same-site", "Origin": "http://evil.apps.localhost:8000"},
            {"Origin": "http://evil.apps.localhost:8000"},
            {"Origin": "null"},
        ):
            answer = await ada.post("/api/v1/tokens", json={"name": "stolen"}, headers=headers)
            assert (answer.status_code, answer.json()["type"]) == (403, "/problems/cross-site-request")
        assert (await ada.get("/api/v1/tokens")).json()["items"] == []

    async def test_own_pages_can(self, ada: httpx2.AsyncClient) -> None:
        headers = {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost:8000"}
        assert (await ada.post("/api/v1/tokens", json={"name": "mine"}, headers=headers)).status_code == 201


class TestHandover:
    @pytest.fixture
    async def app_id(self, hub: FastAPI) -> str:
        slugs = {"slug": "demo", "slugs": ["demo", "sample"]}
        app = {"_id": "app1", **slugs, "realm": "local", "owner_id": None, "desired": "running",
               "access": "private", "name": "Demo", "kind": "command", "icon": None, "public_paths": [],
               "release": None,
               "deployment_id": None, "workload_id": None, "is_asleep": False, "state": "pending", "reason": None,
               "idle_minutes": None, "crash": {"count": 0}}  # fmt: skip
        await hub.state.database["apps"].insert_one(app)
        return "app1"

    async def _code(self, client: httpx2.AsyncClient) -> str:
        answer = await client.get("/api/v1/auth/handover", params={"app": "demo", "state": STATE, "next": "/page?x=1"})
        assert answer.status_code == 303
        target = urlsplit(answer.headers["location"])
        assert target.netloc == "demo.apps.localhost:8000"
        query = parse_qs(target.query)
        assert query["next"] == ["/page?x=1"]
        return query["code"][0]

    async def test_works_once(self, app_id: str, ada: httpx2.AsyncClient, gateway: httpx2.AsyncClient) -> None:
        redeem = {"app_id": app_id, "code": await self._code(ada), "state": STATE}
        first = await gateway.post("/internal/v1/handover", json=redeem)
        assert first.status_code == 200
        assert (await gateway.post("/internal/v1/handover", json=redeem)).status_code == 403

    async def test_other_browser_or_app(
        self, app_id: str, ada: httpx2.AsyncClient, gateway: httpx2.AsyncClient
    ) -> None:
        for change in ({"state": "the state of another browser"}, {"app_id": "app2"}):
            redeem = {"app_id": app_id, "code": await self._code(ada), "state": STATE, **change}
            assert (await gateway.post("/internal/v1/handover", json=redeem)).status_code == 403

    async def test_signed_out_meanwhile(
        self, app_id: str, ada: httpx2.AsyncClient, gateway: httpx2.AsyncClient
    ) -> None:
        redeem = {"app_id": app_id, "code": await self._code(ada), "state": STATE}
        await ada.post("/api/v1/auth/logout")
        assert (await gateway.post("/internal/v1/handover", json=redeem)).status_code == 403

    async def test_not_signed_in_goes_by_the_sign_in_page(self, app_id: str, anyone: httpx2.AsyncClient) -> None:
        answer = await anyone.get("/api/v1/auth/handover", params={"app": "demo", "state": STATE})
        assert answer.status_code == 303
        target = urlsplit(answer.headers["location"])
        assert target.path == "/sign-in"
        assert parse_qs(target.query)["next"][0].startswith("/api/v1/auth/handover?")

    @pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example"])
    async def test_only_paths_are_returned_to(self, app_id: str, ada: httpx2.AsyncClient, target: str) -> None:
        answer = await ada.get("/api/v1/auth/handover", params={"app": "demo", "state": STATE, "next": target})
        assert answer.status_code == 422


class TestInternalApi:
    @pytest.mark.parametrize("key", [None, "", "guess", INTERNAL_KEY + "x"])
    async def test_does_not_exist_without_the_key(self, anyone: httpx2.AsyncClient, key: str | None) -> None:
        headers = {} if key is None else {"X-Hothouse-Internal-Key": key}
        assert (await anyone.post("/internal/v1/setup-link", headers=headers)).status_code == 404
