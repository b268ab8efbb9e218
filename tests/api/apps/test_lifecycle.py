"""An app from its first upload to its deletion, with real processes."""

import asyncio
import contextlib
import os
from typing import Any

import aiohttp
import pytest
from tests.support.apps_api import SERVER, manifest, source
from tests.support.endpoints import session_at
from tests.support.waiting import eventually

from hothouse.launch.backends.local import LocalLauncher
from hothouse.launch.interfaces import Phase

OUTLIVES = ("audit",)
"""The record of who did what tells of apps that are gone, too."""


async def answer_of(url: str | None, path: str = "/") -> str:
    async with session_at(url) as session, session.get(path) as response:
        assert response.status == 200
        return await response.text()


class Visitor:
    """Asks an app again and again, wherever the gateway is told it is; counts answers by their text."""

    def __init__(self, lab: Any, slug: str) -> None:
        self._lab, self._slug = lab, slug
        self.answers: dict[str, int] = {}
        self.failures: list[str] = []

    async def run(self) -> None:
        while True:
            await self._ask(await self._lab.endpoint(self._slug))

    async def _ask(self, endpoint: str | None) -> None:
        if endpoint is None:
            self.failures.append("no endpoint")
            return
        try:
            async with session_at(endpoint) as session, session.get("/") as response:
                text = await response.text()
                self.answers[text] = self.answers.get(text, 0) + 1
        except aiohttp.ClientError as error:
            self.failures.append(repr(error))


@contextlib.asynccontextmanager
async def visiting(lab: Any, slug: str) -> Any:
    visitor = Visitor(lab, slug)
    task = asyncio.create_task(visitor.run())
    try:
        yield visitor
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert visitor.failures == []


class TestDeploy:
    async def test_first_release_serves(self, lab: Any) -> None:
        deployment = await lab.ada.deploy(source("first"))
        assert deployment["state"] == "queued"
        ended = await lab.ada.ended(deployment)
        assert (ended["state"], ended["reason"]) == ("serving", None)
        app = await lab.ada.in_state("first", "running")
        assert app["release"] == 1
        assert app["url"] == "http://first.apps.localhost:8000"
        assert await answer_of(await lab.endpoint("first")) == "one"

    async def test_next_release_replaces_it_without_a_failed_request(self, lab: Any) -> None:
        await lab.ada.served(source("switch", "one"))
        async with visiting(lab, "switch") as visitor:
            await eventually(lambda: visitor.answers.get("one", 0) > 3)
            await lab.ada.served(source("switch", "two"))
            await eventually(lambda: visitor.answers.get("two", 0) > 3)
            app = await lab.database["apps"].find_one({"slug": "switch"})

            async def old_is_gone() -> bool:
                live = await lab.database["workloads"].find({"app_id": app["_id"], "is_live": True}).to_list()
                return len(live) == 1

            await eventually(old_is_gone)
        assert (await lab.ada.app("switch"))["release"] == 2

    @pytest.mark.parametrize(
        ("change", "reason", "line"),
        [
            (
                {"main": "print('no such table: users', flush=True)\nraise SystemExit(1)\n"},
                "exited with code 1",
                "users",
            ),
            (
                {
                    "main": "import time\nprint('thinking', flush=True)\ntime.sleep(60)\n",
                    "health": {"timeout_seconds": 1},
                },
                "did not get ready within 1 seconds: nothing listens on its port",
                "thinking",
            ),
            ({"packages": ["no-such-package-hothouse-tests==1"]}, "no-such-package-hothouse-tests", None),
        ],
        ids=["exits", "never answers", "cannot be built"],
    )
    async def test_bad_release_leaves_the_old_serving(
        self, lab: Any, change: dict[str, Any], reason: str, line: str | None
    ) -> None:
        slug = f"bad-{len(reason)}"
        await lab.ada.served(source(slug, "good"))
        async with visiting(lab, slug) as visitor:
            ended = await lab.ada.ended(await lab.ada.deploy(source(slug, **change)))
            seen = visitor.answers.get("good", 0)
            await eventually(lambda: visitor.answers["good"] > seen + 3)
        assert ended["state"] == "failed"
        assert reason in ended["reason"]
        if line:
            assert line in "\n".join(ended["log_tail"])
        app = await lab.ada.in_state(slug, "running")
        assert app["release"] == 1
        assert app["deployment"]["state"] == "failed"
        releases = (await lab.ada.get(f"/api/v1/apps/{slug}/releases"))["items"]
        assert [one["state"] for one in releases] == ["built" if line else "failed", "built"]
        assert "serving good" in (await lab.ada.client.get(f"/api/v1/apps/{slug}/logs")).text, "the log of what serves"

    async def test_app_without_anything_at_its_root_is_ready(self, lab: Any) -> None:
        await lab.ada.served(source("api-only", main=SERVER.replace("send_response(200)", "send_response(404)")))

    async def test_same_source_twice_is_one_archive(self, lab: Any) -> None:
        files = source("twice")
        first, second = await lab.ada.upload(files), await lab.ada.upload(dict(reversed(files.items())))
        assert first["digest"] == second["digest"]
        objects = list((lab.settings.home / "objects").rglob(f"*{first['digest']}*"))
        assert len(objects) == 1

    async def test_two_people_make_the_same_app_at_once(self, lab: Any) -> None:
        uploads = [await person.upload(source("raced")) for person in (lab.ada, lab.ada, lab.grace)]
        answers = await asyncio.gather(
            *(
                person.client.post(f"/api/v1/uploads/{upload['id']}/deploy", json={})
                for person, upload in zip((lab.ada, lab.ada, lab.grace), uploads, strict=True)
            )
        )
        app = await lab.ada.app("raced")
        by_owner, by_other = (
            (answers[:2], answers[2:]) if app["owner"]["name"] != "Grace" else (answers[2:], answers[:2])
        )
        assert [answer.status_code for answer in by_owner] == [202] * len(by_owner)
        if app["owner"]["name"] != "Grace":  # Ada, an admin, may deploy to Grace's
            assert [answer.json()["type"] for answer in by_other] == ["/problems/slug-taken"]

    async def test_the_newest_of_many_wins(self, lab: Any) -> None:
        await lab.ada.served(source("many", "0"))
        uploads = [await lab.ada.upload(source("many", str(number))) for number in range(1, 5)]
        deployments = await asyncio.gather(
            *(lab.ada.post(f"/api/v1/uploads/{upload['id']}/deploy", json={}) for upload in uploads)
        )
        ended = [await lab.ada.ended(deployment) for deployment in deployments]
        assert sorted(one["state"] for one in ended).count("superseded") == 3, ended
        serving = next(one for one in ended if one["state"] == "serving")
        assert (await lab.ada.in_state("many", "running"))["release"] == serving["release"]
        releases = "/api/v1/apps/many/releases"

        async def none_is_building() -> bool:
            return {one["state"] for one in (await lab.ada.get(releases))["items"]} <= {"built", "uploaded"}

        await eventually(none_is_building, "every release settled")


