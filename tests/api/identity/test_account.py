"""One's own account: name, password, sessions, and the lock on guessing."""

import asyncio
from collections.abc import AsyncIterator

import httpx2
import pytest
from fastapi import FastAPI
from tests.api.conftest import ADMIN, QUICK, client_of
from tests.support.moving_clock import MovingClock

from hothouse.hub.app import Parts, create_app
from hothouse.identity.devices import Visitor
from hothouse.kit.ids import fingerprint
from hothouse.settings import Settings

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.5 Mobile/15E148 Safari/604.1"
)
NEW = "a quite different one"


@pytest.fixture
def clock() -> MovingClock:
    return MovingClock()


@pytest.fixture
async def hub(settings: Settings, clock: MovingClock) -> AsyncIterator[FastAPI]:
    """The hub, with a clock that can be put forward."""
    app = create_app(settings, Parts(passwords=QUICK, clock=clock))
    async with app.router.lifespan_context(app):
        yield app


async def signed_in(hub: FastAPI, password: str = ADMIN["password"], **headers: str) -> httpx2.AsyncClient:
    """Sign in on another device."""
    client = client_of(hub, headers=headers)
    answer = await client.post("/api/v1/auth/login", json={**ADMIN, "password": password})
    assert answer.status_code == 200, answer.text
    return client


async def is_in(client: httpx2.AsyncClient) -> bool:
    return (await client.get("/api/v1/auth/me")).status_code == 200


class TestProfile:
    async def test_rename(self, ada: httpx2.AsyncClient) -> None:
        answer = await ada.patch("/api/v1/account", json={"name": "  Ada Lovelace "})
        assert answer.json()["user"]["name"] == "Ada Lovelace"
        assert (await ada.get("/api/v1/auth/me")).json()["user"]["name"] == "Ada Lovelace"

    async def test_without_a_name(self, ada: httpx2.AsyncClient) -> None:
        answer = await ada.patch("/api/v1/account", json={"name": " "})
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/name")

    async def test_nothing_else_can_be_changed(self, grace: httpx2.AsyncClient) -> None:
        body = {"name": "Grace", "role": "admin", "email": "ada@example.org"}
        user = (await grace.patch("/api/v1/account", json=body)).json()["user"]
        assert (user["role"], user["email"]) == ("developer", "grace@example.org")


class TestPassword:
    async def test_change_ends_all_other_sessions(self, hub: FastAPI, ada: httpx2.AsyncClient) -> None:
        other = await signed_in(hub)
        token = (await ada.post("/api/v1/tokens", json={"name": "x"})).json()["token"]
        body = {"current_password": ADMIN["password"], "new_password": NEW}
        assert (await ada.post("/api/v1/account/password", json=body)).status_code == 204
        assert await is_in(ada)
        assert not await is_in(other)
        assert not (await other.post("/api/v1/auth/login", json=ADMIN)).is_success
        assert await is_in(await signed_in(hub, NEW))
        async with client_of(hub, headers={"Authorization": f"Bearer {token}"}) as script:
            assert await is_in(script)

    async def test_wrong_one(self, hub: FastAPI, ada: httpx2.AsyncClient) -> None:
        body = {"current_password": "wrong", "new_password": NEW}
        answer = await ada.post("/api/v1/account/password", json=body)
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/wrong-password")
        assert answer.json()["errors"][0]["pointer"] == "/current_password"
        assert await is_in(await signed_in(hub))

    async def test_guessing_is_locked(self, ada: httpx2.AsyncClient) -> None:
        body = {"current_password": "wrong", "new_password": NEW}
        answers = [(await ada.post("/api/v1/account/password", json=body)).status_code for _ in range(12)]
        assert answers == [403] * 10 + [429] * 2

    async def test_two_changes_at_once(self, hub: FastAPI, ada: httpx2.AsyncClient) -> None:
        other = await signed_in(hub)
        bodies = [{"current_password": ADMIN["password"], "new_password": f"{NEW} {number}"} for number in (1, 2)]
        answers = await asyncio.gather(
            *(
                client.post("/api/v1/account/password", json=body)
                for client, body in zip((ada, other), bodies, strict=True)
            )
        )
        assert sorted(answer.status_code for answer in answers) in ([204, 401], [204, 403])
        assert [await is_in(client) for client in (ada, other)] == [answer.status_code == 204 for answer in answers]

    async def test_sign_in_during_the_change_is_worth_nothing(self, hub: FastAPI, ada: httpx2.AsyncClient) -> None:
        """A session that was opened by the former password, and stored after the change, stands for nobody."""
        sessions = hub.state.identity.sessions
        former = await hub.state.database["users"].find_one({"email": ADMIN["email"]})
        body = {"current_password": ADMIN["password"], "new_password": NEW}
        assert (await ada.post("/api/v1/account/password", json=body)).status_code == 204
        secret = await sessions.open_for(former, Visitor("203.0.113.5", FIREFOX))
        assert (await sessions.principal(secret)).user is None


