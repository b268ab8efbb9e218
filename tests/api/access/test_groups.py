"""Groups: who makes them, who is in them, and what that means."""

import asyncio
from typing import Any
from urllib.parse import urlencode

import pytest
from tests.support.command_watch import COMMANDS
from tests.support.events import listening, on_a_port
from tests.support.waiting import eventually


async def listed(circle: Any, **params: Any) -> list[str]:
    """Return the names of all groups, page by page."""
    names: list[str] = []
    cursor: str | None = None
    while True:
        query = urlencode({**params, **({"cursor": cursor} if cursor else {})})
        page = await circle.ask("ada", "GET", f"groups?{query}")
        assert len(page["items"]) <= params["limit"]
        names += [one["name"] for one in page["items"]]
        if (cursor := page["next_cursor"]) is None:
            return names


class TestGroup:
    async def test_made_renamed_found_deleted(self, circle: Any) -> None:
        made = await circle.ask("ada", "POST", "groups", 201, {"name": "Électron lab", "description": "Beams."})
        assert (made["origin"], made["member_count"], made["permissions"]) == (
            "manual",
            1,
            ["group.view", "group.edit", "group.delete"],
        )
        found = await circle.ask("mia", "GET", "groups?q=elec")
        assert [(one["name"], one["permissions"]) for one in found["items"]] == [("Électron lab", [])]
        assert (await circle.ask("mia", "GET", "groups?q=lab"))["items"]
        path = f"groups/{made['id']}"
        await circle.ask("ada", "PATCH", path, 200, {"name": "Beams"})
        assert (await circle.ask("mia", "GET", "groups?q=elec"))["items"] == []
        answer = await circle.ask("ada", "DELETE", path, None)
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/group-deletion-not-confirmed")
        await circle.ask("ada", "DELETE", f"{path}?confirm=Beams", 204)
        await circle.ask("ada", "GET", path, 404)

    async def test_names_are_told_apart(self, circle: Any) -> None:
        await circle.ask("ada", "POST", "groups", 201, {"name": "Optics"})
        answer = await circle.ask("ada", "POST", "groups", None, {"name": "OPTICS"})
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/group-name-taken")
        other = await circle.group()
        assert (await circle.ask("ada", "PATCH", f"groups/{other}", None, {"name": "optics"})).status_code == 409

    async def test_pages(self, circle: Any) -> None:
        for name in ("Zeta 1", "Zeta 2", "Zeta 3"):
            await circle.ask("ada", "POST", "groups", 201, {"name": name})
        seen, cursor = [], ""
        while True:
            page = await circle.ask("ada", "GET", f"groups?q=zeta&limit=2{cursor}")
            seen += [one["name"] for one in page["items"]]
            if not page["next_cursor"]:
                break
            cursor = f"&cursor={page['next_cursor']}"
        assert seen == ["Zeta 1", "Zeta 2", "Zeta 3"]

    async def test_pages_of_any_length_while_groups_come_and_go(self, circle: Any) -> None:
        names = [f"Ypsilon {number:02}" for number in range(12)]
        made = {name: (await circle.ask("ada", "POST", "groups", 201, {"name": name}))["id"] for name in names[::2]}
        assert await listed(circle, limit=2) == await listed(circle, limit=200)
        for name in names[1::2]:
            await circle.ask("ada", "POST", "groups", 201, {"name": name})
        await circle.ask("ada", "DELETE", f"groups/{made.pop(names[4])}?confirm={names[4].replace(' ', '%20')}", 204)
        expected = [name for name in names if name != names[4]]
        for limit in (1, 3, 5, 200):
            found = await listed(circle, limit=limit)
            assert [name for name in found if name.startswith("Ypsilon")] == expected
            assert await listed(circle, limit=limit, q="ypsi") == expected

    async def test_a_page_is_read_without_what_is_behind_it(self, circle: Any) -> None:
        for name in ("Omega 1", "Omega 2", "Omega 3"):
            await circle.ask("ada", "POST", "groups", 201, {"name": name})
        await circle.ask("ada", "GET", "groups?limit=1")
        COMMANDS.seen.clear()
        COMMANDS.database = circle.hub.state.database.name
        await circle.ask("ada", "GET", "groups?limit=1")
        COMMANDS.database = None
        (query,) = [query for _, collection, query, _ in COMMANDS.seen.values() if collection == "groups"]
        assert set(query["name_key"]) == {"$lte"}

    async def test_who_makes_them(self, circle: Any) -> None:
        await circle.ask("grace", "POST", "groups", 404, {"name": "Mine"})
        role = {"kind": "platform", "name": "organiser", "title": "Organiser", "actions": ["groups.create"]}
        await circle.ask("ada", "POST", "roles", 201, role)
        path = f"access/platform/platform/grants/{circle.subject('grace')}"
        await circle.ask("ada", "PUT", path, 200, {"role": "organiser"})
        made = await circle.ask("grace", "POST", "groups", 201, {"name": "Graces"})
        await circle.ask("ada", "DELETE", path, 204)
        await circle.ask("grace", "PATCH", f"groups/{made['id']}", 200, {"description": "still mine"})
        await circle.ask("ada", "DELETE", "roles/platform.organiser", 204)

    async def test_strangers_see_no_more_than_names(self, circle: Any) -> None:
        group = await circle.group("mia")
        await circle.ask("mia", "GET", f"groups/{group}/members")
        for method, path, body in (
            ("GET", "", None),
            ("GET", "/members", None),
            ("GET", "/grants", None),
            ("PATCH", "", {"name": "Ours"}),
            ("DELETE", "?confirm=x", None),
            ("PUT", f"/members/{circle.subject('max')}", {}),
            ("DELETE", f"/members/{circle.subject('mia')}", None),
        ):
            hidden = await circle.ask("max", method, f"groups/{group}{path}", None, body)
            missing = await circle.ask("max", method, f"groups/none{path}", None, body)
            assert hidden.status_code == missing.status_code == 404, (method, path)
            assert hidden.text == missing.text
        await circle.ask("mia", "PUT", f"groups/{group}/members/{circle.subject('max')}", 404, {})


