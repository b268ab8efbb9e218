"""What gets on record: every change, and every attempt that was denied, before anybody is answered."""

from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from tests.api.conftest import ADMIN, client_of

from hothouse.access.interfaces import Action
from hothouse.audit.middleware import READING, SAFE_METHODS
from hothouse.hub.openapi import declared_actions


async def entries(ada: httpx2.AsyncClient, **search: Any) -> list[dict[str, Any]]:
    """Return what is on record, newest first."""
    answer = await ada.get("/api/v1/audit", params=search)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


class TestChange:
    async def test_says_who_what_when_and_from_where(self, ada: httpx2.AsyncClient) -> None:
        headers = {"X-Forwarded-For": "203.0.113.7"}
        made = (await ada.post("/api/v1/tokens", json={"name": "laptop"}, headers=headers)).json()
        assert made["token"]
        [entry] = await entries(ada, action="tokens.create")
        assert (entry["result"], entry["status"], entry["address"]) == ("done", 201, "203.0.113.7")
        assert (entry["who"]["email"], entry["who"]["via"]) == (ADMIN["email"], "session")
        assert made["token"] not in str(entry)

    async def test_names_what_the_path_names(self, ada: httpx2.AsyncClient) -> None:
        token = (await ada.post("/api/v1/tokens", json={"name": "laptop"})).json()
        assert (await ada.delete(f"/api/v1/tokens/{token['id']}")).status_code == 204
        [entry] = await entries(ada, about=f"token:{token['id']}", action="tokens.revoke")
        assert entry["result"] == "done"

    async def test_invalid_request_leaves_nothing(self, hub: FastAPI, ada: httpx2.AsyncClient) -> None:
        assert (await ada.post("/api/v1/tokens", json={})).status_code == 422
        assert await entries(ada, action="tokens.create") == []
        assert await hub.state.database["audit_announced"].find_one({}) is None

    async def test_reading_leaves_nothing(self, ada: httpx2.AsyncClient) -> None:
        before = (await entries(ada))[0]["seq"]
        assert (await ada.get("/api/v1/apps")).status_code == 200
        assert (await entries(ada))[0]["seq"] == before

    async def test_defect_is_recorded_as_failed(self, hub: FastAPI, ada: httpx2.AsyncClient) -> None:
        async def fail(*_: object) -> None:
            raise RuntimeError("a defect")

        hub.state.identity.tokens._repository.add_token = fail
        with pytest.raises(RuntimeError):
            await ada.post("/api/v1/tokens", json={"name": "x"})
        [entry] = await entries(ada, action="tokens.create")
        assert (entry["result"], entry["status"]) == ("failed", 500)

    async def test_invitation_and_change_of_role(self, hub: FastAPI, ada: httpx2.AsyncClient) -> None:
        invited = (await ada.post("/api/v1/invitations", json={"email": "mia@example.org"})).json()
        code = invited["url"].rpartition("=")[2].rpartition("#")[2].rpartition("/")[2]
        async with client_of(hub) as browser:
            account = {"code": code, "name": "Mia", "email": "mia@example.org", "password": "a long enough one"}
            assert (await browser.post("/api/v1/auth/invitation", json={"code": code})).status_code == 200
            answer = await browser.post("/api/v1/auth/invitation/accept", json=account)
            assert answer.status_code == 201, answer.text
        user = answer.json()["user"]
        assert (await ada.patch(f"/api/v1/users/{user['id']}", json={"role": "admin"})).status_code == 200
        changed, accepted = await entries(ada, about=f"user:{user['id']}")
        assert (changed["before"], changed["after"]) == ({"role": "developer"}, {"role": "admin"})
        assert (accepted["action"], accepted["who"]["email"]) == ("invitations.accept", "mia@example.org")
        [made] = await entries(ada, action="invitations.create")
        assert code not in str([changed, accepted, made])
        assert await entries(ada, action="invitations.show") == []

    async def test_signing_in_and_out(self, hub: FastAPI, ada: httpx2.AsyncClient) -> None:
        async with client_of(hub) as browser:
            assert (await browser.post("/api/v1/auth/login", json=ADMIN)).status_code == 200
            assert (await browser.post("/api/v1/auth/logout")).status_code == 204
        out, signed_in, *_ = await entries(ada, person=ADMIN["email"])
        assert [(one["action"], one["result"]) for one in (out, signed_in)] == [
            ("auth.logout", "done"),
            ("auth.login", "done"),
        ]
        assert ADMIN["password"] not in str(signed_in)


