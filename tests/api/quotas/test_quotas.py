"""Quotas: what counts for whom, and what is refused where."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from tests.support.apps_api import AppsApi, source
from tests.support.command_watch import COMMANDS
from tests.support.lab import gateway_of
from tests.support.queueing import MIB, QueueDesk, queue_lab
from tests.support.waiting import eventually

from hothouse.broker.credentials import CredentialStore
from hothouse.broker.limits import Limits

GIB = 2**30
OURS = ("quotas", "broker_quotas", "apps", "releases", "deployments", "environments", "workspaces", "data_usage")


@pytest.fixture(scope="module")
async def desk(mongodb_uri: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[QueueDesk]:
    """A lab with plenty of room, in which apps are never built; its queries are watched."""
    home: Path = tmp_path_factory.mktemp("quotas") / "home"
    async with queue_lab(mongodb_uri, home, memory_mib=100_000) as lab, lab.hub() as desk:
        await desk.prepare()
        plenty = await desk.ada.client.put(
            f"/api/v1/tiers/given/{await desk.ada.subject('grace@example.org')}", json={"tier": "plenty"}
        )
        assert plenty.is_success
        COMMANDS.database = lab.database.name
        yield desk
        COMMANDS.database = None


class Lab:
    """What a test does as Ada, who is the admin, and as Grace."""

    def __init__(self, desk: QueueDesk, ada: str, grace: str) -> None:
        self.desk, self.ada, self.grace = desk, ada, grace

    async def limit(self, subject: str, **limits: float) -> dict[str, Any]:
        answer = await self.desk.ada.client.put(f"/api/v1/quotas/{subject}", json=limits)
        assert answer.status_code == 200, answer.text
        shown: dict[str, Any] = answer.json()
        return shown

    async def group(self, name: str, *members: str) -> str:
        made = await self.desk.ada.post("/api/v1/groups", 201, json={"name": name})
        for member in members:
            path = f"/api/v1/groups/{made['id']}/members/{member}"
            assert (await self.desk.ada.client.put(path, json={"is_manager": False})).is_success
        return f"group:{made['id']}"

    async def deploy(self, slug: str, who: AppsApi | None = None, **manifest: Any) -> httpx2.Response:
        api = who or self.desk.grace
        upload = await api.upload(source(slug, **manifest))
        return await api.client.post(f"/api/v1/uploads/{upload['id']}/deploy", json={})

    async def start(self, name: str, **more: Any) -> httpx2.Response:
        body = {"template": "quick", "name": name, "env": {"NAME": name}} | more
        return await self.desk.grace.client.post("/api/v1/environments", json=body)

    async def pretend_served(self, slug: str, **fields: Any) -> str:
        """Have an app be one that served: nothing is built here. Returns its id."""
        apps = self.desk.lab.database["apps"]
        await apps.update_one({"slugs": slug}, {"$set": {"release": 1, **fields}})
        found = await apps.find_one({"slugs": slug})
        assert found is not None
        return str(found["_id"])

    async def clear(self) -> None:
        for one in (await self.desk.ada.get("/api/v1/quotas"))["items"]:
            await self.desk.ada.client.delete(f"/api/v1/quotas/{one['subject']['subject']}")
        for one in (await self.desk.grace.get("/api/v1/environments"))["items"]:
            await self.desk.grace.client.delete(f"/api/v1/environments/{one['slug']}", params={"confirm": one["slug"]})
        for collection in ("apps", "deployments", "releases"):  # none was ever built, so nothing else is left
            await self.desk.lab.database[collection].delete_many({})


@pytest.fixture
async def lab(desk: QueueDesk) -> AsyncIterator[Lab]:
    """A lab without quotas, apps and environments, at first."""
    made = Lab(desk, await desk.ada.subject("ada@example.org"), await desk.ada.subject("grace@example.org"))
    async with AsyncExitStack() as stack:
        stack.push_async_callback(made.clear)
        yield made


def refused(answer: httpx2.Response) -> str:
    """Return what somebody is told whom a quota stopped."""
    assert answer.status_code == 409, answer.text
    problem = answer.json()
    assert problem["type"] == "/problems/quota-reached", problem
    return str(problem["detail"])


class TestApps:
    async def test_number(self, lab: Lab) -> None:
        await lab.limit(lab.grace, apps=1)
        assert (await lab.deploy("first")).status_code == 202
        assert refused(await lab.deploy("second")) == (
            "Your quota allows 1 app. 1 app is taken by First, and this needs 1 app more. Delete an app, or ask an "
            "admin for a larger quota."
        )
        assert (await lab.desk.grace.client.get("/api/v1/apps/second")).status_code == 404
        assert (await lab.deploy("first", version="two")).status_code == 202

    async def test_last_one_is_had_once(self, lab: Lab) -> None:
        await lab.limit(lab.grace, apps=2)
        answers = await asyncio.gather(*(lab.deploy(f"at-once-{number}") for number in range(4)))
        assert sorted(answer.status_code for answer in answers) == [202, 202, 409, 409]

    async def test_running(self, lab: Lab) -> None:
        for slug in ("runs", "stopped"):
            assert (await lab.deploy(slug)).status_code == 202
            await lab.pretend_served(slug)
        await lab.desk.grace.post("/api/v1/apps/stopped/stop")
        await lab.limit(lab.grace, apps_running=1)
        for verb in ("start", "restart"):
            assert "allows 1 running app" in refused(await lab.desk.grace.client.post(f"/api/v1/apps/stopped/{verb}"))
        assert "Runs" in refused(await lab.deploy("stopped", version="two"))
        await lab.desk.grace.post("/api/v1/apps/runs/restart")
        await lab.desk.grace.post("/api/v1/apps/runs/stop")
        await lab.desk.grace.post("/api/v1/apps/stopped/start")

    async def test_waking(self, lab: Lab) -> None:
        for slug in ("awake", "asleep"):
            assert (await lab.deploy(slug)).status_code == 202
        app_id = await lab.pretend_served("asleep", is_asleep=True, deployment_id=None)
        await lab.limit(lab.grace, apps_running=1)
        async with gateway_of(lab.desk.app) as gateway:
            detail = refused(await gateway.post(f"/internal/v1/apps/{app_id}/wake"))
            assert detail.startswith("The quota of its owner allows 1 running app.")
            assert "Awake" not in detail
            await lab.desk.grace.post("/api/v1/apps/awake/stop")
            assert (await gateway.post(f"/internal/v1/apps/{app_id}/wake")).status_code == 202

    async def test_an_update_asks_for_what_is_more(self, lab: Lab) -> None:
        size = {"cpu": 1, "memory": "512MiB"}
        assert (await lab.deploy("grows", resources=size)).status_code == 202
        await lab.limit(lab.grace, memory_bytes=768 * MIB, cpu=1)
        assert (await lab.deploy("grows", resources=size)).status_code == 202
        detail = refused(await lab.deploy("grows", resources=size | {"memory": "1GiB"}))
        assert "768 MiB of memory. 512 MiB of memory are taken by Grows, and this needs 512 MiB" in detail

    async def test_one_without_a_limit_of_cores_counts_as_one(self, lab: Lab) -> None:
        await lab.limit(lab.grace, cpu=1.5)
        assert (await lab.deploy("open-ended")).status_code == 202
        assert "1.5 cores. 1 core is taken" in refused(await lab.deploy("another"))

    async def test_of_somebody_else_tells_nothing_of_their_quota(self, lab: Lab) -> None:
        assert (await lab.deploy("secret-plan")).status_code == 202
        await lab.limit(lab.grace, apps=0, apps_running=0)
        stranger = {"name": "Mary", "email": "mary@example.org", "password": "star gazing at night"}
        await lab.desk.ada.client.post("/api/v1/users", json=stranger)
        async with httpx2.AsyncClient(
            transport=httpx2.ASGITransport(lab.desk.app), base_url="http://localhost:8000"
        ) as client:
            await client.post("/api/v1/auth/login", json={key: stranger[key] for key in ("email", "password")})
            answer = await lab.deploy("secret-plan", AppsApi(client))
        assert answer.json()["type"] == "/problems/slug-taken"


class TestEnvironments:
    async def test_number_of_running(self, lab: Lab) -> None:
        await lab.limit(lab.grace, environments=1)
        first = (await lab.start("one")).json()
        assert "1 running environment is taken by one" in refused(await lab.start("two"))
        assert (await lab.start("one")).status_code == 200
        await lab.desk.grace.post(f"/api/v1/environments/{first['slug']}/restart")
        await lab.desk.grace.post(f"/api/v1/environments/{first['slug']}/stop")
        assert (await lab.start("two")).status_code == 201
        refused(await lab.desk.grace.client.post(f"/api/v1/environments/{first['slug']}/start"))

    async def test_memory_together_with_apps(self, lab: Lab) -> None:
        await lab.limit(lab.grace, memory_bytes=600 * MIB)
        assert (await lab.start("notebook")).status_code == 201
        assert (await lab.deploy("takes", resources={"memory": "450MiB"})).status_code == 202
        detail = refused(await lab.start("more"))
        assert "550 MiB of memory are taken by Takes and notebook" in detail

    async def test_one_that_runs_is_not_made_larger(self, lab: Lab) -> None:
        made = (await lab.start("large")).json()
        await lab.limit(lab.grace, cpu=1)
        path, size = f"/api/v1/environments/{made['slug']}", {"cpu": 0.5, "memory_bytes": 100 * MIB}
        assert (await lab.desk.grace.client.patch(path, json={"size": size | {"cpu": 1}})).is_success
        detail = refused(await lab.desk.grace.client.patch(path, json={"size": size | {"cpu": 1.5}}))
        assert "1 core is taken by large, and this needs 0.5 cores more" in detail


class TestGroups:
    async def test_share_theirs_and_others_are_not_named(self, lab: Lab) -> None:
        observers = await lab.group("Observers", lab.ada, lab.grace)
        await lab.limit(observers, apps=2)
        assert (await lab.deploy("telescope", lab.desk.ada)).status_code == 202
        assert (await lab.deploy("mine")).status_code == 202
        detail = refused(await lab.deploy("third"))
        assert detail.startswith('The quota of the group "Observers", which its members share, allows 2 apps.')
        assert "taken by Mine and 1 of others" in detail

    async def test_tightest_is_told(self, lab: Lab) -> None:
        wide, narrow = await lab.group("Wide", lab.grace), await lab.group("Narrow", lab.grace)
        for subject, apps in ((wide, 1), (narrow, 0), (lab.grace, 2)):
            await lab.limit(subject, apps=apps)
        assert 'the group "Narrow"' in refused(await lab.deploy("first"))

    async def test_groups_in_groups_count(self, lab: Lab) -> None:
        outer = await lab.group("Outer", await lab.group("Inner", lab.grace))
        await lab.limit(outer, apps=0)
        refused(await lab.deploy("first"))


class TestEveryone:
    async def test_holds_for_each_by_themselves(self, lab: Lab) -> None:
        await lab.limit("signed-in", apps=1)
        assert (await lab.deploy("of-ada", lab.desk.ada)).status_code == 202
        assert (await lab.deploy("of-grace")).status_code == 202
        refused(await lab.deploy("another"))

    async def test_does_not_hold_for_who_has_a_quota_of_their_own(self, lab: Lab) -> None:
        await lab.limit("signed-in", apps=0)
        refused(await lab.deploy("first"))
        await lab.limit(lab.grace)
        assert (await lab.deploy("first")).status_code == 202


class TestDisk:
    async def test_full_one_gets_no_more(self, lab: Lab) -> None:
        (home,) = (await lab.desk.grace.get("/api/v1/workspaces"))["items"]
        base = f"/api/v1/workspaces/{home['id']}"
        used = (await lab.desk.grace.get("/api/v1/quotas/mine"))["used"]["disk_bytes"]
        await lab.limit(lab.grace, disk_bytes=used + MIB)
        client = lab.desk.grace.client
        texts = [{"path": f"file-{number}", "text": "x" * 600 * 1024} for number in range(3)]
        answers = await asyncio.gather(*(client.put(f"{base}/files/text", json=one) for one in texts))
        assert sorted(answer.is_success for answer in answers) == [False, False, True]
        assert "Delete files, and empty the bin" in refused(next(one for one in answers if not one.is_success))
        refused(await client.post(f"{base}/uploads", json={"path": "big", "size": MIB}))
        await lab.limit(lab.grace, disk_bytes=used)
        refused(await client.post("/api/v1/workspaces", json={"name": "Another"}))
        refused(await client.post(f"{base}/clone", json={"name": "Copy"}))
        refused(await lab.start("in a new one", new_workspace="Third"))
        refused(await lab.deploy("first"))

    @pytest.mark.parametrize(("more", "most"), [(GIB, 4 * GIB), (-GIB, 3 * GIB + 256 * MIB)])
    async def test_an_environment_writes_what_is_left_and_may_always_tidy(self, lab: Lab, more: int, most: int) -> None:
        made = await lab.desk.grace.post("/api/v1/workspaces", 201, json={"name": f"With {more}"})
        size = {"bytes": 3 * GIB, "files": 1, "is_whole": True, "measured_at": datetime.now(UTC)}
        await lab.desk.lab.database["workspaces"].update_one({"_id": made["id"]}, {"$set": {"size": size}})
        used = (await lab.desk.grace.get("/api/v1/quotas/mine"))["used"]["disk_bytes"]
        await lab.limit(lab.grace, disk_bytes=used + more)
        assert (await lab.start(f"writes {more}", workspace_id=made["id"])).status_code == 201
        launcher = lab.desk.lab.launcher

        async def started() -> Any:
            return next((one for one in launcher.specs.values() if one.env["NAME"] == f"writes {more}"), None)

        assert (await eventually(started, "the start")).limits.disk_bytes == most


class TestDatabases:
    async def test_take_what_others_leave(self, lab: Lab) -> None:
        databases = {}
        for slug, size in (("large", 700), ("small", 100)):
            assert (await lab.deploy(slug)).status_code == 202
            found = await lab.desk.lab.database["apps"].find_one({"slugs": slug})
            databases[slug] = found["database"]
            storage = {"bytes": size * MIB, "written_since": 0}
            await lab.desk.lab.database["data_usage"].update_one(
                {"_id": found["database"]}, {"$set": {"storage": storage}}, upsert=True
            )
        group = await lab.group("Readers", lab.grace)
        await lab.limit(lab.grace, database_bytes=GIB)
        await lab.limit(group, database_bytes=900 * MIB)
        look, store = lab.desk.app.state.quotas.databases.look, CredentialStore(lab.desk.lab.database)
        await look()
        await store.issue(workload_id="w-small", database=databases["small"], limits=Limits(storage_bytes=GIB))
        standing = (await store.standing(["w-small"]))["w-small"]
        assert standing.limits.storage_bytes == 200 * MIB
        assert standing.limits.storage_by == 'the quota of the group "Readers"'
        shown = (await lab.desk.grace.get("/api/v1/apps/small/data"))["storage"]
        assert (shown["allowed_bytes"], shown["allowed_by"]) == (200 * MIB, standing.limits.storage_by)
        for subject in (lab.grace, group):
            assert (await lab.desk.ada.client.delete(f"/api/v1/quotas/{subject}")).status_code == 204
        await look()
        known = await store.find("w-small")
        assert known is not None
        assert known.limits == Limits(storage_bytes=GIB)
        await store.revoke("w-small")


class TestSetting:
    async def test_lists_what_is_used(self, lab: Lab) -> None:
        group = await lab.group("Makers", lab.ada, lab.grace)
        for subject in ("signed-in", group, lab.grace):
            await lab.limit(subject, apps=3, memory_bytes=4 * GIB)
        assert (await lab.deploy("one")).status_code == 202
        assert (await lab.deploy("other", lab.desk.ada)).status_code == 202
        listed = {one["subject"]["subject"]: one for one in (await lab.desk.ada.get("/api/v1/quotas"))["items"]}
        assert list(listed) == ["signed-in", group, lab.grace]
        assert [one["used"] and one["used"]["apps"] for one in listed.values()] == [None, 2, 1]
        assert listed[group]["used"]["memory_bytes"] == 2 * GIB
        shown = await lab.desk.ada.get(f"/api/v1/quotas/{group}")
        assert {(one["name"], one["owner"]["name"]) for one in shown["holdings"] if one["kind"] == "app"} == {
            ("One", "Grace"),
            ("Other", "Ada"),
        }

    async def test_mine_names_nothing_of_others(self, lab: Lab) -> None:
        group = await lab.group("Thinkers", lab.ada, lab.grace)
        await lab.limit(group, apps=3)
        assert (await lab.deploy("hers")).status_code == 202
        assert (await lab.deploy("his", lab.desk.ada)).status_code == 202
        answer = await lab.desk.grace.client.get("/api/v1/quotas/mine")
        mine = answer.json()
        (quota,) = mine["quotas"]
        assert (quota["subject"]["name"], quota["used"]["apps"], mine["used"]["apps"]) == ("Thinkers", 2, 1)
        assert "His" not in answer.text

    async def test_without_one_says_what_is_used(self, lab: Lab) -> None:
        assert (await lab.deploy("free")).status_code == 202
        shown = await lab.desk.ada.get(f"/api/v1/quotas/{lab.grace}")
        assert (shown["is_set"], shown["used"]["apps"]) == (False, 1)
        assert (await lab.desk.ada.client.delete(f"/api/v1/quotas/{lab.grace}")).status_code == 404

    async def test_of_nobody_is_refused(self, lab: Lab) -> None:
        assert (await lab.desk.ada.client.get("/api/v1/quotas/user:nobody")).status_code == 404
        for subject, status in (("user:nobody", 422), ("app:x", 422), ("anyone", 422)):
            answer = await lab.desk.ada.client.put(f"/api/v1/quotas/{subject}", json={"apps": 1})
            assert answer.status_code == status, subject

    async def test_changes_are_on_record(self, lab: Lab) -> None:
        await lab.limit(lab.grace, apps=3, cpu=2)
        await lab.limit(lab.grace, apps=4)
        await lab.desk.ada.client.delete(f"/api/v1/quotas/{lab.grace}")
        entries = (await lab.desk.ada.get("/api/v1/audit", params={"action": "quotas.put"}))["items"]
        assert (entries[0]["before"], entries[0]["after"]) == ({"apps": 3, "cpu": 2}, {"apps": 4, "cpu": None})
        (removed, *_) = (await lab.desk.ada.get("/api/v1/audit", params={"action": "quotas.delete"}))["items"]
        assert removed["before"] == {"apps": 4}


class TestQueries:
    async def test_every_query_uses_an_index(self, lab: Lab) -> None:
        seen = [one for one in COMMANDS.seen.values() if one[1] in OURS and one[0] == "find"]
        assert {collection for _, collection, _, _ in seen} == set(OURS)
        slow = [one for one in seen if not await is_served(lab.desk, *one[1:])]
        assert slow == []


async def scans(desk: QueueDesk, collection: str, query: dict[str, Any], sort: dict[str, Any]) -> bool:
    command = {"find": collection, "filter": query, **({"sort": sort} if sort else {})}
    plan = await desk.lab.database.command({"explain": command, "verbosity": "queryPlanner"})
    return "COLLSCAN" in repr(plan["queryPlanner"]["winningPlan"])


async def is_served(desk: QueueDesk, collection: str, query: dict[str, Any], sort: dict[str, Any]) -> bool:
    """Tell whether an index finds what is asked for; the embedded server explains a query by `_id` as a scan."""
    if "_id" in query or not await scans(desk, collection, query, sort):
        return True
    equalities = {key: value for key, value in query.items() if not isinstance(value, dict) or "$in" in value}
    return any([not await scans(desk, collection, {key: value}, {}) for key, value in equalities.items()])


class TestHandingOver:
    """What somebody gets from somebody else has to find room like what they make."""

    @pytest.fixture
    async def environment(self, lab: Lab) -> str:
        started = await lab.start("Mine")
        assert started.status_code == 201, started.text
        return str(started.json()["slug"])

    async def give(self, lab: Lab, kind: str, name: str, who: AppsApi, to: str) -> httpx2.Response:
        return await who.client.post(f"/api/v1/access/{kind}/{name}/hand-over", json={"user_id": _id(to)})

    async def test_app(self, lab: Lab) -> None:
        assert (await lab.deploy("gift")).status_code == 202
        await lab.limit(lab.ada, apps=0)
        assert refused(await self.give(lab, "app", "gift", lab.desk.grace, lab.ada)) == (
            "The quota of its new owner allows 0 apps. 0 apps are taken, and this needs 1 app more. Delete an app, or "
            "ask an admin for a larger quota."
        )
        assert (await lab.desk.grace.get("/api/v1/apps/gift"))["owner"]["id"] == _id(lab.grace)
        assert refused(await self.give(lab, "app", "gift", lab.desk.ada, lab.ada)).startswith("Your quota allows 0")
        await lab.limit(lab.ada, apps=1)
        assert (await self.give(lab, "app", "gift", lab.desk.grace, lab.ada)).status_code == 204

    async def test_environment(self, lab: Lab, environment: str) -> None:
        await lab.limit(lab.ada, environments=5, memory_bytes=MIB)
        told = refused(await self.give(lab, "environment", environment, lab.desk.grace, lab.ada))
        assert "allows 1 MiB of memory" in told
        assert "MiB of memory more" in told

    async def test_workspace(self, lab: Lab, environment: str) -> None:
        workspaces = lab.desk.lab.database["workspaces"]
        shown = await lab.desk.grace.get(f"/api/v1/environments/{environment}")
        await workspaces.update_one(
            {"_id": shown["workspace_id"]}, {"$set": {"size": {"bytes": GIB, "measured_at": datetime.now(UTC)}}}
        )
        await lab.limit(lab.ada, disk_bytes=GIB // 2)
        path = f"/api/v1/users/{_id(lab.grace)}/hand-over"  # a workspace is handed over with the rest alone
        told = refused(await lab.desk.ada.client.post(path, json={"to_user_id": _id(lab.ada)}))
        assert told.startswith("Your quota allows 512 MiB of disk.")
        assert "GiB of disk more" in told

    async def test_within_a_group_that_shares_it(self, lab: Lab) -> None:
        assert (await lab.deploy("shared")).status_code == 202
        await lab.limit(await lab.group("Sharers", lab.ada, lab.grace), apps=1)
        assert (await self.give(lab, "app", "shared", lab.desk.grace, lab.ada)).status_code == 204

    async def test_everything_at_once_or_nothing(self, lab: Lab) -> None:
        for slug in ("one", "two"):
            assert (await lab.deploy(slug)).status_code == 202
        await lab.limit(lab.ada, apps=1)
        path = f"/api/v1/users/{_id(lab.grace)}/hand-over"
        told = refused(await lab.desk.ada.client.post(path, json={"to_user_id": _id(lab.ada)}))
        assert "needs 2 apps more" in told
        for slug in ("one", "two"):
            assert (await lab.desk.grace.get(f"/api/v1/apps/{slug}"))["owner"]["id"] == _id(lab.grace)


def _id(subject: str) -> str:
    return subject.removeprefix("user:")
