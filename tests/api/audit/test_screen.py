"""What the screen of the record asks for: its state, one entry, a table, and a verification that goes on by itself."""

import csv
import io
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from tests.support.command_watch import COMMANDS
from tests.support.waiting import eventually

ROUTES = ("/api/v1/audit/state", "/api/v1/audit/entries/1")


async def state(ada: httpx2.AsyncClient) -> dict[str, Any]:
    answer = await ada.get("/api/v1/audit/state")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def verified(ada: httpx2.AsyncClient) -> dict[str, Any]:
    """Have the record verified, and return what came of it."""
    assert (await ada.post("/api/v1/audit/verification")).status_code == 202

    async def ended() -> bool:
        return bool((await state(ada))["verification"]["state"] != "running")

    await eventually(ended)
    found: dict[str, Any] = (await state(ada))["verification"]
    return found


class TestState:
    async def test_says_how_far_it_goes(self, ada: httpx2.AsyncClient) -> None:
        before = await state(ada)
        assert before["verification"] is None
        assert before["retention_days"] == 730
        assert {"apps.deploy", "auth.login", "audit.prune", "audit.more-denied"} <= set(before["actions"])
        assert "invitations.show" not in before["actions"]
        assert (await ada.post("/api/v1/tokens", json={"name": "laptop"})).status_code == 201
        after = await state(ada)
        assert (after["first_seq"], after["last_seq"]) == (1, before["last_seq"] + 1)

    async def test_is_for_admins(self, grace: httpx2.AsyncClient) -> None:
        for path in ROUTES:
            assert (await grace.get(path)).status_code == 404
        assert (await grace.post("/api/v1/audit/verification")).status_code == 404


class TestShow:
    async def test_one_entry(self, ada: httpx2.AsyncClient) -> None:
        newest = (await ada.get("/api/v1/audit", params={"limit": 1})).json()["items"][0]
        assert (await ada.get(f"/api/v1/audit/entries/{newest['seq']}")).json() == newest

    async def test_none(self, ada: httpx2.AsyncClient) -> None:
        assert (await ada.get("/api/v1/audit/entries/99999")).status_code == 404
        assert (await ada.get("/api/v1/audit/entries/0")).status_code == 422


class TestTable:
    async def test_has_a_row_for_each_entry(self, ada: httpx2.AsyncClient) -> None:
        assert (await ada.post("/api/v1/tokens", json={"name": "laptop"})).status_code == 201
        answer = await ada.get("/api/v1/audit/export", params={"format": "csv", "action": "tokens.create"})
        assert answer.headers["content-type"].startswith("text/csv")
        assert 'filename="audit.csv"' in answer.headers["content-disposition"]
        [row] = csv.DictReader(io.StringIO(answer.text))
        assert (row["email"], row["action"], row["result"], row["status"]) == (
            "ada@example.org",
            "tokens.create",
            "done",
            "201",
        )

    async def test_holds_no_formulas(self, ada: httpx2.AsyncClient) -> None:
        assert (await ada.patch("/api/v1/account", json={"name": "=1+1"})).status_code == 200
        assert (await ada.post("/api/v1/tokens", json={"name": "laptop"})).status_code == 201
        answer = await ada.get("/api/v1/audit/export", params={"format": "csv", "action": "tokens.create"})
        [row] = csv.DictReader(io.StringIO(answer.text))
        assert row["name"] == "'=1+1"


class TestVerification:
    async def test_finds_it_intact(self, ada: httpx2.AsyncClient) -> None:
        found = await verified(ada)
        assert found["state"] == "intact"
        assert found["checked"] == found["total"] == found["verdict"]["entries"] > 0
        assert found["ended_at"] >= found["began_at"]

    async def test_finds_what_was_altered(self, hub: FastAPI, ada: httpx2.AsyncClient) -> None:
        await hub.state.database["audit"].update_one({"seq": 1}, {"$set": {"text": "{}"}})
        found = await verified(ada)
        assert found["state"] == "broken"
        assert found["verdict"]["faults"][0]["seq"] == 1

    async def test_one_at_a_time(self, hub: FastAPI, ada: httpx2.AsyncClient, monkeypatch: Any) -> None:
        now = hub.state.clock.now()
        document = {"_id": "verification", "run": "x", "state": "running", "checked": 3, "total": 9, "began_at": now}
        states = hub.state.database["audit_state"]
        await states.insert_one({**document, "heard_at": now})
        assert (await ada.post("/api/v1/audit/verification")).status_code == 409
        assert (await state(ada))["verification"]["checked"] == 3
        await states.update_one({"_id": "verification"}, {"$set": {"heard_at": now - timedelta(minutes=1)}})
        assert (await state(ada))["verification"]["state"] == "cut-short"
        assert (await verified(ada))["state"] == "intact"


@pytest.mark.parametrize("search", [{}, {"person": "ada@example.org"}, {"about": "token:1"}, {"result": "denied"}])
async def test_every_query_uses_an_index(hub: FastAPI, ada: httpx2.AsyncClient, search: dict[str, str]) -> None:
    COMMANDS.seen.clear()
    COMMANDS.database = hub.state.database.name
    for path in (*ROUTES, "/api/v1/audit"):
        assert (await ada.get(path, params=search)).status_code == 200
    COMMANDS.database = None
    asked = [(collection, query) for _, collection, query, _ in COMMANDS.seen.values() if collection == "audit"]
    assert asked
    for collection, query in asked:
        command = {"explain": {"find": collection, "filter": query}, "verbosity": "queryPlanner"}
        plan = await hub.state.database.command(command)
        assert "COLLSCAN" not in repr(plan["queryPlanner"]["winningPlan"]), query
