"""What every authorizer does, whatever decides behind it."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import aiohttp
import pytest
from tests.support.access_world import (
    APP_ACTIONS,
    DELETE,
    EARLIER,
    EDIT,
    LATER,
    NOW,
    OPEN,
    SHARE,
    VIEW,
    app,
    grant,
    kinds,
    person,
)
from tests.support.fake_openfga import FakeOpenFga

from hothouse.access.backends.casbin import CasbinAuthorizer
from hothouse.access.backends.openfga import OpenFgaAuthorizer, OpenFgaClient
from hothouse.access.interfaces import PLATFORM, Action, Authorizer, Grant, Membership, Policy, Resource, Role
from hothouse.access.policies import Policies
from hothouse.identity.principal import ANYONE, Principal


class StoppedClock:
    """It is always the same time."""

    def now(self) -> Any:
        return NOW


class Deciding:
    """An authorizer, told of changes as a hub tells it."""

    def __init__(self, authorizer: Authorizer, policies: Policies) -> None:
        self.authorizer = authorizer
        self._policies = policies

    async def load(self, *policies: Policy) -> None:
        self._policies.replace(policies)
        await self.authorizer.load(self._policies.everything())

    async def put(self, policy: Policy) -> None:
        former = self._policies.put(policy)
        await self.authorizer.apply([former] if former else [], [policy])

    async def drop(self, collection: str, key: str) -> None:
        former = self._policies.drop(collection, key)
        await self.authorizer.apply([former] if former else [], [])

    async def may(self, who: Any, action: Action, resource: Any) -> bool:
        return (await self.authorizer.check(who, action, resource)).is_allowed


@asynccontextmanager
async def casbin() -> AsyncIterator[Deciding]:
    policies = Policies()
    yield Deciding(CasbinAuthorizer(kinds(), policies, StoppedClock()), policies)


@asynccontextmanager
async def openfga(url: str, store_id: str, token: str | None) -> AsyncIterator[Deciding]:
    policies = Policies()
    client = OpenFgaClient(url, store_id, token)
    authorizer = OpenFgaAuthorizer(kinds(), policies, StoppedClock(), client)
    try:
        yield Deciding(authorizer, policies)
        assert await authorizer.problem() is None
    finally:
        await authorizer.close()


@asynccontextmanager
async def fake_openfga() -> AsyncIterator[Deciding]:
    server = FakeOpenFga()
    await server.start()
    try:
        async with openfga(server.url, server.store_id, server.token) as deciding:
            yield deciding
    finally:
        await server.stop()


@asynccontextmanager
async def real_openfga() -> AsyncIterator[Deciding]:
    """A store of its own at the server that `HOTHOUSE_TEST_OPENFGA_URL` names."""
    url, token = os.environ[REAL_OPENFGA], os.environ.get(f"{REAL_OPENFGA[:-4]}_TOKEN")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with aiohttp.ClientSession(url, headers=headers, raise_for_status=True) as session:
        async with session.post("/stores", json={"name": "hothouse-tests"}) as answer:
            store_id = (await answer.json())["id"]
        try:
            async with openfga(url, store_id, token) as deciding:
                yield deciding
        finally:
            await session.delete(f"/stores/{store_id}")


REAL_OPENFGA = "HOTHOUSE_TEST_OPENFGA_URL"
BACKENDS: dict[str, Callable[[], AbstractAsyncContextManager[Deciding]]] = {
    "casbin": casbin,
    "openfga": fake_openfga,
    **({"real openfga": real_openfga} if REAL_OPENFGA in os.environ else {}),
}
ADA, GRACE, MIA, MAX = person("ada", "admin"), person("grace"), person("mia", "member"), person("max")
Load = Callable[..., Awaitable[None]]


@pytest.fixture(params=list(BACKENDS))
async def deciding(request: pytest.FixtureRequest) -> AsyncIterator[Deciding]:
    async with BACKENDS[request.param]() as made:
        await made.load()
        yield made


class TestCheck:
    async def test_nothing_is_allowed_by_itself(self, deciding: Deciding) -> None:
        for who in (GRACE, ANYONE):
            assert not any([await deciding.may(who, action, app(owner_id="ada")) for action in APP_ACTIONS])

    async def test_missing_thing(self, deciding: Deciding) -> None:
        assert not await deciding.may(ADA, VIEW, None)

    async def test_thing_of_another_kind(self, deciding: Deciding) -> None:
        assert not await deciding.may(ADA, Action.GROUP_VIEW, app())

    @pytest.mark.parametrize("who", [ADA, GRACE], ids=["admin", "owner"])
    async def test_everything(self, deciding: Deciding, who: Any) -> None:
        assert all([await deciding.may(who, action, app(owner_id="grace")) for action in APP_ACTIONS])

    @pytest.mark.parametrize(
        ("role", "actions"), [("viewer", {OPEN, VIEW}), ("editor", {OPEN, VIEW, EDIT}), ("denied", set())]
    )
    async def test_roles(self, deciding: Deciding, role: str, actions: set[Action]) -> None:
        await deciding.load(grant(app(), "user:mia", role))
        assert {one for one in APP_ACTIONS if await deciding.may(MIA, one, app())} == actions
        assert await deciding.authorizer.allowed_actions(MIA, app()) == [one for one in APP_ACTIONS if one in actions]
        assert not await deciding.may(GRACE, VIEW, app())
        assert not await deciding.may(MIA, VIEW, app("b"))

    @pytest.mark.parametrize("role", ["~admin", "~owner", "owner", "admin", "nothing"])
    async def test_what_is_no_role_to_be_given_gives_nothing(self, deciding: Deciding, role: str) -> None:
        await deciding.load(grant(app(), "user:mia", role))
        assert await deciding.authorizer.allowed_actions(MIA, app()) == []

    @pytest.mark.parametrize(
        ("openness", "nobody", "somebody"),
        [("private", set(), set()), ("signed-in", set(), {OPEN, VIEW}), ("public", {OPEN}, {OPEN, VIEW})],
    )
    async def test_openness(self, deciding: Deciding, openness: Any, nobody: set[Action], somebody: Any) -> None:
        for who, actions in ((ANYONE, nobody), (MIA, somebody)):
            allowed = {one for one in APP_ACTIONS if await deciding.may(who, one, app(openness=openness))}
            assert allowed == actions

    async def test_everybody_signed_in(self, deciding: Deciding) -> None:
        await deciding.load(grant(app(), "signed-in", "editor"))
        assert await deciding.may(MIA, EDIT, app())
        assert not await deciding.may(ANYONE, OPEN, app())

    async def test_role_made_here(self, deciding: Deciding) -> None:
        keeper = Role("app", "keeper", frozenset({VIEW, DELETE}))
        await deciding.load(grant(app(), "user:mia", "keeper"), keeper)
        assert await deciding.authorizer.allowed_actions(MIA, app()) == [VIEW, DELETE]
        await deciding.put(Role("app", "keeper", frozenset({SHARE})))
        assert await deciding.authorizer.allowed_actions(MIA, app()) == [SHARE]
        await deciding.drop("roles", "app.keeper")
        assert await deciding.authorizer.allowed_actions(MIA, app()) == []

    async def test_reasons(self, deciding: Deciding) -> None:
        async def reason(who: Any, **facts: Any) -> str:
            return (await deciding.authorizer.check(who, OPEN, app(**facts))).reason

        await deciding.load(grant(app(), "user:mia"), grant(app(), "user:max", "denied"))
        assert await reason(ADA) == "platform admin"
        assert await reason(GRACE, owner_id="grace") == "owner of the app"
        assert await reason(MIA) == "has the role viewer"
        assert await reason(MAX, openness="public") == "denied this app"
        assert await reason(GRACE, openness="signed-in") == "the app is open to everyone signed in"
        assert await reason(ANYONE, openness="public") == "the app is public"
        assert await reason(ANYONE) == "not signed in"
        assert await reason(GRACE) == "the app is not shared with this person"


class TestDenial:
    @pytest.mark.parametrize("openness", ["private", "signed-in", "public"])
    async def test_goes_before_whatever_lets_in(self, deciding: Deciding, openness: Any) -> None:
        await deciding.load(
            grant(app(), "group:staff", "editor"),
            grant(app(), "group:guests", "denied"),
            Membership("staff", "user:mia"),
            Membership("guests", "user:mia"),
        )
        assert await deciding.authorizer.allowed_actions(MIA, app(openness=openness)) == []

    async def test_not_before_owner_and_admin(self, deciding: Deciding) -> None:
        await deciding.load(grant(app(), "user:grace", "denied"), grant(app(), "user:ada", "denied"))
        assert await deciding.may(GRACE, DELETE, app(owner_id="grace"))
        assert await deciding.may(ADA, DELETE, app(owner_id="grace"))

    async def test_is_for_one_thing(self, deciding: Deciding) -> None:
        await deciding.load(grant(app(), "user:mia", "denied"), grant(app("b"), "user:mia"))
        assert await deciding.may(MIA, OPEN, app("b"))

    async def test_ends(self, deciding: Deciding) -> None:
        await deciding.load(grant(app(), "user:mia", "denied", EARLIER))
        assert await deciding.may(MIA, OPEN, app(openness="signed-in"))


class TestExpiry:
    async def test_of_a_grant(self, deciding: Deciding) -> None:
        await deciding.load(grant(app(), "user:mia", expires_at=LATER), grant(app(), "user:max", expires_at=EARLIER))
        decision = await deciding.authorizer.check(MIA, OPEN, app())
        assert (decision.is_allowed, decision.until) == (True, LATER)
        assert not await deciding.may(MAX, OPEN, app())

    async def test_at_the_very_moment(self, deciding: Deciding) -> None:
        await deciding.load(grant(app(), "user:mia", expires_at=NOW))
        assert not await deciding.may(MIA, OPEN, app())

    async def test_what_lasts_goes_before_what_ends(self, deciding: Deciding) -> None:
        await deciding.load(
            grant(app(), "user:mia", expires_at=LATER), grant(app(), "group:g"), Membership("g", "user:mia")
        )
        decision = await deciding.authorizer.check(MIA, OPEN, app())
        assert (decision.is_allowed, decision.until) == (True, None)


class TestGroups:
    async def test_nested(self, deciding: Deciding) -> None:
        nested = [Membership(f"g{n + 1}", f"group:g{n}") for n in range(30)]
        await deciding.load(grant(app(), "group:g30"), Membership("g0", "user:mia"), *nested)
        assert await deciding.may(MIA, OPEN, app())
        await deciding.drop("memberships", "g15|group:g14")
        assert not await deciding.may(MIA, OPEN, app())

    async def test_in_a_circle(self, deciding: Deciding) -> None:
        await deciding.load(
            Membership("a", "group:b"), Membership("b", "group:a"), Membership("a", "user:mia"), grant(app(), "group:b")
        )
        assert await deciding.may(MIA, OPEN, app())
        assert not await deciding.may(GRACE, OPEN, app())
        assert (await deciding.authorizer.who_can(OPEN, app())).users == {"mia": frozenset({"viewer"})}

    async def test_members_and_managers_of_a_group_on_the_group(self, deciding: Deciding) -> None:
        from hothouse.access.interfaces import Resource

        group = Resource("group", "g")
        await deciding.load(Membership("g", "user:mia"), Membership("g", "user:max", is_manager=True))
        assert await deciding.authorizer.allowed_actions(MIA, group) == [Action.GROUP_VIEW]
        assert Action.GROUP_DELETE in await deciding.authorizer.allowed_actions(MAX, group)
        assert await deciding.authorizer.allowed_actions(GRACE, group) == []


class TestEverybodyDenied:
    async def test_but_the_owner(self, deciding: Deciding) -> None:
        await deciding.load(grant(app(), "signed-in", "denied"), grant(app(), "user:mia"), grant(app(), "user:grace"))
        assert not await deciding.may(MIA, OPEN, app())
        thing = app(owner_id="grace", openness="signed-in")
        assert await deciding.may(GRACE, OPEN, thing)
        assert not await deciding.may(MIA, OPEN, thing)
        holders = await deciding.authorizer.who_can(OPEN, thing)
        assert (set(holders.users), holders.everyone) == ({"grace"}, None)


class TestChanges:
    async def test_grants_come_change_and_go(self, deciding: Deciding) -> None:
        await deciding.put(grant(app(), "user:mia"))
        assert await deciding.may(MIA, OPEN, app())
        await deciding.put(grant(app(), "user:mia", "editor"))
        assert await deciding.may(MIA, EDIT, app())
        await deciding.put(grant(app(), "user:mia", "denied"))
        assert not await deciding.may(MIA, OPEN, app())
        await deciding.drop("grants", "app:a|user:mia")
        assert not await deciding.may(MIA, OPEN, app())
        assert await deciding.may(MIA, OPEN, app(openness="signed-in"))

    async def test_told_twice(self, deciding: Deciding) -> None:
        for _ in range(2):
            await deciding.put(grant(app(), "user:mia"))
        for _ in range(2):
            await deciding.drop("grants", "app:a|user:mia")
        assert not await deciding.may(MIA, OPEN, app())

    async def test_load_forgets(self, deciding: Deciding) -> None:
        await deciding.load(grant(app(), "user:mia"), Membership("g", "user:mia"))
        await deciding.load(grant(app(), "group:g"))
        assert not await deciding.may(MIA, OPEN, app())


class TestPlatform:
    @pytest.mark.parametrize(("who", "may"), [(ADA, True), (GRACE, True), (MIA, False), (ANYONE, False)])
    async def test_who_publishes_apps(self, deciding: Deciding, who: Any, may: bool) -> None:
        assert await deciding.may(who, Action.APPS_CREATE, None) is may

    async def test_role_made_here(self, deciding: Deciding) -> None:
        await deciding.load(
            Role("platform", "auditor", frozenset({Action.AUDIT_READ})),
            Grant(PLATFORM.key, "group:auditors", "auditor"),
            Membership("auditors", "user:mia"),
        )
        assert await deciding.may(MIA, Action.AUDIT_READ, None)
        assert not await deciding.may(MIA, Action.PEOPLE_MANAGE, None)
        assert not await deciding.may(MAX, Action.AUDIT_READ, None)

    async def test_nobody_does_what_is_internal(self, deciding: Deciding) -> None:
        assert not await deciding.may(ADA, Action.INTERNAL, None)


class TestTokens:
    async def test_limited(self, deciding: Deciding) -> None:
        await deciding.load(grant(app(), "user:mia", "editor"))
        reader = person("mia", scopes=("read",))
        assert await deciding.authorizer.allowed_actions(reader, app()) == [VIEW]
        assert (await deciding.authorizer.check(reader, EDIT, app())).reason == "the API token is not for this"
        assert await deciding.may(reader, OPEN, app(openness="public"))  # as anyone may

    async def test_denied_all_the_same(self, deciding: Deciding) -> None:
        await deciding.load(grant(app(), "user:mia", "denied"))
        assert not await deciding.may(person("mia", scopes=("read",)), OPEN, app(openness="public"))


class TestExplain:
    async def explained(self, deciding: Deciding, who: Any, **facts: Any) -> list[tuple[str, str | None]]:
        decision = await deciding.authorizer.explain(who, OPEN, app(**facts))
        return [(link.kind, link.id or link.subject) for link in decision.chain]

    async def test_by_way_of_groups(self, deciding: Deciding) -> None:
        await deciding.load(
            grant(app(), "group:top", "editor", LATER), Membership("top", "group:mid"), Membership("mid", "user:mia")
        )
        assert await self.explained(deciding, MIA) == [
            ("account", "mia"),
            ("group", "mid"),
            ("group", "top"),
            ("grant", "editor"),
            ("expiry", None),
            ("role", "editor"),
        ]

    async def test_other_grounds(self, deciding: Deciding) -> None:
        await deciding.load(grant(app(), "user:max", "denied"))
        kinds_of = {
            "platform": await self.explained(deciding, ADA),
            "owner": await self.explained(deciding, GRACE, owner_id="grace"),
            "openness": await self.explained(deciding, MIA, openness="signed-in"),
            "denial": await self.explained(deciding, MAX, openness="signed-in"),
            "none": await self.explained(deciding, MIA),
        }
        assert {kind: chain[1][0] for kind, chain in kinds_of.items()} == {kind: kind for kind in kinds_of}

    async def test_whoever_is_in_a_group(self, deciding: Deciding) -> None:
        """What they may because of that, whatever else they may."""
        await deciding.load(grant(app(), "group:top", "editor"), Membership("top", "group:mid"))
        for group_id, way in (("top", ["group", "grant", "role"]), ("mid", ["group", "group", "grant", "role"])):
            decision = await deciding.authorizer.explain(Principal(group_id=group_id), EDIT, app(owner_id="grace"))
            assert (decision.is_allowed, [link.kind for link in decision.chain]) == (True, way)
        for question in (Principal(group_id="other"), Principal(group_id="top")):
            assert not (await deciding.authorizer.explain(question, DELETE, app())).is_allowed
        assert (
            await deciding.authorizer.explain(Principal(group_id="other"), OPEN, app(openness="signed-in"))
        ).is_allowed

    async def test_whoever_is_in_the_group_that_it_is_about(self, deciding: Deciding) -> None:
        await deciding.load(Membership("g", "user:mia"))
        seen = await deciding.authorizer.explain(Principal(group_id="g"), Action.GROUP_VIEW, Resource("group", "g"))
        assert (seen.is_allowed, seen.chain[-1].kind) == (True, "role")


class TestWhoCan:
    async def test_people_with_their_roles(self, deciding: Deciding) -> None:
        await deciding.load(
            grant(app(), "user:mia"),
            grant(app(), "group:g", "editor"),
            grant(app(), "user:eve", expires_at=EARLIER),
            grant(app(), "user:max", "denied"),
            Membership("g", "user:mia"),
            Membership("g", "user:max"),
        )
        holders = await deciding.authorizer.who_can(OPEN, app(owner_id="grace"))
        assert holders.users == {"mia": {"viewer", "editor"}, "grace": {"owner"}}
        assert (holders.everyone, holders.denied) == (None, {"max"})
        assert (await deciding.authorizer.who_can(EDIT, app())).users == {"mia": {"editor"}}

    @pytest.mark.parametrize(
        ("openness", "action", "everyone"),
        [("public", OPEN, "anyone"), ("public", VIEW, "signed-in"), ("signed-in", OPEN, "signed-in")],
    )
    async def test_everybody(self, deciding: Deciding, openness: Any, action: Action, everyone: str) -> None:
        assert (await deciding.authorizer.who_can(action, app(openness=openness))).everyone == everyone


class TestListResources:
    async def test_granted_and_denied(self, deciding: Deciding) -> None:
        await deciding.load(
            grant(app("a"), "user:mia"),
            grant(app("b"), "group:g", "editor"),
            grant(app("c"), "user:mia", "denied"),
            grant(app("c"), "group:g", "editor"),
            grant(app("d"), "user:mia", expires_at=EARLIER),
            grant(app("e"), "signed-in"),
            Membership("g", "user:mia"),
        )
        reach = await deciding.authorizer.list_resources(MIA, OPEN)
        assert (reach.is_all, reach.granted, reach.denied) == (False, {"a", "b", "e"}, {"c"})
        assert (await deciding.authorizer.list_resources(MIA, EDIT)).granted == {"b"}
        assert (await deciding.authorizer.list_resources(ANYONE, OPEN)).granted == frozenset()
        assert (await deciding.authorizer.list_resources(ADA, OPEN)).is_all
