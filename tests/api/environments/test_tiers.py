"""Tiers, and everything that runs as admins see it: what counts for whom, and what is done with it."""

import asyncio
import csv
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from tests.support.command_watch import COMMANDS
from tests.support.queueing import MIB, PLENTY, QueueDesk, queue_lab

from hothouse.launch.levels import grade

SMALL = {"title": "Small", "rank": 15, "environments": 2, "cpu": 1, "memory_bytes": 200 * MIB, "gpus": 0}
OURS = ("tiers", "given_tiers", "usage_history", "notices", "environments")


@pytest.fixture(scope="module")
async def desk(mongodb_uri: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[QueueDesk]:
    """A lab with plenty of room; its queries are watched."""
    home: Path = tmp_path_factory.mktemp("tiers") / "home"
    async with queue_lab(mongodb_uri, home, memory_mib=100_000) as lab:
        lab.settings.hub.metrics = "127.0.0.1:0"
        async with lab.hub() as desk:
            await desk.prepare()
            COMMANDS.database = lab.database.name
            yield desk
            COMMANDS.database = None


async def user_id(desk: QueueDesk, name: str) -> str:
    found = await desk.lab.database["users"].find_one({"email": f"{name}@example.org"})
    assert found is not None
    return str(found["_id"])


async def give(desk: QueueDesk, subject: str, tier: str | None) -> httpx2.Response:
    return await desk.ada.client.put(f"/api/v1/tiers/given/{subject}", json={"tier": tier})


@pytest.fixture
async def small(desk: QueueDesk) -> AsyncIterator[str]:
    """Grace has a tier of her own, and nothing runs."""
    assert (await desk.ada.client.put("/api/v1/tiers/small", json=SMALL)).is_success
    subject = f"user:{await user_id(desk, 'grace')}"
    assert (await give(desk, subject, "small")).is_success
    yield subject
    await give(desk, subject, None)
    for one in (await desk.grace.get("/api/v1/environments"))["items"]:
        await desk.grace.client.delete(f"/api/v1/environments/{one['slug']}", params={"confirm": one["slug"]})


async def start(desk: QueueDesk, name: str, **more: Any) -> httpx2.Response:
    body = {"template": "quick", "name": name, "env": {"NAME": name}} | more
    return await desk.grace.client.post("/api/v1/environments", json=body)


class TestLevels:
    async def test_what_is_asked_of_each_kind_of_code(self, desk: QueueDesk, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(desk.lab.settings.launch, "minimum_levels", {"environments": "good"})
        context = desk.app.state.environments.context
        before = context.isolation
        object.__setattr__(context, "isolation", grade("process", ()))
        try:
            told = await desk.ada.get("/api/v1/admin/isolation")
            refused = await start(desk, "weak")
        finally:
            object.__setattr__(context, "isolation", before)
        assert told["machine"]["level"] == "weak"
        kinds = {one["code"]: (one["minimum"], one["is_refused"], one["are_images_refused"]) for one in told["kinds"]}
        assert kinds == {
            "apps": ("weak", False, False),
            "environments": ("good", True, True),
            "builds": ("weak", False, False),
        }
        assert refused.status_code == 422
        assert "level good or better, and on this machine environments run at weak" in refused.json()["detail"]


class TestTiers:
    async def test_shipped_are_listed_by_rank(self, desk: QueueDesk) -> None:
        listed = [one["tier"] for one in (await desk.ada.get("/api/v1/tiers"))["items"] if one["is_shipped"]]
        assert listed == ["free", "basic", "premium", "enterprise"]

    async def test_default_counts_for_who_was_given_none(self, desk: QueueDesk) -> None:
        mine = await desk.grace.get("/api/v1/tiers/mine")
        assert (mine["tier"]["tier"], mine["tier"]["is_default"]) == ("basic", True)

    async def test_the_best_of_own_and_groups_counts(self, desk: QueueDesk, small: str) -> None:
        group = await desk.ada.post("/api/v1/groups", 201, json={"name": "Observers"})
        member = await desk.ada.client.put(f"/api/v1/groups/{group['id']}/members/{small}", json={"is_manager": False})
        assert member.is_success
        for tier, counts in (("free", "small"), ("premium", "premium"), (None, "small")):
            assert (await give(desk, f"group:{group['id']}", tier)).is_success
            assert (await desk.grace.get("/api/v1/tiers/mine"))["tier"]["tier"] == counts

    async def test_one_that_somebody_has_stays(self, desk: QueueDesk, small: str) -> None:
        assert (await desk.ada.client.delete("/api/v1/tiers/small")).status_code == 409
        assert (await desk.ada.client.delete("/api/v1/tiers/basic")).status_code == 409
        assert (await desk.ada.client.delete("/api/v1/tiers/none")).status_code == 404
        assert {"small", "plenty"} <= {one["tier"] for one in (await desk.ada.get("/api/v1/tiers/given"))["items"]}
        await give(desk, small, None)
        assert (await desk.ada.client.delete("/api/v1/tiers/small")).status_code == 204

    async def test_one_that_is_not_there_is_given_to_nobody(self, desk: QueueDesk, small: str) -> None:
        assert (await give(desk, small, "none")).status_code == 404
        assert (await give(desk, "user:nobody", "basic")).status_code == 422

    async def test_changes_are_on_record(self, desk: QueueDesk) -> None:
        await desk.ada.client.put("/api/v1/tiers/plenty", json=PLENTY | {"environments": 201})
        entries = (await desk.ada.get("/api/v1/audit", params={"action": "tiers.put"}))["items"]
        assert entries[0]["after"] == {"environments": 201}


class TestLimits:
    @pytest.mark.parametrize(
        ("size", "pointer", "allowed"),
        [
            ({"cpu": 2, "memory_bytes": 100 * MIB}, "/size/cpu", "1 cores"),
            ({"cpu": 1, "memory_bytes": 300 * MIB}, "/size/memory_bytes", "200 MiB"),
            ({"cpu": 1, "memory_bytes": 100 * MIB, "gpus": 1}, "/size/gpus", "0 GPUs"),
        ],
    )
    async def test_of_size(self, desk: QueueDesk, small: str, size: dict[str, Any], pointer: str, allowed: str) -> None:
        del small
        refused = await start(desk, "Large", size=size)
        assert refused.status_code == 422
        (error,) = refused.json()["errors"]
        assert error["pointer"] == pointer
        assert f'The tier "Small" allows {allowed}' in error["message"]
        assert "ask an admin" in error["message"]

    async def test_of_number_with_clicks_at_once(self, desk: QueueDesk, small: str) -> None:
        del small
        answers = await asyncio.gather(*(start(desk, f"n{number}") for number in range(5)))
        assert sorted(answer.status_code for answer in answers) == [201, 201, 409, 409, 409]
        refused = next(answer.json() for answer in answers if answer.status_code == 409)
        assert refused["type"] == "/problems/environment-limit-reached"
        assert "allows 2 environments at once" in refused["detail"]
        assert (await desk.grace.get("/api/v1/tiers/mine"))["running"] == 2

    async def test_of_number_when_a_stopped_one_is_started(self, desk: QueueDesk, small: str) -> None:
        del small
        first = (await start(desk, "s0")).json()
        await desk.grace.post(f"/api/v1/environments/{first['slug']}/stop")
        for name in ("s1", "s2"):
            assert (await start(desk, name)).status_code == 201
        for verb in ("start", "restart"):
            assert (await desk.grace.client.post(f"/api/v1/environments/{first['slug']}/{verb}")).status_code == 409
        assert (await start(desk, "s0")).status_code == 409

    async def test_of_disk(self, desk: QueueDesk, small: str) -> None:
        assert (await desk.ada.client.put("/api/v1/tiers/small", json=SMALL | {"disk_bytes": 7 * MIB})).is_success
        made = await desk.grace.post("/api/v1/workspaces", 201, json={"name": f"For {small}"[:50]})
        assert made["quota_bytes"] == 7 * MIB


class TestRunning:
    async def test_lists_stops_and_extends(self, desk: QueueDesk) -> None:
        made = await desk.made("listed")
        await desk.in_state(made, "running")
        one = await found(desk, "listed")
        assert (one["kind"], one["owner"]["email"], one["template"]) == ("environment", "ada@example.org", "Quick")
        assert one["promised"] == {"cpu": 0.5, "memory_bytes": 100 * MIB, "gpus": 0}
        extended = await desk.ada.client.post(f"/api/v1/admin/workloads/{one['id']}/extend", json={"hours": 2})
        assert extended.status_code == 204
        assert (await desk.document(made))["kept_until"] is not None
        assert (await desk.ada.client.post(f"/api/v1/admin/workloads/{one['id']}/stop")).status_code == 204
        await desk.in_state(made, "stopped")
        assert (await desk.ada.client.post(f"/api/v1/admin/workloads/{one['id']}/stop")).status_code == 404

    async def test_a_message_reaches_its_owner_alone(self, desk: QueueDesk, small: str) -> None:
        del small
        made = (await start(desk, "told")).json()
        await desk.in_state(made, "running")
        path = f"/api/v1/admin/workloads/{(await found(desk, 'told'))['id']}/message"
        assert (await desk.grace.client.post(path, json={"text": "x"})).status_code == 404
        assert (await desk.ada.client.post(path, json={"text": "Please stop this tonight."})).status_code == 204
        (notice,) = (await desk.grace.get("/api/v1/account/notices"))["items"]
        assert (notice["text"], notice["about"]) == ("Please stop this tonight.", "told")
        assert (await desk.ada.get("/api/v1/account/notices"))["items"] == []
        mine = f"/api/v1/account/notices/{notice['id']}"
        assert (await desk.ada.client.delete(mine)).status_code == 404
        assert (await desk.grace.client.delete(mine)).status_code == 204
        assert (await desk.grace.get("/api/v1/account/notices"))["items"] == []


async def found(desk: QueueDesk, name: str) -> dict[str, Any]:
    """Return what runs of that name."""
    listed = (await desk.ada.get("/api/v1/admin/workloads"))["items"]
    one: dict[str, Any] = next(one for one in listed if one["name"] == name)
    return one


class TestUsage:
    async def test_is_noted_by_person_and_template(self, desk: QueueDesk) -> None:
        made = await desk.made("=1+1")
        await desk.in_state(made, "running")
        await desk.app.state.running.history.sample()
        for by, name in (("person", "Ada"), ("what", "Quick")):
            series = (await desk.ada.get("/api/v1/admin/usage", params={"by": by, "grain": "minute"}))["items"]
            one = next(one for one in series if name.lower() in one["name"].lower() or by == "person")
            assert sum(point["workload_hours"] for point in one["points"]) > 0
        answer = await desk.ada.client.get("/api/v1/admin/usage.csv")
        rows = list(csv.DictReader(io.StringIO(answer.text)))
        assert {row["what"] for row in rows} == {"Quick"}
        assert "ada@example.org" in {row["email"] for row in rows}
        capacity = await desk.ada.get("/api/v1/admin/capacity")
        assert capacity["memory_bytes"] == 100_000 * MIB
        assert capacity["points"][-1]["running"] >= 1

    async def test_names_are_no_formulas(self, desk: QueueDesk) -> None:
        await desk.lab.database["usage_history"].update_many(
            {"grain": "hour", "kind": "use"}, {"$set": {"name": "=cmd()"}}
        )
        rows = list(csv.DictReader(io.StringIO((await desk.ada.client.get("/api/v1/admin/usage.csv")).text)))
        assert {row["what"] for row in rows} == {"'=cmd()"}

    async def test_metrics_are_given(self, desk: QueueDesk) -> None:
        await desk.app.state.metrics_keeper.refresh()
        host, port = desk.app.state.metrics_address
        async with httpx2.AsyncClient(base_url=f"http://{host}:{port}") as client:
            text = (await client.get("/metrics")).text
        assert 'hothouse_authentication_requests_total{result="accepted"}' in text
        assert 'hothouse_workloads{kind="environment",state="running"}' in text
        assert "hothouse_active_users 2.0" in text


class TestQueries:
    async def test_every_query_uses_an_index(self, desk: QueueDesk) -> None:
        seen = [one for one in COMMANDS.seen.values() if one[1] in OURS]
        assert {collection for _, collection, _, _ in seen} == set(OURS)
        slow = [one for one in seen if not await is_served(desk, *one[1:])]
        assert slow == []


async def scans(desk: QueueDesk, collection: str, query: dict[str, Any], sort: dict[str, Any]) -> bool:
    command = {"find": collection, "filter": query, **({"sort": sort} if sort else {})}
    plan = await desk.lab.database.command({"explain": command, "verbosity": "queryPlanner"})
    return "COLLSCAN" in repr(plan["queryPlanner"]["winningPlan"])


async def is_served(desk: QueueDesk, collection: str, query: dict[str, Any], sort: dict[str, Any]) -> bool:
    """Tell whether an index finds what is asked for; the embedded server explains a query by `_id` as a scan."""
    if not await scans(desk, collection, query, sort):
        return True
    equalities = {key: value for key, value in query.items() if not isinstance(value, dict) or "$in" in value}
    return any([not await scans(desk, collection, {key: value}, {}) for key, value in equalities.items()])
