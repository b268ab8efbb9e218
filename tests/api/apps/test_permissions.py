"""Who may see and do what with an app, over the API, at the gateway's door, and in the stream of events."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.support.apps_api import source
from tests.support.events import listening, on_a_port
from tests.support.waiting import eventually

ROUTES = [
    ("GET", "/api/v1/apps/{slug}"),
    ("PATCH", "/api/v1/apps/{slug}"),
    ("DELETE", "/api/v1/apps/{slug}?confirm={slug}"),
    ("POST", "/api/v1/apps/{slug}/start"),
    ("POST", "/api/v1/apps/{slug}/stop"),
    ("POST", "/api/v1/apps/{slug}/restart"),
    ("POST", "/api/v1/apps/{slug}/rollback"),
    ("POST", "/api/v1/apps/{slug}/deploy"),
    ("GET", "/api/v1/apps/{slug}/logs"),
    ("GET", "/api/v1/apps/{slug}/logs?follow=true"),
    ("GET", "/api/v1/apps/{slug}/releases"),
    ("GET", "/api/v1/apps/{slug}/releases/1"),
    ("GET", "/api/v1/apps/{slug}/releases/1/diff?against=1"),
    ("GET", "/api/v1/apps/{slug}/releases/1/source"),
    ("GET", "/api/v1/apps/{slug}/releases/1/log"),
    ("GET", "/api/v1/apps/{slug}/deployments"),
]
CHANGES = [(method, path) for method, path in ROUTES if method != "GET"]


@pytest.fixture(scope="module")
async def private(lab: Any) -> dict[str, Any]:
    """An app of Ada's that nobody else may see; there is Alan, too."""
    alan = {"name": "Alan", "email": "alan@example.org", "password": "a long enough one"}
    await lab.ada.post("/api/v1/users", 201, json=alan)
    await lab.ada.served(source("private-one", env={"COLOUR": "manifest"}))
    app: dict[str, Any] = await lab.database["apps"].find_one({"slug": "private-one"})
    return app


async def share(lab: Any, access: str, members: list[str] | None = None) -> None:
    await lab.ada.share_with("private-one", *(members or []))
    await lab.ada.open("private-one", access)


class TestPrivate:
    @pytest.mark.parametrize(("method", "path"), ROUTES)
    async def test_answers_like_a_missing_app(self, lab: Any, private: Any, method: str, path: str) -> None:
        await share(lab, "private")
        body = {"json": {"release": 1} if path.endswith("/deploy") else {}} if method in ("POST", "PATCH") else {}
        hidden = await lab.grace.client.request(method, path.replace("{slug}", "private-one"), **body)
        missing = await lab.grace.client.request(method, path.replace("{slug}", "no-such-one"), **body)
        assert hidden.status_code == missing.status_code == 404
        assert hidden.text.replace("private-one", "no-such-one") == missing.text
        assert dict(hidden.headers) == dict(missing.headers)

    async def test_is_not_listed(self, lab: Any, private: Any) -> None:
        await share(lab, "private")
        slugs = [app["slug"] for app in (await lab.grace.get("/api/v1/apps"))["items"]]
        assert "private-one" not in slugs
        deployment = (await lab.ada.get("/api/v1/apps/private-one/deployments"))["items"][0]["id"]
        hidden = await lab.grace.client.get(f"/api/v1/deployments/{deployment}")
        missing = await lab.grace.client.get("/api/v1/deployments/none")
        assert (hidden.status_code, hidden.text) == (404, missing.text)


