"""Passkeys in place of a code: registered, used, removed, attacked."""

import asyncio
from collections.abc import AsyncIterator

import httpx2
import pytest
from fastapi import FastAPI
from tests.api.conftest import ADMIN, QUICK, client_of
from tests.support.command_watch import COMMANDS
from tests.support.moving_clock import MovingClock
from tests.support.passkey import PASSKEYS, STEP, SoftKey, asked, give
from tests.support.second_factor import FACTOR, Phone

from hothouse.hub.app import Parts, create_app
from hothouse.identity.passkeys.ceremony import Ceremony
from hothouse.settings import Settings

LOGIN = "/api/v1/auth/login"
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


@pytest.fixture
async def key(ada: httpx2.AsyncClient, phone: Phone) -> SoftKey:
    """Ada's passkey."""
    key = SoftKey()
    answer = await key.register(ada, phone.code(), "laptop")
    assert answer.status_code == 201, answer.text
    return key


async def halfway(hub: FastAPI, account: dict[str, str] = ADMIN) -> httpx2.AsyncClient:
    """Give the password in a browser of its own, which is then asked for a second step."""
    client = client_of(hub)
    answer = await client.post(LOGIN, json=account)
    assert (answer.status_code, answer.json()["step"]) == (202, "code"), answer.text
    return client


async def is_in(client: httpx2.AsyncClient) -> bool:
    return (await client.get("/api/v1/auth/me")).status_code == 200