class TestControl:
    async def test_roll_back(self, lab: Any) -> None:
        await lab.ada.served(source("rolling", "one"))
        refused = await lab.ada.client.post("/api/v1/apps/rolling/rollback")
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/not-now")
        await lab.ada.served(source("rolling", "two"))
        deployment = await lab.ada.ended(await lab.ada.post("/api/v1/apps/rolling/rollback"))
        assert (deployment["kind"], deployment["state"], deployment["release"]) == ("rollback", "serving", 1)
        assert await answer_of(await lab.endpoint("rolling")) == "one"
        any_release = await lab.ada.post("/api/v1/apps/rolling/deploy", json={"release": 2})
        assert (await lab.ada.ended(any_release))["state"] == "serving"
        assert await answer_of(await lab.endpoint("rolling")) == "two"
        diff = await lab.ada.get("/api/v1/apps/rolling/releases/2/diff", params={"against": 1})
        assert diff == {"changes": [], "packages": []}

    async def test_stop_start_restart(self, lab: Any) -> None:
        await lab.ada.served(source("switched", "one"))
        first = (await lab.ada.in_state("switched", "running"))["workload"]["id"]
        await lab.ada.post("/api/v1/apps/switched/stop")
        assert (await lab.ada.in_state("switched", "stopped"))["workload"] is None
        status = await lab.launcher.poll(first)
        assert status is None or status.phase is not Phase.running
        assert await lab.endpoint("switched") is None, "a stopped app is not woken by visitors"
        await lab.ada.post("/api/v1/apps/switched/start")
        second = (await lab.ada.in_state("switched", "running"))["workload"]["id"]
        async with visiting(lab, "switched"):
            ended = await lab.ada.ended(await lab.ada.post("/api/v1/apps/switched/restart"))
        assert (ended["kind"], ended["state"]) == ("restart", "serving")
        third = (await lab.ada.in_state("switched", "running"))["workload"]["id"]
        assert len({first, second, third}) == 3

    async def test_start_after_the_first_deployment_failed(self, lab: Any) -> None:
        ended = await lab.ada.ended(await lab.ada.deploy(source("late", main="raise SystemExit(4)")))
        assert ended["state"] == "failed"
        assert (await lab.ada.in_state("late", "failed"))["reason"].endswith("exited with code 4")
        await lab.ada.post("/api/v1/apps/late/start")
        tries = (await lab.ada.get("/api/v1/apps/late/deployments"))["items"]
        assert len(tries) == 2
        assert (await lab.ada.ended(tries[0]))["state"] == "failed"

    async def test_crash_is_told_and_mended(self, lab: Any) -> None:
        await lab.ada.served(source("crashing"))
        first = (await lab.ada.in_state("crashing", "running"))["workload"]["id"]
        with contextlib.suppress(aiohttp.ClientError):
            await answer_of(await lab.endpoint("crashing"), "/crash")
        failed = await lab.ada.in_state("crashing", "failed")
        assert failed["reason"] == "exited with code 3; try 2 follows by itself"
        again = await lab.ada.in_state("crashing", "running")
        assert again["workload"]["id"] != first
        assert again["workload"]["restarts"] == 1


