"""OpenFGA decides as casbin does, is told of every change, makes good what it missed, and never allows when away."""

import asyncio
import contextlib
import json
import random
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import MagicMock

import pytest
from tests.support.fake_openfga import FakeOpenFga
from tests.support.waiting import eventually

from hothouse.access.backends.casbin import CasbinAuthorizer
from hothouse.access.backends.openfga import OpenFgaAuthorizer, OpenFgaClient
from hothouse.access.backends.openfga.model import MODEL_FILE, authorization_model
from hothouse.access.backends.openfga.sync import TRANSACTION
from hothouse.access.backends.openfga.tuples import tuples_of
from hothouse.access.errors import AccessUndecided
from hothouse.access.interfaces import PLATFORM, Action, Grant, Membership, Policy, Resource, Role
from hothouse.access.kinds import Kinds
from hothouse.access.platform import group_kind, platform_kind
from hothouse.access.policies import Policies
from hothouse.apps.sharing import app_kind
from hothouse.hub.kinds import all_kinds
from hothouse.identity.principal import ANYONE, Principal
from hothouse.identity.schemas import User

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
PEOPLE = [f"u{number}" for number in range(6)]
GROUPS = [f"g{number}" for number in range(4)]
APPS = [f"a{number}" for number in range(4)]


@dataclass
class Hands:
    """A clock that stands still until it is moved."""

    at: datetime

    def now(self) -> datetime:
        return self.at

    def advance(self, **duration: float) -> None:
        self.at += timedelta(**duration)


def principal(user_id: str, role: str = "member", **more: Any) -> Principal:
    user = User(id=user_id, email=f"{user_id}@example.org", name=user_id, role=role, created_at=NOW)  # type: ignore[arg-type]
    return Principal(user, "session", **more)


def app(app_id: str, owner_id: str | None = "owner", openness: Any = "private") -> Resource:
    return Resource("app", app_id, owner_id, openness, app_id, app_id)


class House:
    """Policies as a hub has them, decided upon by both."""

    def __init__(self, server: FakeOpenFga, clock: Hands, *policies: Policy, token: str | None = None) -> None:
        nothing: Any = None
        self.kinds = Kinds(platform_kind(), group_kind(nothing), app_kind(nothing))
        self.policies = Policies()
        self.policies.replace(policies)
        self.casbin = CasbinAuthorizer(self.kinds, self.policies, clock)
        client = OpenFgaClient(server.url, server.store_id, server.token if token is None else token)
        self.openfga = OpenFgaAuthorizer(self.kinds, self.policies, clock, client)

    async def change(self, *added: Policy, gone: Iterable[tuple[str, str]] = ()) -> None:
        """Do what the hub does when documents changed; what is gone by collection and id."""
        former = [one for one in (self.policies.drop(*key) for key in gone) if one]
        replaced = [one for one in (self.policies.put(policy) for policy in added) if one]
        for authorizer in (self.casbin, self.openfga):
            await authorizer.apply([*former, *replaced], added)


@pytest.fixture
async def server() -> AsyncIterator[FakeOpenFga]:
    server = FakeOpenFga()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
def clock() -> Hands:
    return Hands(NOW)


@pytest.fixture
async def house(server: FakeOpenFga, clock: Hands) -> AsyncIterator[House]:
    house = House(server, clock)
    await house.openfga.load([])
    yield house
    await house.openfga.close()


