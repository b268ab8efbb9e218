"""Every query on workspaces is served by an index: those of a whole life of one, explained."""

from typing import Any

import pytest
from tests.support.command_watch import COMMANDS
from tests.support.workspaces_api import WorkspacesLab

OURS = ("workspaces", "workspace_snapshots")


async def scans(lab: WorkspacesLab, collection: str, query: dict[str, Any], sort: dict[str, Any]) -> bool:
    command = {"find": collection, "filter": query, **({"sort": sort} if sort else {})}
    plan = await lab.database.command({"explain": command, "verbosity": "queryPlanner"})
    return "COLLSCAN" in repr(plan["queryPlanner"]["winningPlan"])


async def is_served(lab: WorkspacesLab, collection: str, query: dict[str, Any], sort: dict[str, Any]) -> bool:
    """Tell whether an index finds what is asked for; the embedded server explains a query by `_id` as a scan."""
    if not await scans(lab, collection, query, sort):
        return True
    equalities = {key: value for key, value in query.items() if not isinstance(value, dict) or "$in" in value}
    return any([not await scans(lab, collection, {key: value}, {}) for key, value in equalities.items()])


@pytest.fixture(scope="module")
async def queries(lab: WorkspacesLab) -> list[tuple[str, str, dict[str, Any], dict[str, Any]]]:
    """What is asked while a workspace is made, filled, copied, handed over and deleted."""
    COMMANDS.database = lab.database.name
    space = await lab.workspace()
    await space.write("a.txt", "a")
    made = await space.snapshot("Kept")
    await space.ask("POST", f"/snapshots/{made['id']}/restore", 202)
    await space.done()
    first = await space.ask("GET", "/snapshots", params={"limit": 1})
    await space.ask("GET", "/snapshots", params={"limit": 1, "cursor": first["next_cursor"]})
    clone = lab.of(await space.ask("POST", "/clone", 202, json={"name": "A clone"}))
    await clone.done()
    page = await lab.grace.get("/api/v1/workspaces", params={"limit": 1})
    await lab.grace.get("/api/v1/workspaces", params={"limit": 1, "cursor": page["next_cursor"]})
    await lab.ada.get("/api/v1/access/review/resources", params={"kind": "workspace", "limit": 1})
    await lab.hub.state.workspaces.repository.page("a", 2)
    await lab.hub.state.workspaces.repository.going()
    await lab.hub.state.workspaces.repository.get_many([space.id])
    await space.ask("DELETE", f"/snapshots/{made['id']}", 204)
    await space.ask("DELETE", "", 204, params={"confirm": space.name})
    COMMANDS.database = None
    return [one for one in COMMANDS.seen.values() if one[1] in OURS]


async def test_every_query_uses_an_index(lab: WorkspacesLab, queries: list[Any]) -> None:
    assert {collection for _, collection, _, _ in queries} == set(OURS)
    slow = [query for _, collection, query, sort in queries if not await is_served(lab, collection, query, sort)]
    assert slow == []


async def test_a_scan_would_be_told(lab: WorkspacesLab) -> None:
    assert not await is_served(lab, "workspaces", {"name": "x"}, {})


class TestHandOver:
    async def test_to_somebody_who_has_one_of_that_name(self, lab: WorkspacesLab) -> None:
        space = await lab.workspace("Doubled")
        kind = lab.hub.state.access.context.kinds.get("workspace")
        ada = await lab.database["users"].find_one({"email": "ada@example.org"})
        assert ada is not None
        await lab.ada.post("/api/v1/workspaces", 201, json={"name": "Doubled"})
        resource = await kind.shelf.by_name(space.id)
        assert await kind.shelf.set_owner(resource, ada["_id"])
        page = await lab.ada.get("/api/v1/workspaces")
        assert {"Doubled", "Doubled (2)"} <= {one["name"] for one in page["items"]}
        await space.ask("GET", "", 404)
        assert not await kind.shelf.set_owner(resource, ada["_id"]), "it was not its owner's any more"
