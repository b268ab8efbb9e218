"""What somebody may not see is answered like what does not exist: status, headers, body, and by the same queries."""

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from tests.api.conftest import client_of
from tests.support.apps_api import AppsApi, manifest, source
from tests.support.command_watch import commands_in_order

from hothouse.access.interfaces import Action
from hothouse.hub.openapi import declared_actions

BODIES: dict[str, dict[str, Any]] = {
    "POST /api/v1/uploads/{upload_id}/deploy": {"manifest": manifest("sneaky")},
    "POST /api/v1/apps/{slug}/deploy": {"release": 1},
    "PUT /api/v1/apps/{slug}/data/readers/{reader}": {"collections": ["clicks"]},
    "PATCH /api/v1/apps/{slug}": {"name": "Mine now"},
    "PATCH /api/v1/groups/{group_id}": {"description": "Mine now"},
    "PUT /api/v1/groups/{group_id}/members/{subject}": {"is_manager": True},
    "PATCH /api/v1/roles/{role_id}": {"title": "Mine now"},
    "PUT /api/v1/access/{kind}/{name}/grants/{subject}": {"role": "viewer"},
    "PUT /api/v1/access/{kind}/{name}/openness": {"openness": "public"},
    "POST /api/v1/access/{kind}/{name}/hand-over": {"user_id": "grace"},
    "POST /api/v1/users/{user_id}/hand-over": {"to_user_id": "grace"},
    "POST /api/v1/access/requests/{request_id}/decision": {"grant": True},
    "PATCH /api/v1/account/passkeys/{passkey_id}": {"name": "Mine now"},
    "POST /api/v1/account/passkeys/{passkey_id}/remove": {"code": "000000"},
}
MAKES_OWN = "PUT /api/v1/account/secrets/{name}"
"""What anybody signed in makes of their own, whatever others call theirs; tests/api/secrets sees to that."""
QUERIES = {"against": "1", "confirm": "secret-app", "q": "x", "subject": "user:somebody", "action": "app.open"}
ROLE = {"kind": "app", "name": "steward", "title": "Steward", "actions": ["app.view"]}
MASK = str.maketrans("abcdefghijklmnopqrstuvwxyz", "nopqrstuvwxyzabcdefghijklm")
IDS = {
    "slug": "app",
    "number": "release",
    "reader": "app",
    "upload_id": "upload",
    "deployment_id": "deployment",
    "token_id": "token",
    "user_id": "user",
    "invitation_id": "invitation",
    "session_id": "session",
    "seq": "entry",
    "identity_id": "identity",
    "passkey_id": "passkey",
    "tier": "tier",
    "workload_id": "workload",
    "notice_id": "notice",
    "group_id": "group",
    "role_id": "role",
    "request_id": "request",
    "environment": "environment",
    "template": "template",
    "workspace_id": "workspace",
    "snapshot_id": "part",
    "bin_id": "part",
    "file_upload_id": "part",
    "workspace_job_id": "part",
    "image_job_id": "upload",  # whoever may not manage templates is refused before it is looked up
    "kind": "kind",
    "name": "app",
    "subject": "subject",
}
"""What of Ada's each parameter of a path names; a new parameter needs an entry here, and what it names below."""


@pytest.fixture
async def hidden(hub: FastAPI, ada: httpx2.AsyncClient) -> dict[str, str]:
    """Ids of things of Ada's that concern nobody else."""
    api = AppsApi(ada)
    deployment = await api.deploy(source("secret-app"))
    upload = await api.upload(source("another"))
    people = (await api.get("/api/v1/users"))["items"]
    me = next(person["id"] for person in people if person["email"].startswith("ada"))
    await hub.state.database["identities"].insert_one({"_id": "hidden-identity", "user_id": me})
    await hub.state.database["passkeys"].insert_one({"_id": "hidden-passkey", "user_id": me, "name": "laptop"})
    await hub.state.database["notices"].insert_one({"_id": "hidden-notice", "user_id": me, "text": "x"})
    workload = {"_id": "hidden-workload", "owner": "app:none", "is_live": False}
    await hub.state.database["workloads"].insert_one(workload)
    own = {"kind": "file", "path": "own", "value": "x"}
    assert (await ada.put("/api/v1/account/secrets/secret-app", json=own)).status_code == 200
    await api.post("/api/v1/templates", 201, json={"slug": "bench", "name": "Bench", "command": ["true"]})
    environment = await api.post("/api/v1/environments", 201, json={"template": "bench"})
    return {
        "app": "secret-app",
        "environment": environment["slug"],
        "template": "bench",
        "workspace": environment["workspace_id"],
        "part": "hidden-part",  # of the workspace, which decides
        "release": "1",
        "deployment": deployment["id"],
        "upload": upload["id"],
        "token": (await api.post("/api/v1/tokens", 201, json={"name": "t"}))["id"],
        "user": me,
        "identity": "hidden-identity",
        "passkey": "hidden-passkey",
        "tier": "hidden-tier",
        "workload": workload["_id"],
        "notice": "hidden-notice",
        "invitation": (await api.post("/api/v1/invitations", 201, json={"email": "new@example.org"}))["id"],
        "entry": "1",  # of the audit record
        "group": (await api.post("/api/v1/groups", 201, json={"name": "Secret group"}))["id"],
        "role": (await api.post("/api/v1/roles", 201, json=ROLE))["id"],
        "request": await request_for_access(api),
        "kind": "app",
        "subject": "user:somebody",
        "session": (await api.get("/api/v1/account/sessions"))["items"][0]["id"],
    }


async def request_for_access(api: AppsApi) -> str:
    await api.post("/api/v1/access/requests", 202, json={"kind": "app", "name": "of-somebody-else"})
    (mine,) = (await api.get("/api/v1/access/requests/mine"))["items"]
    return str(mine["id"])


