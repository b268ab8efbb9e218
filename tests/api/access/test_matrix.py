"""Every route, asked by everybody: whether it lets them pass is what its declared action says, and nothing else.

A request is stopped the moment it is permitted, so that nothing is done; what happens before decides the outcome. New
routes are covered by themselves: a route with an action or a parameter that is not known here fails.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx2
import pytest
from pymongo import AsyncMongoClient
from tests.support.everyone import ACTING, RIGHTS_OF, Everyone, filled, gathered

from hothouse.access.interfaces import Action
from hothouse.hub.openapi import declared_actions
from hothouse.kit.problems import Problem
from hothouse.kit.trail import Trail

PERMITTED, NOT_SIGNED_IN, LIMITED, NOT_THERE = 418, 401, 403, 404

# Who, of those in `tests.support.everyone`, may do what. Written by hand: it says what is meant, not what is coded.
NOBODY = {"anonymous", "deactivated", "deactivated_token", "expired_token"}
PEOPLE = {"admin", "stranger", "viewer", "editor", "owner", "developer", "group_member", "group_manager"}
ALLOWED: dict[Action, set[str]] = {
    Action.PUBLIC: PEOPLE | NOBODY,
    Action.SIGNED_IN: PEOPLE,
    Action.ACCOUNT: PEOPLE,
    Action.PLATFORM_ADMIN: {"admin"},
    Action.PEOPLE_MANAGE: {"admin"},
    Action.PEOPLE_IMPERSONATE: {"admin"},
    Action.AUDIT_READ: {"admin"},
    Action.ACCESS_REVIEW: {"admin"},
    Action.GROUPS_LIST: PEOPLE,
    Action.GROUPS_CREATE: {"admin"},
    Action.ROLES_LIST: PEOPLE,
    Action.ROLES_MANAGE: {"admin"},
    Action.APPS_LIST: PEOPLE,
    Action.APPS_CREATE: {"admin", "owner", "developer"},
    Action.GROUP_VIEW: {"admin", "group_member", "group_manager"},
    Action.GROUP_EDIT: {"admin", "group_manager"},
    Action.GROUP_DELETE: {"admin", "group_manager"},
    Action.APP_OPEN: {"admin", "owner", "editor", "viewer"},
    Action.APP_VIEW: {"admin", "owner", "editor", "viewer"},
    Action.APP_EDIT: {"admin", "owner", "editor"},
    Action.APP_SHARE: {"admin", "owner"},
    Action.APP_DELETE: {"admin", "owner"},
    Action.ENVIRONMENTS_LIST: PEOPLE,
    Action.ENVIRONMENTS_CREATE: PEOPLE,
    Action.ENVIRONMENT_OPEN: {"admin", "owner", "editor"},
    Action.ENVIRONMENT_VIEW: {"admin", "owner", "editor", "viewer"},
    Action.ENVIRONMENT_EDIT: {"admin", "owner"},
    Action.ENVIRONMENT_SHARE: {"admin", "owner"},
    Action.ENVIRONMENT_DELETE: {"admin", "owner"},
    Action.TEMPLATES_LIST: PEOPLE,
    Action.TEMPLATES_MANAGE: {"admin"},
    Action.TEMPLATE_USE: PEOPLE,
    Action.TEMPLATE_SHARE: {"admin"},
    Action.WORKSPACES_LIST: PEOPLE,
    Action.WORKSPACES_CREATE: PEOPLE,
    Action.WORKSPACE_VIEW: {"admin", "owner"},
    Action.WORKSPACE_EDIT: {"admin", "owner"},
    Action.WORKSPACE_DELETE: {"admin", "owner"},
    Action.RESOURCE_SHARE: PEOPLE,  # whose the thing is decides, below
    Action.INTERNAL: set(),
}
SHARED_BY = {"app": Action.APP_SHARE, "group": Action.GROUP_EDIT, "platform": Action.ROLES_MANAGE}
"""What one has to be allowed with a thing of this kind, to share it."""
READING = {
    Action.PUBLIC,
    Action.SIGNED_IN,
    Action.APPS_LIST,
    Action.APP_VIEW,
    Action.GROUPS_LIST,
    Action.GROUP_VIEW,
    Action.ROLES_LIST,
    Action.ENVIRONMENTS_LIST,
    Action.ENVIRONMENT_VIEW,
    Action.TEMPLATES_LIST,
    Action.WORKSPACES_LIST,
}
GOOD_FOR: dict[str, set[Action]] = {
    "read_token": READING,
    "open_token": {Action.PUBLIC, Action.APP_OPEN},
    "write_token": READING
    | {Action.APPS_CREATE, Action.APP_EDIT, Action.APP_SHARE, Action.APP_DELETE, Action.RESOURCE_SHARE},
    "admin_token": READING
    | {Action.PLATFORM_ADMIN, Action.PEOPLE_MANAGE, Action.AUDIT_READ, Action.ACCESS_REVIEW, Action.ROLES_MANAGE}
    | {Action.GROUPS_CREATE, Action.GROUP_EDIT, Action.GROUP_DELETE, Action.RESOURCE_SHARE}
    | {Action.TEMPLATES_MANAGE, Action.TEMPLATE_SHARE},
    "environments_token": READING
    | {Action.ENVIRONMENTS_CREATE, Action.ENVIRONMENT_EDIT, Action.ENVIRONMENT_SHARE, Action.ENVIRONMENT_DELETE}
    | {Action.WORKSPACES_CREATE, Action.WORKSPACE_VIEW, Action.WORKSPACE_EDIT, Action.WORKSPACE_DELETE}
    | {Action.TEMPLATE_USE, Action.RESOURCE_SHARE},
    **dict.fromkeys(ACTING, READING | {Action.APPS_CREATE, Action.APP_OPEN, Action.APP_EDIT}),
}
"""What limited tokens, and who acts as somebody else, are good for at all; for the rest they are told so, before
anything is looked up."""


class Permitted(Problem):
    """It was found to be permitted; nothing is done."""

    slug, title, status = "permitted", "Permitted", PERMITTED


@pytest.fixture(scope="module")
async def everyone(mongodb_uri: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Everyone]:
    name = "test_matrix"
    async with AsyncMongoClient(mongodb_uri) as client:
        await client.drop_database(name)
        async with gathered(mongodb_uri, name, tmp_path_factory.mktemp("matrix")) as everyone:
            yield everyone
        await client.drop_database(name)


@pytest.fixture
def stopped(everyone: Everyone, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Requests end where they are permitted; none is put on record, which would take longest."""

    async def permit(_: Trail) -> None:
        raise Permitted("It may be done.")

    monkeypatch.setattr(Trail, "permit", permit)
    state = everyone.hub.state
    state.audit, record = None, state.audit
    yield
    state.audit = record