class TestDenied:
    async def test_admin_route(self, ada: httpx2.AsyncClient, grace: httpx2.AsyncClient) -> None:
        assert (await grace.get("/api/v1/users")).status_code == 404
        [entry] = await entries(ada, person="grace@example.org", result="denied")
        assert (entry["action"], entry["status"]) == ("users.list", 404)
        assert entry["reason"] == "no role of this person on the platform allows it"

    async def test_missing_and_hidden_are_recorded_alike(self, ada: httpx2.AsyncClient, grace: Any) -> None:
        assert (await grace.get("/api/v1/apps/nothing-here")).status_code == 404
        [entry] = await entries(ada, about="app:nothing-here")
        assert (entry["result"], entry["who"]["name"]) == ("denied", "Grace")

    async def test_wrong_password(self, hub: FastAPI, ada: httpx2.AsyncClient) -> None:
        async with client_of(hub) as stranger:
            wrong = {"email": ADMIN["email"], "password": "not this one"}
            assert (await stranger.post("/api/v1/auth/login", json=wrong)).status_code == 401
        [entry] = await entries(ada, action="auth.login", result="denied")
        assert (entry["status"], entry["reason"]) == (401, "invalid-credentials")
        assert entry["about"] == [{"kind": "user", "id": None, "name": ADMIN["email"]}]
        assert "not this one" not in str(entry)

    async def test_token_that_is_not_valid(self, hub: FastAPI, ada: httpx2.AsyncClient) -> None:
        async with client_of(hub, headers={"Authorization": "Bearer hh_wrong"}) as script:
            assert (await script.get("/api/v1/apps")).status_code == 401
        [entry] = await entries(ada, result="denied")
        assert (entry["action"], entry["reason"]) == ("apps.list", "not-signed-in")

    async def test_other_sites_page(self, ada: httpx2.AsyncClient) -> None:
        foreign = {"Sec-Fetch-Site": "cross-site"}
        assert (await ada.post("/api/v1/tokens", json={"name": "x"}, headers=foreign)).status_code == 403
        [entry] = await entries(ada, result="denied")
        assert (entry["action"], entry["status"]) == ("POST /api/v1/tokens", 403)

    async def test_page_that_asks_who_is_signed_in_is_not_an_attempt(self, ada: Any, anyone: Any) -> None:
        assert (await anyone.get("/api/v1/auth/me")).status_code == 401
        assert await entries(ada, result="denied") == []

    async def test_very_many_become_a_number(self, hub: FastAPI, ada: httpx2.AsyncClient, grace: Any) -> None:
        for _ in range(70):
            await grace.get("/api/v1/users")
        denied = await entries(ada, person="grace@example.org", result="denied", limit=200)
        assert len(denied) == 60
        await hub.state.audit.close()
        [more] = await entries(ada, action="audit.more-denied")
        assert (more["who"]["name"], more["after"]["attempts"]) == ("Grace", {"users.list": 10})


FOR_ADMINS = {
    Action.PLATFORM_ADMIN,
    Action.PEOPLE_MANAGE,
    Action.AUDIT_READ,
    Action.ROLES_MANAGE,
    Action.ACCESS_REVIEW,
    Action.GROUPS_CREATE,
}


class TestEveryRoute:
    async def test_denied_attempt_at_any_admin_route_is_recorded(
        self, hub: FastAPI, ada: httpx2.AsyncClient, grace: httpx2.AsyncClient
    ) -> None:
        tried = []
        for method, path, is_documented, actions in declared_actions(hub):
            if is_documented and actions <= FOR_ADMINS and "{slug}" not in path:
                answer = await grace.request(method, path.replace("{", "").replace("}", ""), json={})
                assert answer.status_code in (404, 422), (method, path)
                if answer.status_code == 404:
                    tried.append((method, path))
        denied = await entries(ada, person="grace@example.org", result="denied", limit=200)
        assert len(denied) == len(tried) >= 4

    async def test_change_is_announced_before_it_is_done(self, hub: FastAPI, ada: httpx2.AsyncClient) -> None:
        """Whatever the route: nothing that changes something gets past a record that cannot be written."""
        await ada.get("/api/v1/apps")

        async def away(*_: object) -> None:
            raise TimeoutError

        hub.state.audit._repository.announce = away
        operations = hub.openapi()["paths"].items()
        reading = {
            (method.upper(), path)
            for path, has in operations
            for method in has
            if has[method]["operationId"] in READING
        }
        refused = []
        for method, path, is_documented, actions in declared_actions(hub):
            is_change = is_documented and method not in SAFE_METHODS and path.startswith("/api/v1/")
            if is_change and actions & {Action.SIGNED_IN, Action.ACCOUNT, Action.APPS_CREATE, *FOR_ADMINS}:
                answer = await ada.request(method, path.replace("{", "").replace("}", ""), json={})
                if "{slug}" not in path and (method, path) not in reading:
                    assert answer.json()["type"] == "/problems/audit-away", (method, path, answer.text)
                    refused.append(path)
        assert len(refused) >= 4


class TestRoutes:
    @pytest.mark.parametrize("path", ["", "/export", "/verify"])
    async def test_only_for_admins(self, grace: httpx2.AsyncClient, anyone: httpx2.AsyncClient, path: str) -> None:
        assert (await grace.get(f"/api/v1/audit{path}")).status_code == 404
        assert (await anyone.get(f"/api/v1/audit{path}")).status_code == 401

    async def test_pages(self, ada: httpx2.AsyncClient) -> None:
        for number in range(5):
            await ada.post("/api/v1/tokens", json={"name": f"token {number}"})
        found, cursor = [], None
        while True:
            page = (await ada.get("/api/v1/audit", params={"limit": 2} | ({"cursor": cursor} if cursor else {}))).json()
            found += [entry["seq"] for entry in page["items"]]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        assert found == list(range(len(found), 0, -1))
        assert len(found) >= 6

    async def test_export_holds_all_and_is_itself_recorded(self, ada: httpx2.AsyncClient) -> None:
        answer = await ada.get("/api/v1/audit/export")
        lines = answer.text.splitlines()
        assert answer.headers["content-type"].startswith("application/x-ndjson")
        assert '"action":"audit.export"' in lines[-1]

    async def test_verify(self, ada: httpx2.AsyncClient) -> None:
        verdict = (await ada.get("/api/v1/audit/verify")).json()
        assert verdict["is_intact"]
        assert verdict["entries"] == verdict["last_seq"] >= 1