class TestSessions:
    async def test_list(self, hub: FastAPI, clock: MovingClock) -> None:
        laptop = await signed_in(hub, **{"User-Agent": FIREFOX, "X-Forwarded-For": "203.0.113.5"})
        clock.advance(hours=1)
        await signed_in(hub, **{"User-Agent": IPHONE, "X-Forwarded-For": "203.0.113.9"})
        phone, here = (await laptop.get("/api/v1/account/sessions")).json()["items"]
        assert phone["device"] == {"browser": "Safari 18", "system": "iOS"}
        assert (phone["address"], phone["is_current"]) == ("203.0.113.9", False)
        assert here["device"] == {"browser": "Firefox 140", "system": "Linux"}
        assert (here["address"], here["is_current"]) == ("203.0.113.5", True)
        assert here["last_used_at"] > here["created_at"]

    async def test_list_is_ones_own(self, ada: httpx2.AsyncClient, grace: httpx2.AsyncClient) -> None:
        assert len((await grace.get("/api/v1/account/sessions")).json()["items"]) == 1

    async def test_pages(self, hub: FastAPI, ada: httpx2.AsyncClient, clock: MovingClock) -> None:
        for _ in range(4):
            clock.advance(minutes=1)
            await signed_in(hub)
        first = (await ada.get("/api/v1/account/sessions", params={"limit": 3})).json()
        rest = (await ada.get("/api/v1/account/sessions", params={"cursor": first["next_cursor"]})).json()
        assert (len(first["items"]), len(rest["items"]), rest["next_cursor"]) == (3, 2, None)
        assert len({one["id"] for one in first["items"] + rest["items"]}) == 5

    async def test_revoke_one(self, hub: FastAPI, ada: httpx2.AsyncClient) -> None:
        other = await signed_in(hub)
        listed = (await ada.get("/api/v1/account/sessions")).json()["items"]
        (theirs,) = [one for one in listed if not one["is_current"]]
        assert (await ada.delete(f"/api/v1/account/sessions/{theirs['id']}")).status_code == 204
        assert not await is_in(other)
        assert (await ada.delete(f"/api/v1/account/sessions/{theirs['id']}")).status_code == 404

    async def test_revoke_somebody_elses(self, ada: httpx2.AsyncClient, grace: httpx2.AsyncClient) -> None:
        (own,) = (await ada.get("/api/v1/account/sessions")).json()["items"]
        hidden = await grace.delete(f"/api/v1/account/sessions/{own['id']}")
        missing = await grace.delete("/api/v1/account/sessions/none")
        assert (hidden.status_code, hidden.json()) == (missing.status_code, missing.json()) == (404, missing.json())
        assert await is_in(ada)

    async def test_revoke_others(self, hub: FastAPI, ada: httpx2.AsyncClient, grace: httpx2.AsyncClient) -> None:
        others = [await signed_in(hub) for _ in range(2)]
        assert (await ada.delete("/api/v1/account/sessions")).status_code == 204
        assert not any([await is_in(other) for other in others])
        assert await is_in(ada)
        assert await is_in(grace)

    async def test_id_is_no_credential(self, hub: FastAPI, ada: httpx2.AsyncClient) -> None:
        (own,) = (await ada.get("/api/v1/account/sessions")).json()["items"]
        async with client_of(hub, cookies={"hothouse_session": own["id"]}) as thief:
            assert not await is_in(thief)