def routes(everyone: Everyone) -> Iterator[tuple[str, str, Action]]:
    """Yield method, path and action of every route of the API."""
    for method, path, _, actions in declared_actions(everyone.hub):
        if actions:  # the web UI's files have none; tests/api/hub sees to it that nothing else has
            (action,) = actions
            yield method, path, action


def expected(name: str, needed: set[Action]) -> int:
    """Return the status that is meant: tokens, and who acts as somebody, may what those may and they are good for."""
    if Action.INTERNAL in needed:
        return NOT_THERE
    if needed - GOOD_FOR.get(name, needed):
        return LIMITED
    if all(RIGHTS_OF.get(name, name) in ALLOWED[action] for action in needed):
        return PERMITTED
    return NOT_SIGNED_IN if name in NOBODY else NOT_THERE


def takes_secrets(everyone: Everyone, method: str, path: str) -> bool:
    """Tell whether a route's body has secrets in it."""
    document = everyone.hub.openapi()
    operation = document["paths"].get(path, {}).get(method.lower(), {})
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    name = body.get("$ref", "").rpartition("/")[2]
    return "secrets" in document["components"]["schemas"].get(name, {}).get("properties", {})


async def ask(everyone: Everyone, name: str, method: str, path: str) -> httpx2.Response:
    body: Any = {} if method in ("POST", "PUT", "PATCH") else None
    return await everyone.clients[name].request(method, path, json=body, follow_redirects=False)


class TestMatrix:
    def test_every_action_is_meant_for_somebody(self) -> None:
        assert set(ALLOWED) == set(Action)

    def test_every_parameter_is_known(self, everyone: Everyone) -> None:
        unknown = {
            (path, name)
            for _, path, _ in routes(everyone)
            for name in re.findall(r"{(\w+)}", path)
            if name not in everyone.parameters
        }
        assert unknown == set(), "give them a value in tests/support/everyone.py"

    @pytest.mark.usefixtures("stopped")
    async def test_outcomes(self, everyone: Everyone) -> None:
        surprises: list[str] = []
        for method, path, action in routes(everyone):
            kinds = SHARED_BY if "{kind}" in path else [None]
            for kind in kinds:
                surprises += await self.walk(everyone, method, path, action, kind)
        assert surprises == []

    async def test_acting_touches_no_secrets(self, everyone: Everyone) -> None:
        """What one may do while acting may take secrets besides: those are refused."""
        acting, refused = everyone.clients["acting_owner"], []
        for method, path, action in routes(everyone):
            if action in GOOD_FOR["acting_owner"] and takes_secrets(everyone, method, path):
                body = {"secrets": {"API_KEY": "x"}}
                answer = await acting.request(method, filled(path, everyone.parameters), json=body)
                assert (answer.status_code, answer.json()["type"]) == (LIMITED, "/problems/not-as-another"), path
                refused.append(path)
        assert refused, "no route takes secrets: they are called otherwise now"

    async def walk(self, everyone: Everyone, method: str, path: str, action: Action, kind: str | None) -> list[str]:
        """Let everybody ask the same; return what came out otherwise than it is meant."""
        named, needed = dict(everyone.parameters), {action}
        if kind:
            named |= {"kind": kind, "name": {"app": named["slug"], "group": named["group_id"]}.get(kind, kind)}
            needed.add(SHARED_BY[kind])
        address = filled(path, named)
        answers = await asyncio.gather(*(ask(everyone, name, method, address) for name in everyone.clients))
        outcomes = {name: answer.status_code for name, answer in zip(everyone.clients, answers, strict=True)}
        return [
            f"{name}: {method} {address} ({action}) is {outcome}, not {meant}"
            for name, outcome in outcomes.items()
            if outcome != (meant := expected(name, needed))
        ]
