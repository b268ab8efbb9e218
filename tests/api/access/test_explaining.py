"""Why somebody may see something, who can, and reviews of it all."""

from typing import Any

import pytest


class TestExplain:
    async def test_by_way_of_groups(self, circle: Any) -> None:
        inner = await circle.group("mia")
        outer = await circle.group(f"group:{inner}")
        names = [(await circle.ask("ada", "GET", f"groups/{one}"))["name"] for one in (inner, outer)]
        app = await circle.app()
        await circle.grant(app, f"group:{outer}", "editor")
        path = f"access/app/{app}/explain?subject={circle.subject('mia')}&action=app.edit"
        shown = await circle.ask("grace", "GET", path)
        assert shown["is_allowed"]
        assert [(one["kind"], one["text"]) for one in shown["chain"]] == [
            ("account", "Mia"),
            ("group", f"is in the group {names[0]}"),
            ("group", f"is in the group {names[1]}"),
            ("grant", f"{names[1]} was given the role Editor here"),
            ("role", "which allows app.edit"),
        ]

    async def test_denial(self, circle: Any) -> None:
        app = await circle.app(access="public")
        await circle.grant(app, "mia", "denied")
        path = f"access/app/{app}/explain?subject={circle.subject('mia')}&action=app.open"
        shown = await circle.ask("grace", "GET", path)
        assert (shown["is_allowed"], shown["chain"][-1]["kind"]) == (False, "denial")

    async def test_anyone_and_nobody(self, circle: Any) -> None:
        app = await circle.app(access="public")
        path = f"access/app/{app}/explain?action=app.open&subject="
        assert (await circle.ask("grace", "GET", f"{path}anyone"))["is_allowed"]
        gone = await circle.ask("grace", "GET", f"{path}user:none")
        assert (gone["is_allowed"], gone["chain"][0]["kind"]) == (False, "account")
        for subject in ("group:g", "app:a", "signed-in"):
            await circle.ask("grace", "GET", f"{path}{subject}", 422)
        await circle.ask("grace", "GET", f"access/app/{app}/explain?action=group.view&subject=anyone", 422)
        await circle.ask("grace", "GET", f"access/app/{app}/explain?action=public&subject=anyone", 422)

    async def test_groups_and_apps(self, circle: Any) -> None:
        inner = await circle.group("mia")
        outer = await circle.group(f"group:{inner}")
        app, reader = await circle.app(), await circle.app()
        await circle.grant(app, f"group:{outer}", "editor")
        await circle.grant(app, f"app:{reader}", "viewer")

        async def chain(subject: str, action: str) -> list[str]:
            path = f"access/app/{app}/explain?subject={subject}&action={action}"
            return [one["kind"] for one in (await circle.ask("grace", "GET", path))["chain"]]

        assert await chain(f"group:{inner}", "app.edit") == ["group", "group", "grant", "role"]
        assert await chain(f"group:{outer}", "app.edit") == ["group", "grant", "role"]
        assert await chain(f"group:{outer}", "app.delete") == ["group", "none"]
        assert await chain(f"app:{reader}", "app.open") == ["account", "grant", "role"]
        assert await chain(f"app:{reader}", "app.edit") == ["account", "none"]


class TestWhoCan:
    async def people(self, circle: Any, app: str, action: str = "app.open", limit: int = 50) -> dict[str, str]:
        found: dict[str, str] = {}
        cursor = ""
        while True:
            path = f"access/app/{app}/people?action={action}&limit={limit}{cursor}"
            page = await circle.ask("grace", "GET", path)
            found |= {one["person"]["name"]: one["how"] for one in page["items"]}
            if not page["next_cursor"]:
                return found
            cursor = f"&cursor={page['next_cursor']}"

    @pytest.mark.parametrize("limit", [1, 50])
    async def test_of_a_private_app(self, circle: Any, limit: int) -> None:
        app = await circle.app()
        group = await circle.group("mia", "max")
        await circle.grant(app, f"group:{group}")
        await circle.grant(app, "max", "denied")
        shown = await self.people(circle, app, limit=limit)
        # Ada made the group, and belongs to it as its manager
        assert shown == {"Ada": "is an admin; has the role viewer", "Grace": "owns it", "Mia": "has the role viewer"}
        assert set(await self.people(circle, app, "app.edit")) == {"Ada", "Grace"}

    @pytest.mark.parametrize("limit", [1, 2, 50])
    async def test_of_an_open_one(self, circle: Any, limit: int) -> None:
        app = await circle.app(access="signed-in")
        await circle.grant(app, "max", "denied")
        shown = await self.people(circle, app, limit=limit)
        assert {"Ada", "Grace", "Mia"} <= set(shown)
        assert "Max" not in shown
        assert shown["Mia"] == "it is open to everyone signed in"


class TestReview:
    async def reached(self, circle: Any, name: str, by: str = "ada") -> dict[str, tuple[str, str]]:
        items: list[Any] = []
        cursor = ""
        while True:
            page = await circle.ask(by, "GET", f"access/review/people/{circle.ids[name]}?limit=3{cursor}")
            items += page["items"]
            if not page["next_cursor"]:
                break
            cursor = f"&cursor={page['next_cursor']}"
        names = [one["resource"]["name"] for one in items]
        assert len(names) == len(set(names))
        return {one["resource"]["name"]: (one["role"], one["how"]) for one in items}

    async def test_of_a_person(self, circle: Any) -> None:
        owned, granted, by_group, opened, hidden = [await circle.app() for _ in range(5)]
        await circle.ask("ada", "POST", f"access/app/{owned}/hand-over", 204, {"user_id": circle.ids["mia"]})
        await circle.grant(granted, "mia", "editor")
        await circle.grant(by_group, f"group:{await circle.group('mia')}")
        await circle.ask("grace", "PUT", f"access/app/{opened}/openness", 204, {"openness": "signed-in"})
        shown = await self.reached(circle, "mia")
        assert {name: shown[name] for name in (owned, granted, by_group, opened)} == {
            owned: ("owner", "owns it"),
            granted: ("editor", "given to them"),
            by_group: ("viewer", "given to a group they are in"),
            opened: ("", "open to everyone signed in"),
        }
        assert hidden not in shown
        assert await self.reached(circle, "mia", by="mia") == shown
        assert set(await self.reached(circle, "ada")) >= {owned, granted, by_group, opened, hidden}

    async def test_of_things(self, circle: Any) -> None:
        app = await circle.app(access="public")
        await circle.grant(app, "mia", expires_at="2060-01-01T00:00:00Z")
        await circle.grant(app, "max")
        (shown,) = (await circle.ask("ada", "GET", f"access/review/resources?q={app}&kind=app"))["items"]
        assert (shown["owner"]["name"], shown["grants"], shown["expiring"]) == ("Grace", 2, 1)
        assert shown["flags"] == ["public"]
        first = await circle.ask("ada", "GET", "access/review/resources?limit=1")
        second = await circle.ask("ada", "GET", f"access/review/resources?limit=1&cursor={first['next_cursor']}")
        assert first["items"] != second["items"]
        assert (await circle.ask("ada", "GET", "access/review/resources?kind=group"))["items"] == []

    async def test_for_those_who_review(self, circle: Any) -> None:
        await circle.ask("mia", "GET", "access/review/resources", 404)
        hidden = await circle.ask("mia", "GET", f"access/review/people/{circle.ids['max']}", None)
        missing = await circle.ask("mia", "GET", "access/review/people/none", None)
        assert (hidden.status_code, hidden.text) == (404, missing.text)
        await circle.ask("ada", "GET", "access/review/people/none", 404)