class TestMembers:
    async def test_come_and_go(self, circle: Any) -> None:
        inner = await circle.group("mia")
        group = await circle.group("max", f"group:{inner}")
        page = await circle.ask("ada", "GET", f"groups/{group}/members")
        shown = [(one["member"]["kind"], one["is_manager"], one["via"]) for one in page["items"]]
        assert sorted(shown) == [("group", False, "manual"), ("user", False, "manual"), ("user", True, "manual")]
        await circle.ask("ada", "DELETE", f"groups/{group}/members/{circle.subject('max')}", 204)
        await circle.ask("ada", "DELETE", f"groups/{group}/members/{circle.subject('max')}", 404)

    async def test_managers_change_it(self, circle: Any) -> None:
        group = await circle.group()
        path = f"groups/{group}/members"
        await circle.ask("ada", "PUT", f"{path}/{circle.subject('mia')}", 200, {"is_manager": True})
        await circle.ask("mia", "PUT", f"{path}/{circle.subject('max')}", 200, {})
        await circle.ask("ada", "PUT", f"{path}/{circle.subject('mia')}", 200, {"is_manager": False})
        await circle.ask("mia", "PUT", f"{path}/{circle.subject('grace')}", 404, {})

    async def test_no_circles(self, circle: Any) -> None:
        top = await circle.group()
        middle = await circle.group(f"group:{top}")
        bottom = await circle.group(f"group:{middle}")
        for member in (top, middle, bottom):
            answer = await circle.ask("ada", "PUT", f"groups/{top}/members/group:{member}", None, {})
            assert (answer.status_code, answer.json()["type"]) == (409, "/problems/group-circle")

    async def test_no_circles_by_two_at_once(self, circle: Any) -> None:
        one, two = await circle.group(), await circle.group()
        answers = await asyncio.gather(
            circle.ask("ada", "PUT", f"groups/{one}/members/group:{two}", None, {}),
            circle.ask("ada", "PUT", f"groups/{two}/members/group:{one}", None, {}),
        )
        assert sorted(answer.status_code for answer in answers) == [200, 409]

    @pytest.mark.parametrize("subject", ["user:none", "group:none", "app:x", "signed-in", "anyone", "x"])
    async def test_nobody(self, circle: Any, subject: str) -> None:
        group = await circle.group()
        await circle.ask("ada", "PUT", f"groups/{group}/members/{subject}", 422, {})

    async def test_of_a_login_provider(self, circle: Any) -> None:
        members, mia = circle.hub.state.access.members, circle.ids["mia"]
        taken = await circle.ask("ada", "POST", "groups", 201, {"name": "Staff"})
        assert await members.follow_provider(mia, "kc", ["Staff", "Physics"]) == (["Physics", "Staff (kc)"], [])
        assert await members.follow_provider(mia, "kc", ["Staff", "Physics"]) == ([], [])
        by_hand = await circle.group("mia")
        assert await members.follow_provider(mia, "kc", ["Physics"]) == ([], ["Staff (kc)"])
        groups = await circle.hub.state.access.groups.names_of(mia)
        assert {"Physics"} <= set(groups)
        assert "Staff" not in groups
        assert by_hand in circle.hub.state.access.context.policies.groups_of(circle.subject("mia"))
        (physics,) = (await circle.ask("ada", "GET", "groups?q=physics"))["items"]
        assert physics["origin"] == "oidc:kc"
        await circle.ask("ada", "DELETE", f"groups/{taken['id']}?confirm=Staff", 204)