def some_policies(chance: random.Random) -> list[Policy]:
    """Make up grants, groups in groups, and roles."""
    subjects = [*(f"user:{one}" for one in PEOPLE), *(f"group:{one}" for one in GROUPS), "signed-in", "app:a0"]
    policies: dict[Any, Policy] = {}
    for name in ("steward", "log-reader"):
        actions = chance.sample(["app.open", "app.view", "app.edit", "app.share"], chance.randint(1, 3))
        policies[name] = Role("app", name, frozenset(actions))
    policies["helper"] = Role("platform", "helper", frozenset({"groups.create", "audit.read"}))
    for _ in range(10):
        member = chance.choice([one for one in subjects if one.startswith(("user", "group", "app"))])
        group = chance.choice(GROUPS)
        if member != f"group:{group}":
            policies[group, member] = Membership(group, member, chance.random() < 0.3)
    roles = ["viewer", "editor", "denied", "steward", "log-reader"]
    ends = [None, None, NOW + timedelta(hours=1), NOW - timedelta(hours=1), NOW]
    for _ in range(22):
        thing = chance.choice([*(f"app:{one}" for one in APPS), *(f"group:{one}" for one in GROUPS), PLATFORM.key])
        role = chance.choice({"app": roles, "group": ["viewer", "manager", "denied"]}.get(thing[:-3], ["helper"]))
        role = chance.choice(roles) if thing.startswith("app:") else role
        role = chance.choice(["viewer", "manager", "denied"]) if thing.startswith("group:") else role
        subject = chance.choice(subjects)
        policies[thing, subject] = Grant(thing, subject, role, chance.choice(ends))
    return list(policies.values())


def some_principals() -> list[Principal]:
    return [
        ANYONE,
        *(principal(one) for one in PEOPLE),
        principal("owner"),
        principal("root", "admin"),
        principal("u1", "developer"),
        Principal(via="app", app_id="a0"),
        Principal(via="app", app_id="a1"),
        principal("u3", scopes=("read",)),
        principal("u4", scopes=("apps:open",)),
        principal("root", "admin", scopes=("read",)),
    ]


def some_resources() -> list[Resource]:
    return [
        app("a0"), app("a1", openness="signed-in"), app("a2", openness="public"), app("a3"),
        app("a3", "u5"),
        app("a2", None, "public"),
        *(Resource("group", one, None, "private", one, one) for one in GROUPS),
        PLATFORM,
    ]  # fmt: skip


class TestDecidesAlike:
    @pytest.mark.parametrize("seed", range(6))
    async def test_everything(self, server: FakeOpenFga, clock: Hands, seed: int) -> None:
        house = House(server, clock, *some_policies(random.Random(seed)))
        await house.openfga.load([])
        allowed = 0
        for one in some_principals():
            for resource in some_resources():
                expected = await house.casbin.allowed_actions(one, resource)
                assert await house.openfga.allowed_actions(one, resource) == expected, (one, resource)
                allowed += len(expected)
            for action in (Action.APP_OPEN, Action.APP_EDIT, Action.GROUP_VIEW, Action.GROUP_EDIT):
                reach = await house.casbin.list_resources(one, action)
                assert await house.openfga.list_resources(one, action) == reach, (one, action)
        for resource in some_resources()[:-1]:
            for action in (Action.APP_OPEN, Action.APP_SHARE) if resource.kind == "app" else (Action.GROUP_VIEW,):
                holders = await house.casbin.who_can(action, resource)
                assert await house.openfga.who_can(action, resource) == holders, (action, resource)
        assert allowed > 100
        await house.openfga.close()

    async def test_same_words(self, house: House) -> None:
        await house.change(Membership("g1", "user:u1"), Grant("app:a1", "group:g1", "editor", NOW + timedelta(days=1)))
        for one, action in (
            (principal("u1"), Action.APP_EDIT),
            (principal("u2"), Action.APP_OPEN),
            (ANYONE, Action.APP_OPEN),
        ):
            assert await house.openfga.check(one, action, app("a1")) == await house.casbin.check(one, action, app("a1"))
            explained = await house.openfga.explain(one, action, app("a1"))
            assert explained == await house.casbin.explain(one, action, app("a1"))
        assert (await house.openfga.check(principal("u1"), Action.APP_EDIT, app("a1"))).until == NOW + timedelta(days=1)

    async def test_what_needs_no_server(self, server: FakeOpenFga, house: House) -> None:
        server.is_away = True
        assert (await house.openfga.check(ANYONE, Action.PUBLIC)).is_allowed
        for action in (Action.APP_OPEN, Action.INTERNAL):
            assert not (await house.openfga.check(principal("root", "admin"), action, None)).is_allowed


