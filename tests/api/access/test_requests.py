"""Asking for access, which tells nothing, and answering."""

import asyncio
from typing import Any

import pytest
from tests.support.events import listening, on_a_port
from tests.support.waiting import eventually


async def ask(circle: Any, app: str, by: str = "mia", **more: Any) -> Any:
    return await circle.ask(by, "POST", "access/requests", None, {"kind": "app", "name": app, **more})


async def open_for(circle: Any, name: str, app: str) -> list[Any]:
    items = (await circle.ask(name, "GET", "access/requests?limit=200"))["items"]
    return [one for one in items if one["resource"]["name"] == app]


class TestAsk:
    async def test_tells_nothing(self, circle: Any) -> None:
        app = await circle.app()
        there, missing = await ask(circle, app), await ask(circle, "no-such-app")
        assert (there.status_code, there.text) == (missing.status_code, missing.text) == (202, "{}")
        assert dict(there.headers) == dict(missing.headers)
        mine = (await circle.ask("mia", "GET", "access/requests/mine"))["items"]
        shown = {one["resource"]["name"]: one for one in mine}
        for name in (app, "no-such-app"):
            one = shown[name]
            assert (one["state"], one["resource"]["id"], one["resource"]["title"]) == ("open", "", name)

    async def test_owner_is_told(self, circle: Any) -> None:
        app = await circle.app()
        await ask(circle, app, message="For my thesis.")
        (request,) = await open_for(circle, "grace", app)
        assert (request["person"]["name"], request["role"], request["message"]) == ("Mia", "viewer", "For my thesis.")
        letters = circle.mailbox.letters
        await eventually(lambda: any(one.to == "grace@example.org" and f"The {app}" in one.subject for one in letters))
        assert await open_for(circle, "ada", app)
        assert await open_for(circle, "max", app) == []

    async def test_again(self, circle: Any) -> None:
        app = await circle.app()
        await ask(circle, app, message="one")
        await ask(circle, app, message="two", role="editor")
        (request,) = await open_for(circle, "grace", app)
        assert (request["message"], request["role"]) == ("two", "editor")

    async def test_only_so_many(self, circle: Any) -> None:
        for number in range(51):
            answer = await ask(circle, f"nothing-{number}", by="max")
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/too-many-requests-for-access")
        for one in (await circle.ask("max", "GET", "access/requests/mine"))["items"]:
            await circle.ask("max", "DELETE", f"access/requests/{one['id']}", 204)

    async def test_not_signed_in(self, circle: Any) -> None:
        assert (await ask(circle, "x", by="anyone")).status_code == 401


class TestDecide:
    async def request(self, circle: Any, **more: Any) -> tuple[str, str]:
        app = await circle.app()
        await ask(circle, app, **more)
        (request,) = await open_for(circle, "grace", app)
        return app, f"access/requests/{request['id']}/decision"

    async def test_granted(self, circle: Any) -> None:
        app, path = await self.request(circle)
        body = {"grant": True, "role": "editor", "expires_at": "2060-01-01T00:00:00Z", "note": "till then"}
        decided = await circle.ask("grace", "POST", path, 200, body)
        assert (decided["state"], decided["decided_by"]["name"]) == ("granted", "Grace")
        (grant,) = (await circle.ask("grace", "GET", f"access/app/{app}"))["grants"]
        assert (grant["role"], grant["origin"], grant["expires_at"][:4]) == ("editor", "request", "2060")
        assert await open_for(circle, "grace", app) == []
        mine = (await circle.ask("mia", "GET", "access/requests/mine"))["items"]
        assert next(one["state"] for one in mine if one["resource"]["name"] == app) == "granted"
        again = await circle.ask("grace", "POST", path, None, {"grant": False})
        assert (again.status_code, again.json()["type"]) == (409, "/problems/request-already-decided")

    async def test_refused_and_asked_again(self, circle: Any) -> None:
        app, path = await self.request(circle)
        await circle.ask("grace", "POST", path, 200, {"grant": False, "note": "no"})
        assert not await circle.may_open("mia", app)
        await ask(circle, app)
        assert len(await open_for(circle, "grace", app)) == 1

    async def test_what_cannot_be_given_stays_open(self, circle: Any) -> None:
        app, path = await self.request(circle, role="captain")
        await circle.ask("grace", "POST", path, 422, {"grant": True})
        assert len(await open_for(circle, "grace", app)) == 1

    @pytest.mark.parametrize("name", ["mia", "max"])
    async def test_others(self, circle: Any, name: str) -> None:
        _, path = await self.request(circle)
        hidden = await circle.ask(name, "POST", path, None, {"grant": True})
        missing = await circle.ask(name, "POST", "access/requests/none/decision", None, {"grant": True})
        assert (hidden.status_code, hidden.text) == (404, missing.text)

    async def test_two_at_once(self, circle: Any) -> None:
        _, path = await self.request(circle)
        answers = await asyncio.gather(
            *(circle.ask(name, "POST", path, None, {"grant": name == "ada"}) for name in ("ada", "grace"))
        )
        assert sorted(answer.status_code for answer in answers) == [200, 409]

    async def test_withdrawn(self, circle: Any) -> None:
        app, path = await self.request(circle)
        request = path.removesuffix("/decision")
        await circle.ask("max", "DELETE", request, 404)
        await circle.ask("mia", "DELETE", request, 204)
        await circle.ask("mia", "DELETE", request, 409)
        await circle.ask("grace", "POST", path, 409, {"grant": True})
        assert await open_for(circle, "grace", app) == []


class TestEvents:
    async def test_count(self, circle: Any) -> None:
        before = len((await circle.ask("grace", "GET", "access/requests?limit=200"))["items"])
        async with (
            on_a_port(circle.hub) as circle.url,
            listening(circle, circle.people["grace"], "/api/v1/access/events") as heard,
        ):
            await eventually(lambda: ("requests", {"open": before}) in heard)
            app = await circle.app()
            await ask(circle, app)
            await eventually(lambda: ("requests", {"open": before + 1}) in heard)
            (request,) = await open_for(circle, "grace", app)
            await circle.ask("mia", "DELETE", f"access/requests/{request['id']}", 204)
            await eventually(lambda: heard[-1] == ("requests", {"open": before}))
