"""Settings made on an app's page, and the environment its workload gets."""

import json
from typing import Any

import pytest
from tests.support.apps_api import source
from tests.support.endpoints import session_at

SECRET = "sk-very-secret-0123456789"


async def environment_of(lab: Any, slug: str) -> dict[str, str]:
    endpoint = await lab.endpoint(slug)
    async with session_at(endpoint) as session, session.get("/env") as answer:
        found: dict[str, str] = json.loads(await answer.text())
        return found


@pytest.fixture(scope="module")
async def tuned(lab: Any) -> str:
    """An app with a manifest that sets things."""
    more = {"env": {"COLOUR": "red", "SIZE": "1"}, "secrets": ["API_KEY", "OTHER_KEY"], "tags": ["a"]}
    await lab.ada.served(source("tuned", description="from the manifest", **more))
    return "/api/v1/apps/tuned"


class TestChange:
    async def test_goes_before_the_manifest_and_back(self, lab: Any, tuned: str) -> None:
        answer = await lab.ada.client.patch(tuned, json={"name": " Mine ", "idle_minutes": 0, "tags": ["b"]})
        app = answer.json()
        assert (app["name"], app["tags"], app["idle_minutes"]) == ("Mine", ["b"], None)
        assert app["overrides"] == {"name": "Mine", "idle_minutes": 0, "tags": ["b"]}
        await lab.ada.served(source("tuned", "two", name="Renamed", description="newer", secrets=["API_KEY"]))
        app = await lab.ada.app("tuned")
        assert (app["name"], app["description"], app["tags"]) == ("Mine", "newer", ["b"])
        back = await lab.ada.client.patch(tuned, json={"name": None, "tags": None, "idle_minutes": None})
        assert (back.json()["name"], back.json()["tags"], back.json()["overrides"]) == ("Renamed", [], {})

    async def test_public_paths(self, lab: Any, tuned: str) -> None:
        await lab.ada.served(source("tuned", public_paths=["/health"]))
        assert (await lab.ada.app("tuned"))["public_paths"] == ["/health"]
        answer = await lab.ada.client.patch(tuned, json={"public_paths": ["/api/*"]})
        assert answer.json()["public_paths"] == answer.json()["overrides"]["public_paths"] == ["/api/*"]
        app = await lab.database["apps"].find_one({"slug": "tuned"})
        assert (await lab.gateway.post(f"/internal/v1/apps/{app['_id']}/wake"))["public_paths"] == ["/api/*"]
        answer = await lab.ada.client.patch(tuned, json={"public_paths": None})
        assert answer.json()["public_paths"] == ["/health"]

    async def test_if_match(self, lab: Any, tuned: str) -> None:
        etag = (await lab.ada.client.get(tuned)).headers["etag"]
        assert etag == (await lab.ada.app("tuned"))["etag"]
        first = await lab.ada.client.patch(tuned, json={"icon": "A"}, headers={"If-Match": etag})
        assert first.status_code == 200
        assert first.headers["etag"] != etag
        second = await lab.ada.client.patch(tuned, json={"icon": "B"}, headers={"If-Match": etag})
        assert (second.status_code, second.json()["type"]) == (412, "/problems/changed-meanwhile")
        assert (await lab.ada.app("tuned"))["icon"] == "A"

    @pytest.mark.parametrize(
        ("body", "pointer"),
        [
            ({"slug": "Other"}, "/slug"),
            ({"slug": "local"}, "/slug"),
            ({"access": "everyone"}, "/access"),
            ({"env": {"1BAD": "x"}}, "/env/1BAD/[key]"),
            ({"env": {"NUL": "a\u0000b"}}, "/env/NUL"),
            ({"secrets": {"NUL": "a\u0000b"}}, "/secrets/NUL"),
            ({"idle_minutes": -1}, "/idle_minutes"),
            ({"name": "  "}, "/name"),
            ({"public_paths": ["/a", "/../b"]}, "/public_paths/1"),
            ({"public_paths": ["/*"]}, "/public_paths/0"),
            ({"public_paths": ["/a"] * 51}, "/public_paths"),
        ],
    )
    async def test_refused(self, lab: Any, tuned: str, body: dict[str, Any], pointer: str) -> None:
        answer = await lab.ada.client.patch(tuned, json=body)
        assert answer.status_code == 422
        assert pointer in [error["pointer"] for error in answer.json()["errors"]]