class TestReach:
    async def test_what_a_group_was_given(self, circle: Any) -> None:
        top = await circle.group()
        inner = await circle.group("mia")
        await circle.ask("ada", "PUT", f"groups/{top}/members/group:{inner}", 200, {})
        direct, by_top = await circle.app(), await circle.app()
        await circle.grant(direct, f"group:{inner}", "editor")
        await circle.grant(by_top, f"group:{top}")
        reached = (await circle.ask("mia", "GET", f"groups/{inner}/grants"))["items"]
        apps = [one for one in reached if one["resource"]["kind"] == "app"]
        shown = {one["resource"]["name"]: (one["role"], one["how"]) for one in apps}
        assert shown == {direct: ("editor", "given to the group"), by_top: ("viewer", "given to a group it is in")}

    async def test_goes_with_the_group(self, circle: Any) -> None:
        group = await circle.group("mia")
        app = await circle.app()
        await circle.grant(app, f"group:{group}")
        assert await circle.may_open("mia", app)
        name = (await circle.ask("ada", "GET", f"groups/{group}"))["name"]
        answer = await circle.ask("ada", "DELETE", f"groups/{group}", None)
        assert "1 grant" in answer.json()["detail"]
        await circle.ask("ada", "DELETE", f"groups/{group}?confirm={name}", 204)
        assert not await circle.may_open("mia", app)
        assert (await circle.ask("grace", "GET", f"access/app/{app}"))["grants"] == []


class TestSubjects:
    async def test_by_a_few_letters(self, circle: Any) -> None:
        await circle.ask("ada", "POST", "groups", 201, {"name": "Miasma"})
        found = (await circle.ask("max", "GET", "subjects?q=mia"))["items"]
        assert [(one["kind"], one["name"]) for one in found] == [("group", "Miasma"), ("user", "Mia")]
        found = (await circle.ask("max", "GET", "subjects?q=mia&kinds=user"))["items"]
        assert [one["email"] for one in found] == ["mia@example.org"]
        await circle.ask("anyone", "GET", "subjects?q=mia", 401)
        app = await circle.app(name="Zebra Counter")
        shown = [f"app:{app}"]
        for name, text, found in (("grace", "count", shown), ("ada", app, shown), ("max", "zebra", [])):
            answer = await circle.ask(name, "GET", f"subjects?q={text}&kinds=user,group,app")
            assert [one["subject"] for one in answer["items"]] == found, name
        await circle.ask("max", "GET", "subjects?q=", 422)


