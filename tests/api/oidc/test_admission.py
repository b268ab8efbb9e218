"""Whose account opens: by link, by address, by invitation, or a new one; and to whom none does."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from tests.api.oidc.conftest import Desk
from tests.support.hostile_provider import Browser, kind
from tests.support.second_factor import Phone

from hothouse.identity.factors.service import Policy

Said = Callable[..., dict[str, Any]]


@pytest.fixture(autouse=True)
async def truthful(desk: Desk) -> None:
    await desk.fresh_provider()


async def entries(desk: Desk, action: str) -> list[dict[str, Any]]:
    """Return what the record says of an action, the newest first."""
    answer = await desk.ada.get("/api/v1/audit", params={"action": action})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


class TestNewcomer:
    async def test_account_is_made(self, desk: Desk, browser: Browser, name: str, claims: Said) -> None:
        answer = await browser.sign_in(desk.lab, **claims())
        user = answer.json()["user"]
        assert (user["name"], user["email"], user["role"]) == (name.title(), f"{name}@lab.org", "member")
        assert await browser.who() == f"{name}@lab.org"
        newest = (await entries(desk, "sign-in-providers.finish"))[0]
        assert newest["who"]["email"] == f"{name}@lab.org"
        assert newest["after"] == {"provider": "lab", "account": "made"}

    async def test_comes_again(self, desk: Desk, browser: Browser, name: str, claims: Said) -> None:
        """The subject counts: address and name there may change."""
        first = await browser.sign_in(desk.lab, **claims())
        again = await (await desk.browser()).sign_in(desk.lab, **claims(email="moved@lab.org", name="New Name"))
        assert again.json()["user"]["id"] == first.json()["user"]["id"]
        assert again.json()["user"]["email"] == f"{name}@lab.org"

    async def test_twice_at_the_same_moment(self, desk: Desk, claims: Said) -> None:
        browsers = [await desk.browser() for _ in range(4)]
        answers = await asyncio.gather(*(browser.sign_in(desk.lab, **claims()) for browser in browsers))
        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.json()["user"]["id"] for answer in answers}) == 1

    async def test_same_subject_elsewhere_is_somebody_else(
        self, desk: Desk, browser: Browser, name: str, claims: Said
    ) -> None:
        await browser.sign_in(desk.lab, **claims())
        other = await desk.browser()
        answer = await other.sign_in(desk.guests, "guests", **claims(email="other@elsewhere.org"))
        assert kind(answer) == (403, "not-admitted")

    @pytest.mark.parametrize("said", [False, None, "false", 1, "yes"], ids=str)
    async def test_unverified_address(self, desk: Desk, browser: Browser, claims: Said, said: Any) -> None:
        answer = await browser.sign_in(desk.lab, **claims(email_verified=said))
        assert kind(answer) == (403, "email-not-verified")
        assert await browser.who() is None

    @pytest.mark.parametrize("email", [None, "", "nobody", "a@b@lab.org", "x" * 300 + "@lab.org", 7], ids=str)
    async def test_no_address(self, desk: Desk, browser: Browser, claims: Said, email: Any) -> None:
        assert kind(await browser.sign_in(desk.lab, **claims(email=email))) == (403, "email-not-verified")

    async def test_address_that_becomes_anothers_in_lower_case(
        self, desk: Desk, browser: Browser, claims: Said
    ) -> None:
        """A Kelvin sign is a k in lower case."""
        await desk.person("kelvin")
        answer = await browser.sign_in(desk.lab, **claims(email="\u212aelvin@lab.org"))
        assert kind(answer) == (403, "email-not-verified")

    @pytest.mark.parametrize("domain", ["evil.org", "sub.lab.org", "lab.org.evil.org", "xlab.org"])
    async def test_another_domain(self, desk: Desk, browser: Browser, claims: Said, domain: str) -> None:
        answer = await browser.sign_in(desk.lab, **claims(email=f"eve@{domain}"))
        assert kind(answer) == (403, "not-admitted")
        assert (await entries(desk, "sign-in-providers.finish"))[0]["result"] == "denied"

    async def test_who_moved_to_another_domain(self, desk: Desk, browser: Browser, claims: Said) -> None:
        await browser.sign_in(desk.lab, **claims())
        answer = await browser.sign_in(desk.lab, **claims(email="mia@evil.org"))
        assert kind(answer) == (403, "not-admitted")


class TestInvited:
    async def _invite(self, desk: Desk, email: str, role: str = "member") -> dict[str, Any]:
        answer = await desk.ada.post("/api/v1/invitations", json={"email": email, "role": role})
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    async def test_gets_the_account_of_the_invitation(
        self, desk: Desk, browser: Browser, name: str, claims: Said
    ) -> None:
        email = f"{name}@elsewhere.org"
        made = await self._invite(desk, email, role="admin")
        answer = await browser.sign_in(desk.guests, "guests", **claims(email=email.upper()))
        assert answer.json()["user"]["role"] == "admin"
        code = made["url"].partition("#")[2]
        assert kind(await browser.client.post("/api/v1/auth/invitation", json={"code": code})) == (
            403,
            "link-not-valid",
        )
        listed = (await desk.ada.get("/api/v1/invitations")).json()["items"]
        assert next(one for one in listed if one["id"] == made["id"])["accepted_by"] == email

    async def test_without_an_invitation(self, desk: Desk, browser: Browser, claims: Said) -> None:
        answer = await browser.sign_in(desk.guests, "guests", **claims(email="stranger@elsewhere.org"))
        assert kind(answer) == (403, "not-admitted")
        assert "stranger@elsewhere.org" in answer.json()["detail"]

    async def test_revoked(self, desk: Desk, browser: Browser, name: str, claims: Said) -> None:
        email = f"{name}@elsewhere.org"
        made = await self._invite(desk, email)
        assert (await desk.ada.delete(f"/api/v1/invitations/{made['id']}")).status_code == 204
        assert kind(await browser.sign_in(desk.guests, "guests", **claims(email=email))) == (403, "not-admitted")

    async def test_run_out(self, desk: Desk, browser: Browser, name: str, claims: Said) -> None:
        email = f"{name}@elsewhere.org"
        await self._invite(desk, email)
        desk.clock.advance(days=8)
        answer = await browser.sign_in(desk.guests, "guests", **claims(email=email))
        assert kind(answer) == (403, "not-admitted")
        body = {"email": "ada@example.org", "password": "correct horse battery"}
        assert (await desk.ada.post("/api/v1/auth/login", json=body)).status_code == 200


class TestExistingAccount:
    async def test_verified_address_opens_it(self, desk: Desk, browser: Browser, name: str, claims: Said) -> None:
        account = await desk.person(name)
        answer = await browser.sign_in(desk.lab, **claims(email=account["email"].upper()))
        assert answer.json()["user"]["id"] == account["id"]
        ways = (await browser.client.get("/api/v1/account/identities")).json()
        assert ways["has_password"]
        assert [one["provider"] for one in ways["identities"]] == ["lab"]

    async def test_unverified_address_does_not(self, desk: Desk, browser: Browser, name: str, claims: Said) -> None:
        await desk.person(name)
        answer = await browser.sign_in(desk.lab, **claims(email_verified=False))
        assert kind(answer) == (403, "email-not-verified")

    async def test_deactivated_stays_out(self, desk: Desk, browser: Browser, name: str, claims: Said) -> None:
        account = await desk.person(name)
        await desk.ada.post(f"/api/v1/users/{account['id']}/deactivate")
        assert kind(await browser.sign_in(desk.lab, **claims())) == (403, "account-closed")
        await desk.ada.post(f"/api/v1/users/{account['id']}/reactivate")
        assert (await browser.sign_in(desk.lab, **claims())).status_code == 200
        await desk.ada.post(f"/api/v1/users/{account['id']}/deactivate")
        assert await browser.who() is None
        assert kind(await browser.sign_in(desk.lab, **claims())) == (403, "account-closed")

    async def test_taken_by_somebody_who_waits_for_its_owner(
        self, desk: Desk, browser: Browser, name: str, claims: Said
    ) -> None:
        """Mallory accepts an invitation for whoever has the link, and says that the boss's address is hers."""
        code = (await desk.ada.post("/api/v1/invitations", json={})).json()["url"].partition("#")[2]
        account = {"name": "Boss", "email": f"{name}@lab.org", "password": "mallory knows it"}
        mallory = await desk.browser()
        made = await mallory.client.post("/api/v1/auth/invitation/accept", json={"code": code, **account})
        assert made.status_code == 201, made.text
        assert kind(await browser.sign_in(desk.lab, **claims())) == (403, "link-by-hand")
        # Whoever does know the password may link it, and from then on the address is proven.
        own = await desk.signed_in(account)
        url = (await own.client.post("/api/v1/account/identities", json={"provider": "lab"})).json()["url"]
        assert (await own.finish(**desk.lab.code_for(url, **claims()))).json()["is_linked"]
        assert (await browser.sign_in(desk.lab, **claims())).status_code == 200

    async def test_with_a_second_factor(self, desk: Desk, browser: Browser, name: str, claims: Said) -> None:
        """Its owner wants more than an address; what they link themselves opens it."""
        account = await desk.person(name)
        own = await desk.signed_in(account)
        await Phone(desk.clock).set_up(own.client, account["password"])
        assert kind(await browser.sign_in(desk.lab, **claims())) == (403, "link-by-hand")
        url = (await own.client.post("/api/v1/account/identities", json={"provider": "lab"})).json()["url"]
        assert (await own.finish(**desk.lab.code_for(url, **claims()))).status_code == 200
        assert (await browser.sign_in(desk.lab, **claims())).json()["user"]["id"] == account["id"]