class TestEnvironment:
    async def test_is_exactly_the_contract(self, lab: Any, tuned: str) -> None:
        body = {"env": {"COLOUR": "blue", "PORT": "1", "HOTHOUSE_URL": "http://evil"}, "secrets": {"API_KEY": SECRET}}
        answer = await lab.ada.client.patch(tuned, json=body)
        assert answer.status_code == 200
        await lab.ada.served(source("tuned", "three", env={"COLOUR": "red", "SIZE": "1"}, secrets=["API_KEY", "OTHER"]))
        env = await environment_of(lab, "tuned")
        ours = {"PORT", "HOST", "HOTHOUSE_APP", "HOTHOUSE_DATABASE_URI", "HOTHOUSE_URL"}
        ours |= {"HOTHOUSE_APP_TOKEN", "HOTHOUSE_APPS_URL"}
        ordinary = {"PATH", "HOME", "LANG", "TMPDIR", "PYTHONUNBUFFERED", "VIRTUAL_ENV", "PYTHONPATH"}
        by_the_shell_of_the_sandbox = {"PWD", "LC_CTYPE"} & set(env)
        assert set(env) - by_the_shell_of_the_sandbox == ours | ordinary | {"COLOUR", "SIZE", "API_KEY"}
        assert (env["COLOUR"], env["SIZE"], env["API_KEY"]) == ("blue", "1", SECRET)
        assert env["HOTHOUSE_URL"] == "http://localhost:8000"
        assert env["HOTHOUSE_APP"] == "tuned"
        assert env["HOTHOUSE_APPS_URL"] == "http://{app}.apps.localhost:8000"
        assert (await lab.endpoint("tuned")).startswith("unix:/")
        app = await lab.database["apps"].find_one({"slug": "tuned"})
        assert f"/{app['database']}?authSource={app['database']}&directConnection=true" in env["HOTHOUSE_DATABASE_URI"]
        text = json.dumps(env)
        for hidden in (lab.settings.mongodb.uri.get_secret_value(), lab.settings.internal_key.get_secret_value()):
            assert hidden not in text
            assert hidden.partition("@")[0].rpartition(":")[2] not in text

    async def test_secrets_are_never_shown_and_sealed_at_rest(self, lab: Any, tuned: str) -> None:
        await lab.ada.client.patch(tuned, json={"secrets": {"API_KEY": SECRET, "SPARE": SECRET}})
        answer = await lab.ada.client.get(tuned)
        assert SECRET not in answer.text
        assert answer.json()["secret_names"] == ["API_KEY", "SPARE"]
        assert "OTHER" in answer.json()["secrets_missing"] or "OTHER_KEY" in answer.json()["secrets_missing"]
        for name in await lab.database.list_collection_names():
            async for document in lab.database[name].find():
                assert SECRET not in repr(document), name
        sealed = (await lab.database["apps"].find_one({"slug": "tuned"}))["secrets"]
        assert sealed["API_KEY"] != sealed["SPARE"]
        await lab.ada.client.patch(tuned, json={"secrets": {"SPARE": None}})
        assert (await lab.ada.app("tuned"))["secret_names"] == ["API_KEY"]
        key = lab.settings.keys_dir / "secrets.key"
        assert key.stat().st_mode & 0o077 == 0

    async def test_reach_the_app_at_its_next_start(self, lab: Any, tuned: str) -> None:
        await lab.ada.client.patch(tuned, json={"secrets": {"API_KEY": "another"}})
        deployment = await lab.ada.post(f"{tuned}/restart")
        assert (await lab.ada.ended(deployment))["state"] == "serving"
        assert (await environment_of(lab, "tuned"))["API_KEY"] == "another"

    async def test_who_got_them_is_put_down(self, lab: Any, tuned: str) -> None:
        await lab.ada.client.patch(tuned, json={"secrets": {"API_KEY": SECRET, "SPARE": SECRET}})
        deployment = await lab.ada.ended(await lab.ada.post(f"{tuned}/restart"))
        assert deployment["state"] == "serving"
        reads = await lab.ada.get(f"{tuned}/secrets/reads?limit=1")
        assert reads["next_cursor"]
        read = reads["items"][0]
        assert (read["names"], read["release"]) == (["API_KEY", "SPARE"], deployment["release"])
        older = await lab.ada.get(f"{tuned}/secrets/reads", params={"cursor": reads["next_cursor"]})
        assert read not in older["items"]
        assert (await lab.grace.client.get(f"{tuned}/secrets/reads")).status_code == 404
        recorded = await lab.ada.get("/api/v1/audit", params={"action": "secrets.read", "about": "tuned"})
        assert recorded["items"][0]["after"]["names"] == ["API_KEY", "SPARE"]
        assert recorded["items"][0]["who"]["name"] == "Hothouse"
        for path in ("/api/v1/audit/export", tuned, f"{tuned}/secrets/reads", f"{tuned}/logs", f"{tuned}/deployments"):
            assert SECRET not in (await lab.ada.client.get(path)).text

    async def test_are_in_no_message(self, lab: Any, tuned: str) -> None:
        """Whatever is wrong with a request that holds one."""
        for body in (
            {"secrets": {"bad name": SECRET}},
            {"secrets": {"API_KEY": [SECRET]}},
            {"secrets": SECRET},
            {"secrets": {"API_KEY": SECRET * 50_000}},
            {"env": {"PORT": {"x": SECRET}}},
        ):
            answer = await lab.ada.client.patch(tuned, json=body)
            assert answer.status_code == 422, body
            assert SECRET not in answer.text
        broken = f'{{"secrets": {{"A": "{SECRET}"'
        answer = await lab.ada.client.patch(tuned, content=broken, headers={"Content-Type": "application/json"})
        assert answer.status_code == 422
        assert SECRET not in answer.text
