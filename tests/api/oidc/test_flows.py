"""Leaving for a provider and coming back: in another browser, twice, too late, from another provider."""

import asyncio
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from tests.api.conftest import client_of
from tests.api.oidc.conftest import Desk
from tests.support.hostile_provider import Browser, kind

from hothouse.hub.app import create_app
from hothouse.settings import Settings

NOT_BEGUN = (403, "sign-in-not-begun")


@pytest.fixture(autouse=True)
async def truthful(desk: Desk) -> None:
    await desk.fresh_provider()


class TestBegin:
    async def test_what_is_asked_for(self, desk: Desk, browser: Browser) -> None:
        url = urlsplit(await browser.begin())
        asked = {name: values[0] for name, values in parse_qs(url.query).items()}
        assert f"{url.scheme}://{url.netloc}{url.path}" == f"{desk.lab.issuer}/authorize"
        assert asked["response_type"] == "code"
        assert asked["client_id"] == "hothouse"
        assert asked["redirect_uri"] == "http://localhost:8000/sign-in/lab"
        assert asked["scope"] == "openid profile email"
        assert asked["code_challenge_method"] == "S256"
        assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 43

    async def test_nothing_is_used_twice(self, browser: Browser) -> None:
        one, other = [parse_qs(urlsplit(await browser.begin()).query) for _ in range(2)]
        for name in ("state", "nonce", "code_challenge"):
            assert one[name] != other[name]

    async def test_cookie(self, browser: Browser) -> None:
        answer = await browser.client.post("/api/v1/auth/providers/lab/begin", json={})
        cookie = answer.headers["set-cookie"].lower()
        assert cookie.startswith("hothouse_flow=")
        for part in ("httponly", "samesite=lax", "path=/", "max-age=600"):
            assert part in cookie
        assert "domain" not in cookie

    @pytest.mark.parametrize(
        "path", ["https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil", "/a\nb", "apps", "", "/\t/x"]
    )
    async def test_next_is_a_path_of_ours(self, browser: Browser, path: str) -> None:
        answer = await browser.client.post("/api/v1/auth/providers/lab/begin", json={"next": path})
        assert kind(answer) == (422, "invalid-input")
        assert answer.json()["errors"][0]["pointer"] == "/next"

    async def test_unknown_provider(self, browser: Browser) -> None:
        answer = await browser.client.post("/api/v1/auth/providers/nowhere/begin", json={})
        assert kind(answer) == (404, "provider-unknown")