class TestChanges:
    async def may(self, house: House, user_id: str = "u1", action: Action = Action.APP_OPEN) -> bool:
        return (await house.openfga.check(principal(user_id), action, app("a1"))).is_allowed

    async def test_grant_and_back(self, house: House, server: FakeOpenFga) -> None:
        assert not await self.may(house)
        await house.change(Grant("app:a1", "user:u1", "viewer"))
        assert await self.may(house)
        await house.change(Grant("app:a1", "user:u1", "denied"))
        assert not await self.may(house)
        await house.change(gone=[("grants", "app:a1|user:u1")])
        assert not await self.may(house)
        assert server.tuples == {}

    async def test_role_is_changed_in_one_transaction(self, house: House, server: FakeOpenFga) -> None:
        await house.change(Grant("app:a1", "user:u1", "viewer"))
        await house.change(Grant("app:a1", "user:u1", "editor"))
        assert await self.may(house, action=Action.APP_EDIT)
        (_, body) = [one for one in server.asked if one[0] == "write"][-1]
        assert set(body) == {"authorization_model_id", "deletes", "writes"}

    async def test_nested_groups(self, house: House) -> None:
        await house.change(
            Membership("inner", "user:u1"), Membership("outer", "group:inner", is_manager=True),
            Grant("app:a1", "group:outer", "viewer"),
        )  # fmt: skip
        assert await self.may(house)
        await house.change(gone=[("memberships", "outer|group:inner")])
        assert not await self.may(house)

    async def test_expiry(self, house: House, clock: Hands) -> None:
        await house.change(Grant("app:a1", "user:u1", "viewer", NOW + timedelta(minutes=1)))
        assert await self.may(house)
        clock.advance(minutes=1)
        assert not await self.may(house)
        await house.change(Grant("app:a1", "user:u1", "viewer", NOW + timedelta(minutes=2)))
        assert await self.may(house)
        await house.change(Grant("app:a1", "user:u1", "viewer"))
        clock.advance(minutes=60)
        assert await self.may(house)

    async def test_custom_role(self, house: House, server: FakeOpenFga) -> None:
        await house.change(Role("app", "steward", frozenset({"app.view"})), Grant("app:a1", "user:u1", "steward"))
        assert not await self.may(house)
        await house.change(Role("app", "steward", frozenset({"app.view", "app.open"})))
        assert await self.may(house)
        assert len(server.models) == 3
        await house.change(Role("app", "steward", frozenset({"app.view"})))
        assert not await self.may(house)

    async def test_told_twice(self, house: House, server: FakeOpenFga) -> None:
        grant = Grant("app:a1", "user:u1", "viewer", NOW + timedelta(hours=1))
        await house.change(grant)
        await house.openfga.apply([], [grant])
        assert await self.may(house)
        await house.openfga.apply([grant], [])
        await house.openfga.apply([grant], [])
        assert server.tuples == {}


class TestMakesGood:
    async def test_start_compares_everything(self, server: FakeOpenFga, clock: Hands) -> None:
        policies = [
            *(Grant(f"app:{n}", f"user:u{n % 7}", "viewer") for n in range(2 * TRANSACTION + 5)),
            Membership("g", "user:u1"),
        ]
        first = House(server, clock, *policies)
        await first.openfga.load([])
        assert server.tuples.keys() == tuples_of(policies).keys()
        stray = {"user": "user:eve", "relation": "has_viewer", "object": "app:1"}
        server.tuples["user:eve", "has_viewer", "app:1"] = stray
        del server.tuples["user:u2", "has_viewer", "app:2"]
        late = {"name": "unexpired", "context": {"expires_at": "2999-01-01T00:00:00Z"}}
        server.tuples["user:u3", "has_viewer", "app:3"]["condition"] = late
        second = House(server, clock, *policies)
        compared = await second.openfga.compare()
        assert (compared.known, compared.added, compared.removed) == (len(tuples_of(policies)), 2, 2)
        assert server.tuples.keys() == tuples_of(policies).keys()
        assert not any("condition" in one for one in server.tuples.values())
        assert len(server.models) == 1
        await first.openfga.close()
        await second.openfga.close()

    async def test_change_while_it_is_away(self, house: House, server: FakeOpenFga) -> None:
        await house.change(Grant("app:a1", "user:u1", "viewer"))
        server.is_away = True
        await house.change(Grant("app:a1", "user:u2", "viewer"), gone=[("grants", "app:a1|user:u1")])
        server.is_away = False
        for user_id in ("u1", "u2"):  # it answers again, but knows of nothing yet
            with pytest.raises(AccessUndecided):
                await house.openfga.check(principal(user_id), Action.APP_OPEN, app("a1"))
        assert await house.openfga.problem()
        await house.openfga.compare()
        assert await house.openfga.problem() is None
        assert not (await house.openfga.check(principal("u1"), Action.APP_OPEN, app("a1"))).is_allowed
        assert (await house.openfga.check(principal("u2"), Action.APP_OPEN, app("a1"))).is_allowed

    async def test_by_itself(self, house: House, server: FakeOpenFga) -> None:
        keeping = asyncio.create_task(house.openfga.keep_up())
        server.failing = {"write"}
        await house.change(Grant("app:a1", "user:u1", "viewer"))
        assert await house.openfga.problem()
        server.failing = set()

        async def is_good() -> bool:
            return not await house.openfga.problem()

        await eventually(is_good)
        assert (await house.openfga.check(principal("u1"), Action.APP_OPEN, app("a1"))).is_allowed
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)

    async def test_away_at_the_start(self, server: FakeOpenFga, clock: Hands) -> None:
        server.is_away = True
        house = House(server, clock, Grant("app:a1", "user:u1", "viewer"))
        await house.openfga.load([])
        with pytest.raises(AccessUndecided):
            await house.openfga.check(principal("u1"), Action.APP_OPEN, app("a1"))
        server.is_away = False
        await house.openfga.compare()
        assert (await house.openfga.check(principal("u1"), Action.APP_OPEN, app("a1"))).is_allowed
        await house.openfga.close()


