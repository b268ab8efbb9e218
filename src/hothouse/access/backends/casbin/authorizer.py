"""The authorizer that decides in this process, by casbin."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import casbin

from hothouse.access.backends.casbin import chains
from hothouse.access.backends.casbin.enforcing import (
    BY_ADMIN,
    BY_ANYONE,
    BY_OWNER,
    BY_SIGN_IN,
    Grants,
    RoleBook,
    make_enforcer,
)
from hothouse.access.interfaces import (
    PLATFORM,
    Action,
    Decision,
    Grant,
    Holders,
    Policy,
    Reach,
    Resource,
    Role,
)
from hothouse.access.kinds import Kinds
from hothouse.access.policies import Policies
from hothouse.access.scopes import covers
from hothouse.access.words import ANYONE, DENIED, OWNER, SIGNED_IN, Everyone, subject_of
from hothouse.identity.principal import Principal
from hothouse.kit.clock import Clock


class CasbinAuthorizer:
    """Deny by default; every decision names what it rests on.

    `policies` are those that the hub keeps up to date; casbin's role manager looks into them, so that only a change of
    roles is a change for casbin.
    """

    def __init__(self, kinds: Kinds, policies: Policies, clock: Clock) -> None:
        self._kinds = kinds
        self._policies = policies
        self._clock = clock
        self._grants = Grants(policies, clock)
        self._enforcers: dict[str, tuple[RoleBook, casbin.Enforcer]] = {}

    async def check(self, principal: Principal, action: Action, resource: Resource | None = None) -> Decision:
        return self._decide(principal, action, resource)[0]

    async def explain(self, principal: Principal, action: Action, resource: Resource) -> Decision:
        decision, role, grant = self._decide(principal, action, resource)
        subject = subject_of(principal)
        way = self._policies.path(subject, grant.subject) if grant else []
        chain = chains.chain(principal, action, role, grant, way, decision)
        return Decision(decision.is_allowed, decision.reason, chain, decision.until)

    async def allowed_actions(self, principal: Principal, resource: Resource) -> list[Action]:
        return [
            action
            for action in self._kinds.actions(resource.kind)
            if self._decide(principal, action, resource)[0].is_allowed
        ]

    async def who_can(self, action: Action, resource: Resource) -> Holders:
        book, _ = self._enforcer(resource.kind)
        users: defaultdict[str, set[str]] = defaultdict(set)
        denied: set[str] = set()
        everyone, is_closed = open_to(book, action, resource), False
        for grant in self._policies.grants_on(resource.key):
            if not grant.holds_at(self._clock.now()):
                continue
            if grant.role == DENIED:
                denied |= self._policies.users_in(grant.subject)
                is_closed = is_closed or grant.subject == SIGNED_IN
            elif book.gives(grant.role, action):
                everyone = everyone or (SIGNED_IN if grant.subject == SIGNED_IN else None)
                for user_id in self._policies.users_in(grant.subject):
                    users[user_id].add(grant.role)
        denied.discard(resource.owner_id or "")
        if resource.owner_id and book.holds(BY_OWNER, action):
            users[resource.owner_id].add(OWNER)
        stay = {resource.owner_id} if is_closed else users.keys() - denied
        kept = {one: frozenset(roles) for one, roles in users.items() if one in stay}
        return Holders(kept, None if is_closed else everyone, frozenset(denied))

    async def list_resources(self, principal: Principal, action: Action) -> Reach:
        kind = self._kinds.of(action)
        if subject_of(principal) == ANYONE or kind is None or not covers(principal.scopes, action):
            return Reach()
        if principal.is_admin:
            return Reach(is_all=True)
        book, _ = self._enforcer(kind.name)
        now, prefix = self._clock.now(), f"{kind.name}:"
        granted: set[str] = set()
        denied: set[str] = set()
        for grant in self._policies.reached_by(subject_of(principal)):
            if grant.resource.startswith(prefix) and grant.holds_at(now):
                identity = grant.resource.removeprefix(prefix)
                if grant.role == DENIED:
                    denied.add(identity)
                elif book.gives(grant.role, action):
                    granted.add(identity)
        return Reach(False, frozenset(granted - denied), frozenset(denied))

    async def load(self, policies: Iterable[Policy]) -> None:  # noqa: ARG002 -- they are those of the hub
        """Take the roles in; grants and memberships are looked up where the hub keeps them."""
        self._enforcers.clear()

    async def apply(self, gone: Sequence[Policy], added: Sequence[Policy]) -> None:
        for policy in (*gone, *added):
            if isinstance(policy, Role):
                self._enforcers.pop(policy.kind, None)

    def _enforcer(self, kind: str) -> tuple[RoleBook, casbin.Enforcer]:
        found = self._enforcers.get(kind)
        if found is None:
            known = self._kinds.get(kind)
            assert known is not None  # noqa: S101 -- only kinds that have the action that is asked about
            book = RoleBook(known, [role for role in self._policies.roles() if role.kind == kind])
            found = self._enforcers[kind] = book, make_enforcer(book, self._grants)
        return found

    def _decide(
        self, principal: Principal, action: Action, resource: Resource | None
    ) -> tuple[Decision, str | None, Grant | None]:
        """Return the decision, the role it rests on, and the grant that gives the role."""
        if action is Action.PUBLIC:
            return Decision(True, "open to anyone"), None, None
        kind = self._kinds.of(action)
        if kind is None:
            return Decision(False, "nobody may do this over the API"), None, None
        if kind.name == PLATFORM.kind:
            resource = PLATFORM
        if resource is None or resource.kind != kind.name:
            return Decision(False, f"there is no such {kind.name}"), None, None
        return self._enforce(principal, action, resource)

    def _enforce(
        self, principal: Principal, action: Action, resource: Resource
    ) -> tuple[Decision, str | None, Grant | None]:
        subject = subject_of(principal)
        is_covered = covers(principal.scopes, action)
        nature = natures(principal, resource) if is_covered else natures(principal, resource) & {BY_ANYONE}
        _, enforcer = self._enforcer(resource.kind)
        is_allowed, rule = enforcer.enforce_ex(subject, nature, resource.key, action)
        role = rule[0] if rule else None
        grant = self._grants.grant(subject, role, resource.key) if role else None
        if is_allowed and not is_covered and role != BY_ANYONE:
            is_allowed = False
        if not is_allowed:
            return Decision(False, refusal(principal, resource, role, is_covered=is_covered)), role, grant
        return Decision(True, allowance(resource, role or ""), until=grant.expires_at if grant else None), role, grant


def open_to(book: RoleBook, action: Action, resource: Resource) -> Everyone | None:
    """Return who may do something with a thing because of how open it is."""
    if resource.openness == "public" and book.holds(BY_ANYONE, action):
        return ANYONE
    return SIGNED_IN if resource.openness != "private" and book.holds(BY_SIGN_IN, action) else None


def natures(principal: Principal, resource: Resource) -> frozenset[str]:
    """Return the roles that somebody has on a thing without a grant."""
    found = {BY_ANYONE} if resource.openness == "public" else set()
    if principal.group_id is not None and resource.openness != "private":
        found.add(BY_SIGN_IN)  # as all people in it
    if principal.user is None:
        return frozenset(found)
    if principal.user.role == "admin":
        found.add(BY_ADMIN)
    if principal.user.id == resource.owner_id:
        found.add(BY_OWNER)
    if resource.openness != "private":
        found.add(BY_SIGN_IN)
    if resource.kind == PLATFORM.kind and principal.user.role != "admin":
        found.add(principal.user.role)
    return frozenset(found)


def allowance(resource: Resource, role: str) -> str:
    """Say why something is allowed."""
    if resource.kind == PLATFORM.kind and role == BY_SIGN_IN:
        return "signed in"
    return {
        BY_ADMIN: "platform admin",
        BY_OWNER: f"owner of the {resource.kind}",
        BY_ANYONE: f"the {resource.kind} is public",
        BY_SIGN_IN: f"the {resource.kind} is open to everyone signed in",
    }.get(role, f"has the role {role}")


def refusal(principal: Principal, resource: Resource, role: str | None, *, is_covered: bool) -> str:
    """Say why something is not allowed."""
    if subject_of(principal) == ANYONE:
        return "not signed in"
    if role == DENIED:
        return f"denied this {resource.kind}"
    if not is_covered:
        return "not while acting as somebody else" if principal.impersonator else "the API token is not for this"
    if resource.kind == PLATFORM.kind:
        return "no role of this person on the platform allows it"
    return f"the {resource.kind} is not shared with this {_called(principal)}"


def _called(principal: Principal) -> str:
    if principal.user is not None:
        return "person"
    return "group" if principal.group_id is not None else "app"
