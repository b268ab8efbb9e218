"""Renaming an app: a new slug and address, the former ones its own still, and nothing else is lost."""

import asyncio
import json
from dataclasses import replace
from typing import Any

import httpx2
import pytest
from tests.support.apps_api import SERVER, source
from tests.support.endpoints import session_at
from tests.support.waiting import eventually

from hothouse.apps.builds import KINDS

TAKEN = (409, "/problems/slug-taken")


async def rename(lab: Any, slug: str, new: str | None, **headers: str) -> httpx2.Response:
    answer: httpx2.Response = await lab.ada.client.patch(f"/api/v1/apps/{slug}", json={"slug": new}, headers=headers)
    return answer


async def renamed(lab: Any, slug: str, new: str | None) -> dict[str, Any]:
    answer = await rename(lab, slug, new)
    assert answer.status_code == 200, answer.text
    app: dict[str, Any] = answer.json()
    return app


def refusal(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"]


async def text_at(endpoint: str | None, path: str = "/") -> str:
    async with session_at(endpoint) as session, session.get(path) as answer:
        return await answer.text()


@pytest.fixture(scope="module")
async def taken(lab: Any) -> dict[str, Any]:
    """An app that is called `later` and was called `earlier`."""
    await lab.ada.deploy(source("earlier"))
    return await renamed(lab, "earlier", "later")


class TestRename:
    async def test_slug_address_and_former_slugs(self, lab: Any) -> None:
        await lab.ada.served(source("caterpillar", "one"))
        before = await lab.ada.app("caterpillar")
        assert before["former_slugs"] == []
        app = await renamed(lab, "caterpillar", "butterfly")
        assert (app["slug"], app["former_slugs"]) == ("butterfly", ["caterpillar"])
        assert app["url"] == "http://butterfly.apps.localhost:8000"
        assert (app["id"], app["workload"], app["state"]) == (before["id"], before["workload"], "running")
        assert await text_at(await lab.endpoint("butterfly")) == "one"
        listed = [one["slug"] for one in (await lab.ada.get("/api/v1/apps"))["items"]]
        assert "butterfly" in listed
        assert "caterpillar" not in listed

    async def test_the_api_finds_it_by_each_of_its_slugs(self, lab: Any, taken: dict[str, Any]) -> None:
        for slug in ("later", "earlier"):
            assert (await lab.ada.app(slug))["id"] == taken["id"]
            assert (await lab.ada.app(slug))["slug"] == "later"
            assert (await lab.ada.get(f"/api/v1/apps/{slug}/releases"))["items"]

    async def test_gateways_are_told_the_former_slugs(self, lab: Any, taken: dict[str, Any]) -> None:
        route = await lab.gateway.post(f"/internal/v1/apps/{taken['id']}/wake")
        assert (route["slug"], route["former_slugs"]) == ("later", ["earlier"])

    async def test_back_to_a_former_slug_or_the_manifests(self, lab: Any) -> None:
        await lab.ada.deploy(source("there"))
        await renamed(lab, "there", "back")
        await renamed(lab, "back", "again")
        app = await renamed(lab, "again", "there")
        assert (app["slug"], app["former_slugs"]) == ("there", ["again", "back"])
        await renamed(lab, "there", "back")
        app = await renamed(lab, "back", None)
        assert (app["slug"], app["former_slugs"]) == ("there", ["back", "again"])

    async def test_to_what_it_is_called(self, lab: Any, taken: dict[str, Any]) -> None:
        app = await renamed(lab, "later", "later")
        assert (app["slug"], app["former_slugs"]) == ("later", ["earlier"])

    async def test_together_with_other_settings(self, lab: Any) -> None:
        await lab.ada.deploy(source("grub", secrets=["KEY"]))
        body = {"slug": "beetle", "name": "Beetle", "secrets": {"KEY": "x"}}
        app = (await lab.ada.client.patch("/api/v1/apps/grub", json=body)).json()
        assert (app["slug"], app["name"], app["overrides"]) == ("beetle", "Beetle", {"name": "Beetle"})
        assert app["secrets_missing"] == []

    async def test_the_workload_learns_it_at_its_next_start(self, lab: Any) -> None:
        await lab.ada.served(source("pupa"))
        await renamed(lab, "pupa", "moth")
        assert json.loads(await text_at(await lab.endpoint("moth"), "/env"))["HOTHOUSE_APP"] == "pupa"
        await lab.ada.ended(await lab.ada.post("/api/v1/apps/moth/restart"))
        assert json.loads(await text_at(await lab.endpoint("moth"), "/env"))["HOTHOUSE_APP"] == "moth"

    async def test_deletion_frees_every_slug(self, lab: Any) -> None:
        await lab.ada.served(source("mayfly"))
        await renamed(lab, "mayfly", "dayfly")
        unconfirmed = await lab.ada.client.delete("/api/v1/apps/mayfly", params={"confirm": "mayfly"})
        assert unconfirmed.status_code == 422
        assert "confirm=dayfly" in unconfirmed.json()["detail"]
        await lab.ada.delete("dayfly")
        await lab.ada.get("/api/v1/apps/mayfly", 404)
        await lab.grace.served(source("mayfly"))


class TestRefused:
    @pytest.mark.parametrize("new", ["later", "earlier"])
    async def test_slug_that_another_app_has_or_had(self, lab: Any, taken: dict[str, Any], new: str) -> None:
        await lab.ada.deploy(source(f"not-{new}"))
        assert refusal(await rename(lab, f"not-{new}", new)) == TAKEN
        app = await lab.ada.app(f"not-{new}")
        assert (app["slug"], app["former_slugs"]) == (f"not-{new}", [])

    async def test_new_app_of_somebody_else_under_a_former_slug(self, lab: Any, taken: dict[str, Any]) -> None:
        upload = await lab.grace.upload(source("earlier"))
        assert upload["existing_app"] is None
        answer = await lab.grace.client.post(f"/api/v1/uploads/{upload['id']}/deploy", json={})
        assert refusal(answer) == TAKEN

    @pytest.mark.parametrize("new", ["A", "a_b", "-a", "a" * 64, "", "www", "config", "local", "xn--a", 7])
    async def test_what_no_manifest_may_say_either(self, lab: Any, taken: dict[str, Any], new: Any) -> None:
        answer = await rename(lab, "later", new)
        assert answer.status_code == 422
        assert [error["pointer"] for error in answer.json()["errors"]] == ["/slug"]

    async def test_those_who_may_not_share_it(self, lab: Any, taken: dict[str, Any]) -> None:
        await lab.ada.grant("later", "grace@example.org", "editor")
        refused, missing = [
            await lab.grace.client.patch(f"/api/v1/apps/{slug}", json={"slug": "mine"}) for slug in ("later", "missing")
        ]
        assert (refused.status_code, missing.status_code) == (404, 404)
        assert refused.text.replace('"later\\"', '"missing\\"') == missing.text
        assert (await lab.grace.client.patch("/api/v1/apps/later", json={"icon": "A"})).status_code == 200
        assert (await lab.ada.app("later"))["former_slugs"] == ["earlier"]

    async def test_there_is_an_end_to_it(self, lab: Any) -> None:
        await lab.ada.deploy(source("hop-0"))
        for number in range(1, 20):
            await renamed(lab, f"hop-{number - 1}", f"hop-{number}")
        answer = await rename(lab, "hop-19", "hop-20")
        assert refusal(answer) == (422, "/problems/too-many-slugs")
        assert answer.json()["errors"][0]["pointer"] == "/slug"
        assert (await renamed(lab, "hop-19", "hop-3"))["slug"] == "hop-3"


class TestAtOnce:
    async def test_two_people_rename_the_same_app(self, lab: Any) -> None:
        await lab.ada.deploy(source("shared-name"))
        etag = (await lab.ada.app("shared-name"))["etag"]
        names = [f"shared-name-{number}" for number in range(4)]
        answers = await asyncio.gather(*(rename(lab, "shared-name", name, **{"If-Match": etag}) for name in names))
        [winner] = [answer for answer in answers if answer.status_code == 200]
        assert [refusal(answer) for answer in answers if answer is not winner] == [
            (412, "/problems/changed-meanwhile")
        ] * 3
        app = await lab.ada.app("shared-name")
        assert (app["slug"], app["former_slugs"]) == (winner.json()["slug"], ["shared-name"])

    async def test_two_apps_take_the_same_slug(self, lab: Any) -> None:
        for slug in ("left", "right"):
            await lab.ada.deploy(source(slug))
        upload = await lab.grace.upload(source("middle"))
        *renames, deploy = await asyncio.gather(
            rename(lab, "left", "middle"),
            rename(lab, "right", "middle"),
            lab.grace.client.post(f"/api/v1/uploads/{upload['id']}/deploy", json={}),
        )
        won = [answer.status_code for answer in (*renames, deploy) if answer.is_success]
        assert len(won) == 1, [answer.text for answer in (*renames, deploy)]
        assert await lab.database["apps"].count_documents({"slugs": "middle"}) == 1


class TestDeploy:
    async def test_manifest_with_a_former_slug_is_a_release_of_that_app(self, lab: Any) -> None:
        await lab.ada.served(source("worker-ant", "one"))
        await renamed(lab, "worker-ant", "queen-ant")
        upload = await lab.ada.upload(source("worker-ant", "two"))
        assert upload["existing_app"]["release"] == 1
        deployment = await lab.ada.post(f"/api/v1/uploads/{upload['id']}/deploy", json={})
        assert (deployment["app"], deployment["release"]) == ("queen-ant", 2)
        assert (await lab.ada.ended(deployment))["state"] == "serving"
        app = await lab.ada.app("queen-ant")
        assert (app["slug"], app["release"], app["manifest"]["slug"]) == ("queen-ant", 2, "worker-ant")
        assert await text_at(await lab.endpoint("queen-ant")) == "two"
        await lab.ada.ended(await lab.ada.post("/api/v1/apps/queen-ant/rollback"))
        assert (await lab.ada.app("worker-ant"))["slug"] == "queen-ant"

    async def test_renamed_while_a_release_gets_ready(self, lab: Any) -> None:
        await lab.ada.served(source("egg", "one"))
        slow = "import os, time\nwhile not os.path.exists(os.environ['HOME'] + '/hatch'): time.sleep(0.02)\n"
        deployment = await lab.ada.deploy(source("egg", main=slow + SERVER.replace("{version}", "two")))
        await eventually(lambda: state_of(lab, deployment, "starting"))
        app = await renamed(lab, "egg", "chick")
        assert app["deployment"]["id"] == deployment["id"]
        gate = lab.settings.home / "apps" / app["id"] / "home" / "hatch"
        gate.touch()
        ended = await lab.ada.ended(deployment)
        assert (ended["state"], ended["app"]) == ("serving", "chick")
        assert await text_at(await lab.endpoint("chick")) == "two"

    async def test_app_whose_workload_checks_its_address_is_started_anew(
        self, lab: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Streamlit and Panel let no page of another address open a WebSocket than the one they were started for."""
        monkeypatch.setitem(KINDS, "command", replace(KINDS["command"], checks_its_address=True))
        await lab.ada.served(source("larva"))
        before = await lab.ada.app("larva")
        app = await renamed(lab, "larva", "imago")
        assert app["deployment"]["kind"] == "restart"
        assert (await lab.ada.ended(app["deployment"]))["state"] == "serving"
        assert json.loads(await text_at(await lab.endpoint("imago"), "/env"))["HOTHOUSE_APP"] == "imago"
        assert (await lab.ada.app("imago"))["workload"]["id"] != before["workload"]["id"]

    async def test_release_under_way_is_not_lost_by_starting_anew(
        self, lab: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await lab.ada.served(source("spawn", "one"))
        monkeypatch.setitem(KINDS, "command", replace(KINDS["command"], checks_its_address=True))
        deployment = await lab.ada.deploy(source("spawn", "two"))
        app = await renamed(lab, "spawn", "frog")
        latest = app["deployment"] or deployment
        assert latest["release"] == 2
        assert (await lab.ada.ended(latest))["state"] == "serving"
        assert await text_at(await lab.endpoint("frog")) == "two"


async def state_of(lab: Any, deployment: dict[str, Any], state: str) -> bool:
    return bool((await lab.ada.get(f"/api/v1/deployments/{deployment['id']}"))["state"] == state)
