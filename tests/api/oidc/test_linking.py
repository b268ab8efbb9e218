"""One's own ways in: linking, unlinking, doing without a password, and never without any."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from tests.api.oidc.conftest import Desk
from tests.support.hostile_provider import Browser, kind

from hothouse.oidc.dependencies import OidcServices
from hothouse.oidc.errors import LastWayIn

IDENTITIES = "/api/v1/account/identities"
REMOVE_PASSWORD = "/api/v1/account/password/remove"
Said = Callable[..., dict[str, Any]]


@pytest.fixture(autouse=True)
async def truthful(desk: Desk) -> None:
    await desk.fresh_provider()


@pytest.fixture
async def account(desk: Desk, name: str) -> dict[str, Any]:
    return await desk.person(name)


@pytest.fixture
async def own(desk: Desk, account: dict[str, Any]) -> Browser:
    """The browser of somebody who has just signed in by password."""
    return await desk.signed_in(account)


async def link(browser: Browser, provider: str = "guests", **body: Any) -> httpx2.Response:
    return await browser.client.post(IDENTITIES, json={"provider": provider, **body})


async def linked(desk: Desk, browser: Browser, provider: str = "guests", **claims: Any) -> httpx2.Response:
    """Link an account at a provider, all the way."""
    begun = await link(browser, provider)
    assert begun.status_code == 200, begun.text
    hostile = desk.lab if provider == "lab" else desk.guests
    return await browser.finish(provider, **hostile.code_for(begun.json()["url"], **claims))


async def ways(browser: Browser) -> dict[str, Any]:
    answer = await browser.client.get(IDENTITIES)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


class TestLink:
    async def test_another_address_may_be_linked(self, desk: Desk, own: Browser, claims: Said, name: str) -> None:
        answer = await linked(desk, own, **claims(email=f"private-{name}@home.org", email_verified=False))
        assert answer.json() == {
            "user": answer.json()["user"],
            "next": "/account#ways-in",
            "is_linked": True,
            "step": None,
        }
        shown = (await ways(own))["identities"][0]
        assert (shown["provider_name"], shown["email"]) == ("Guests", f"private-{name}@home.org")
        other = await desk.browser()
        assert (await other.sign_in(desk.guests, "guests", **claims())).json()["user"]["email"] == f"{name}@lab.org"
        record = (await desk.ada.get("/api/v1/audit", params={"action": "sign-in-providers.finish"})).json()["items"]
        assert {"provider": "guests", "identity": "linked"} in [entry["after"] for entry in record]

    async def test_needs_a_fresh_sign_in_or_the_password(
        self, desk: Desk, own: Browser, account: dict[str, Any]
    ) -> None:
        desk.clock.advance(minutes=11)
        assert kind(await link(own)) == (403, "proof-needed")
        assert kind(await link(own, current_password="wrong")) == (403, "wrong-password")
        assert (await link(own, current_password=account["password"])).status_code == 200

    async def test_guesses_are_counted(self, own: Browser) -> None:
        for _ in range(10):
            assert kind(await link(own, current_password="wrong")) == (403, "wrong-password")
        assert kind(await link(own, current_password="wrong"))[0] == 429

    async def test_by_token(self, desk: Desk, own: Browser, account: dict[str, Any]) -> None:
        token = (await own.client.post("/api/v1/tokens", json={"name": "t"})).json()["token"]
        script = await desk.browser()
        body = {"provider": "guests", "current_password": account["password"]}
        answer = await script.client.post(IDENTITIES, json=body, headers={"Authorization": f"Bearer {token}"})
        assert kind(answer) == (403, "proof-needed")

    async def test_is_somebody_elses(self, desk: Desk, own: Browser, claims: Said) -> None:
        other = await desk.signed_in(await desk.person(f"o{claims()['name'].lower()}"))
        await linked(desk, other, **claims())
        assert kind(await linked(desk, own, **claims())) == (409, "identity-taken")
        assert (await ways(own))["identities"] == []

    async def test_twice(self, desk: Desk, own: Browser, claims: Said) -> None:
        await linked(desk, own, **claims())
        assert (await linked(desk, own, **claims())).status_code == 200
        assert len((await ways(own))["identities"]) == 1

    async def test_domains_count_here_too(self, desk: Desk, own: Browser, claims: Said) -> None:
        assert kind(await linked(desk, own, "lab", **claims(email="x@evil.org"))) == (403, "not-admitted")

    async def test_comes_back_in_another_session(self, desk: Desk, own: Browser, claims: Said) -> None:
        """Mallory begins to link her own account at the provider, and lets the victim's browser finish it."""
        url = (await link(own)).json()["url"]
        came = desk.guests.code_for(url, **claims(sub="mallory's"))
        victim = await desk.signed_in(await desk.person(f"v{claims()['name'].lower()}"))
        victim.client.cookies.set("hothouse_flow", own.client.cookies["hothouse_flow"])  # even with a planted cookie
        assert kind(await victim.finish("guests", **came)) == (403, "sign-in-not-begun")
        assert (await ways(victim))["identities"] == []

    async def test_after_signing_out(self, desk: Desk, own: Browser, claims: Said) -> None:
        url = (await link(own)).json()["url"]
        await own.client.post("/api/v1/auth/logout")
        answer = await own.finish("guests", **desk.guests.code_for(url, **claims()))
        assert kind(answer) == (403, "sign-in-not-begun")

    async def test_stranger(self, browser: Browser) -> None:
        assert (await browser.client.get(IDENTITIES)).status_code == 401
        assert (await link(browser)).status_code == 401


