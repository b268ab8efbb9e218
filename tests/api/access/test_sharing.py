"""Who has which rights on an app, given and taken away."""

from datetime import timedelta
from typing import Any

import pytest

from hothouse.hub.access import make_expiry


class TestShow:
    async def test_owner_grants_and_roles(self, circle: Any) -> None:
        app = await circle.app()
        group = await circle.group("mia")
        await circle.grant(app, f"group:{group}", "editor", note="for the summer")
        await circle.grant(app, "max")
        shown = await circle.ask("grace", "GET", f"access/app/{app}")
        assert (shown["resource"]["name"], shown["owner"]["name"], shown["openness"]) == (app, "Grace", "private")
        by_group, by_name = shown["grants"]
        assert (by_group["role"], by_group["note"], by_group["origin"]) == ("editor", "for the summer", "manual")
        assert (by_name["subject"]["email"], by_name["granted_by"]["name"]) == ("max@example.org", "Grace")
        assert [role["name"] for role in shown["roles"]] == ["viewer", "editor", "denied"]
        assert "app.share" in shown["permissions"]

    @pytest.mark.parametrize("name", ["mia", "max"])
    async def test_those_who_may_not_share_it(self, circle: Any, name: str) -> None:
        app = await circle.app()
        await circle.grant(app, "max", "editor")
        for method, path, body in (
            ("GET", "", None),
            ("PUT", f"/grants/{circle.subject('mia')}", {"role": "viewer"}),
            ("DELETE", f"/grants/{circle.subject('max')}", None),
            ("PUT", "/openness", {"openness": "public"}),
            ("POST", "/hand-over", {"user_id": circle.ids[name]}),
            ("GET", f"/explain?subject={circle.subject('mia')}&action=app.open", None),
            ("GET", "/people?action=app.open", None),
        ):
            hidden = await circle.ask(name, method, f"access/app/{app}{path}", None, body)
            missing = await circle.ask(name, method, f"access/app/none{path}", None, body)
            assert hidden.status_code == missing.status_code == 404, (method, path)
            assert hidden.text.replace(app, "none") == missing.text
            assert (await circle.ask("anyone", method, f"access/app/{app}{path}", None, body)).status_code == 401

    async def test_unknown_kind(self, circle: Any) -> None:
        await circle.ask("ada", "GET", "access/spaceship/one", 404)


class TestGive:
    async def test_roles_replace_each_other(self, circle: Any) -> None:
        app = await circle.app()
        await circle.grant(app, "mia", "editor")
        first = await circle.grant(app, "mia", "viewer")
        assert (await circle.grant(app, "mia", "viewer"))["granted_at"] >= first["granted_at"]
        (grant,) = (await circle.ask("grace", "GET", f"access/app/{app}"))["grants"]
        assert grant["role"] == "viewer"
        assert (await circle.ask("mia", "GET", "apps", None)).status_code == 200

    async def test_in_force_before_the_answer(self, circle: Any) -> None:
        app = await circle.app()
        for _ in range(5):
            await circle.grant(app, "mia")
            assert await circle.may_open("mia", app)
            await circle.ask("grace", "DELETE", f"access/app/{app}/grants/{circle.subject('mia')}", 204)
            assert not await circle.may_open("mia", app)

    async def test_denied(self, circle: Any) -> None:
        app = await circle.app(access="signed-in")
        await circle.grant(app, "mia", "denied")
        assert not await circle.may_open("mia", app)
        assert await circle.may_open("max", app)

    @pytest.mark.parametrize(
        ("subject", "body", "status", "slug"),
        [
            ("mia", {"role": "owner"}, 422, "role-unknown"),
            ("mia", {"role": "~admin"}, 422, "role-unknown"),
            ("mia", {"role": "manager"}, 422, "role-unknown"),
            ("grace", {"role": "viewer"}, 409, "owner-needs-no-grant"),
            ("user:none", {"role": "viewer"}, 422, "subject-unknown"),
            ("group:none", {"role": "viewer"}, 422, "subject-unknown"),
            ("app:none", {"role": "viewer"}, 422, "subject-unknown"),
            ("anyone", {"role": "viewer"}, 422, "subject-unknown"),
            ("signed-in", {"role": "denied"}, 422, "subject-unknown"),
            ("robot:1", {"role": "viewer"}, 422, "invalid-input"),
            ("user:", {"role": "viewer"}, 422, "invalid-input"),
            ("user:a|b", {"role": "viewer"}, 422, "invalid-input"),
            ("mia", {"role": "viewer", "expires_at": "2020-01-01T00:00:00Z"}, 422, "invalid-input"),
            ("mia", {"role": "viewer", "expires_at": "2060-01-01T00:00:00"}, 422, "invalid-input"),
            ("mia", {"role": "viewer", "more": 1}, 422, "invalid-input"),
            ("mia", {"role": {"$ne": 1}}, 422, "invalid-input"),
        ],
    )
    async def test_refused(self, circle: Any, subject: str, body: Any, status: int, slug: str) -> None:
        app = await circle.app()
        subject = circle.subject(subject) if subject in circle.ids else subject
        answer = await circle.ask("grace", "PUT", f"access/app/{app}/grants/{subject}", None, body)
        assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{slug}")
        assert (await circle.ask("grace", "GET", f"access/app/{app}"))["grants"] == []

    async def test_no_more_than_oneself_may(self, circle: Any) -> None:
        role = {"kind": "app", "name": "sharer", "title": "Sharer", "actions": ["app.view", "app.open", "app.share"]}
        await circle.ask("ada", "POST", "roles", 201, role)
        app = await circle.app()
        await circle.grant(app, "mia", "sharer")
        await circle.grant(app, "max", "viewer", by="mia")
        answer = await circle.ask(
            "mia", "PUT", f"access/app/{app}/grants/{circle.subject('max')}", None, {"role": "editor"}
        )
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/more-than-own")
        handed = {"user_id": circle.ids["mia"]}
        answer = await circle.ask("mia", "POST", f"access/app/{app}/hand-over", None, handed)
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/only-the-owner")

    async def test_is_on_record(self, circle: Any) -> None:
        app = await circle.app()
        await circle.grant(app, "mia", "editor", note="helps out")
        (entry,) = (await circle.ask("ada", "GET", f"audit?about=app:{app}&action=access.grant"))["items"]
        assert (entry["before"], entry["after"]) == ({"role": None}, {"role": "editor", "note": "helps out"})
        assert {one["name"] for one in entry["about"]} >= {f"The {app}", "mia@example.org"}


