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
from tests.support.everyone import Everyone, filled, gathered

from hothouse.access.interfaces import Action
from hothouse.hub.openapi import declared_actions
from hothouse.kit.problems import Problem
from hothouse.kit.trail import Trail

PERMITTED, NOT_SIGNED_IN, NOT_FOR_THE_TOKEN, NOT_THERE = 418, 401, 403, 404

# Who, of those in `tests.support.everyone`, may do what. Written by hand: it says what is meant, not what is coded.
NOBODY = {"anonymous", "deactivated", "deactivated_token", "expired_token"}
PEOPLE = {"admin", "stranger", "viewer", "editor", "owner", "developer", "group_member", "group_manager"}
READERS = PEOPLE | {"read_token", "write_token"}
PUBLISHERS = {"admin", "owner", "developer", "write_token"}
ALLOWED: dict[Action, set[str]] = {
    Action.PUBLIC: PEOPLE | NOBODY | {"read_token", "open_token", "write_token"},
    Action.SIGNED_IN: READERS,
    Action.ACCOUNT: PEOPLE,
    Action.PLATFORM_ADMIN: {"admin"},
    Action.PEOPLE_MANAGE: {"admin"},
    Action.PEOPLE_IMPERSONATE: {"admin"},
    Action.AUDIT_READ: {"admin"},
    Action.ACCESS_REVIEW: {"admin"},
    Action.GROUPS_LIST: READERS,
    Action.GROUPS_CREATE: {"admin"},
    Action.ROLES_LIST: READERS,
    Action.ROLES_MANAGE: {"admin"},
    Action.APPS_LIST: READERS,
    Action.APPS_CREATE: PUBLISHERS,
    Action.GROUP_VIEW: {"admin", "group_member", "group_manager", "read_token"},
    Action.GROUP_EDIT: {"admin", "group_manager"},
    Action.GROUP_DELETE: {"admin", "group_manager"},
    Action.APP_OPEN: {"admin", "owner", "editor", "viewer", "open_token"},
    Action.APP_VIEW: {"admin", "owner", "editor", "viewer", "read_token", "write_token"},
    Action.APP_EDIT: {"admin", "owner", "editor", "write_token"},
    Action.APP_SHARE: {"admin", "owner", "write_token"},
    Action.APP_DELETE: {"admin", "owner", "write_token"},
    Action.RESOURCE_SHARE: {"admin", "owner", "write_token"},
    Action.INTERNAL: set(),
}
READING = {
    Action.SIGNED_IN,
    Action.APPS_LIST,
    Action.APP_VIEW,
    Action.GROUPS_LIST,
    Action.GROUP_VIEW,
    Action.ROLES_LIST,
}
GOOD_FOR: dict[str, set[Action]] = {
    "read_token": READING,
    "open_token": {Action.APP_OPEN},
    "write_token": READING
    | {Action.APPS_CREATE, Action.APP_EDIT, Action.APP_SHARE, Action.APP_DELETE, Action.RESOURCE_SHARE},
}
"""What limited tokens are good for at all; for the rest they are told so, before anything is looked up."""
SHARED_BY = {"group": {"admin", "group_manager"}, "platform": {"admin"}}
"""Who may share what is no app."""


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


def expected(name: str, action: Action, allowed: set[str]) -> int:
    if action is Action.INTERNAL:
        return NOT_THERE
    if name in allowed:
        return PERMITTED
    if name in NOBODY:
        return NOT_SIGNED_IN
    if name in GOOD_FOR and action not in GOOD_FOR[name]:
        return NOT_FOR_THE_TOKEN
    return NOT_THERE


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
            surprises += await self.walk(everyone, method, path, action, ALLOWED[action])
        assert surprises == []

    @pytest.mark.usefixtures("stopped")
    @pytest.mark.parametrize("kind", SHARED_BY)
    async def test_sharing_other_kinds(self, everyone: Everyone, kind: str) -> None:
        other = {"kind": kind, "name": everyone.parameters["group_id"] if kind == "group" else kind}
        surprises: list[str] = []
        for method, path, action in routes(everyone):
            if "{kind}" in path:
                surprises += await self.walk(everyone, method, path, action, SHARED_BY[kind], **other)
        assert surprises == []

    async def walk(
        self, everyone: Everyone, method: str, path: str, action: Action, allowed: set[str], **other: str
    ) -> list[str]:
        """Let everybody ask the same; return what came out otherwise than it is meant."""
        address = filled(path, everyone.parameters | other)
        names = [name for name in everyone.clients if not (other and name == "write_token")]  # which is for apps
        answers = await asyncio.gather(*(ask(everyone, name, method, address) for name in names))
        outcomes = {name: answer.status_code for name, answer in zip(names, answers, strict=True)}
        return [
            f"{name}: {method} {path} ({action}) {other} is {outcome}, not {meant}"
            for name, outcome in outcomes.items()
            if outcome != (meant := expected(name, action, allowed))
        ]
