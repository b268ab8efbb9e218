"""Groups that a provider decides on, sign-in by sign-in; and what ends when somebody is in one no more."""

import asyncio
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pymongo import AsyncMongoClient
from tests.api.oidc.conftest import Desk
from tests.support.gateway_door import until
from tests.support.hostile_provider import Browser, hostile_provider
from tests.support.house import SLUG, cookies_of, running_house

from hothouse.kit.clock import SystemClock
from hothouse.settings_oidc import OidcProvider

Said = Callable[..., dict[str, Any]]
SECONDS = 2.0


@pytest.fixture(autouse=True)
async def truthful(request: pytest.FixtureRequest) -> None:
    if "desk" in request.fixturenames:
        await request.getfixturevalue("desk").fresh_provider()


async def groups_of(desk: Desk, email: str) -> dict[str, str]:
    """Return the names of somebody's groups, and by what they are in each."""
    user = await desk.hub.state.identity.accounts.by_email(email)
    found = await desk.hub.state.database["memberships"].find({"member": f"user:{user.id}"}).to_list()
    names = {one["_id"]: one["name"] async for one in desk.hub.state.database["groups"].find({})}
    return {names[one["group_id"]]: one["via"] for one in found}


def in_groups(*values: Any) -> dict[str, Any]:
    return {"resources": {"groups": list(values)}}


class TestFollowing:
    async def test_come_and_go(self, desk: Desk, browser: Browser, name: str, claims: Said) -> None:
        email = f"{name}@lab.org"
        await browser.sign_in(desk.lab, **claims(**in_groups("lab-optics", "lab-optics", "staff", "football", 7, None)))
        assert await groups_of(desk, email) == {"optics": "oidc:lab", "Microscopy": "oidc:lab"}
        await browser.sign_in(desk.lab, **claims(**in_groups("lab-optics", "lab-laser")))
        assert await groups_of(desk, email) == {"optics": "oidc:lab", "laser": "oidc:lab"}
        entry = (await desk.ada.get("/api/v1/audit", params={"action": "sign-in-providers.finish"})).json()["items"][0]
        assert entry["after"]["joined_groups"] == ["laser"]
        assert entry["before"] == {"left_groups": ["Microscopy"]}
        await browser.sign_in(desk.lab, **claims())
        assert await groups_of(desk, email) == {}

    async def test_by_hand_stays(self, desk: Desk, browser: Browser, name: str, claims: Said) -> None:
        email = f"{name}@lab.org"
        await browser.sign_in(desk.lab, **claims(**in_groups("lab-optics")))
        user = await desk.hub.state.identity.accounts.by_email(email)
        for group in ("Rowing", "optics"):
            found = (await desk.ada.get("/api/v1/groups", params={"q": group})).json()["items"]
            group_id = found[0]["id"] if found else None
            if group_id is None:
                made = await desk.ada.post("/api/v1/groups", json={"name": group, "description": ""})
                group_id = made.json()["id"]
            path = f"/api/v1/groups/{group_id}/members/user:{user.id}"
            assert (await desk.ada.put(path, json={"is_manager": False})).status_code == 200
        await browser.sign_in(desk.lab, **claims())
        assert await groups_of(desk, email) == {"Rowing": "manual", "optics": "manual"}

    async def test_group_made_by_hand_is_not_reached_by_prefix(
        self, desk: Desk, browser: Browser, name: str, claims: Said
    ) -> None:
        """Whoever names groups at the provider cannot put people into those that are ours."""
        await desk.ada.post("/api/v1/groups", json={"name": "Board", "description": ""})
        await browser.sign_in(desk.lab, **claims(**in_groups("lab-Board")))
        assert await groups_of(desk, f"{name}@lab.org") == {"Board (lab)": "oidc:lab"}

    async def test_two_newcomers_at_once(self, desk: Desk) -> None:
        """The same new group, made by two sign-ins at the same moment."""
        people = [f"q{uuid.uuid4().hex[:6]}" for _ in range(4)]
        browsers = [await desk.browser() for _ in people]
        answers = await asyncio.gather(
            *(
                browser.sign_in(desk.lab, sub=one, email=f"{one}@lab.org", **in_groups("lab-brand-new"))
                for browser, one in zip(browsers, people, strict=True)
            )
        )
        assert [answer.status_code for answer in answers] == [200] * 4
        for one in people:
            assert list(await groups_of(desk, f"{one}@lab.org")) == ["brand-new"]

    async def test_unlinked(self, desk: Desk, browser: Browser, name: str, claims: Said) -> None:
        await browser.sign_in(desk.lab, **claims(**in_groups("lab-optics")))
        await browser.client.post("/api/v1/account/password", json={"new_password": "a first password"})
        identity = (await browser.client.get("/api/v1/account/identities")).json()["identities"][0]["id"]
        body = {"current_password": "a first password"}
        answer = await browser.client.post(f"/api/v1/account/identities/{identity}/unlink", json=body)
        assert answer.status_code == 204, answer.text
        assert await groups_of(desk, f"{name}@lab.org") == {}


async def test_what_was_open_by_a_group_ends_with_it(mongodb_uri: str, tmp_path: Path) -> None:
    """Grace's WebSocket and stream at an app shared with a group end within two seconds of a sign-in without it."""
    async with (
        AsyncMongoClient[dict[str, Any]](mongodb_uri, tz_aware=True) as client,
        hostile_provider(SystemClock()) as lab,
    ):
        database = client[f"house_{uuid.uuid4().hex[:8]}"]
        provider = OidcProvider.model_validate(lab.settings(group_claim="groups", group_prefix=""))
        async with running_house(mongodb_uri, database, tmp_path, providers=[provider]) as house:
            grace = Browser(house.people["grace"].client)
            said = {"sub": "grace", "email": "grace@example.org"}
            assert (await grace.sign_in(lab, **said, groups=["swimmers"])).status_code == 200
            group = (await house.ada.get("/api/v1/groups", params={"q": "swimmers"}))["items"][0]
            await house.ada.grant(SLUG, f"group:{group['id']}")
            secret = await house.app_session(house.people["grace"])
            visitor = await house.visit(Cookie=f"hothouse_app={secret}")
            hub = await house.follow(f"/api/v1/apps/{SLUG}/logs?follow=true", **cookies_of(house.people["grace"]))
            elsewhere = Browser(house.people["alan"].client)
            since = time.monotonic()
            assert (await elsewhere.sign_in(lab, **said, groups=[])).status_code == 200
            await until(lambda: visitor.ends.keys() == visitor.begun and hub.ends.keys() == hub.begun)
            assert max(*visitor.ends.values(), *hub.ends.values()) - since < SECONDS
        await client.drop_database(database)