class TestShared:
    @pytest.mark.parametrize(
        ("access", "members"), [("private", ["grace@example.org"]), ("signed-in", []), ("public", [])]
    )
    async def test_others_may_look_but_not_touch(self, lab: Any, private: Any, access: str, members: list[str]) -> None:
        await share(lab, access, members)
        app = await lab.grace.app("private-one")
        assert app["permissions"] == ["app.open", "app.view"]
        assert "private-one" in [app["slug"] for app in (await lab.grace.get("/api/v1/apps"))["items"]]
        for method, path in CHANGES:
            body = {"json": {"release": 1} if path.endswith("/deploy") else {}} if method in ("POST", "PATCH") else {}
            answer = await lab.grace.client.request(method, path.replace("{slug}", "private-one"), **body)
            assert answer.status_code == 404, (method, path)

    async def test_environment_is_only_for_those_who_may_change_it(self, lab: Any, private: Any) -> None:
        await share(lab, "signed-in")
        await lab.ada.client.patch("/api/v1/apps/private-one", json={"env": {"PRIVATE_URL": "https://user:pw@host"}})
        assert (await lab.ada.app("private-one"))["env"] == {"PRIVATE_URL": "https://user:pw@host"}
        assert (await lab.grace.app("private-one"))["env"] == {}
        await lab.ada.client.patch("/api/v1/apps/private-one", json={"env": None})
        assert (await lab.ada.app("private-one"))["env"] == {}

    async def test_other_members_only(self, lab: Any, private: Any) -> None:
        await share(lab, "private", ["alan@example.org"])
        await lab.grace.get("/api/v1/apps/private-one", 404)

    async def test_members_of_the_manifest(self, lab: Any) -> None:
        await lab.ada.served(source("club", "one", access="members"))
        await lab.grace.get("/api/v1/apps/club", 404)
        await lab.ada.served(source("club", "two", access="members", members=["grace@example.org", "who@example.org"]))
        await lab.grace.get("/api/v1/apps/club")
        (grant,) = (await lab.ada.get("/api/v1/access/app/club"))["grants"]
        assert (grant["subject"]["email"], grant["origin"]) == ("grace@example.org", "manifest")
        await lab.ada.served(source("club", "three", access="members"))
        await lab.grace.get("/api/v1/apps/club", 404)

    async def test_what_people_gave_goes_before_the_manifest(self, lab: Any) -> None:
        await lab.ada.served(source("salon", "one", access="members", members=["grace@example.org"]))
        await lab.ada.grant("salon", "grace@example.org", "editor")
        await lab.ada.served(source("salon", "two", access="private"))
        assert "app.edit" in (await lab.grace.app("salon"))["permissions"]

    async def test_who_may_not_share_does_not_do_so_by_a_manifest(self, lab: Any, private: Any) -> None:
        await lab.ada.served(source("vault", "one"))
        await lab.ada.grant("vault", "grace@example.org", "editor")
        await lab.grace.served(source("vault", "two", access="members", members=["alan@example.org"]))
        await lab.grace.served(source("vault", "three", access="public"))
        assert (await lab.ada.app("vault"))["access"] == "private"
        assert len((await lab.ada.get("/api/v1/access/app/vault"))["grants"]) == 1
        for change in ({"access": "public"}, {"slug": "other"}):
            assert (await lab.grace.client.patch("/api/v1/apps/vault", json=change)).status_code == 404
        assert (await lab.grace.client.patch("/api/v1/apps/vault", json={"description": "mine"})).status_code == 200


class TestAdmission:
    @pytest.mark.parametrize(
        ("access", "nobody", "grace"),
        [
            ("private", "sign-in", "forbidden"),
            ("signed-in", "sign-in", "allowed"),
            ("public", "allowed", "allowed"),
        ],
    )
    async def test_outcomes(self, lab: Any, private: Any, access: str, nobody: str, grace: str) -> None:
        await share(lab, access)
        token = (await lab.grace.post("/api/v1/tokens", 201, json={"name": access}))["token"]
        hers = await self.admit(lab, private, bearer=token)
        assert (hers["outcome"], hers["identity"]["email"]) == (grace, "grace@example.org")
        for credentials in ({}, {"bearer": "hh_wrong"}, {"app_session": "wrong"}, {"app_session": token}):
            theirs = await self.admit(lab, private, **credentials)
            assert (theirs["outcome"], theirs["identity"]) == (nobody, None)

    async def test_outcome_by_grant(self, lab: Any, private: Any) -> None:
        await share(lab, "private", ["grace@example.org"])
        token = (await lab.grace.post("/api/v1/tokens", 201, json={"name": "x"}))["token"]
        assert (await self.admit(lab, private, bearer=token))["outcome"] == "allowed"

    async def test_session_of_another_app(self, lab: Any, private: Any) -> None:
        await share(lab, "signed-in")
        await lab.ada.deploy(source("neighbour", access="signed-in"))
        neighbour = await lab.database["apps"].find_one({"slug": "neighbour"})
        query = {"app": "neighbour", "state": "s" * 20}
        answer = await lab.grace.client.get("/api/v1/auth/handover", params=query, follow_redirects=False)
        code = answer.headers["location"].partition("code=")[2].partition("&")[0]
        body = {"app_id": neighbour["_id"], "code": code, "state": "s" * 20}
        session = (await lab.gateway.post("/internal/v1/handover", 200, json=body))["app_session"]
        assert (await self.admit(lab, neighbour, app_session=session))["outcome"] == "allowed"
        assert (await self.admit(lab, private, app_session=session))["outcome"] == "sign-in"
        await lab.ada.delete("neighbour")
        assert await lab.database["sessions"].find_one({"app_id": neighbour["_id"]}) is None

    async def admit(self, lab: Any, app: Any, **credentials: str) -> Any:
        return await lab.gateway.post("/internal/v1/admit", 200, json={"app_id": app["_id"], **credentials})

    @pytest.mark.parametrize("key", ["", "wrong", "schl\u00fcssel"])
    async def test_only_with_the_internal_key(self, lab: Any, key: str) -> None:
        headers = {"X-Hothouse-Internal-Key": key.encode("latin-1")}
        answer = await lab.anyone.post("/internal/v1/setup-link", headers=headers)
        assert answer.status_code == 404