class TestRoles:
    async def test_made_changed_removed(self, circle: Any) -> None:
        new = {"kind": "app", "name": "tester", "title": "Tester", "actions": ["app.open"]}
        made = await circle.ask("ada", "POST", "roles", 201, new)
        assert (made["id"], made["is_builtin"]) == ("app.tester", False)
        names = [one["name"] for one in (await circle.ask("mia", "GET", "roles?kind=app"))["items"]]
        assert names[:4] == ["viewer", "editor", "owner", "denied"]
        assert "tester" in names
        app = await circle.app()
        await circle.grant(app, "mia", "tester")
        uses = (await circle.ask("ada", "GET", "roles/uses"))["items"]
        assert {"role_id": "app.tester", "grants": 1, "things": [f"The {app}"]} in uses
        answer = await circle.ask("ada", "DELETE", "roles/app.tester", None)
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/role-in-use")
        assert f"The {app}" in answer.json()["detail"]
        await circle.ask("ada", "PATCH", "roles/app.tester", 200, {"actions": ["app.view"]})
        assert not await circle.may_open("mia", app)
        await circle.ask("grace", "DELETE", f"access/app/{app}/grants/{circle.subject('mia')}", 204)
        await circle.ask("ada", "DELETE", "roles/app.tester", 204)

    @pytest.mark.parametrize(
        ("more", "status"),
        [
            ({"name": "viewer"}, 409),
            ({"name": "owner"}, 409),
            ({"name": "admin"}, 409),
            ({"name": "~admin"}, 422),
            ({"name": "signed-in"}, 409),
            ({"kind": "spaceship"}, 422),
            ({"actions": ["people.manage"]}, 422),
            ({"actions": ["nothing"]}, 422),
            ({"actions": []}, 422),
        ],
    )
    async def test_refused(self, circle: Any, more: Any, status: int) -> None:
        new = {"kind": "app", "name": "x", "title": "X", "actions": ["app.open"]}
        await circle.ask("ada", "POST", "roles", status, new | more)

    @pytest.mark.parametrize("role", ["app.viewer", "none"])
    async def test_built_in_ones_stay(self, circle: Any, role: str) -> None:
        await circle.ask("ada", "PATCH", f"roles/{role}", 404, {"title": "Mine"})
        await circle.ask("ada", "DELETE", f"roles/{role}", 404)

    async def test_who_manages_roles_makes_none_of_more_than_they_may(self, circle: Any) -> None:
        keeper = {"kind": "platform", "name": "keeper", "title": "Keeper", "actions": ["roles.manage"]}
        await circle.ask("ada", "POST", "roles", 201, keeper)
        path = f"access/platform/platform/grants/{circle.subject('max')}"
        await circle.ask("ada", "PUT", path, 200, {"role": "keeper"})
        more = {"kind": "platform", "name": "more", "title": "More", "actions": ["people.manage"]}
        answer = await circle.ask("max", "POST", "roles", None, more)
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/more-than-own")
        await circle.ask("max", "PATCH", "roles/platform.keeper", 403, {"actions": ["roles.manage", "audit.read"]})
        given = {"kind": "app", "name": "given", "title": "Given", "actions": ["app.open"]}
        await circle.ask("max", "POST", "roles", 201, given)
        app = await circle.app()
        await circle.grant(app, "max", "given")
        await circle.ask("max", "PATCH", "roles/app.given", 403, {"actions": ["app.open", "app.delete"]})
        await circle.ask("ada", "DELETE", path, 204)

    async def test_actions(self, circle: Any) -> None:
        shown = {one["action"]: one["kind"] for one in (await circle.ask("mia", "GET", "actions"))["items"]}
        assert (shown["app.open"], shown["people.manage"], shown["group.edit"]) == ("app", "platform", "group")
        assert not shown.keys() & {"public", "internal", "platform.admin"}


class TestEvents:
    async def test_apps_come_and_go_with_groups_and_roles(self, circle: Any) -> None:
        """Whoever looks at the list of apps sees at once what is shared with them, and what is not any more."""
        app, inner = await circle.app(), await circle.group("mia")
        outer = await circle.group()
        role = {"kind": "app", "name": "looker", "title": "Looker", "actions": ["app.view"]}
        await circle.ask("ada", "POST", "roles", 201, role)
        gone = ("app-removed", {"slug": app})

        async with on_a_port(circle.hub) as circle.url, listening(circle, circle.people["mia"]) as heard:

            def count() -> int:
                return sum(name == "app" and data["slug"] == app for name, data in heard)

            await circle.grant(app, f"group:{outer}", "looker")
            await circle.ask("ada", "PUT", f"groups/{outer}/members/group:{inner}", 200, {})
            await eventually(lambda: count() == 1)
            await circle.ask("ada", "PATCH", "roles/app.looker", 200, {"actions": ["app.open"]})
            await eventually(lambda: heard.count(gone) == 1)
            await circle.ask("ada", "PATCH", "roles/app.looker", 200, {"actions": ["app.view"]})
            await eventually(lambda: count() == 2)
            await circle.ask("ada", "DELETE", f"groups/{inner}/members/{circle.subject('mia')}", 204)
            await eventually(lambda: heard.count(gone) == 2)
            await circle.grant(app, "mia")
            await eventually(lambda: count() == 3)
            await circle.grant(app, "mia", "denied")
            await eventually(lambda: heard.count(gone) == 3)