class TestDelete:
    async def test_nothing_stays(self, lab: Any) -> None:
        await lab.ada.served(source("doomed", "unique to the doomed"))
        app = await lab.database["apps"].find_one({"slug": "doomed"})
        workload = (await lab.ada.app("doomed"))["workload"]["id"]
        await lab.client[app["database"]]["things"].insert_one({"precious": True})
        user = f"{app['database']}.own"
        await lab.client.admin.command({"createUser": user, "pwd": "p", "roles": [], "mechanisms": ["SCRAM-SHA-256"]})
        digest = (await lab.ada.get("/api/v1/apps/doomed/releases"))["items"][0]["digest"]
        pid = (await lab.launcher.poll(workload)).pid
        await lab.database["sessions"].insert_one({"_id": "on its origin", "app_id": app["_id"], "user_id": "x"})
        await lab.database["uploads"].delete_many({"digest": digest})

        refused = await lab.ada.client.delete("/api/v1/apps/doomed", params={"confirm": "doom"})
        assert (refused.status_code, refused.json()["type"]) == (422, "/problems/deletion-not-confirmed")
        await lab.ada.delete("doomed")

        await lab.ada.get("/api/v1/apps/doomed", 404)
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
        assert await lab.launcher.poll(workload) is None
        home = lab.settings.home
        left = [
            str(path) for path in home.rglob("*") if any(word in path.name for word in (app["_id"], workload, digest))
        ]
        assert left == []
        assert app["database"] not in await lab.client.list_database_names()
        assert (await lab.client.admin.command({"usersInfo": user}))["users"] == []
        assert await mentions(lab.database, app["_id"]) == []

    async def test_what_others_need_stays(self, lab: Any) -> None:
        files = {"main.py": source("shared-one")["main.py"]}
        for slug in ("shared-one", "shared-two"):
            upload = await lab.ada.upload(files)
            deployment = await lab.ada.post(
                f"/api/v1/uploads/{upload['id']}/deploy",
                json={"manifest": manifest(slug)},
            )
            assert (await lab.ada.ended(deployment))["state"] == "serving"
        await lab.database["uploads"].delete_many({})
        await lab.ada.delete("shared-one")
        assert (await lab.ada.client.get("/api/v1/apps/shared-two/releases/1/source")).status_code == 200

    async def test_during_the_build(self, lab: Any) -> None:
        """A build that waits for a package index which never answers goes too, with its process."""

        async def never(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            asked.set()
            await is_over.wait()
            writer.close()

        asked, is_over = asyncio.Event(), asyncio.Event()
        index = await asyncio.start_server(never, "127.0.0.1", 0)
        port = index.sockets[0].getsockname()[1]
        files = source("unbuilt", requirements="requirements.txt")
        files["requirements.txt"] = f"--index-url http://127.0.0.1:{port}/simple\nsome-package\n"
        deployment = await lab.ada.deploy(files)
        app = await lab.database["apps"].find_one({"slug": "unbuilt"})
        await asyncio.wait_for(asked.wait(), 15)
        assert (await lab.ada.get(f"/api/v1/deployments/{deployment['id']}"))["state"] == "building"
        status = next(iter(await LocalLauncher(lab.settings.home / "builds", lab.hub.state.isolation).adopt()))
        assert status.phase is Phase.running
        await lab.ada.delete("unbuilt")
        is_over.set()
        index.close()
        with pytest.raises(ProcessLookupError):
            os.kill(status.pid or 0, 0)
        assert await mentions(lab.database, app["_id"]) == []
        assert [str(path) for path in lab.settings.home.rglob(f"*{app['_id']}*")] == []

    async def test_then_made_again(self, lab: Any) -> None:
        await lab.ada.served(source("phoenix", "one"))
        before = await lab.database["apps"].find_one({"slug": "phoenix"})
        await lab.ada.delete("phoenix")
        await lab.ada.served(source("phoenix", "two"))
        after = await lab.database["apps"].find_one({"slug": "phoenix"})
        assert after["release"] == 1
        assert after["database"] != before["database"]
        assert after["uid_offset"] != before["uid_offset"]


async def mentions(database: Any, app_id: str) -> list[str]:
    """Return every document of every collection that has the id of an app anywhere in it."""
    return [
        f"{name}: {document!r}"
        for name in await database.list_collection_names()
        if name not in OUTLIVES
        async for document in database[name].find()
        if app_id in repr(document)
    ]