def kind(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


REFUSED = (403, "passkey-refused")


class TestRegister:
    async def test_several_named_and_renamed(self, ada: httpx2.AsyncClient, phone: Phone, key: SoftKey) -> None:
        assert (await SoftKey().register(ada, phone.code(), "  phone  ")).json()["name"] == "phone"
        first, second = (await ada.get(PASSKEYS)).json()["items"]
        assert (first["id"], first["name"], second["name"]) == (key.id, "laptop", "phone")
        assert first["last_used_at"] is None
        assert (await ada.patch(f"{PASSKEYS}/{key.id}", json={"name": "desk"})).json()["name"] == "desk"
        assert (await ada.patch(f"{PASSKEYS}/{key.id}", json={"name": "  "})).status_code == 422
        assert (await ada.patch(f"{PASSKEYS}/none", json={"name": "x"})).status_code == 404

    async def test_asks_for_a_code(self, ada: httpx2.AsyncClient, phone: Phone) -> None:
        assert kind(await ada.post(f"{PASSKEYS}/begin", json={"code": "000000"})) == (403, "wrong-code")

    async def test_needs_a_second_factor(self, ada: httpx2.AsyncClient) -> None:
        assert kind(await ada.post(f"{PASSKEYS}/begin", json={"code": "000000"})) == (409, "no-second-factor")

    async def test_a_challenge_is_good_once_and_for_five_minutes(
        self, ada: httpx2.AsyncClient, phone: Phone, clock: MovingClock
    ) -> None:
        options = (await ada.post(f"{PASSKEYS}/begin", json={"code": phone.code()})).json()["options"]
        wrong = {"name": "x", "credential": SoftKey(origin="http://evil.localhost:8000").make(options)}
        assert kind(await ada.post(PASSKEYS, json=wrong)) == REFUSED
        right = {"name": "x", "credential": SoftKey().make(options)}
        assert kind(await ada.post(PASSKEYS, json=right)) == REFUSED  # the wrong answer used it up
        options = (await ada.post(f"{PASSKEYS}/begin", json={"code": phone.code()})).json()["options"]
        clock.advance(minutes=5, seconds=1)
        assert kind(await ada.post(PASSKEYS, json={"name": "x", "credential": SoftKey().make(options)})) == REFUSED
        assert (await ada.get(PASSKEYS)).json()["items"] == []

    async def test_anothers(
        self, hub: FastAPI, ada: httpx2.AsyncClient, grace: httpx2.AsyncClient, key: SoftKey, clock: MovingClock
    ) -> None:
        """What is Ada's cannot be made Grace's, nor listed, renamed or removed by her."""
        phone = Phone(clock)
        await phone.set_up(grace, GRACE["password"])
        assert kind(await SoftKey(raw_id=key.raw_id).register(grace, phone.code())) == (409, "passkey-known")
        assert (await grace.get(PASSKEYS)).json()["items"] == []
        assert (await grace.patch(f"{PASSKEYS}/{key.id}", json={"name": "x"})).status_code == 404
        answer = await grace.post(f"{PASSKEYS}/{key.id}/remove", json={"code": phone.code()})
        assert answer.status_code == 404
        assert [one["name"] for one in (await ada.get(PASSKEYS)).json()["items"]] == ["laptop"]

    @pytest.mark.parametrize("wrong", [{}, {"id": 1}, {"id": "x", "rawId": "x", "type": "public-key", "response": {}}])
    async def test_garbage(self, ada: httpx2.AsyncClient, phone: Phone, wrong: dict[str, object]) -> None:
        await ada.post(f"{PASSKEYS}/begin", json={"code": phone.code()})
        assert kind(await ada.post(PASSKEYS, json={"name": "x", "credential": wrong})) == REFUSED


class TestSignIn:
    async def test_in_place_of_a_code(self, hub: FastAPI, ada: httpx2.AsyncClient, key: SoftKey) -> None:
        browser = await halfway(hub)
        pending = (await browser.get("/api/v1/auth/second-step")).json()["pending"]
        assert pending["has_passkeys"]
        options = await asked(browser)
        assert [one["id"] for one in options["allowCredentials"]] == [key.id]
        answer = await give(browser, key.answer(options))
        assert (answer.status_code, answer.json()["user"]["email"]) == (200, ADMIN["email"]), answer.text
        assert await is_in(browser)
        assert (await ada.get(PASSKEYS)).json()["items"][0]["last_used_at"]
        found = (await ada.get("/api/v1/audit", params={"action": "auth.passkey"})).json()["items"][0]
        assert (found["who"]["email"], found["after"]) == (ADMIN["email"], {"used": "passkey", "passkey": "laptop"})

    async def test_those_that_do_not_count(self, hub: FastAPI, ada: httpx2.AsyncClient, phone: Phone) -> None:
        key = SoftKey(counts=False)
        await key.register(ada, phone.code())
        for _ in range(2):
            browser = await halfway(hub)
            assert (await give(browser, key.answer(await asked(browser)))).status_code == 200

    async def test_codes_stay(self, hub: FastAPI, phone: Phone, key: SoftKey) -> None:
        browser = await halfway(hub)
        await asked(browser)
        recovery = phone.recovery_codes[0]
        assert (await browser.post("/api/v1/auth/second-step", json={"code": recovery})).status_code == 200

    async def test_without_one(self, hub: FastAPI, phone: Phone) -> None:
        browser = await halfway(hub)
        assert not (await browser.get("/api/v1/auth/second-step")).json()["pending"]["has_passkeys"]
        assert (await browser.post(f"{STEP}/begin")).status_code == 404
        async with client_of(hub) as stranger:  # who gave no password
            assert kind(await stranger.post(f"{STEP}/begin")) == (403, "second-step-over")
            assert kind(await give(stranger, {})) == (403, "second-step-over")


class TestAttacks:
    async def test_replayed(self, hub: FastAPI, key: SoftKey) -> None:
        """Neither in the same browser, nor at another sign-in of the same person."""
        browser = await halfway(hub)
        credential = key.answer(await asked(browser))
        assert (await give(browser, credential)).status_code == 200
        assert kind(await give(browser, credential)) == (403, "second-step-over")
        another = await halfway(hub)
        await asked(another)
        assert kind(await give(another, credential)) == REFUSED
        assert not await is_in(another)

    async def test_a_challenge_again(self, hub: FastAPI, key: SoftKey) -> None:
        browser = await halfway(hub)
        options = await asked(browser)
        assert kind(await give(browser, SoftKey(raw_id=key.raw_id).answer(options))) == REFUSED
        assert kind(await give(browser, key.answer(options))) == REFUSED  # the wrong answer used it up
        assert (await give(browser, key.answer(await asked(browser)))).status_code == 200

    async def test_a_challenge_of_another_browser(self, hub: FastAPI, key: SoftKey) -> None:
        first, second = await halfway(hub), await halfway(hub)
        options = await asked(first)
        await asked(second)
        assert kind(await give(second, key.answer(options))) == REFUSED

    async def test_many_at_once(self, hub: FastAPI, key: SoftKey) -> None:
        browser = await halfway(hub)
        credential = key.answer(await asked(browser))
        answers = await asyncio.gather(*(give(browser, credential) for _ in range(5)))
        assert sorted(answer.status_code for answer in answers) == [200, 403, 403, 403, 403]

    async def test_expired(self, hub: FastAPI, key: SoftKey, clock: MovingClock) -> None:
        browser = await halfway(hub)
        clock.advance(minutes=1)
        options = await asked(browser)
        clock.advance(minutes=3, seconds=50)  # the step itself lasts for five minutes
        assert (await give(browser, key.answer(options))).status_code == 200
        passkeys = hub.state.identity.passkeys
        user_id = (await browser.get("/api/v1/auth/me")).json()["user"]["id"]
        options = (await passkeys.ask(user_id, "a step")).options
        clock.advance(minutes=5, seconds=1)
        with pytest.raises(Exception, match="took too long"):
            await passkeys.use(user_id, "a step", key.answer(options))

    async def test_other_origin_or_site(self, hub: FastAPI, key: SoftKey) -> None:
        browser = await halfway(hub)
        for origin in ("http://evil.apps.localhost:8000", "http://localhost:8001", "https://localhost:8000", "null"):
            key.origin = origin
            assert kind(await give(browser, key.answer(await asked(browser)))) == REFUSED
        key.origin, key.rp_id = "http://localhost:8000", "apps.localhost"
        assert kind(await give(browser, key.answer(await asked(browser)))) == REFUSED
        key.rp_id = "localhost"
        assert (await give(browser, key.answer(await asked(browser)))).status_code == 200

    async def test_another_persons(
        self, hub: FastAPI, grace: httpx2.AsyncClient, key: SoftKey, clock: MovingClock
    ) -> None:
        """Grace knows Ada's password, and has a passkey of her own."""
        phone, own = Phone(clock), SoftKey()
        await phone.set_up(grace, GRACE["password"])
        assert (await own.register(grace, phone.code())).status_code == 201
        browser = await halfway(hub)
        assert kind(await give(browser, own.answer(await asked(browser)))) == REFUSED
        assert kind(await give(browser, own.answer(await asked(browser), as_id=key.id))) == REFUSED
        assert not await is_in(browser)

    async def test_a_copy(self, hub: FastAPI, key: SoftKey) -> None:
        """Whose counter is behind: one of the two is not the device that was registered."""
        copy = SoftKey(raw_id=key.raw_id, private=key.private)
        for _ in range(2):
            browser = await halfway(hub)
            assert (await give(browser, key.answer(await asked(browser)))).status_code == 200
        browser = await halfway(hub)
        for _ in range(2):
            assert kind(await give(browser, copy.answer(await asked(browser)))) == REFUSED
        assert (await give(browser, copy.answer(await asked(browser)))).status_code == 200  # it caught up

    async def test_guessing_is_locked(self, hub: FastAPI, phone: Phone, key: SoftKey) -> None:
        browser = await halfway(hub)
        for _ in range(10):
            assert kind(await give(browser, {"id": key.id})) == REFUSED
        assert (await give(browser, {"id": key.id})).status_code == 429
        answer = await browser.post("/api/v1/auth/second-step", json={"code": phone.recovery_codes[0]})
        assert answer.status_code == 429


class TestRemove:
    async def test_needs_a_code(self, hub: FastAPI, ada: httpx2.AsyncClient, phone: Phone, key: SoftKey) -> None:
        remove = f"{PASSKEYS}/{key.id}/remove"
        assert kind(await ada.post(remove, json={"code": "000000"})) == (403, "wrong-code")
        browser = await halfway(hub)
        options = await asked(browser)
        assert (await ada.post(remove, json={"code": phone.code()})).status_code == 204
        assert kind(await give(browser, key.answer(options))) == REFUSED
        assert (await ada.get(PASSKEYS)).json()["items"] == []
        found = (await ada.get("/api/v1/audit", params={"action": "passkeys.remove", "result": "done"})).json()
        assert found["items"][0]["before"] == {"passkey": "laptop"}

    async def test_goes_with_the_second_factor(
        self, hub: FastAPI, ada: httpx2.AsyncClient, phone: Phone, key: SoftKey
    ) -> None:
        assert (await ada.post(f"{FACTOR}/turn-off", json={"code": phone.code()})).status_code == 204
        assert await hub.state.database["passkeys"].count_documents({}) == 0
        await phone.set_up(ada, ADMIN["password"])
        assert (await SoftKey().register(ada, phone.code())).status_code == 201
        user_id = (await ada.get("/api/v1/auth/me")).json()["user"]["id"]
        assert (await ada.delete(f"/api/v1/users/{user_id}/second-factor")).status_code == 204  # as an admin does
        assert await hub.state.database["passkeys"].count_documents({}) == 0


class TestQueries:
    async def test_every_query_uses_an_index(
        self, hub: FastAPI, ada: httpx2.AsyncClient, phone: Phone, clock: MovingClock
    ) -> None:
        COMMANDS.seen.clear()
        COMMANDS.database = hub.state.database.name
        key = SoftKey()
        await key.register(ada, phone.code())
        browser = await halfway(hub)
        assert (await give(browser, key.answer(await asked(browser)))).status_code == 200
        await ada.patch(f"{PASSKEYS}/{key.id}", json={"name": "desk"})
        assert (await ada.post(f"{PASSKEYS}/{key.id}/remove", json={"code": phone.code()})).status_code == 204
        assert (await ada.post(f"{FACTOR}/turn-off", json={"code": phone.code()})).status_code == 204
        COMMANDS.database = None
        asked_for = [(one[1], one[2]) for one in COMMANDS.seen.values() if one[1].startswith("passkey")]
        assert len(asked_for) >= 6
        for collection, query in asked_for:
            alone = [{name: value} for name, value in query.items() if not isinstance(value, dict)]
            plans = [
                await hub.state.database.command(
                    {"explain": {"find": collection, "filter": one}, "verbosity": "queryPlanner"}
                )
                for one in alone
            ]
            assert any("COLLSCAN" not in repr(plan["queryPlanner"]["winningPlan"]) for plan in plans), query


class TestOrigin:
    @pytest.mark.parametrize(
        ("url", "origin", "rp_id"),
        [
            ("http://localhost:8000", "http://localhost:8000", "localhost"),
            ("https://Lab.Example.org", "https://lab.example.org", "lab.example.org"),
            ("https://lab.example.org:443", "https://lab.example.org", "lab.example.org"),
            ("https://lab.example.org:8443", "https://lab.example.org:8443", "lab.example.org"),
        ],
    )
    def test_as_browsers_write_it(self, url: str, origin: str, rp_id: str) -> None:
        ceremony = Ceremony(url)
        assert (ceremony.origin, ceremony.rp_id) == (origin, rp_id)
