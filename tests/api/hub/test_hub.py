"""The hub as a whole: declared permissions, error shapes, health, indexes."""

import httpx2
import pytest
from fastapi import FastAPI

from hothouse.access.interfaces import Action
from hothouse.hub.openapi import declared_actions


class TestPermissions:
    def test_every_route_declares_one(self, hub: FastAPI) -> None:
        undeclared = [
            (method, path)
            for method, path, _, actions in declared_actions(hub)
            if not actions and path != "/{path}"  # the web UI's files, which tell nothing about anybody
        ]
        assert undeclared == []

    async def test_anonymous_is_told_to_sign_in(self, hub: FastAPI, anyone: httpx2.AsyncClient) -> None:
        checked = 0
        for method, path, _, actions in declared_actions(hub):
            if actions & {Action.PUBLIC, Action.INTERNAL} or not actions:
                continue
            address = path.replace("{slug}", "x").replace("{number}", "1").replace("{upload_id}", "x")
            address = address.replace("{deployment_id}", "x").replace("{token_id}", "x").replace("{reader}", "x")
            answer = await anyone.request(method, address, json={}, params={"against": "1"})
            assert answer.status_code in (401, 422), (method, path, answer.text)
            if answer.status_code == 422:  # the body was looked at first; with no body it must be 401
                continue
            checked += 1
        assert checked > 15

    async def test_missing_and_hidden_answer_alike(self, ada: httpx2.AsyncClient, grace: httpx2.AsyncClient) -> None:
        assert (await grace.get("/api/v1/users")).status_code == 404
        assert (await ada.get("/api/v1/users")).status_code == 200


class TestProblems:
    @pytest.mark.parametrize(
        ("method", "path", "status"),
        [
            ("GET", "/api/v1/nothing", 404),
            ("PUT", "/api/v1/apps", 405),
            ("GET", "/api/v1/apps/none", 404),
            ("GET", "/api/v1/apps?limit=0", 422),
            ("POST", "/api/v1/tokens", 422),
            ("POST", "/api/v1/uploads/none/deploy", 404),
            ("GET", "/api/v1/deployments/none", 404),
        ],
    )
    async def test_shape(self, ada: httpx2.AsyncClient, method: str, path: str, status: int) -> None:
        answer = await ada.request(method, path, json={} if method in ("POST", "PUT") else None)
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        problem = answer.json()
        assert problem["status"] == status
        assert problem["type"].startswith("/problems/")
        assert problem["title"]
        assert len(problem["detail"]) > 10

    async def test_body_too_large(self, ada: httpx2.AsyncClient) -> None:
        answer = await ada.post("/api/v1/tokens", json={"name": "x" * 3_000_000})
        assert (answer.status_code, answer.json()["type"]) == (413, "/problems/too-large")


class TestHealth:
    async def test_not_ready_without_the_other_parts(self, anyone: httpx2.AsyncClient) -> None:
        answer = await anyone.get("/health/ready")
        assert answer.status_code == 503
        parts = answer.json()["parts"]
        assert parts["mongodb"] == "ok"
        assert parts["gateway"] != "ok"
        assert parts["worker"] != "ok"

    async def test_live(self, anyone: httpx2.AsyncClient) -> None:
        assert (await anyone.get("/health/live")).status_code == 200


class TestPages:
    async def test_security_headers(self, anyone: httpx2.AsyncClient) -> None:
        headers = (await anyone.get("/")).headers
        assert "script-src 'self'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"

    @pytest.mark.parametrize("path", ["/../settings.py", "/%2e%2e/settings.py", "/..%2f..%2fsettings.py"])
    async def test_nothing_beside_the_build_is_served(self, anyone: httpx2.AsyncClient, path: str) -> None:
        assert "HOTHOUSE_" not in (await anyone.get(path)).text
