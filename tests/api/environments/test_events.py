"""The stream of environments: who is told of what."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.support.events import listening, on_a_port
from tests.support.lab import GRACE, sign_in
from tests.support.waiting import eventually
from tests.support.whole_lab import Lab

EVENTS = "/api/v1/environments/events"
SLEEPER = {"slug": "sleeper", "name": "Sleeper", "command": ["sleep", "600"]}


@pytest.fixture(scope="module")
async def served_lab(lab: Lab) -> AsyncIterator[Lab]:
    """The lab, listening on a port, with a template from which nothing needs to get ready."""
    await lab.ada.post("/api/v1/templates", 201, json=SLEEPER)
    async with on_a_port(lab.hub) as lab.url:
        yield lab


async def start(lab: Lab, name: str) -> str:
    made = await lab.ada.post("/api/v1/environments", 201, json={"template": "sleeper", "name": name})
    return str(made["slug"])


def shown(heard: list[Any]) -> dict[str, str]:
    """Return the names that were told last, by slug."""
    return {data["slug"]: data["name"] for name, data in heard if name == "environment"}


async def grace_id(lab: Lab) -> str:
    return str((await lab.grace.get("/api/v1/auth/me"))["user"]["id"])


class TestEvents:
    async def test_tell_only_of_what_one_may_see(self, served_lab: Lab) -> None:
        lab = served_lab
        async with (
            listening(lab, lab.ada.client, EVENTS) as adas,
            listening(lab, lab.grace.client, EVENTS) as hers,
        ):
            shared, hidden = await start(lab, "Shared"), await start(lab, "Hidden")
            await eventually(lambda: {shared, hidden} <= shown(adas).keys())
            grant = f"/api/v1/access/environment/{shared}/grants/user:{await grace_id(lab)}"
            assert (await lab.ada.client.put(grant, json={"role": "viewer"})).is_success
            await eventually(lambda: shared in shown(hers))
            assert (await lab.ada.client.delete(grant)).is_success
            await eventually(lambda: ("environment-removed", {"slug": shared}) in hers)
            seen = len(hers)
            assert (await lab.ada.client.patch(f"/api/v1/environments/{shared}", json={"name": "Other"})).is_success
            await eventually(lambda: shown(adas)[shared] == "Other")
            assert hers[seen:] == []
            assert hidden not in json.dumps(hers)

    async def test_tell_of_a_deletion(self, served_lab: Lab) -> None:
        lab = served_lab
        slug = await start(lab, "Passing")
        async with listening(lab, lab.ada.client, EVENTS) as heard:
            answer = await lab.ada.client.delete(f"/api/v1/environments/{slug}", params={"confirm": slug})
            assert answer.is_success
            gone = ("environment-removed", {"slug": slug})
            await eventually(lambda: gone in heard)
            assert slug not in shown(heard[heard.index(gone) :])

    async def test_end_with_the_session(self, served_lab: Lab) -> None:
        lab = served_lab
        slug = await start(lab, "Lasting")
        grant = f"/api/v1/access/environment/{slug}/grants/user:{await grace_id(lab)}"
        async with (
            listening(lab, lab.ada.client, EVENTS) as adas,
            listening(lab, lab.grace.client, EVENTS) as hers,
        ):
            assert (await lab.ada.client.put(grant, json={"role": "viewer"})).is_success
            await eventually(lambda: slug in shown(hers))
            assert (await lab.grace.client.post("/api/v1/auth/logout")).is_success
            assert (await lab.ada.client.patch(f"/api/v1/environments/{slug}", json={"name": "Longer"})).is_success
            await eventually(lambda: shown(adas)[slug] == "Longer")
            assert shown(hers)[slug] == "Lasting"
        await sign_in(lab.grace.client, GRACE)
