"""Every query of access is served by an index."""

from typing import Any

from tests.support.command_watch import COMMANDS

MINE = {"grants", "groups", "memberships", "roles", "access_requests"}


async def _scans(circle: Any, collection: str, query: dict[str, Any]) -> bool:
    command = {"explain": {"find": collection, "filter": query}, "verbosity": "queryPlanner"}
    plan = await circle.hub.state.database.command(command)
    return "COLLSCAN" in repr(plan["queryPlanner"]["winningPlan"])


async def _is_served(circle: Any, collection: str, query: dict[str, Any]) -> bool:
    """Tell whether an index finds it; the embedded server has to be asked for one condition at a time."""
    if not await _scans(circle, collection, query):
        return True
    alone = [{key: value} for key, value in query.items() if not isinstance(value, dict) or "$in" in value]
    return any([not await _scans(circle, collection, one) for one in alone])


async def test_every_query_uses_an_index(circle: Any) -> None:
    app, other = await circle.app(), await circle.app()
    COMMANDS.seen.clear()
    COMMANDS.database = circle.hub.state.database.name
    inner = await circle.group("mia")
    group = await circle.group("max", f"group:{inner}")
    for path in ("groups?limit=1", "groups?q=gro&limit=1", "groups?q=group%20and%20more", "subjects?q=mia", "roles"):
        page = await circle.ask("ada", "GET", path)
        if page.get("next_cursor"):
            joint = "&" if "?" in path else "?"
            await circle.ask("ada", "GET", f"{path}{joint}cursor={page['next_cursor']}")
    page = await circle.ask("ada", "GET", f"groups/{group}/members?limit=1")
    await circle.ask("ada", "GET", f"groups/{group}/members?limit=1&cursor={page['next_cursor']}")
    role = {"kind": "app", "name": "asked", "title": "Asked", "actions": ["app.open"]}
    await circle.ask("ada", "POST", "roles", 201, role)
    await circle.grant(app, "mia", "asked", expires_at="2060-01-01T00:00:00Z")
    await circle.grant(app, f"group:{group}", "editor")
    await circle.ask("ada", "PATCH", "roles/app.asked", 200, {"title": "Asked for"})
    await circle.ask("ada", "GET", "roles/uses")
    await circle.ask("ada", "DELETE", "roles/app.asked", 409)
    await circle.ask("grace", "GET", f"access/app/{app}")
    await circle.ask("grace", "GET", f"access/app/{app}/people?action=app.open")
    await circle.ask("grace", "GET", f"access/app/{app}/explain?action=app.open&subject={circle.subject('max')}")
    await circle.ask("grace", "DELETE", f"access/app/{app}/grants/{circle.subject('mia')}", 204)
    await circle.ask("ada", "DELETE", "roles/app.asked", 204)
    await circle.ask("ada", "GET", f"access/review/people/{circle.ids['max']}?limit=1")
    await circle.ask("ada", "GET", "access/review/resources?limit=1")
    await circle.ask("grace", "POST", f"access/app/{other}/hand-over", 204, {"user_id": circle.ids["mia"]})
    await circle.ask("max", "POST", "access/requests", 202, {"kind": "app", "name": other})
    for state in ("open", "granted"):
        await circle.ask("mia", "GET", f"access/requests?state={state}&limit=1")
    (request,) = (await circle.ask("max", "GET", "access/requests/mine"))["items"]
    await circle.ask("mia", "POST", f"access/requests/{request['id']}/decision", 200, {"grant": True})
    members = circle.hub.state.access.members
    await members.follow_provider(circle.ids["max"], "kc", ["Indexed"])
    await members.follow_provider(circle.ids["max"], "kc", [])
    name = (await circle.ask("ada", "GET", f"groups/{group}"))["name"]
    await circle.ask("ada", "DELETE", f"groups/{group}?confirm={name}", 204)
    await circle.hub.state.access.context.feed.load()
    COMMANDS.database = None
    asked = [(one, query) for _, one, query, _ in COMMANDS.seen.values() if one in MINE]
    assert {collection for collection, _ in asked} == MINE
    assert len(asked) > 25
    assert [one for one in asked if not await _is_served(circle, *one)] == []
