"""Casbin decides as a model does that works everything out the long way, in worlds that nobody thought of."""

import asyncio
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.access_world import APP_ACTIONS, EARLIER, LATER, NOW, OPEN, VIEW, World, app, kinds, person

from hothouse.access.backends.casbin import CasbinAuthorizer
from hothouse.access.interfaces import Grant, Membership, Role
from hothouse.access.policies import Policies
from hothouse.identity.principal import ANYONE

USERS, GROUPS, APPS = ("u1", "u2", "u3"), ("g1", "g2", "g3", "g4"), ("a", "b")
SUBJECTS = [*(f"user:{one}" for one in USERS), *(f"group:{one}" for one in GROUPS), "signed-in"]
grants = st.builds(
    Grant,
    resource=st.sampled_from([f"app:{one}" for one in APPS]),
    subject=st.sampled_from(SUBJECTS),
    role=st.sampled_from(["viewer", "editor", "denied", "keeper", "gone"]),
    expires_at=st.sampled_from([None, None, EARLIER, LATER, NOW]),
)
memberships = st.builds(Membership, group=st.sampled_from(GROUPS), member=st.sampled_from(SUBJECTS[:-1]))
roles = st.builds(
    Role,
    kind=st.just("app"),
    name=st.just("keeper"),
    actions=st.frozensets(st.sampled_from([one.value for one in APP_ACTIONS])),
)
policies = st.lists(st.one_of(grants, memberships, roles), max_size=14)
apps = st.builds(
    app,
    st.sampled_from(APPS),
    owner_id=st.sampled_from([None, *USERS]),
    openness=st.sampled_from(["private", "signed-in", "public"]),
)
principals = st.one_of(
    st.just(ANYONE), st.builds(person, st.sampled_from(USERS), st.sampled_from(["admin", "developer", "member"]))
)


class StoppedClock:
    def now(self) -> Any:
        return NOW


def key(policy: Any) -> tuple[str, str]:
    match policy:
        case Grant(resource, subject):
            return "grants", f"{resource}|{subject}"
        case Membership(group, member):
            return "memberships", f"{group}|{member}"
    return "roles", f"{policy.kind}.{policy.name}"


def told(everything: list[Any]) -> World:
    """Return the world in which the last that is said of something counts."""
    return World(list({key(one): one for one in everything}.values()))


async def same(index: Policies, world: World, who: Any, resource: Any) -> None:
    authorizer = CasbinAuthorizer(kinds(), index, StoppedClock())
    for action in APP_ACTIONS:
        decision = await authorizer.check(who, action, resource)
        assert decision.is_allowed is world.may(who, action, resource), (action, decision)
        if not decision.is_allowed:
            assert decision.until is None
    if who.user is not None:
        await agrees_with_lists(authorizer, world, who, resource)


async def agrees_with_lists(authorizer: CasbinAuthorizer, world: World, who: Any, resource: Any) -> None:
    """Whoever may is among those who can, and the thing among what they reach; and nobody else."""
    for action in (OPEN, VIEW):
        may, holders = world.may(who, action, resource), await authorizer.who_can(action, resource)
        by_openness = holders.everyone is not None and who.user.id not in holders.denied
        assert (who.is_admin or by_openness or who.user.id in holders.users) is may
        reach = await authorizer.list_resources(who, action)
        is_kept_out = resource.id in reach.denied
        is_theirs = resource.owner_id == who.user.id
        is_open = resource.openness != "private" and not is_kept_out
        assert (reach.is_all or is_theirs or is_open or resource.id in reach.granted) is may


@settings(max_examples=150, deadline=None)
@given(everything=policies, who=principals, resource=apps)
def test_decides_as_the_model(everything: list[Any], who: Any, resource: Any) -> None:
    world = told(everything)
    asyncio.run(same(world.index(), world, who, resource))


@settings(max_examples=100, deadline=None)
@given(before=policies, gone=st.lists(st.integers(0, 13), max_size=8), after=policies, who=principals, resource=apps)
def test_after_changes_as_if_loaded(
    before: list[Any], gone: list[int], after: list[Any], who: Any, resource: Any
) -> None:
    """The index is the same however it came to what it knows."""
    index = told(before).index()
    dropped = {key(before[one]) for one in gone if one < len(before)}
    for one in dropped:
        index.drop(*one)
    for policy in after:
        index.put(policy)
    world = told([*(one for one in before if key(one) not in dropped), *after])
    assert {(key(one), one) for one in index.everything()} == {(key(one), one) for one in world.policies}
    asyncio.run(same(index, world, who, resource))