class TestReturn:
    async def test_goes_on_where_they_were(self, desk: Desk, browser: Browser) -> None:
        came = desk.lab.code_for(await browser.begin(next_path="/apps/tracker?tab=log#end"))
        answer = await browser.finish(**came)
        assert answer.json()["next"] == "/apps/tracker?tab=log#end"
        assert await browser.who() == "mia@lab.org"

    async def test_in_another_browser(self, desk: Desk, browser: Browser) -> None:
        """Somebody signs in, and lets another's browser come back for them."""
        victim = await desk.browser()
        came = desk.lab.code_for(await browser.begin())
        assert kind(await victim.finish(**came)) == NOT_BEGUN
        await victim.begin()  # a browser that began one of its own, too
        assert kind(await victim.finish(**came)) == NOT_BEGUN
        assert await victim.who() is None
        assert (await browser.finish(**came)).status_code == 200  # nobody else uses it up

    async def test_without_having_begun(self, desk: Desk, browser: Browser) -> None:
        came = desk.lab.code_for(await browser.begin())
        assert kind(await browser.finish(**{**came, "state": "x" * 43})) == NOT_BEGUN

    async def test_state_is_good_once(self, desk: Desk, browser: Browser) -> None:
        url = await browser.begin()
        assert (await browser.finish(**desk.lab.code_for(url))).status_code == 200
        assert kind(await browser.finish(**desk.lab.code_for(url))) == NOT_BEGUN

    async def test_state_is_good_once_among_many_at_the_same_moment(self, desk: Desk, browser: Browser) -> None:
        url = await browser.begin()
        answers = await asyncio.gather(*(browser.finish(**desk.lab.code_for(url)) for _ in range(5)))
        assert sorted(answer.status_code for answer in answers) == [200, 403, 403, 403, 403]

    async def test_code_is_good_once(self, desk: Desk, browser: Browser) -> None:
        one, other = await browser.begin(), await browser.begin()
        came = desk.lab.code_for(one)
        assert (await browser.finish(**came)).status_code == 200
        again = {**desk.lab.code_for(other), "code": came["code"]}
        assert kind(await browser.finish(**again)) == (403, "provider-refused")

    async def test_code_of_another_sign_in(self, desk: Desk, browser: Browser) -> None:
        """A code that somebody stole is of no use in a browser that did not ask for it: it has another verifier."""
        stolen = desk.lab.code_for(await (await desk.browser()).begin())
        came = desk.lab.code_for(await browser.begin())
        assert kind(await browser.finish(**{**came, "code": stolen["code"]})) == (403, "provider-refused")

    async def test_two_tabs(self, desk: Desk, browser: Browser) -> None:
        one, other = await browser.begin(), await browser.begin("guests")
        assert (await browser.finish(**desk.lab.code_for(one))).status_code == 200
        assert kind(await browser.finish("guests", **desk.guests.code_for(other, email="x@y.org"))) == (
            403,
            "not-admitted",
        )

    async def test_too_late(self, desk: Desk, browser: Browser) -> None:
        came = desk.lab.code_for(await browser.begin())
        desk.clock.advance(minutes=11)
        assert kind(await browser.finish(**came)) == NOT_BEGUN

    async def test_refused_there(self, desk: Desk, browser: Browser) -> None:
        came = desk.lab.code_for(await browser.begin())
        answer = await browser.finish(state=came["state"], error="access_denied")
        assert kind(answer) == (403, "provider-refused")
        assert "access_denied" not in answer.text

    async def test_planted_cookie(self, desk: Desk, browser: Browser) -> None:
        """Two cookies of that name cannot be told apart, so neither counts."""
        came = desk.lab.code_for(await browser.begin())
        own = browser.client.cookies["hothouse_flow"]
        browser.client.cookies.clear()
        both = {"Cookie": f"hothouse_flow={'p' * 43}; hothouse_flow={own}"}
        answer = await browser.client.post("/api/v1/auth/providers/lab/finish", json=came, headers=both)
        assert kind(answer) == NOT_BEGUN

    async def test_session_is_a_new_one(self, desk: Desk, browser: Browser) -> None:
        """A session that was planted before the sign-in is none of the person's afterwards."""
        await browser.sign_in(desk.lab)
        planted = browser.client.cookies["hothouse_session"]
        await browser.sign_in(desk.lab, sub="another", email="another@lab.org")
        assert browser.client.cookies["hothouse_session"] != planted
        thief = await desk.browser()
        thief.client.cookies.set("hothouse_session", planted)
        assert await thief.who() == "mia@lab.org"


class TestMixUp:
    async def test_return_to_another_provider(self, desk: Desk, browser: Browser) -> None:
        came = desk.guests.code_for(await browser.begin("lab"))
        assert kind(await browser.finish("guests", **came)) == NOT_BEGUN

    async def test_answer_of_another_issuer(self, desk: Desk, browser: Browser) -> None:
        came = desk.lab.code_for(await browser.begin())
        desk.lab.asked.clear()
        answer = await browser.finish(**{**came, "iss": desk.guests.issuer})
        assert kind(answer) == (403, "provider-token-not-valid")
        assert "/token" not in desk.lab.asked  # the code was given to nobody

    async def test_issuer_that_is_to_be_named_is_missing(self, desk: Desk, browser: Browser) -> None:
        desk.lab.metadata = {"authorization_response_iss_parameter_supported": True}
        came = desk.lab.code_for(await browser.begin())
        assert kind(await browser.finish(**{**came, "iss": None})) == (403, "provider-token-not-valid")

    async def test_token_of_another_provider(self, desk: Desk, browser: Browser) -> None:
        """The guests' provider answers with what the lab's signed."""
        nonce = parse_qs(urlsplit(url := await browser.begin("guests")).query)["nonce"][0]
        desk.guests.token_answer = {"access_token": "x", "id_token": desk.lab.id_token(nonce=nonce)}
        assert kind(await browser.finish("guests", **desk.guests.code_for(url))) == (403, "provider-token-not-valid")