class TestExpiry:
    async def test_ends_and_goes(self, circle: Any) -> None:
        app = await circle.app()
        until = circle.clock.now() + timedelta(minutes=5)
        await circle.grant(app, "mia", expires_at=until.isoformat())
        assert await circle.may_open("mia", app)
        circle.clock.advance(minutes=5, seconds=1)
        assert not await circle.may_open("mia", app)
        (grant,) = (await circle.ask("grace", "GET", f"access/app/{app}"))["grants"]
        assert grant["is_expired"]
        expiry = make_expiry(circle.hub.state.access, circle.hub.state.changes)
        await expiry.clean_up(circle.clock.now())
        assert await circle.database["grants"].find_one({"resource": f"app:{app}"})
        await expiry.clean_up(circle.clock.now() + timedelta(days=31))
        assert await circle.database["grants"].find_one({"resource": f"app:{app}"}) is None
        assert not list(circle.hub.state.access.context.policies.grants_on(f"app:{app}"))

    async def test_admission_is_remembered_no_longer(self, circle: Any) -> None:
        app = await circle.app()
        token = (await circle.ask("mia", "POST", "tokens", 201, {"name": "x"}))["token"]
        for seconds, at_most in ((5, 5.0), (3600, 30.0)):
            until = circle.clock.now() + timedelta(seconds=seconds)
            await circle.grant(app, "mia", expires_at=until.isoformat())
            answer = await circle.gateway.post("/internal/v1/admit", json={"app_id": app, "bearer": token})
            admission = answer.json()
            assert (admission["outcome"], 0 < admission["ttl_seconds"] <= at_most) == ("allowed", True)


class TestOpenness:
    async def test_change(self, circle: Any) -> None:
        app = await circle.app()
        for openness, may in (("signed-in", True), ("private", False), ("public", True)):
            await circle.ask("grace", "PUT", f"access/app/{app}/openness", 204, {"openness": openness})
            assert await circle.may_open("mia", app) is may
        stored = await circle.database["apps"].find_one({"_id": app})
        assert (stored["overrides"], stored["settings_version"]) == ({"access": "public"}, 4)

    @pytest.mark.parametrize("openness", ["members", "", None, {"$set": 1}])
    async def test_unknown(self, circle: Any, openness: Any) -> None:
        app = await circle.app()
        await circle.ask("grace", "PUT", f"access/app/{app}/openness", 422, {"openness": openness})

    async def test_group_has_none(self, circle: Any) -> None:
        group = await circle.group()
        await circle.ask("ada", "PUT", f"access/group/{group}/openness", 422, {"openness": "public"})


