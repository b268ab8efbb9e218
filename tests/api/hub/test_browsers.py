"""What hostile pages make browsers send to the main origin, and what browsers are told about its answers."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI
from pymongo import AsyncMongoClient
from structlog.testing import capture_logs
from tests.support.lab import ADA, GRACE, MAIN, client_of, make_settings, running_hub, sign_in

TOKENS = "/api/v1/tokens"
FOREIGN = [
    {"Origin": "http://evil.apps.localhost:8000"},
    {"Origin": "null"},
    {"Origin": "https://localhost:8000"},
    {"Origin": "http://localhost:8000.evil.example"},
    {"Origin": "http://evil@localhost:8000"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site", "Origin": MAIN},
    {"Sec-Fetch-Site": "same-origin", "Origin": "http://evil.apps.localhost:8000"},
    {"Sec-Fetch-Site": "cross-site", "Authorization": "Basic YWRhOmFkYQ=="},
    {"Sec-Fetch-Site": "cross-site", "Authorization": "Bearer"},
    {"Sec-Fetch-Site": "cross-site", "Authorization": "Bearer "},
    {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"},  # a form in a tab
]
READING = [
    {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors", "Origin": "http://evil.apps.localhost:8000"},
    {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "script"},
    {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"},
    {"Origin": "http://evil.apps.localhost:8000"},
]


@pytest.fixture(scope="module")
async def hub(mongodb_uri: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[FastAPI]:
    """One hub for all these tests, which leave it as it was."""
    home: Path = tmp_path_factory.mktemp("browsers")
    async with running_hub(make_settings(home, mongodb_uri, "test_browsers", "process")) as hub:
        async with client_of(hub) as client:
            answer = await (await sign_in(client)).post("/api/v1/users", json=GRACE)
            assert answer.status_code == 201
        yield hub
    async with AsyncMongoClient(mongodb_uri) as client:
        await client.drop_database("test_browsers")


@pytest.fixture
async def ada(hub: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    """The admin, signed in, without tokens."""
    async with client_of(hub) as client:
        yield await sign_in(client)
        for token in (await client.get(TOKENS)).json()["items"]:
            assert (await client.delete(f"{TOKENS}/{token['id']}")).status_code == 204


@pytest.fixture
async def grace(hub: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    async with client_of(hub) as client:
        yield await sign_in(client, GRACE)


class TestOtherOrigins:
    @pytest.mark.parametrize("headers", FOREIGN)
    async def test_change_nothing(self, ada: httpx2.AsyncClient, headers: Mapping[str, str]) -> None:
        answer = await ada.post(TOKENS, json={"name": "stolen"}, headers=headers)
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/cross-site-request")
        assert (await ada.get(TOKENS)).json()["items"] == []

    async def test_nor_sign_anybody_in_or_out(self, ada: httpx2.AsyncClient, anyone: httpx2.AsyncClient) -> None:
        for headers in FOREIGN:
            answer = await anyone.post("/api/v1/auth/login", json=ADA, headers=headers)
            assert answer.status_code == 403
            assert "set-cookie" not in answer.headers
            assert (await ada.post("/api/v1/auth/logout", headers=headers)).status_code == 403
        assert (await ada.get("/api/v1/auth/me")).status_code == 200

    @pytest.mark.parametrize("headers", READING)
    async def test_read_nothing(self, ada: httpx2.AsyncClient, headers: Mapping[str, str]) -> None:
        for path in ("/api/v1/auth/me", "/api/v1/events", "/api/openapi.json", "/"):
            answer = await ada.get(path, headers=headers)
            assert answer.status_code == 403
            assert "ada@" not in answer.text

    async def test_may_link_here(self, ada: httpx2.AsyncClient) -> None:
        headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
        assert (await ada.get("/api/v1/auth/me", headers=headers)).status_code == 200

    async def test_tokens_carry_nobody_along(self, hub: FastAPI, ada: httpx2.AsyncClient) -> None:
        token = (await ada.post(TOKENS, json={"name": "mine"})).json()["token"]
        headers = {"Authorization": f"Bearer {token}", "Origin": "https://elsewhere.example"}
        async with client_of(hub) as program:
            assert (await program.post(TOKENS, json={"name": "two"}, headers=headers)).status_code == 201
        forged = {**headers, "Authorization": "Bearer hh_forged"}  # beside Ada's cookie, which must not be used
        assert (await ada.post(TOKENS, json={"name": "three"}, headers=forged)).status_code == 401

    @pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
    async def test_forms_are_not_json(self, ada: httpx2.AsyncClient, kind: str) -> None:
        """What a form can send without asking first is not read as JSON, if all else failed."""
        answer = await ada.post(TOKENS, content=b'{"name": "stolen"}', headers={"Content-Type": kind})
        assert answer.status_code == 422
        assert (await ada.get(TOKENS)).json()["items"] == []

    @pytest.mark.parametrize("name", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
    async def test_methods_are_not_overridden(self, ada: httpx2.AsyncClient, name: str) -> None:
        made = (await ada.post(TOKENS, json={"name": "mine"})).json()
        for method in ("GET", "HEAD"):
            await ada.request(method, f"{TOKENS}/{made['id']}?_method=DELETE", headers={name: "DELETE"})
        assert [token["id"] for token in (await ada.get(TOKENS)).json()["items"]] == [made["id"]]

    async def test_may_not_ask_first_either(self, ada: httpx2.AsyncClient) -> None:
        headers = {"Origin": "http://evil.apps.localhost:8000", "Access-Control-Request-Method": "DELETE"}
        answer = await ada.options(TOKENS, headers=headers)
        assert not [name for name in answer.headers if name.startswith("access-control-")]


class TestSessions:
    async def test_a_planted_session_is_not_taken_over(self, hub: FastAPI) -> None:
        async with client_of(hub, cookies={"hothouse_session": "known-to-somebody-else"}) as client:
            answer = await client.post("/api/v1/auth/login", json=ADA)
            assert answer.status_code == 200
            assert "known-to-somebody-else" not in answer.headers["set-cookie"]
        async with client_of(hub, headers={"Cookie": "hothouse_session=known-to-somebody-else"}) as other:
            assert (await other.get("/api/v1/auth/me")).status_code == 401

    async def test_a_second_cookie_is_nobodys(self, hub: FastAPI, ada: httpx2.AsyncClient, grace: httpx2.AsyncClient):
        mine, planted = (client.cookies["hothouse_session"] for client in (ada, grace))
        for first, second in ((mine, planted), (planted, mine)):
            cookies = {"Cookie": f"hothouse_session={first}; hothouse_session={second}"}
            async with client_of(hub, headers=cookies) as client:
                assert (await client.get("/api/v1/auth/me")).status_code == 401

    async def test_https_cookies_cannot_be_planted(self, mongodb_uri: str, tmp_path: Path) -> None:
        settings = make_settings(tmp_path, mongodb_uri, "test_browsers_https", "process")
        lab = "https://lab.example.org"
        own = {"Origin": lab, "Host": "lab.example.org"}
        async with (
            running_hub(settings.model_copy(update={"origin": lab})) as hub,
            client_of(hub, headers=own) as client,
        ):
            answer = await client.post("/api/v1/auth/login", json=ADA)
            assert answer.status_code == 200
            assert answer.headers["strict-transport-security"] == "max-age=31536000"
            kept = answer.headers["set-cookie"]
            assert kept.startswith("__Host-hothouse_session=")
            assert {"httponly", "secure", "path=/", "samesite=lax"} <= set(kept.lower().split("; "))
            assert "domain" not in kept.lower()
            plain = {"Origin": "http://lab.example.org"}
            assert (await client.post("/api/v1/auth/logout", headers=plain)).status_code == 403
        async with AsyncMongoClient(mongodb_uri) as client:
            await client.drop_database("test_browsers_https")


class TestHandover:
    @pytest.mark.parametrize(
        "target",
        ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "evil", "",
         "\\\\evil.example", "http:evil.example", "@evil.example"],
    )  # fmt: skip
    async def test_returns_to_paths_only(self, ada: httpx2.AsyncClient, target: str) -> None:
        query = {"app": "any", "state": "s" * 22, "next": target}
        answer = await ada.get("/api/v1/auth/handover", params=query, follow_redirects=False)
        assert answer.status_code == 422

    @pytest.mark.parametrize("app", ["evil.example/", "evil.example#", "a@evil.example", "..", "a/../b", "A", ""])
    async def test_leads_to_apps_only(self, ada: httpx2.AsyncClient, app: str) -> None:
        query = {"app": app, "state": "s" * 22}
        answer = await ada.get("/api/v1/auth/handover", params=query, follow_redirects=False)
        assert answer.status_code == 404
        assert "location" not in answer.headers

    async def test_leads_nobody_out_of_the_sign_in_page(self, anyone: httpx2.AsyncClient) -> None:
        query = {"app": "//evil.example", "state": "s" * 22, "next": "/%5Cevil.example"}
        answer = await anyone.get("/api/v1/auth/handover", params=query, follow_redirects=False)
        assert answer.headers["location"].startswith("/sign-in?next=%2Fapi%2Fv1%2Fauth%2Fhandover%3F")


class TestHeaders:
    async def test_are_on_every_answer(self, ada: httpx2.AsyncClient, anyone: httpx2.AsyncClient) -> None:
        answers = [
            await anyone.get("/"),
            await anyone.get("/favicon.svg"),
            await anyone.get("/assets/none.js"),
            await anyone.get("/api/v1/auth/me"),
            await ada.get("/api/v1/auth/me"),
            await ada.post(TOKENS, json={}),
            await ada.post(TOKENS, json={"name": "x" * 3_000_000}),
            await ada.post(TOKENS, json={}, headers={"Origin": "null"}),
        ]
        assert {answer.status_code for answer in answers} >= {200, 401, 403, 404, 413, 422}
        for answer in answers:
            self.check(answer)

    async def test_are_on_defects(self, hub: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(hub.state, "identity", None)
        transport = httpx2.ASGITransport(hub, raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=transport, base_url=MAIN) as client:
            with capture_logs() as logged:
                answer = await client.get("/api/v1/auth/options")
        assert answer.status_code == 500
        assert "request-failed" in [line["event"] for line in logged]
        self.check(answer)

    def check(self, answer: httpx2.Response) -> None:
        headers = answer.headers
        policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == policy["connect-src"] == policy["form-action"] == "'self'"
        assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cross-origin-opener-policy"] == headers["cross-origin-resource-policy"] == "same-origin"
        assert "camera=()" in headers["permissions-policy"]
        assert headers["origin-agent-cluster"] == "?1"
        if answer.request.url.path.startswith("/api/v1/"):
            assert headers["cache-control"] == "no-store"
