"""Two seconds after somebody lost access nothing of theirs is open any more: a real gateway, hub, app, and database."""

import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pymongo import AsyncMongoClient
from tests.support.gateway_door import until
from tests.support.house import House, Visitor, cookies_of, running_house
from tests.support.lab import sign_in

from hothouse_sdk import AssertionInvalid, AssertionVerifier

SECONDS = 2.0
GRACE = {"email": "grace@example.org", "password": "a long enough one"}
Act = Callable[[House, dict[str, str]], Awaitable[Any]]


@pytest.fixture(scope="module")
async def running(mongodb_uri: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with AsyncMongoClient[dict[str, Any]](mongodb_uri, tz_aware=True) as client:
        database = client[f"house_{uuid.uuid4().hex[:8]}"]
        home: Path = tmp_path_factory.mktemp("house")
        async with running_house(mongodb_uri, database, home) as house:
            yield house
        await client.drop_database(database)


@pytest.fixture
async def house(running: House) -> AsyncIterator[House]:
    """The house, its app shared with Grace and Alan, Grace signed in."""
    grace = await running.hub.state.identity.accounts.by_email(GRACE["email"])
    await running.ada.post(f"/api/v1/users/{grace.id}/reactivate", 200)
    await running.ada.share_with("tank", "grace@example.org", "alan@example.org")
    await sign_in(running.people["grace"].client, GRACE)
    yield running
    await running.leave()
    await drop_groups(running)


async def by_session(house: House, name: str) -> dict[str, str]:
    return {"Cookie": f"hothouse_app={await house.app_session(house.people[name])}"}


async def by_token(house: House, name: str) -> dict[str, str]:
    made = await house.people[name].post("/api/v1/tokens", 201, json={"name": "laptop"})
    return {"Authorization": f"Bearer {made['token']}"}


async def sign_out(house: House, _: dict[str, str]) -> None:
    assert (await house.people["grace"].client.post("/api/v1/auth/logout")).status_code == 204


async def end_app_session(house: House, headers: dict[str, str]) -> None:
    secret = headers["Cookie"].partition("=")[2]
    principal = await house.hub.state.identity.sessions.principal(secret, app_id=(await house.app())["_id"])
    assert principal.session_id is not None
    await house.hub.state.identity.sessions.end(principal.session_id)


async def end_half(house: House, _: dict[str, str]) -> None:
    """End sessions on the main origin as a hub that dies in the middle: those on apps' origins stay."""
    grace = await house.hub.state.identity.accounts.by_email(GRACE["email"])
    await house.hub.state.database["sessions"].delete_many({"user_id": grace.id, "app_id": None})


async def deactivate(house: House, _: dict[str, str]) -> None:
    grace = await house.hub.state.identity.accounts.by_email(GRACE["email"])
    await house.ada.post(f"/api/v1/users/{grace.id}/deactivate", 200)


async def revoke_tokens(house: House, _: dict[str, str]) -> None:
    grace = house.people["grace"]
    for token in (await grace.get("/api/v1/tokens"))["items"]:
        assert (await grace.client.delete(f"/api/v1/tokens/{token['id']}")).status_code == 204


async def revoke_grant(house: House, _: dict[str, str]) -> None:
    await house.ada.revoke("tank", GRACE["email"])


GROUP = "Imaging"


async def group_of(house: House, name: str) -> str:
    found = await house.hub.state.database["groups"].find_one({"name": name})
    assert found is not None
    return str(found["_id"])


async def by_group(house: House, *, nested: bool = False) -> None:
    """Let Grace in by a group, or by a group in a group, and Alan by the same."""
    await house.ada.share_with("tank")
    made = {name: (await house.ada.post("/api/v1/groups", 201, json={"name": name}))["id"] for name in (GROUP, "Lab")}
    for email in (GRACE["email"], "alan@example.org"):
        await put_member(house, made[GROUP], await house.ada.subject(email))
    await put_member(house, made["Lab"], f"group:{made[GROUP]}")
    await house.ada.grant("tank", f"group:{made['Lab' if nested else GROUP]}")


async def put_member(house: House, group_id: str, subject: str) -> None:
    answer = await house.ada.client.put(f"/api/v1/groups/{group_id}/members/{subject}", json={})
    assert answer.status_code == 200, answer.text


async def drop_groups(house: House) -> None:
    for group in (await house.ada.get("/api/v1/groups"))["items"]:
        path, confirm = f"/api/v1/groups/{group['id']}", {"confirm": group["name"]}
        assert (await house.ada.client.delete(path, params=confirm)).status_code == 204


async def leave_group(house: House) -> None:
    subject = await house.ada.subject(GRACE["email"])
    path = f"/api/v1/groups/{await group_of(house, GROUP)}/members/{subject}"
    assert (await house.ada.client.delete(path)).status_code == 204


async def revoke_group(house: House) -> None:
    await house.ada.revoke("tank", f"group:{await group_of(house, GROUP)}")


async def delete_group(house: House) -> None:
    path = f"/api/v1/groups/{await group_of(house, GROUP)}"
    assert (await house.ada.client.delete(path, params={"confirm": GROUP})).status_code == 204


async def unnest_group(house: House) -> None:
    lab, inner = await group_of(house, "Lab"), await group_of(house, GROUP)
    assert (await house.ada.client.delete(f"/api/v1/groups/{lab}/members/group:{inner}")).status_code == 204


async def deny(house: House) -> None:
    await house.ada.grant("tank", GRACE["email"], "denied")


async def remove_behind_its_back(house: House) -> None:
    """Take a membership away as another hub does: this one learns of it from the database."""
    subject = await house.ada.subject(GRACE["email"])
    await house.hub.state.database["memberships"].delete_one({"_id": f"{await group_of(house, GROUP)}|{subject}"})


async def all_ended(visitor: Visitor, since: float) -> float:
    """Wait until all that a visitor began has ended; returns the seconds that took."""
    await until(lambda: visitor.ends.keys() == visitor.begun)
    return max(visitor.ends.values()) - since


class TestAtTheApp:
    @pytest.mark.parametrize(
        ("credential", "act"),
        [
            (by_session, sign_out),
            (by_session, end_app_session),
            (by_session, end_half),
            (by_session, revoke_grant),
            (by_session, deactivate),
            (by_token, deactivate),
            (by_token, revoke_tokens),
            (by_token, revoke_grant),
        ],
        ids=lambda part: part.__name__,
    )
    async def test_everything_of_hers_ends(self, house: House, credential: Any, act: Act) -> None:
        headers = await credential(house, "grace")
        graces, alans = await house.visit(**headers), await house.visit(**await by_session(house, "alan"))
        began = time.monotonic()
        await act(house, headers)
        assert await all_ended(graces, began) < SECONDS
        async with house.session.get("/", headers=graces.headers, allow_redirects=False) as answer:
            assert answer.status in (401, 404)
        assert not alans.ends

    @pytest.mark.parametrize(
        ("act", "nested", "others"),
        [
            (leave_group, True, False),
            (revoke_group, False, True),
            (delete_group, True, True),
            (unnest_group, True, True),
            (deny, True, False),
            (remove_behind_its_back, True, False),
        ],
        ids=lambda part: getattr(part, "__name__", str(part)),
    )
    async def test_what_a_group_opened_ends(self, house: House, act: Any, nested: bool, others: bool) -> None:
        await by_group(house, nested=nested)
        graces, alans = [await house.visit(**await by_session(house, name)) for name in ("grace", "alan")]
        began = time.monotonic()
        await act(house)
        assert await all_ended(graces, began) < SECONDS
        if others:
            assert await all_ended(alans, began) < SECONDS
        assert bool(alans.ends) is others

    async def test_everything_ends_when_a_role_is_changed(self, house: House) -> None:
        role = {"kind": "app", "name": "guest", "title": "Guest", "actions": ["app.open"]}
        made = await house.ada.post("/api/v1/roles", 201, json=role)
        await house.ada.grant("tank", GRACE["email"], "guest")
        graces, alans = [await house.visit(**await by_session(house, name)) for name in ("grace", "alan")]
        began = time.monotonic()
        answer = await house.ada.client.patch(f"/api/v1/roles/{made['id']}", json={"actions": ["app.view"]})
        assert answer.status_code == 200
        assert await all_ended(graces, began) < SECONDS
        assert not alans.ends
        await house.ada.revoke("tank", GRACE["email"])
        assert (await house.ada.client.delete(f"/api/v1/roles/{made['id']}")).status_code == 204

    async def test_everything_ends_when_the_grant_does(self, house: House) -> None:
        sessions = {name: await by_session(house, name) for name in ("grace", "alan")}
        alans = await house.visit(**sessions["alan"])
        until = datetime.now(UTC) + timedelta(seconds=4)
        await house.ada.grant("tank", GRACE["email"], expires_at=until.isoformat())
        graces = await house.visit(**sessions["grace"])
        assert not graces.ends
        began = time.monotonic() + (until - datetime.now(UTC)).total_seconds()
        assert -0.1 < await all_ended(graces, began) < SECONDS
        assert not alans.ends

    async def test_everything_ends_when_the_app_becomes_private(self, house: House) -> None:
        await house.ada.share_with("tank")
        await house.share(access="signed-in")
        graces, alans = [await house.visit(**await by_session(house, name)) for name in ("grace", "alan")]
        began = time.monotonic()
        await house.share(access="private")
        assert await all_ended(graces, began) < SECONDS
        assert await all_ended(alans, began) < SECONDS

    async def test_what_nobody_in_particular_has_open_ends_with_the_public_path(self, house: House) -> None:
        await house.share(public_paths=["/ws", "/events", "/big"])
        await until(lambda: house.gateway.table.by_slug["tank"].public_paths.exact)
        nobodys, graces = await house.visit(), await house.visit(**await by_session(house, "grace"))
        began = time.monotonic()
        await house.share(public_paths=[])
        assert await all_ended(nobodys, began) < SECONDS
        assert not graces.ends


class TestAtTheHub:
    EVENTS = "/api/v1/events"
    LOGS = "/api/v1/apps/tank/logs?follow=true"

    @pytest.mark.parametrize("act", [sign_out, revoke_grant, deactivate], ids=lambda act: act.__name__)
    async def test_logs_end(self, house: House, act: Act) -> None:
        graces = await house.follow(self.LOGS, **cookies_of(house.people["grace"]))
        alans = await house.follow(self.LOGS, **cookies_of(house.people["alan"]))
        began = time.monotonic()
        await act(house, {})
        assert await all_ended(graces, began) < SECONDS
        assert not alans.ends

    async def test_logs_end_with_the_group(self, house: House) -> None:
        await by_group(house, nested=True)
        graces = await house.follow(self.LOGS, **cookies_of(house.people["grace"]))
        began = time.monotonic()
        await unnest_group(house)
        assert await all_ended(graces, began) < SECONDS

    async def test_events_end_with_the_session(self, house: House) -> None:
        graces = await house.follow(self.EVENTS, **cookies_of(house.people["grace"]))
        alans = await house.follow(self.EVENTS, **cookies_of(house.people["alan"]))
        began = time.monotonic()
        await sign_out(house, {})
        assert await all_ended(graces, began) < SECONDS
        assert not alans.ends

    async def test_events_end_with_the_token(self, house: House) -> None:
        graces = await house.follow(self.EVENTS, self.LOGS, **await by_token(house, "grace"))
        began = time.monotonic()
        await revoke_tokens(house, {})
        assert await all_ended(graces, began) < SECONDS

    async def test_events_of_who_is_no_admin_any_more_end(self, house: House) -> None:
        users = house.hub.state.database["users"]
        await users.update_one({"email": GRACE["email"]}, {"$set": {"role": "admin"}})
        graces = await house.follow(self.EVENTS, **cookies_of(house.people["grace"]))
        began = time.monotonic()
        await users.update_one({"email": GRACE["email"]}, {"$set": {"role": "developer"}})
        assert await all_ended(graces, began) < SECONDS


class TestWhatTheAppIsTold:
    async def told(self, house: House, **headers: str) -> dict[str, str]:
        async with house.session.get("/", headers={"Host": house.app_host, **headers}) as answer:
            assert answer.status == 200
            return dict((await answer.json())["headers"])

    def verifier(self, house: House, published: Any, app: str = "tank") -> AssertionVerifier:
        return AssertionVerifier(house.gateway._settings.main_url, app, fetch=lambda: published)

    async def published(self, house: House) -> Any:
        async with house.session.get("/.well-known/jwks.json", headers={"Host": house.main_host}) as answer:
            assert answer.status == 200
            return await answer.json()

    @pytest.mark.parametrize("credential", [by_session, by_token], ids=lambda part: part.__name__)
    async def test_assertion_names_the_visitor(self, house: House, credential: Any) -> None:
        forged = {"X-Hothouse-Assertion": "forged", "X_Hothouse_Assertion": "forged"}
        headers = await self.told(house, **await credential(house, "grace"), **forged)
        user = await self.verifier(house, await self.published(house)).verify(headers["x-hothouse-assertion"])
        assert (user.id, user.email, user.name) == (headers["x-hothouse-user"], GRACE["email"], "Grace")
        assert "forged" not in headers.values()

    async def test_groups_by_name(self, house: House) -> None:
        await by_group(house, nested=True)
        headers = await self.told(house, **await by_session(house, "grace"))
        user = await self.verifier(house, await self.published(house)).verify(headers["x-hothouse-assertion"])
        assert (headers["x-hothouse-groups"], user.groups) == ("Imaging,Lab", ("Imaging", "Lab"))

    async def test_assertion_is_for_one_app(self, house: House) -> None:
        headers = await self.told(house, **await by_session(house, "grace"))
        neighbour = self.verifier(house, await self.published(house), app="neighbour")
        with pytest.raises(AssertionInvalid, match="another app"):
            await neighbour.verify(headers["x-hothouse-assertion"])

    async def test_nobody_is_asserted_to_a_public_app(self, house: House) -> None:
        await house.share(access="public")
        await until(lambda: house.gateway.table.by_slug["tank"].access == "public")
        forged = {"X-Hothouse-Assertion": "forged", "Authorization": "Bearer hh_forged"}
        assert "x-hothouse-assertion" not in await self.told(house, **forged)

    async def test_private_keys_stay(self, house: House) -> None:
        published = await self.published(house)
        assert {name for key in published["keys"] for name in key} == {"kty", "crv", "x", "y", "kid", "alg", "use"}
