"""A hub with one of everything, and everybody who may ask: what walks over all routes needs."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
from fastapi import FastAPI
from tests.support.apps_api import AppsApi, source
from tests.support.lab import client_of, make_settings, running_hub, sign_in

APP, READER = "orchard", "beehive"
PASSWORD = "a long enough one"
PEOPLE: Mapping[str, str] = {
    "stranger": "member",
    "viewer": "member",
    "editor": "member",
    "owner": "developer",
    "developer": "developer",
    "group_member": "member",
    "group_manager": "member",
    "deactivated": "admin",
}
"""People beside the admin, and their roles on the platform."""
ACTING: Mapping[str, str] = {"acting_owner": "owner", "acting_manager": "group_manager"}
"""The admin in browsers of its own, and whom it acts as there."""
TOKENS: Mapping[str, tuple[str, list[str] | None]] = {
    "full_token": ("admin", None),
    "admin_token": ("admin", ["admin"]),
    "read_token": ("admin", ["read"]),
    "open_token": ("admin", ["apps:open"]),
    "expired_token": ("admin", None),
    "write_token": ("owner", ["apps:write"]),
    "environments_token": ("owner", ["environments:write"]),
    "deactivated_token": ("deactivated", None),
}
"""API tokens: whose, and what they are limited to."""
RIGHTS_OF: Mapping[str, str] = {
    **{name: person for name, (person, _) in TOKENS.items() if name not in ("expired_token", "deactivated_token")},
    **ACTING,
}
"""Whose rights somebody has who is not there in person."""


@dataclass
class Everyone:
    """The hub, a client for everybody, and a value for each parameter of a path."""

    hub: FastAPI
    clients: dict[str, httpx2.AsyncClient]
    ids: dict[str, str]
    parameters: dict[str, str]

    @property
    def admin(self) -> httpx2.AsyncClient:
        return self.clients["admin"]


@asynccontextmanager
async def gathered(mongodb_uri: str, database: str, home: Path) -> AsyncIterator[Everyone]:
    """Run the hub and make everything."""
    async with AsyncExitStack() as stack:
        hub = await stack.enter_async_context(running_hub(make_settings(home, mongodb_uri, database, "process")))
        clients = {name: await stack.enter_async_context(client_of(hub)) for name in ("admin", "anonymous", *PEOPLE)}
        everyone = Everyone(hub, clients, {}, {})
        await sign_in(everyone.admin)
        for name, role in PEOPLE.items():
            account = {"name": name, "email": f"{name}@example.org", "password": PASSWORD, "role": role}
            made = await AppsApi(everyone.admin).post("/api/v1/users", 201, json=account)
            everyone.ids[name] = made["id"]
            await sign_in(clients[name], account)
        await _make_things(everyone)
        await _make_tokens(everyone, stack)
        await _act(everyone, stack)
        answer = await everyone.admin.post(f"/api/v1/users/{everyone.ids['deactivated']}/deactivate")
        assert answer.status_code == 200, answer.text
        yield everyone


async def _make_things(everyone: Everyone) -> None:
    """Make an app and a group, and share them."""
    owner, admin, ids = AppsApi(everyone.clients["owner"]), everyone.admin, everyone.ids
    deployment = await owner.deploy(source(APP))
    upload = await owner.upload(source(APP, "two"))
    await owner.deploy(source(READER))
    for role in ("viewer", "editor"):
        path = f"/api/v1/access/app/{APP}/grants/user:{ids[role]}"
        assert (await owner.client.put(path, json={"role": role})).is_success
    group = await AppsApi(admin).post("/api/v1/groups", 201, json={"name": "Growers"})
    for name, is_manager in (("group_member", False), ("group_manager", True)):
        path = f"/api/v1/groups/{group['id']}/members/user:{ids[name]}"
        assert (await admin.put(path, json={"is_manager": is_manager})).is_success
    for client in everyone.clients.values():  # called as the app is, since a path calls both by `name`
        own = {"kind": "variable", "value": "canary-own-5e1f"}
        await client.put(f"/api/v1/account/secrets/{APP}", json=own)
    template = {"slug": "bench", "name": "Bench", "command": ["true"]}
    await AppsApi(admin).post("/api/v1/templates", 201, json=template)
    answer = await admin.put("/api/v1/access/template/bench/openness", json={"openness": "signed-in"})
    assert answer.is_success, answer.text
    environment = await owner.post("/api/v1/environments", 201, json={"template": "bench"})
    for name, role in (("viewer", "viewer"), ("editor", "user")):
        path = f"/api/v1/access/environment/{environment['slug']}/grants/user:{ids[name]}"
        assert (await owner.client.put(path, json={"role": role})).is_success
    role = {"kind": "app", "name": "looker", "title": "Looker", "actions": ["app.view"]}
    invitation = {"email": "new@example.org", "role": "member"}
    everyone.parameters |= {
        "slug": APP,
        "environment": environment["slug"],
        "template": "bench",
        "reader": READER,
        "number": "1",
        "deployment_id": deployment["id"],
        "upload_id": upload["id"],
        "kind": "app",
        "name": APP,
        "subject": f"user:{ids['stranger']}",
        "user_id": ids["deactivated"],
        "group_id": group["id"],
        "role_id": (await AppsApi(admin).post("/api/v1/roles", 201, json=role))["id"],
        "invitation_id": (await AppsApi(admin).post("/api/v1/invitations", 201, json=invitation))["id"],
        "session_id": (await AppsApi(admin).get("/api/v1/account/sessions"))["items"][0]["id"],
        "app_id": (await everyone.hub.state.database["apps"].find_one({"slugs": APP}))["_id"],
        "request_id": await _asked(everyone),
        "seq": "1",
        "workspace_id": (await owner.post("/api/v1/workspaces", 201, json={"name": "Bench"}))["id"],
        "snapshot_id": "none",
        "bin_id": "none",
        "file_upload_id": "none",
        "workspace_job_id": "none",
        "image_job_id": "none",
        "provider_id": "none",
        "identity_id": "none",
        "passkey_id": "none",
        "tier": "basic",
        "workload_id": "none",
        "notice_id": "none",
    }


async def _asked(everyone: Everyone) -> str:
    """Let somebody ask for access; return the id of the request."""
    client = everyone.clients["stranger"]
    answer = await client.post("/api/v1/access/requests", json={"kind": "app", "name": APP, "message": "Please"})
    assert answer.status_code == 202, answer.text
    return str((await AppsApi(client).get("/api/v1/access/requests/mine"))["items"][0]["id"])


async def _make_tokens(everyone: Everyone, stack: AsyncExitStack) -> None:
    """Make API tokens: of the admin's that are limited or over, of the owner's, of somebody who is deactivated."""
    for name, (person, scopes) in TOKENS.items():
        token = await AppsApi(everyone.clients[person]).post(
            "/api/v1/tokens", 201, json={"name": name, "scopes": scopes}
        )
        headers = {"Authorization": f"Bearer {token['token']}"}
        everyone.clients[name] = await stack.enter_async_context(client_of(everyone.hub, headers=headers))
        everyone.parameters["token_id"] = token["id"]
        if name == "expired_token":
            over = {"$set": {"expires_at": datetime(2020, 1, 1, tzinfo=UTC)}}
            await everyone.hub.state.database["tokens"].update_one({"_id": token["id"]}, over)


async def _act(everyone: Everyone, stack: AsyncExitStack) -> None:
    """Let the admin act as others."""
    for name, person in ACTING.items():
        client = everyone.clients[name] = await sign_in(await stack.enter_async_context(client_of(everyone.hub)))
        body = {"reason": "To see what they see"}
        await AppsApi(client).post(f"/api/v1/users/{everyone.ids[person]}/impersonate", 201, json=body)


def filled(path: str, parameters: Mapping[str, Any]) -> str:
    """Return a path with its parameters filled in. Raises: `KeyError` for one that is not known."""
    return path.format_map(parameters)
