"""Invitations and resets of passwords: single-use links."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from tests.api.conftest import ADMIN, QUICK, client_of
from tests.support.moving_clock import MovingClock

from hothouse.hub.app import Parts, create_app
from hothouse.settings import Settings

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


async def invitation(ada: httpx2.AsyncClient, **body: Any) -> dict[str, Any]:
    answer = await ada.post("/api/v1/invitations", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def code_of(link: dict[str, Any]) -> str:
    """Return the code of a link, which stands where browsers keep it to themselves."""
    address, _, code = link["url"].partition("#")
    assert address.startswith("http://localhost:8000/")
    assert len(code) > 40
    return code


async def accept(hub: FastAPI, code: str, **more: str) -> tuple[int, dict[str, Any]]:
    async with client_of(hub) as client:
        body = {"code": code, "name": "Mia", "password": NEW, **more}
        answer = await client.post("/api/v1/auth/invitation/accept", json=body)
        if answer.status_code == 201:
            assert (await client.get("/api/v1/auth/me")).json()["user"] == answer.json()["user"]
    return answer.status_code, answer.json()


class TestInvitation:
    async def test_for_one_address(self, hub: FastAPI, ada: httpx2.AsyncClient, anyone: httpx2.AsyncClient) -> None:
        made = await invitation(ada, email="Mia@Example.org", role="admin")
        assert (made["email"], made["state"], made["invited_by"]) == ("mia@example.org", "open", "Ada")
        offer = (await anyone.post("/api/v1/auth/invitation", json={"code": code_of(made)})).json()
        assert (offer["email"], offer["role"], offer["invited_by"]) == ("mia@example.org", "admin", "Ada")
        status, problem = await accept(hub, code_of(made), email="eve@example.org")
        assert (status, problem["errors"][0]["pointer"]) == (422, "/email")
        status, answer = await accept(hub, code_of(made))
        assert (status, answer["user"]["email"], answer["user"]["role"]) == (201, "mia@example.org", "admin")
        (listed,) = (await ada.get("/api/v1/invitations")).json()["items"]
        assert (listed["state"], listed["accepted_by"]) == ("accepted", "mia@example.org")
        assert "url" not in listed

    async def test_for_whoever_has_it(self, hub: FastAPI, ada: httpx2.AsyncClient) -> None:
        code = code_of(await invitation(ada))
        status, problem = await accept(hub, code)
        assert (status, problem["errors"][0]["pointer"]) == (422, "/email")
        status, answer = await accept(hub, code, email="mia@example.org")
        assert (status, answer["user"]["role"]) == (201, "developer")

    async def test_works_once(self, hub: FastAPI, ada: httpx2.AsyncClient) -> None:
        code = code_of(await invitation(ada))
        assert (await accept(hub, code, email="mia@example.org"))[0] == 201
        status, problem = await accept(hub, code, email="eve@example.org")
        assert (status, problem["type"]) == (403, "/problems/link-not-valid")

    async def test_two_at_once(self, hub: FastAPI, ada: httpx2.AsyncClient) -> None:
        code = code_of(await invitation(ada))
        answers = await asyncio.gather(
            *(accept(hub, code, email=f"{name}@example.org") for name in ("mia", "eve", "zoe"))
        )
        assert sorted(status for status, _ in answers) == [201, 403, 403]
        assert len((await ada.get("/api/v1/users")).json()["items"]) == 2

    async def test_runs_out(self, hub: FastAPI, ada: httpx2.AsyncClient, clock: MovingClock) -> None:
        code = code_of(await invitation(ada, expires_in_hours=1))
        clock.advance(hours=1, seconds=1)
        assert (await accept(hub, code, email="mia@example.org"))[0] == 403
        assert (await ada.get("/api/v1/invitations")).json()["items"][0]["state"] == "expired"

    async def test_revoke(self, hub: FastAPI, ada: httpx2.AsyncClient) -> None:
        made = await invitation(ada)
        assert (await ada.delete(f"/api/v1/invitations/{made['id']}")).status_code == 204
        assert (await accept(hub, code_of(made), email="mia@example.org"))[0] == 403
        assert (await ada.delete(f"/api/v1/invitations/{made['id']}")).status_code == 404

    async def test_revoke_after_acceptance(self, hub: FastAPI, ada: httpx2.AsyncClient) -> None:
        made = await invitation(ada, email="mia@example.org")
        await accept(hub, code_of(made))
        assert (await ada.delete(f"/api/v1/invitations/{made['id']}")).status_code == 404

    async def test_address_that_is_taken(self, hub: FastAPI, ada: httpx2.AsyncClient) -> None:
        answer = await ada.post("/api/v1/invitations", json={"email": ADMIN["email"]})
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/email-taken")
        code = code_of(await invitation(ada))
        assert (await accept(hub, code, email=ADMIN["email"]))[0] == 409
        assert (await accept(hub, code, email="mia@example.org"))[0] == 201  # it was not used up

    async def test_id_is_not_the_code(self, hub: FastAPI, ada: httpx2.AsyncClient) -> None:
        made = await invitation(ada)
        stored = await hub.state.database["invitations"].find_one({})
        assert code_of(made) not in str(stored)
        for guess in (made["id"], stored["code_hash"], ""):
            assert (await accept(hub, guess, email="mia@example.org"))[0] == 403

    async def test_only_admins_invite(self, ada: httpx2.AsyncClient, grace: httpx2.AsyncClient) -> None:
        made = await invitation(ada)
        assert (await grace.post("/api/v1/invitations", json={})).status_code == 404
        assert (await grace.get("/api/v1/invitations")).status_code == 404
        assert (await grace.delete(f"/api/v1/invitations/{made['id']}")).status_code == 404

    async def test_pages(self, ada: httpx2.AsyncClient, clock: MovingClock) -> None:
        for number in range(3):
            clock.advance(minutes=1)
            await invitation(ada, email=f"mia{number}@example.org")
        first = (await ada.get("/api/v1/invitations", params={"limit": 2})).json()
        rest = (await ada.get("/api/v1/invitations", params={"cursor": first["next_cursor"]})).json()
        assert [one["email"][:4] for one in first["items"] + rest["items"]] == ["mia2", "mia1", "mia0"]


class TestReset:
    async def _link(self, ada: httpx2.AsyncClient, email: str = "grace@example.org") -> dict[str, Any]:
        found = (await ada.get("/api/v1/users", params={"q": email})).json()["items"][0]
        answer = await ada.post(f"/api/v1/users/{found['id']}/reset-link")
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def _finish(self, hub: FastAPI, code: str, password: str = NEW) -> int:
        async with client_of(hub) as client:
            body = {"code": code, "password": password}
            return (await client.post("/api/v1/auth/reset/finish", json=body)).status_code

    async def _can_sign_in(self, hub: FastAPI, password: str) -> bool:
        async with client_of(hub) as client:
            body = {"email": "grace@example.org", "password": password}
            return (await client.post("/api/v1/auth/login", json=body)).is_success

    async def test_sets_a_password(self, hub: FastAPI, ada: httpx2.AsyncClient, grace: httpx2.AsyncClient) -> None:
        code = code_of(await self._link(ada))
        offer = (await ada.post("/api/v1/auth/reset", json={"code": code})).json()
        assert offer["email"] == "grace@example.org"
        assert await self._finish(hub, code) == 204
        assert (await grace.get("/api/v1/auth/me")).status_code == 401
        assert await self._can_sign_in(hub, NEW)
        assert not await self._can_sign_in(hub, "compilers are fun")
        assert await self._finish(hub, code, "one more password") == 403

    async def test_opens_a_lock(self, hub: FastAPI, ada: httpx2.AsyncClient, grace: httpx2.AsyncClient) -> None:
        for _ in range(11):
            await self._can_sign_in(hub, "wrong")
        assert not await self._can_sign_in(hub, "compilers are fun")
        assert await self._finish(hub, code_of(await self._link(ada))) == 204
        assert await self._can_sign_in(hub, NEW)

    async def test_newer_replaces_older(self, hub: FastAPI, ada: httpx2.AsyncClient, grace: httpx2.AsyncClient) -> None:
        older, newer = code_of(await self._link(ada)), code_of(await self._link(ada))
        assert await self._finish(hub, older) == 403
        assert await self._finish(hub, newer) == 204

    async def test_two_at_once(self, hub: FastAPI, ada: httpx2.AsyncClient, grace: httpx2.AsyncClient) -> None:
        code = code_of(await self._link(ada))
        answers = await asyncio.gather(*(self._finish(hub, code, f"{NEW} {number}") for number in range(3)))
        assert sorted(answers) == [204, 403, 403]
        assert await self._can_sign_in(hub, f"{NEW} {answers.index(204)}")

    async def test_runs_out(
        self, hub: FastAPI, ada: httpx2.AsyncClient, grace: httpx2.AsyncClient, clock: MovingClock
    ) -> None:
        code = code_of(await self._link(ada))
        clock.advance(hours=24, seconds=1)
        assert await self._finish(hub, code) == 403

    async def test_of_a_closed_account(self, hub: FastAPI, ada: httpx2.AsyncClient, grace: httpx2.AsyncClient) -> None:
        code = code_of(await self._link(ada))
        user_id = (await grace.get("/api/v1/auth/me")).json()["user"]["id"]
        await ada.post(f"/api/v1/users/{user_id}/deactivate")
        assert await self._finish(hub, code) == 403
        assert (await ada.post(f"/api/v1/users/{user_id}/reset-link")).status_code == 409
        await ada.post(f"/api/v1/users/{user_id}/reactivate")
        assert await self._finish(hub, code) == 403
