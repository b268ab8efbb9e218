"""Signing out at the provider, too, and being signed out by it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from tests.api.oidc.conftest import Desk
from tests.support.hostile_provider import Browser, kind

Said = Callable[..., dict[str, Any]]


@pytest.fixture(autouse=True)
async def truthful(desk: Desk) -> None:
    await desk.fresh_provider()


class TestHere:
    async def test_leads_to_the_provider(self, desk: Desk, browser: Browser, claims: Said) -> None:
        desk.lab.metadata = {"end_session_endpoint": f"{desk.lab.issuer}/end?tenant=7"}
        await browser.sign_in(desk.lab, **claims())
        answer = await browser.client.post("/api/v1/auth/logout")
        assert answer.status_code == 200
        url = urlsplit(answer.json()["url"])
        asked = {key: values[0] for key, values in parse_qs(url.query).items()}
        assert f"{url.scheme}://{url.netloc}{url.path}" == f"{desk.lab.issuer}/end"
        assert asked["tenant"] == "7"
        assert asked["client_id"] == "hothouse"
        assert asked["post_logout_redirect_uri"] == "http://localhost:8000/sign-in"
        assert asked["id_token_hint"].count(".") == 2
        assert await browser.who() is None

    async def test_provider_without_that(self, desk: Desk, browser: Browser, claims: Said) -> None:
        await browser.sign_in(desk.lab, **claims())
        answer = await browser.client.post("/api/v1/auth/logout")
        assert (answer.status_code, answer.content) == (204, b"")

    async def test_settings_say_no(self, desk: Desk, browser: Browser, name: str, claims: Said) -> None:
        desk.guests.metadata = {"end_session_endpoint": f"{desk.guests.issuer}/end"}
        await desk.person(name)
        await browser.sign_in(desk.guests, "guests", **claims())
        assert await browser.who() == f"{name}@lab.org"
        assert (await browser.client.post("/api/v1/auth/logout")).status_code == 204

    async def test_provider_is_away(self, desk: Desk, browser: Browser, claims: Said) -> None:
        await browser.sign_in(desk.lab, **claims())
        desk.clock.advance(hours=2)
        desk.lab.is_away = True
        assert (await browser.client.post("/api/v1/auth/logout")).status_code == 204
        assert await browser.who() is None

    async def test_session_of_a_password(self, desk: Desk, name: str) -> None:
        desk.lab.metadata = {"end_session_endpoint": f"{desk.lab.issuer}/end"}
        own = await desk.signed_in(await desk.person(name))
        assert (await own.client.post("/api/v1/auth/logout")).status_code == 204


class TestThere:
    async def _tell(self, browser: Browser, token: str, provider: str = "lab") -> httpx2.Response:
        path = f"/api/v1/auth/providers/{provider}/logout"
        return await browser.client.post(path, data={"logout_token": token})

    @pytest.fixture
    async def two(self, desk: Desk, claims: Said) -> tuple[Browser, Browser]:
        """Two browsers of one person, with a session each at the provider."""
        one, other = await desk.browser(), await desk.browser()
        for browser, session in ((one, "first"), (other, "second")):
            answer = await browser.sign_in(desk.lab, **claims(sid=f"{session} of {claims()['sub']}"))
            assert answer.status_code == 200, answer.text
        return one, other

    async def test_one_session(self, desk: Desk, two: tuple[Browser, Browser], claims: Said) -> None:
        one, other = two
        token = desk.lab.logout_token(sub=claims()["sub"], sid=f"first of {claims()['sub']}")
        answer = await self._tell(await desk.browser(), token)
        assert answer.status_code == 200, answer.text
        assert answer.headers["cache-control"] == "no-store"
        assert await one.who() is None
        assert await other.who() is not None

    async def test_all_sessions(self, desk: Desk, two: tuple[Browser, Browser], claims: Said, name: str) -> None:
        account = {"email": f"{name}@lab.org", "password": "a first password"}
        await two[0].client.post("/api/v1/account/password", json={"new_password": account["password"]})
        by_password = await desk.signed_in(account)
        again = await desk.browser()
        await again.sign_in(desk.lab, **claims())
        assert (await self._tell(again, desk.lab.logout_token(sub=claims()["sub"]))).status_code == 200
        assert await two[0].who() is None
        assert await again.who() is None
        assert await by_password.who() == account["email"]

    @pytest.mark.parametrize(
        "wrong",
        [
            {"iss": "https://elsewhere.example"},
            {"aud": "another client"},
            {"events": None},
            {"events": {"http://schemas.openid.net/event/other": {}}},
            {"nonce": "of an ID token"},
            {"sub": None},
            {"jti": None},
            {"iat": 1_700_000_000},
            {"iat": "now"},
            {"exp": 1_700_000_000},
            {"sub": 7},
            {"sid": ["a"]},
        ],
        ids=str,
    )
    async def test_wrong_token(
        self, desk: Desk, two: tuple[Browser, Browser], claims: Said, wrong: dict[str, Any]
    ) -> None:
        token = desk.lab.logout_token(**{"sub": claims()["sub"], **wrong})
        assert kind(await self._tell(await desk.browser(), token)) == (400, "logout-token-not-valid")
        assert await two[0].who() is not None

    async def test_used_twice(self, desk: Desk, browser: Browser, claims: Said) -> None:
        token = desk.lab.logout_token(sub=claims()["sub"])
        assert (await self._tell(browser, token)).status_code == 200
        assert kind(await self._tell(browser, token)) == (400, "logout-token-not-valid")

    async def test_id_token(self, desk: Desk, browser: Browser, claims: Said) -> None:
        token = desk.lab.id_token(sub=claims()["sub"], nonce="n", jti="j")
        assert kind(await self._tell(browser, token)) == (400, "logout-token-not-valid")

    async def test_of_another_provider(self, desk: Desk, two: tuple[Browser, Browser], claims: Said) -> None:
        token = desk.guests.logout_token(sub=claims()["sub"])
        assert kind(await self._tell(await desk.browser(), token)) == (400, "logout-token-not-valid")
        assert (await self._tell(await desk.browser(), token, "guests")).status_code == 200
        assert await two[0].who() is not None

    @pytest.mark.parametrize("token", ["", "x", "a.b.c", "x" * 90_000])
    async def test_rubbish(self, browser: Browser, token: str) -> None:
        assert (await self._tell(browser, token)).status_code in (400, 422)