def routes(hub: FastAPI) -> Iterator[tuple[str, str, list[str]]]:
    """Yield method, path and names of the parameters of each route with an id in its path, but public ones."""
    for method, path, _, actions in declared_actions(hub):
        names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
        if names and actions and not actions & {Action.INTERNAL, Action.PUBLIC} and method != "HEAD":
            yield method, path, names


def missing(known: str, name: str = "") -> str:
    """Return an id of the same form that nothing has; a release of a missing app may have any number."""
    if name == "seq":
        return "99999"
    if name in ("kind", "subject"):  # the thing of that kind, or that it is about, is missing already
        return known
    return known if known.isdecimal() else known.translate(MASK)


async def answer_to(client: httpx2.AsyncClient, method: str, path: str, ids: dict[str, str]) -> dict[str, Any]:
    """Return all that an answer tells, with the ids that were asked for written alike, and what was asked for it."""
    address = path
    for name, value in ids.items():
        address = address.replace("{" + name + "}", value)
    body = BODIES.get(f"{method} {path}", {}) if method in ("POST", "PUT", "PATCH") else None
    with commands_in_order() as commands:
        answer = await client.request(method, address, json=body, params=QUERIES)
    text = answer.text
    for name, value in sorted(ids.items(), key=lambda one: -len(one[1])):
        text = text.replace(value, f"<{name}>") if not value.isdecimal() else text
    headers = {key: value for key, value in answer.headers.items() if key not in ("date", "x-request-id")}
    return {"status": answer.status_code, "headers": headers, "body": text, "commands": commands}


async def test_every_route_with_an_id(hub: FastAPI, hidden: dict[str, str], grace: httpx2.AsyncClient) -> None:
    compared = 0
    for who in ("stranger", "token", "token for little", "nobody"):
        async with await visitor(hub, grace, who) as client:
            await client.get("/api/v1/apps")  # from here on the last use of session and token is recent enough
            for method, path, names in routes(hub):
                if f"{method} {path}" == MAKES_OWN:
                    continue
                ids = {name: hidden[IDS[name]] for name in names}
                there = await answer_to(client, method, path, ids)
                nowhere = await answer_to(client, method, path, {name: missing(ids[name], name) for name in ids})
                assert there == nowhere, (who, method, path)
                expected = (404,) if who == "stranger" else (401, 403, 404)
                assert there["status"] in expected, (who, method, path, there)
                compared += 1
    assert compared > 100


async def test_sharing_of_groups(hidden: dict[str, str], grace: httpx2.AsyncClient) -> None:
    for path in ("/api/v1/access/{kind}/{name}", "/api/v1/access/{kind}/{name}/grants/{subject}"):
        method = "PUT" if "subject" in path else "GET"
        ids = {"kind": "group", "name": hidden["group"], "subject": hidden["subject"]}
        there = await answer_to(grace, method, path, ids)
        assert there == await answer_to(grace, method, path, ids | {"name": missing(hidden["group"])})
        assert there["status"] == 404


async def visitor(hub: FastAPI, grace: httpx2.AsyncClient, who: str) -> httpx2.AsyncClient:
    if who == "stranger":
        return client_of(hub, cookies=grace.cookies)
    if who == "nobody":
        return client_of(hub)
    scopes = {"scopes": ["read"]} if who == "token for little" else {}
    made = (await grace.post("/api/v1/tokens", json={"name": "t", **scopes})).json()
    return client_of(hub, headers={"Authorization": f"Bearer {made['token']}"})


async def test_readers_of_ones_own_app(hidden: dict[str, str], grace: httpx2.AsyncClient) -> None:
    await AppsApi(grace).deploy(source("mine"))
    path = "/api/v1/apps/mine/data/readers/{reader}"
    for method in ("PUT", "DELETE"):
        there = await answer_to(grace, method, path, {"reader": hidden["app"]})
        assert there == await answer_to(grace, method, path, {"reader": missing(hidden["app"])})


async def test_hand_over_of_a_sign_in(
    hidden: dict[str, str], ada: httpx2.AsyncClient, grace: httpx2.AsyncClient
) -> None:
    path = "/api/v1/auth/handover?app={app}&state=0123456789abcdef&next=/x"
    answers = []
    for slug in (hidden["app"], missing(hidden["app"])):
        with commands_in_order() as commands:
            answer = await grace.get(path.replace("{app}", slug))
        assert answer.headers.pop("location") == f"/ask-for-access?app={slug}"
        answers.append((answer.status_code, dict(answer.headers), answer.text, commands))
    assert answers[0] == answers[1]
    assert "/.hothouse/handover?code=" in (await ada.get(path.replace("{app}", hidden["app"]))).headers["location"]


async def test_admission(
    hub: FastAPI, hidden: dict[str, str], grace: httpx2.AsyncClient, gateway: httpx2.AsyncClient
) -> None:
    app = await hub.state.database["apps"].find_one({"slugs": hidden["app"]})
    token = (await grace.post("/api/v1/tokens", json={"name": "t"})).json()["token"]
    await gateway.post("/internal/v1/admit", json={"app_id": app["_id"], "bearer": token})
    for credentials in ({"bearer": token}, {"bearer": "hh_forged"}, {"app_session": "forged"}, {}):
        answers = []
        for app_id in (app["_id"], "?another"):
            with commands_in_order() as commands:
                answer = await gateway.post("/internal/v1/admit", json={"app_id": app_id, **credentials})
            said = answer.json()
            said.pop("reason")  # for the record, not for the visitor
            answers.append((answer.status_code, said, commands))
        assert answers[0] == answers[1]