class TestUnlink:
    async def test_opens_nothing_afterwards(self, desk: Desk, own: Browser, claims: Said) -> None:
        await linked(desk, own, **claims(email="x@home.org"))
        identity = (await ways(own))["identities"][0]["id"]
        assert (await own.client.post(f"{IDENTITIES}/{identity}/unlink", json={})).status_code == 204
        answer = await (await desk.browser()).sign_in(desk.guests, "guests", **claims(email="x@home.org"))
        assert kind(answer) == (403, "not-admitted")
        entry = (await desk.ada.get("/api/v1/audit", params={"action": "identities.unlink"})).json()["items"][0]
        assert entry["before"] == {"provider": "guests", "email": "x@home.org"}

    async def test_anothers(self, desk: Desk, own: Browser, claims: Said) -> None:
        await linked(desk, own, **claims())
        identity = (await ways(own))["identities"][0]["id"]
        other = await desk.signed_in(await desk.person(f"o{claims()['name'].lower()}"))
        answer = await other.client.post(f"{IDENTITIES}/{identity}/unlink", json={})
        assert kind(answer) == (404, "not-found")
        assert len((await ways(own))["identities"]) == 1

    async def test_needs_a_fresh_sign_in_or_the_password(self, desk: Desk, own: Browser, claims: Said) -> None:
        await linked(desk, own, **claims())
        identity = (await ways(own))["identities"][0]["id"]
        desk.clock.advance(minutes=11)
        answer = await own.client.post(f"{IDENTITIES}/{identity}/unlink", json={})
        assert kind(answer) == (403, "proof-needed")

    async def test_the_last_way_in_stays(self, desk: Desk, browser: Browser, claims: Said) -> None:
        await browser.sign_in(desk.lab, **claims())
        identity = (await ways(browser))["identities"][0]["id"]
        answer = await browser.client.post(f"{IDENTITIES}/{identity}/unlink", json={})
        assert kind(answer) == (409, "last-way-in")

    async def test_two_at_once_do_not_take_the_last_two(self, desk: Desk, browser: Browser, claims: Said) -> None:
        await browser.sign_in(desk.lab, **claims())
        await linked(desk, browser, **claims())
        paths = [f"{IDENTITIES}/{one['id']}/unlink" for one in (await ways(browser))["identities"]]
        assert len(paths) == 2
        answers = await asyncio.gather(*(browser.client.post(path, json={}) for path in paths))
        assert sorted(answer.status_code for answer in answers) == [204, 409]
        assert len((await ways(browser))["identities"]) == 1

    async def test_two_hubs_at_once_do_not_either(self, desk: Desk, browser: Browser, claims: Said) -> None:
        await browser.sign_in(desk.lab, **claims())
        await linked(desk, browser, **claims())
        state = desk.hub.state
        other = OidcServices.make(state.settings, state.database, state.identity, state.access.members, desk.clock)
        principal = await state.identity.sessions.principal(browser.client.cookies["hothouse_session"])
        one, another = [found["id"] for found in (await ways(browser))["identities"]]
        ends = await asyncio.gather(
            state.oidc.linking.unlink(principal, one, None),
            other.linking.unlink(principal, another, None),
            return_exceptions=True,
        )
        assert [type(end) for end in ends if end is not None] == [LastWayIn]


class TestRemovePassword:
    async def test_only_the_provider_opens_it_then(
        self, desk: Desk, own: Browser, account: dict[str, Any], claims: Said
    ) -> None:
        await linked(desk, own, **claims())
        elsewhere = await desk.signed_in(account)
        body = {"current_password": account["password"]}
        assert (await own.client.post(REMOVE_PASSWORD, json=body)).status_code == 204
        assert not (await ways(own))["has_password"]
        assert await elsewhere.who() is None
        login = {"email": account["email"], "password": account["password"]}
        assert kind(await elsewhere.client.post("/api/v1/auth/login", json=login)) == (401, "invalid-credentials")
        assert (await elsewhere.sign_in(desk.guests, "guests", **claims())).status_code == 200

    async def test_is_the_only_way_in(self, own: Browser, account: dict[str, Any]) -> None:
        body = {"current_password": account["password"]}
        assert kind(await own.client.post(REMOVE_PASSWORD, json=body)) == (409, "last-way-in")

    async def test_wrong_password(self, desk: Desk, own: Browser, claims: Said) -> None:
        await linked(desk, own, **claims())
        answer = await own.client.post(REMOVE_PASSWORD, json={"current_password": "wrong"})
        assert kind(answer) == (403, "wrong-password")
        assert (await ways(own))["has_password"]