@pytest.fixture(scope="module")
async def served_lab(lab: Any) -> AsyncIterator[Any]:
    """The lab, listening on a port."""
    async with on_a_port(lab.hub) as lab.url:
        yield lab


class TestEvents:
    async def test_show_only_what_one_may_see(self, served_lab: Any, private: Any) -> None:
        lab = served_lab
        await share(lab, "private")
        async with listening(lab, lab.grace.client) as hers, listening(lab, lab.ada.client) as adas:
            await lab.ada.served(source("hidden-news"))
            await lab.ada.served(source("public-news", access="signed-in"))
            await eventually(lambda: ("serving", "public-news") in deployments(hers))
            await eventually(lambda: ("serving", "public-news") in deployments(adas))
            assert {"hidden-news", "public-news"} <= slugs(adas)
            assert "hidden-news" not in json.dumps(hers)
            assert "private-one" not in json.dumps(hers)

            await lab.ada.client.patch("/api/v1/apps/public-news", json={"access": "private"})
            await eventually(lambda: ("app-removed", {"slug": "public-news"}) in hers)
            seen = len(hers)
            await lab.ada.post("/api/v1/apps/public-news/stop")
            await lab.ada.in_state("public-news", "stopped")
            await lab.ada.delete("hidden-news")
            await eventually(lambda: ("app-removed", {"slug": "hidden-news"}) in adas)
            assert "news" not in json.dumps(hers[seen:])

    async def test_deleted_app_does_not_come_back(self, served_lab: Any) -> None:
        lab = served_lab
        await lab.ada.served(source("passing"))
        async with listening(lab, lab.ada.client) as heard:
            await lab.ada.delete("passing")
            await eventually(lambda: ("app-removed", {"slug": "passing"}) in heard)
            after = heard[heard.index(("app-removed", {"slug": "passing"})) + 1 :]
            assert "passing" not in json.dumps(after)

    async def test_renamed_app_takes_its_own_place(self, served_lab: Any) -> None:
        lab = served_lab
        await lab.ada.served(source("maiden-name"))
        async with listening(lab, lab.ada.client) as heard:
            await lab.ada.client.patch("/api/v1/apps/maiden-name", json={"slug": "married-name"})
            await eventually(lambda: "married-name" in slugs(heard))
            told = [name for name, data in heard if data.get("slug") in ("maiden-name", "married-name")]
            assert told[:2] == ["app-removed", "app"]
            assert "maiden-name" not in slugs(heard)


def deployments(heard: list[Any]) -> set[Any]:
    return {(data["state"], data["app"]) for name, data in heard if name == "deployment"}


def slugs(heard: list[Any]) -> set[Any]:
    return {data["slug"] for name, data in heard if name == "app"}


class TestLogs:
    async def test_build_log_from_before_the_build_began(self, served_lab: Any) -> None:
        lab = served_lab
        deployment = await lab.ada.deploy(source("logged"))
        async with listening(lab, lab.ada.client, "/api/v1/apps/logged/releases/1/log?follow=true") as heard:
            await eventually(lambda: ("end", {}) in heard)
            lines = [data["text"] for name, data in heard if name == "line"]
            assert "This app requires no packages." in lines
            assert [data["offset"] for name, data in heard if name == "line"] == list(range(1, len(lines) + 1))
        await lab.ada.ended(deployment)
        plain = await lab.ada.client.get("/api/v1/apps/logged/releases/1/log")
        assert plain.text.splitlines() == lines

    async def test_run_log_goes_on_with_the_next_release(self, served_lab: Any) -> None:
        lab = served_lab
        await lab.ada.served(source("spoken", "one"))
        async with listening(lab, lab.ada.client, "/api/v1/apps/spoken/logs?follow=true") as heard:
            await eventually(lambda: "serving one" in texts(heard))
            await lab.ada.served(source("spoken", "two"))
            await eventually(lambda: "serving two" in texts(heard))
            await lab.ada.delete("spoken")
            await eventually(lambda: ("end", {}) in heard, "the stream ends with the app")


def texts(heard: list[Any]) -> list[str]:
    return [data["text"] for name, data in heard if name == "line"]
