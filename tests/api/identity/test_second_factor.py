"""The second factor: set up, asked for, attacked, lost, required."""

import asyncio
from collections.abc import AsyncIterator

import httpx2
import pytest
from fastapi import FastAPI
from tests.api.conftest import ADMIN, QUICK, client_of
from tests.support.moving_clock import MovingClock
from tests.support.second_factor import FACTOR, Phone

from hothouse.hub.app import Parts, create_app
from hothouse.hub.recovering import reset_second_factor
from hothouse.identity.devices import Visitor
from hothouse.kit.problems import NotFound
from hothouse.settings import Settings

LOGIN, STEP = "/api/v1/auth/login", "/api/v1/auth/second-step"
GRACE = {"email": "grace@example.org", "password": "compilers are fun"}


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
async def phone(ada: httpx2.AsyncClient, clock: MovingClock) -> Phone:
    """Ada's phone, her second factor."""
    phone = Phone(clock)
    await phone.set_up(ada, ADMIN["password"])
    return phone


async def halfway(hub: FastAPI, account: dict[str, str] = ADMIN, **headers: str) -> httpx2.AsyncClient:
    """Give the password in a browser of its own, which is then asked for a code."""
    client = client_of(hub, headers=headers)
    answer = await client.post(LOGIN, json=account)
    assert (answer.status_code, answer.json()["step"]) == (202, "code"), answer.text
    return client


async def is_in(client: httpx2.AsyncClient) -> bool:
    return (await client.get("/api/v1/auth/me")).status_code == 200


