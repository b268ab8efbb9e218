"""What casbin is told: a model, one policy for each role, and a role manager that knows who has which role on what."""

from collections.abc import Iterable
from typing import Any

import casbin
from casbin.rbac import RoleManager

from hothouse.access.interfaces import Grant, ResourceKind, Role
from hothouse.access.policies import Policies
from hothouse.access.words import DENIED, OWNER
from hothouse.kit.clock import Clock

BY_ADMIN, BY_OWNER, BY_SIGN_IN, BY_ANYONE = "~admin", "~owner", "~signed-in", "~anyone"
MODEL = """
[request_definition]
r = sub, nature, obj, act

[policy_definition]
p = role, eft

[role_definition]
g = _, _, _

[policy_effect]
e = priority(p.eft) || deny

[matchers]
m = holds(p.role, r.act) && (p.role in r.nature || g(r.sub, p.role, r.obj))
"""
"""A request names the roles that its subject has by nature (ownership, platform role, openness): no policy keeps those.

The first policy that matches decides, so their order says what goes before what.
"""


def is_natural(role: str) -> bool:
    """Tell whether a role is had by nature, and cannot be given."""
    return role.startswith("~")


class Grants(RoleManager):  # type: ignore[misc]  # casbin has no types
    """Tells casbin who has which role on what, from policies that others keep up to date."""

    def __init__(self, policies: Policies, clock: Clock) -> None:
        self._policies = policies
        self._clock = clock

    def has_link(self, name1: str, name2: str, *domain: str) -> bool:
        """Tell whether a subject has a role on a resource at this moment."""
        return self.grant(name1, name2, domain[0]) is not None

    def grant(self, subject: str, role: str, resource: str) -> Grant | None:
        """Return the grant by which a subject has a role on a resource: of several the one that lasts longest."""
        if is_natural(role):
            return None
        now = self._clock.now()
        holding = [
            grant for grant in self._policies.grants_to(subject, resource) if grant.role == role and grant.holds_at(now)
        ]
        lasting = [grant for grant in holding if grant.expires_at is None]
        if lasting or not holding:
            return lasting[0] if lasting else None
        return max(holding, key=lambda grant: grant.expires_at or now)

    def print_roles(self) -> None:
        """Print nothing."""


class RoleBook:
    """Which actions each role of one kind holds, in the order in which they are looked at.

    Roles with `~` are had by nature: no grant gives them.
    """

    def __init__(self, kind: ResourceKind, made: Iterable[Role]) -> None:
        everything = frozenset(info.action for info in kind.actions)
        granted = {role.name: role.actions for role in kind.roles if role.is_granted}
        owner = next((role.actions for role in kind.roles if role.name == OWNER), frozenset())
        self.actions: dict[str, frozenset[str]] = {
            BY_ADMIN: everything,
            BY_OWNER: owner,
            DENIED: everything if DENIED in granted else frozenset(),
            BY_SIGN_IN: kind.open_to.get("signed-in", frozenset()),
            BY_ANYONE: kind.open_to.get("public", frozenset()),
            **{name: actions for name, actions in granted.items() if name != DENIED},
        }
        for role in sorted((one for one in made if not is_natural(one.name)), key=lambda role: role.name):
            self.actions.setdefault(role.name, role.actions)

    def holds(self, role: str, action: str) -> bool:
        return action in self.actions.get(role, ())

    def gives(self, role: str, action: str) -> bool:
        """Tell whether a role that is granted allows an action."""
        return not is_natural(role) and self.holds(role, action)


class CompiledOnce(casbin.Enforcer):  # type: ignore[misc]  # casbin has no types
    """An enforcer that parses its matcher once: half the time of a decision would go into that."""

    _compiled: Any = None

    def _get_expression(self, expr: str, functions: Any = None) -> Any:
        if self._compiled is None:
            self._compiled = super()._get_expression(expr, functions)
        return self._compiled


def make_enforcer(book: RoleBook, grants: Grants) -> casbin.Enforcer:
    """Return an enforcer for the things of one kind."""
    enforcer = CompiledOnce(casbin.Enforcer.new_model(text=MODEL))
    enforcer.set_role_manager(grants)
    enforcer.build_role_links()
    enforcer.add_function("holds", book.holds)
    for role, actions in book.actions.items():
        if actions:
            enforcer.add_policy(role, "deny" if role == DENIED else "allow")
    return enforcer