class TestAway:
    AWAY = (503, "provider-away")

    async def _begin(self, browser: Browser) -> httpx2.Response:
        return await browser.client.post("/api/v1/auth/providers/lab/begin", json={})

    async def test_others_still_work(self, desk: Desk, browser: Browser) -> None:
        account = await desk.person("bo")
        desk.lab.metadata = {"issuer": "https://somebody.example"}
        answer = await self._begin(browser)
        assert kind(answer) == self.AWAY
        assert answer.json()["detail"].startswith("The Lab does not answer")
        assert answer.headers["retry-after"]
        assert await (await desk.signed_in(account)).who() == "bo@lab.org"
        assert (await browser.begin("guests")).startswith(desk.guests.issuer)
        assert len((await browser.client.get("/api/v1/auth/providers")).json()["items"]) == 2

    @pytest.mark.parametrize(
        "metadata",
        [
            {"issuer": "https://somebody.example"},
            {"authorization_endpoint": "javascript:alert(1)"},
            {"token_endpoint": "http://lab.example/token"},
            {"jwks_uri": None},
            {"userinfo_endpoint": "file:///etc/passwd"},
        ],
        ids=str,
    )
    async def test_unsafe_metadata(self, desk: Desk, metadata: dict[str, Any], browser: Browser) -> None:
        desk.lab.metadata = metadata
        assert kind(await self._begin(browser)) == self.AWAY

    async def test_nobody_waits_for_it_again_and_again(self, desk: Desk, browser: Browser) -> None:
        desk.lab.is_away = True
        desk.lab.asked.clear()
        answers = await asyncio.gather(*(self._begin(browser) for _ in range(5)))
        assert [kind(answer) for answer in answers] == [self.AWAY] * 5
        assert len(desk.lab.asked) == 1
        desk.lab.is_away = False
        desk.clock.advance(seconds=6)
        assert (await self._begin(browser)).status_code == 200

    async def test_what_was_known_of_it_is_enough_to_come_back(self, desk: Desk, browser: Browser) -> None:
        came = desk.lab.code_for(await browser.begin())
        await browser.sign_in(desk.lab)
        desk.clock.advance(minutes=9)
        desk.lab.metadata = {"issuer": "https://somebody.example"}
        assert (await browser.finish(**came)).status_code == 200

    async def test_while_it_is_asked_for_the_token(self, desk: Desk, browser: Browser) -> None:
        came = desk.lab.code_for(await browser.begin())
        desk.lab.is_away = True
        assert kind(await browser.finish(**came)) == self.AWAY

    @pytest.mark.parametrize("answer", [{}, {"id_token": 7}, {"error": "invalid_client"}], ids=str)
    async def test_strange_answer(self, desk: Desk, browser: Browser, answer: dict[str, Any]) -> None:
        desk.lab.token_answer = answer
        assert kind(await browser.sign_in(desk.lab)) in (self.AWAY, (403, "provider-refused"))

    async def test_start_needs_no_provider(self, settings: Settings) -> None:
        """Nothing listens at its address: the hub starts, says so when asked, and lets people in by password."""
        away = {"id": "lab", "name": "Lab", "issuer": "http://127.0.0.1:9", "client_id": "x"}
        oidc = type(settings.oidc).model_validate({"providers": [away]})
        hub = create_app(settings.model_copy(update={"oidc": oidc, "origin": "https://lab.example.org"}))
        async with hub.router.lifespan_context(hub), client_of(hub) as client:
            answer = await client.post("/api/v1/auth/providers/lab/begin", json={})
            assert kind(answer) == self.AWAY
            assert answer.headers.get("set-cookie", "__Host-hothouse_flow").startswith("__Host-hothouse_flow")