def kind(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


class TestSetUp:
    async def test_asks_for_the_password(self, ada: httpx2.AsyncClient) -> None:
        for body in ({}, {"current_password": "wrong"}):
            assert kind(await ada.post(FACTOR, json=body)) == (403, "wrong-password")
        assert not (await ada.get(FACTOR)).json()["is_on"]

    async def test_counts_only_once_a_code_was_given(
        self, hub: FastAPI, ada: httpx2.AsyncClient, clock: MovingClock
    ) -> None:
        offer = (await ada.post(FACTOR, json={"current_password": ADMIN["password"]})).json()
        assert offer["key"] in offer["address"]
        assert offer["qr_code"].startswith("data:image/svg+xml")
        assert kind(await ada.post(f"{FACTOR}/confirm", json={"code": "000000"})) == (403, "wrong-code")
        async with client_of(hub) as other:
            assert (await other.post(LOGIN, json=ADMIN)).status_code == 200

    async def test_ends_other_sessions_and_no_tokens(
        self, hub: FastAPI, ada: httpx2.AsyncClient, clock: MovingClock
    ) -> None:
        token = (await ada.post("/api/v1/tokens", json={"name": "x"})).json()["token"]
        other = client_of(hub)
        await other.post(LOGIN, json=ADMIN)
        await Phone(clock).set_up(ada, ADMIN["password"])
        assert [await is_in(client) for client in (ada, other)] == [True, False]
        async with client_of(hub, headers={"Authorization": f"Bearer {token}"}) as script:
            assert await is_in(script)

    async def test_offer_runs_out(self, ada: httpx2.AsyncClient, clock: MovingClock) -> None:
        phone = Phone(clock)
        phone.key = (await ada.post(FACTOR, json={"current_password": ADMIN["password"]})).json()["key"]
        clock.advance(minutes=16)
        assert kind(await ada.post(f"{FACTOR}/confirm", json={"code": phone.code()})) == (409, "set-up-over")

    async def test_key_and_codes_are_not_in_the_database(self, hub: FastAPI, phone: Phone) -> None:
        stored = repr(await hub.state.database["second_factors"].find({}).to_list())
        assert phone.key not in stored
        assert not any(code in stored or code.replace("-", "") in stored for code in phone.recovery_codes)

    async def test_another_phone_needs_a_code_of_the_first(
        self, hub: FastAPI, ada: httpx2.AsyncClient, phone: Phone
    ) -> None:
        assert kind(await ada.post(FACTOR, json={"current_password": ADMIN["password"]})) == (403, "wrong-code")
        new = Phone(phone.clock)
        new.key = (await ada.post(FACTOR, json={"code": phone.code()})).json()["key"]
        assert (await ada.post(f"{FACTOR}/confirm", json={"code": new.code()})).status_code == 200
        browser = await halfway(hub)
        assert kind(await browser.post(STEP, json={"code": phone.code()})) == (403, "wrong-code")
        assert (await browser.post(STEP, json={"code": new.code()})).status_code == 200


class TestSignIn:
    async def test_two_steps(self, hub: FastAPI, phone: Phone) -> None:
        browser = await halfway(hub)
        assert not await is_in(browser)
        pending = (await browser.get(STEP)).json()["pending"]
        assert (pending["step"], pending["email"]) == ("code", ADMIN["email"])
        code = phone.code()
        answer = await browser.post(STEP, json={"code": f"{code[:3]} {code[3:]}"})
        assert answer.json()["user"]["email"] == ADMIN["email"]
        assert await is_in(browser)
        assert (await browser.get(STEP)).json() == {"pending": None}

    async def test_in_one_request(self, hub: FastAPI, phone: Phone) -> None:
        async with client_of(hub) as script:
            assert kind(await script.post(LOGIN, json={**ADMIN, "code": "000000"})) == (403, "wrong-code")
            assert not await is_in(script)
            assert (await script.post(LOGIN, json={**ADMIN, "code": phone.code()})).status_code == 200
            assert await is_in(script)

    async def test_code_does_not_help_without_the_password(self, hub: FastAPI, phone: Phone) -> None:
        body = {"email": ADMIN["email"], "password": "wrong", "code": phone.code()}
        async with client_of(hub) as thief:
            assert kind(await thief.post(LOGIN, json=body)) == (401, "invalid-credentials")

    async def test_drift(self, hub: FastAPI, phone: Phone) -> None:
        for steps, status in ((-1, 200), (1, 200), (-3, 403), (3, 403)):
            phone.clock.advance(minutes=5)
            browser = await halfway(hub)
            assert (await browser.post(STEP, json={"code": phone.shown(steps)})).status_code == status, steps

    async def test_replay(self, hub: FastAPI, phone: Phone) -> None:
        """A code that somebody looked at over a shoulder is of no use, nor is the one before it."""
        first, second = await halfway(hub), await halfway(hub)
        code, before = phone.code(), phone.shown(-1)
        assert (await first.post(STEP, json={"code": code})).status_code == 200
        for used in (code, before):
            assert kind(await second.post(STEP, json={"code": used})) == (403, "wrong-code")
        assert not await is_in(second)

    async def test_one_code_in_two_browsers_at_once(self, hub: FastAPI, phone: Phone) -> None:
        browsers = [await halfway(hub) for _ in range(4)]
        code = phone.code()
        answers = await asyncio.gather(*(browser.post(STEP, json={"code": code}) for browser in browsers))
        assert sorted(answer.status_code for answer in answers) == [200, 403, 403, 403]

    async def test_another_browser(self, hub: FastAPI, phone: Phone) -> None:
        """What the answer says is of no use in a browser without the cookie."""
        await halfway(hub)
        async with client_of(hub) as thief:
            assert kind(await thief.post(STEP, json={"code": phone.code()})) == (403, "second-step-over")
            assert (await thief.get(STEP)).json() == {"pending": None}

    async def test_somebody_elses_code(self, hub: FastAPI, phone: Phone, grace: httpx2.AsyncClient) -> None:
        graces = Phone(phone.clock)
        await graces.set_up(grace, GRACE["password"])
        browser = await halfway(hub)
        assert kind(await browser.post(STEP, json={"code": graces.code()})) == (403, "wrong-code")
        assert kind(await browser.post(STEP, json={"code": graces.recovery_codes[0]})) == (403, "wrong-code")

    async def test_works_once_and_not_for_long(self, hub: FastAPI, phone: Phone) -> None:
        browser = await halfway(hub)
        cookie = browser.cookies["hothouse_step"]
        assert (await browser.post(STEP, json={"code": phone.code()})).status_code == 200
        async with client_of(hub, cookies={"hothouse_step": cookie}) as again:
            assert kind(await again.post(STEP, json={"code": phone.code()})) == (403, "second-step-over")
        browser = await halfway(hub)
        phone.clock.advance(minutes=6)
        assert kind(await browser.post(STEP, json={"code": phone.code()})) == (403, "second-step-over")

    async def test_password_changed_meanwhile(self, hub: FastAPI, ada: httpx2.AsyncClient, phone: Phone) -> None:
        browser = await halfway(hub)
        body = {"current_password": ADMIN["password"], "new_password": "a quite different one"}
        assert (await ada.post("/api/v1/account/password", json=body)).status_code == 204
        assert kind(await browser.post(STEP, json={"code": phone.code()})) == (403, "second-step-over")

    async def test_give_up(self, hub: FastAPI, phone: Phone) -> None:
        browser = await halfway(hub)
        cookie = browser.cookies["hothouse_step"]
        assert (await browser.delete(STEP)).status_code == 204
        async with client_of(hub, cookies={"hothouse_step": cookie}) as again:
            assert kind(await again.post(STEP, json={"code": phone.code()})) == (403, "second-step-over")

    async def test_guessing_is_locked_whatever_the_password_does(self, hub: FastAPI, phone: Phone) -> None:
        """Who knows the password cannot begin to guess anew by giving it again."""
        answers = []
        for number in range(12):
            browser = await halfway(hub, **{"X-Forwarded-For": f"203.0.113.{number}"})
            answers.append((await browser.post(STEP, json={"code": "000000"})).status_code)
        assert answers == [403] * 10 + [429] * 2
        browser = await halfway(hub)
        assert (await browser.post(STEP, json={"code": phone.shown()})).status_code == 429
        phone.clock.advance(minutes=2)
        browser = await halfway(hub)
        assert (await browser.post(STEP, json={"code": phone.code()})).status_code == 200

    async def test_provider_has_its_own(self, hub: FastAPI, ada: httpx2.AsyncClient, phone: Phone) -> None:
        identity = hub.state.identity
        user = await identity.accounts.by_email(ADMIN["email"])
        outcome = await identity.sign_in.proceed(user, Visitor("203.0.113.5", ""), "provider")
        assert (await identity.sessions.principal(outcome.secret)).user == user


class TestRecoveryCodes:
    async def test_each_works_once(self, hub: FastAPI, ada: httpx2.AsyncClient, phone: Phone) -> None:
        code = phone.recovery_codes[3].upper().replace("-", " ")
        assert (await (await halfway(hub)).post(STEP, json={"code": code})).status_code == 200
        assert kind(await (await halfway(hub)).post(STEP, json={"code": code})) == (403, "wrong-code")
        assert (await ada.get(FACTOR)).json()["recovery_codes_left"] == 9

    async def test_one_at_many_places_at_once(self, hub: FastAPI, phone: Phone) -> None:
        browsers = [await halfway(hub) for _ in range(4)]
        body = {"code": phone.recovery_codes[0]}
        answers = await asyncio.gather(*(browser.post(STEP, json=body) for browser in browsers))
        assert sorted(answer.status_code for answer in answers) == [200, 403, 403, 403]

    async def test_renewed(self, hub: FastAPI, ada: httpx2.AsyncClient, phone: Phone) -> None:
        assert kind(await ada.post(f"{FACTOR}/recovery-codes", json={"code": "000000"})) == (403, "wrong-code")
        renewed = await ada.post(f"{FACTOR}/recovery-codes", json={"code": phone.code()})
        former, (new, *_) = phone.recovery_codes[0], renewed.json()["recovery_codes"]
        browser = await halfway(hub)
        assert kind(await browser.post(STEP, json={"code": former})) == (403, "wrong-code")
        assert (await browser.post(STEP, json={"code": new})).status_code == 200


class TestTurnOff:
    async def test_needs_a_code(self, hub: FastAPI, ada: httpx2.AsyncClient, phone: Phone) -> None:
        path = f"{FACTOR}/turn-off"
        assert kind(await ada.post(path, json={"code": "000000"})) == (403, "wrong-code")
        assert (await ada.post(path, json={"code": phone.recovery_codes[0]})).status_code == 204
        async with client_of(hub) as browser:
            assert (await browser.post(LOGIN, json=ADMIN)).status_code == 200
        assert kind(await ada.post(path, json={"code": phone.code()})) == (403, "wrong-code")


class TestReset:
    async def test_by_an_admin(
        self, hub: FastAPI, ada: httpx2.AsyncClient, grace: httpx2.AsyncClient, clock: MovingClock
    ) -> None:
        await Phone(clock).set_up(grace, GRACE["password"])
        (person,) = (await ada.get("/api/v1/users", params={"q": "grace"})).json()["items"]
        assert person["has_second_factor"]
        waiting = await halfway(hub, GRACE)
        path = f"/api/v1/users/{person['id']}"
        assert (await ada.delete(f"{path}/second-factor")).status_code == 204
        assert not (await ada.get(path)).json()["has_second_factor"]
        assert not await is_in(grace)
        assert (await waiting.get(STEP)).json() == {"pending": None}
        assert (await grace.post(LOGIN, json=GRACE)).status_code == 200
        assert (await ada.delete(f"{path}/second-factor")).status_code == 404
        entries = (await ada.get("/api/v1/audit", params={"action": "users.reset-second-factor"})).json()["items"]
        assert {(one["result"], one["who"]["email"]) for one in entries} == {("done", ADMIN["email"])}

    async def test_on_the_machine(
        self, hub: FastAPI, ada: httpx2.AsyncClient, phone: Phone, settings: Settings
    ) -> None:
        """The only admin, whom nobody else can help."""
        assert (await reset_second_factor(settings, "Ada@example.org ")).email == ADMIN["email"]
        assert not await is_in(ada)
        assert (await ada.post(LOGIN, json=ADMIN)).status_code == 200
        with pytest.raises(NotFound):
            await reset_second_factor(settings, ADMIN["email"])
        (entry,) = (await ada.get("/api/v1/audit", params={"action": "users.reset-second-factor"})).json()["items"]
        assert (entry["result"], entry["who"]["via"], entry["about"][0]["name"]) == ("done", "platform", ADMIN["email"])
        assert entry["after"]["machine_user"]
        assert (await ada.get("/api/v1/audit/verify")).json()["is_intact"]

    async def test_by_nobody_else(self, hub: FastAPI, grace: httpx2.AsyncClient, phone: Phone) -> None:
        user = await hub.state.identity.accounts.by_email(ADMIN["email"])
        hidden = await grace.delete(f"/api/v1/users/{user.id}/second-factor")
        assert hidden.status_code == 404
        assert await hub.state.identity.factors.is_on(user.id)


class TestRequired:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"second_factor": "everyone"})

    async def test_set_up_at_sign_in(self, hub: FastAPI, clock: MovingClock) -> None:
        browser, phone = client_of(hub), Phone(clock)
        answer = await browser.post(LOGIN, json=ADMIN)
        assert (answer.status_code, answer.json()["step"]) == (202, "set-up")
        assert not await is_in(browser)
        assert kind(await browser.post(STEP, json={"code": "000000"})) == (403, "second-step-over")
        phone.key = (await browser.post(f"{STEP}/set-up")).json()["key"]
        done = await browser.post(f"{STEP}/set-up/confirm", json={"code": phone.code()})
        assert len(done.json()["recovery_codes"]) == 10
        assert await is_in(browser)
        assert kind(await browser.post(f"{FACTOR}/turn-off", json={"code": phone.code()})) == (
            409,
            "second-factor-required",
        )
        second = await halfway(hub)
        assert kind(await second.post(f"{STEP}/set-up")) == (403, "second-step-over")

    async def test_set_up_is_first_come(self, hub: FastAPI, clock: MovingClock) -> None:
        """Somebody who was led to the set-up before cannot replace what was set up meanwhile."""
        early, late = client_of(hub), client_of(hub)
        for browser in (early, late):
            assert (await browser.post(LOGIN, json=ADMIN)).status_code == 202
        phone, other = Phone(clock), Phone(clock)
        phone.key = (await early.post(f"{STEP}/set-up")).json()["key"]
        assert (await early.post(f"{STEP}/set-up/confirm", json={"code": phone.code()})).status_code == 200
        answer = await late.post(f"{STEP}/set-up")
        assert kind(answer) == (403, "second-step-over")
        user = await hub.state.identity.accounts.by_email(ADMIN["email"])
        other.key = (await hub.state.identity.factors.offer(user)).key
        late_answer = await late.post(f"{STEP}/set-up/confirm", json={"code": other.code()})
        assert late_answer.status_code in (403, 409)
        assert not await is_in(late)

    async def test_provider_does_not_get_round_it(self, hub: FastAPI) -> None:
        identity = hub.state.identity
        user = await identity.accounts.by_email(ADMIN["email"])
        outcome = await identity.sign_in.proceed(user, Visitor("203.0.113.5", ""), "provider")
        assert outcome.step == "set-up"

    async def test_invitation_leads_to_it(self, hub: FastAPI, clock: MovingClock) -> None:
        identity, browser = hub.state.identity, client_of(hub)
        admin = await identity.accounts.by_email(ADMIN["email"])
        session = await identity.sessions.open(admin)
        async with client_of(hub, cookies={"hothouse_session": session}) as ada:
            url = (await ada.post("/api/v1/invitations", json={})).json()["url"]
        body = {"code": url.partition("#")[2], "name": "Mia", "email": "mia@example.org", "password": "long enough pw"}
        answer = await browser.post("/api/v1/auth/invitation/accept", json=body)
        assert (answer.status_code, answer.json()["step"]) == (202, "set-up")
        assert not await is_in(browser)