class TestAway:
    """Nothing is allowed without an answer: not to admins, not to owners, not what is public."""

    @pytest.fixture(params=["away", "failing", "unauthenticated", "mad"])
    async def broken(self, house: House, server: FakeOpenFga, request: pytest.FixtureRequest) -> House:
        await house.change(Grant("app:a1", "user:u1", "viewer"))
        match request.param:
            case "away":
                server.is_away = True
            case "failing":
                server.failing = {"check", "batch-check", "streamed-list-objects", "list-users", ""}
            case "unauthenticated":
                server.token = "another"
            case _:
                server.models.clear()
                server.store_id = "another"
        return house

    async def test_nothing_is_allowed(self, broken: House) -> None:
        public = app("a1", "owner", "public")
        for one in (ANYONE, principal("u1"), principal("owner"), principal("root", "admin")):
            with pytest.raises(AccessUndecided) as refused:
                await broken.openfga.check(one, Action.APP_OPEN, public)
            assert refused.value.status == 503
            with pytest.raises(AccessUndecided):
                await broken.openfga.allowed_actions(one, public)
        for one in (principal("u1"), principal("root", "admin")):
            with pytest.raises(AccessUndecided):
                await broken.openfga.list_resources(one, Action.APP_OPEN)
        with pytest.raises(AccessUndecided):
            await broken.openfga.who_can(Action.APP_OPEN, public)
        with pytest.raises(AccessUndecided):
            await broken.openfga.check(principal("root", "admin"), Action.PLATFORM_ADMIN)
        assert await broken.openfga.problem()

    async def test_question_that_fails_in_a_batch(self, house: House, server: FakeOpenFga) -> None:
        server.models[-1].types["app"]["relations"].pop("can_app_edit")
        with pytest.raises(AccessUndecided):
            await house.openfga.allowed_actions(principal("owner"), app("a1"))

    @pytest.mark.parametrize(
        "text", ["", "[]", "true", '{"allowed": "true"}', '{"allowed": 1}', "{", '{"allowed": null}']
    )
    async def test_answer_that_says_nothing(self, house: House, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
        async def answer(*_: Any) -> str:
            return text

        monkeypatch.setattr(OpenFgaClient, "_text", answer)
        with contextlib.suppress(AccessUndecided):
            assert not (await house.openfga.check(principal("owner"), Action.APP_OPEN, app("a1"))).is_allowed


def test_model_in_the_repository_is_that_of_the_built_in_roles() -> None:
    nothing: Any = None
    model = authorization_model(all_kinds(MagicMock(), nothing))
    assert json.loads(MODEL_FILE.read_text("utf-8")) == model