class TestHandOver:
    async def test_to_somebody_else(self, circle: Any) -> None:
        app = await circle.app()
        await circle.grant(app, "mia", "viewer")
        body = {"user_id": circle.ids["mia"], "keep_role": "editor"}
        await circle.ask("grace", "POST", f"access/app/{app}/hand-over", 204, body)
        shown = await circle.ask("mia", "GET", f"access/app/{app}")
        assert shown["owner"]["name"] == "Mia"
        assert [(one["subject"]["name"], one["role"]) for one in shown["grants"]] == [("Grace", "editor")]
        await circle.ask("grace", "GET", f"access/app/{app}", 404)

    async def test_by_an_admin_and_keeping_nothing(self, circle: Any) -> None:
        app = await circle.app()
        await circle.ask("ada", "POST", f"access/app/{app}/hand-over", 204, {"user_id": circle.ids["max"]})
        assert (await circle.ask("max", "GET", f"access/app/{app}"))["grants"] == []

    @pytest.mark.parametrize("user_id", ["none", ""])
    async def test_to_nobody(self, circle: Any, user_id: str) -> None:
        app = await circle.app()
        answer = await circle.ask("grace", "POST", f"access/app/{app}/hand-over", None, {"user_id": user_id})
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/user_id")
        assert (await circle.ask("grace", "GET", f"access/app/{app}"))["owner"]["name"] == "Grace"

    async def test_two_at_once(self, circle: Any) -> None:
        """Whoever comes second is told so, and there is one owner."""
        import asyncio

        app = await circle.app()
        answers = await asyncio.gather(
            *(
                circle.ask("ada", "POST", f"access/app/{app}/hand-over", None, {"user_id": circle.ids[name]})
                for name in ("mia", "max", "mia", "max")
            )
        )
        assert {answer.status_code for answer in answers} <= {204, 409}
        assert (await circle.database["apps"].find_one({"_id": app}))["owner_id"] in circle.ids.values()

    async def test_everything_of_somebody_who_leaves(self, circle: Any) -> None:
        account = {"name": "Eve", "email": f"eve{next(circle.count)}@example.org", "password": "a long enough one"}
        eve = (await circle.ask("ada", "POST", "users", 201, account))["id"]
        circle.ids["eve"] = eve
        apps = {await circle.app("eve"), await circle.app("eve")}
        await circle.ask("ada", "POST", f"users/{eve}/deactivate")
        reviewed = await circle.ask("ada", "GET", "access/review/resources?kind=app&limit=200")
        flags = {one["resource"]["name"]: one["flags"] for one in reviewed["items"]}
        assert all(flags[app] == ["owner-deactivated"] for app in apps)
        await circle.ask("grace", "POST", f"users/{eve}/hand-over", 404, {"to_user_id": circle.ids["grace"]})
        await circle.ask("ada", "POST", f"users/{eve}/hand-over", 422, {"to_user_id": eve})
        given = await circle.ask("ada", "POST", f"users/{eve}/hand-over", 200, {"to_user_id": circle.ids["max"]})
        assert {one["name"] for one in given["items"]} == apps
        assert (await circle.ask("ada", "POST", f"users/{eve}/hand-over", 200, {"to_user_id": circle.ids["max"]})) == {
            "items": []
        }
        del circle.ids["eve"]


class TestPlatform:
    async def test_role_of_the_platform(self, circle: Any) -> None:
        role = {"kind": "platform", "name": "auditor", "title": "Auditor", "actions": ["audit.read"]}
        await circle.ask("ada", "POST", "roles", 201, role)
        await circle.ask("mia", "GET", "audit", 404)
        path = f"access/platform/platform/grants/{circle.subject('mia')}"
        await circle.ask("ada", "PUT", path, 200, {"role": "auditor"})
        await circle.ask("mia", "GET", "audit")
        await circle.ask("mia", "GET", "users", 404)
        await circle.ask("ada", "DELETE", path, 204)
        await circle.ask("mia", "GET", "audit", 404)

    async def test_admin_is_nothing_to_be_given(self, circle: Any) -> None:
        path = f"access/platform/platform/grants/{circle.subject('mia')}"
        await circle.ask("ada", "PUT", path, 422, {"role": "admin"})
        await circle.ask("ada", "PUT", path, 200, {"role": "developer"})
        shown = await circle.ask("ada", "GET", "access/platform/platform")
        assert (shown["owner"], [one["role"] for one in shown["grants"]]) == (None, ["developer"])
        await circle.ask("ada", "DELETE", path, 204)

    async def test_who_manages_people_has_no_say_over_admins(self, circle: Any) -> None:
        role = {"kind": "platform", "name": "host", "title": "Host", "actions": ["people.manage"]}
        await circle.ask("ada", "POST", "roles", 201, role)
        path = f"access/platform/platform/grants/{circle.subject('max')}"
        await circle.ask("ada", "PUT", path, 200, {"role": "host"})
        await circle.ask("max", "GET", "users")
        ada, mia = circle.ids["ada"], circle.ids["mia"]
        for method, way, body in (
            ("PATCH", f"users/{ada}", {"name": "Eva"}),
            ("PATCH", f"users/{mia}", {"role": "admin"}),
            ("PATCH", f"users/{circle.ids['max']}", {"role": "admin"}),
            ("POST", f"users/{ada}/deactivate", None),
            ("POST", "invitations", {"role": "admin"}),
            (
                "POST",
                "users",
                {"name": "X", "email": "x@example.org", "password": "0123456789", "role": "admin"},
            ),
        ):
            answer = await circle.ask("max", method, way, None, body)
            assert (answer.status_code, answer.json()["type"]) == (403, "/problems/admins-only"), (method, way)
        await circle.ask("max", "POST", f"users/{mia}/reset-link", 404)
        await circle.ask("max", "PATCH", f"users/{mia}", 200, {"role": "member"})
        await circle.ask("ada", "DELETE", path, 204)