class TestLockout:
    async def _attempts(self, hub: FastAPI, number: int, address: str = "", email: str = ADMIN["email"]) -> list[int]:
        body = {"email": email, "password": "wrong"}
        async with client_of(hub, headers={"X-Forwarded-For": address} if address else {}) as client:
            return [(await client.post("/api/v1/auth/login", json=body)).status_code for _ in range(number)]

    async def _locked_for(self, hub: FastAPI, email: str = ADMIN["email"]) -> int:
        async with client_of(hub) as client:
            answer = await client.post("/api/v1/auth/login", json={**ADMIN, "email": email})
        assert answer.status_code == 429, answer.text
        return int(answer.headers["retry-after"])

    async def test_grows(self, hub: FastAPI, clock: MovingClock) -> None:
        assert await self._attempts(hub, 11) == [401] * 10 + [429]
        for minutes in (1, 2, 4, 8, 16, 30):
            assert minutes * 60 - 10 <= await self._locked_for(hub) <= minutes * 60
            clock.advance(minutes=minutes)
            assert await self._attempts(hub, 4) == [401] * 3 + [429]

    async def test_right_password_does_not_open_a_lock(self, hub: FastAPI, clock: MovingClock) -> None:
        await self._attempts(hub, 11)
        assert await self._locked_for(hub)
        clock.advance(minutes=1, seconds=1)
        await signed_in(hub)
        assert await self._attempts(hub, 11) == [401] * 10 + [429]  # all was forgotten

    async def test_account_that_does_not_exist(self, hub: FastAPI) -> None:
        assert await self._attempts(hub, 11, email="nobody@example.org") == [401] * 10 + [429]

    async def test_spelling_is_the_same_account(self, hub: FastAPI) -> None:
        assert await self._attempts(hub, 10, email="ADA@example.org") == [401] * 10
        assert await self._attempts(hub, 1) == [429]

    async def test_address(self, hub: FastAPI) -> None:
        assert await self._attempts(hub, 2, "203.0.113.7", "nobody@example.org") == [401] * 2
        attempts = hub.state.database["attempts"]
        await attempts.update_one({"_id": f"address:{fingerprint('203.0.113.7')}", "count": 2}, {"$set": {"count": 59}})
        assert await self._attempts(hub, 2, "203.0.113.7", "somebody@example.org") == [401, 429]
        assert await self._attempts(hub, 1, "203.0.113.8", "somebody@example.org") == [401]

    async def test_signing_in_is_no_failure(self, hub: FastAPI) -> None:
        for _ in range(3):
            await signed_in(hub, **{"X-Forwarded-For": "203.0.113.7"})
        left = await hub.state.database["attempts"].find({}).to_list()
        assert [(one["_id"], one["count"]) for one in left] == [(f"address:{fingerprint('203.0.113.7')}", 0)]

    async def test_many_at_once_gain_nothing(self, hub: FastAPI) -> None:
        answers = await asyncio.gather(*(self._attempts(hub, 1, f"203.0.113.{number}") for number in range(20)))
        assert answers.count([401]) <= 10

    async def test_a_new_hub_remembers(self, hub: FastAPI, settings: Settings) -> None:
        await self._attempts(hub, 11)
        other = create_app(settings, Parts(passwords=QUICK))
        async with other.router.lifespan_context(other):
            assert await self._locked_for(other)

    async def test_slow_tries_are_never_locked(self, hub: FastAPI, clock: MovingClock) -> None:
        for _ in range(4):
            assert await self._attempts(hub, 5) == [401] * 5
            clock.advance(minutes=16)