class TestSecondStep:
    """Where the settings insist on a second factor, a provider's word is one step of two."""

    async def test_is_asked_for(
        self, desk: Desk, browser: Browser, name: str, claims: Said, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        account = await desk.person(name)
        own = await desk.signed_in(account)
        phone = Phone(desk.clock)
        await phone.set_up(own.client, account["password"])
        url = (await own.client.post("/api/v1/account/identities", json={"provider": "lab"})).json()["url"]
        await own.finish(**desk.lab.code_for(url, **claims()))
        monkeypatch.setattr(desk.hub.state.identity.sign_in, "_policy", Policy("everyone"))
        answer = await browser.sign_in(desk.lab, **claims(sid=f"session of {name}"))
        assert (answer.status_code, answer.json()["user"], answer.json()["next"]) == (202, None, "/apps")
        assert answer.json()["step"]["step"] == "code"
        assert await browser.who() is None
        desk.clock.advance(seconds=60)
        done = await browser.client.post("/api/v1/auth/second-step", json={"code": phone.code()})
        assert done.status_code == 200, done.text
        assert await browser.who() == account["email"]
        # The session knows at which provider it began.
        body = {"logout_token": desk.lab.logout_token(sid=f"session of {name}")}
        assert (await browser.client.post("/api/v1/auth/providers/lab/logout", data=body)).status_code == 200
        assert await browser.who() is None


class TestWithoutPassword:
    async def test_password_sign_in_fails_like_any_other(
        self, desk: Desk, browser: Browser, name: str, claims: Said
    ) -> None:
        await browser.sign_in(desk.lab, **claims())
        answers = [
            await browser.client.post("/api/v1/auth/login", json={"email": email, "password": "x" * 12})
            for email in (f"{name}@lab.org", "nobody@lab.org")
        ]
        assert [kind(answer) for answer in answers] == [(401, "invalid-credentials")] * 2

    async def test_first_password(self, desk: Desk, browser: Browser, name: str, claims: Said) -> None:
        await browser.sign_in(desk.lab, **claims())
        change = "/api/v1/account/password"
        desk.clock.advance(minutes=11)
        late = await browser.client.post(change, json={"new_password": "a new long one"})
        assert kind(late) == (403, "proof-needed")
        await browser.sign_in(desk.lab, **claims())
        assert (await browser.client.post(change, json={"new_password": "a new long one"})).status_code == 204
        assert await browser.who() == f"{name}@lab.org"
        await desk.signed_in({"email": f"{name}@lab.org", "password": "a new long one"})
        again = await browser.client.post(change, json={"new_password": "another long one"})
        assert kind(again) == (403, "wrong-password")

    async def test_reset_link(self, desk: Desk, browser: Browser, name: str, claims: Said) -> None:
        user_id = (await browser.sign_in(desk.lab, **claims())).json()["user"]["id"]
        link = (await desk.ada.post(f"/api/v1/users/{user_id}/reset-link")).json()["url"].partition("#")[2]
        body = {"code": link, "password": "from the reset link"}
        assert (await browser.client.post("/api/v1/auth/reset/finish", json=body)).status_code == 204
        assert await browser.who() is None
        await desk.signed_in({"email": f"{name}@lab.org", "password": "from the reset link"})

    async def test_second_factor_and_token(self, desk: Desk, browser: Browser, claims: Said) -> None:
        await browser.sign_in(desk.lab, **claims())
        made: httpx2.Response = await browser.client.post("/api/v1/tokens", json={"name": "laptop"})
        assert made.status_code == 201
        assert (await browser.client.patch("/api/v1/account", json={"name": "Renamed"})).status_code == 200
