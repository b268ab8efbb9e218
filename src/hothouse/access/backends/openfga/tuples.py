"""What OpenFGA is told: grants and memberships as tuples, facts as tuples that count for one question."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from hothouse.access import words
from hothouse.access.backends.openfga.model import (
    ADMIN,
    MANAGING_MEMBER,
    MEMBER,
    OPEN_TO_ANYONE,
    OPEN_TO_SIGNED_IN,
    OWN_MEMBER,
    PLAIN_MEMBER,
    UNEXPIRED,
    VISITOR,
    has,
)
from hothouse.access.interfaces import Grant, Membership, Policy, Resource
from hothouse.access.words import ANYONE, OWNER, SIGNED_IN, group, split, user
from hothouse.identity.principal import Principal

EVERY_USER, ANONYMOUS = "user:*", f"{VISITOR}:anonymous"
SOMEBODY = "user:-somebody"  # no account has such an id
EVERYBODY = (EVERY_USER, "app:*", f"{VISITOR}:*")
Key = tuple[str, str, str]
"""User, relation, object."""
Tuples = dict[Key, str]
"""When each ends; empty for those that do not."""


def moment(at: datetime) -> str:
    """Write a time as OpenFGA reads it."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def subject_of(subject: str) -> str | None:
    """Return how a subject is written as the user of a tuple; None for one that nothing is granted to.

    >>> subject_of("user:u1"), subject_of("group:g1"), subject_of("signed-in"), subject_of("anyone")
    ('user:u1', 'group:g1#member', 'user:*', None)
    """
    kind, _ = split(subject)
    if subject == SIGNED_IN:
        return EVERY_USER
    if kind == "group":
        return f"{subject}#{MEMBER}"
    return subject if kind in ("user", "app") else None


def tuples_of(policies: Iterable[Policy]) -> Tuples:
    """Return the tuples that say what grants, and memberships of people and apps, do; for groups see `nesting_of`."""
    found: Tuples = {}
    for policy in policies:
        match policy:
            case Grant() if subject := subject_of(policy.subject):
                ends = moment(policy.expires_at) if policy.expires_at else ""
                found[subject, has(policy.role), policy.resource] = ends
            case Membership() if split(policy.member)[0] in ("user", "app"):
                found[policy.member, _membership(policy), group(policy.group)] = ""
                found[policy.member, OWN_MEMBER, group(policy.group)] = ""
    return found


def nesting_of(policies: Iterable[Policy]) -> Tuples:
    """Return the tuples that say which groups are in which, at whatever depth; safe with groups in a circle."""
    edges = [one for one in policies if isinstance(one, Membership) and split(one.member)[0] == "group"]
    inner: defaultdict[str, list[str]] = defaultdict(list)
    for edge in edges:
        inner[group(edge.group)].append(edge.member)
    return {
        (f"{one}#{OWN_MEMBER}", _membership(edge), group(edge.group)): ""
        for edge in edges
        for one in _all_in(edge.member, inner)
    }


def _all_in(outermost: str, inner: Mapping[str, list[str]]) -> list[str]:
    """Return a group, and all groups in it."""
    found = {outermost: None}
    waiting = [outermost]
    for one in waiting:
        for member in inner.get(one, ()):
            if member not in found:
                found[member] = None
                waiting.append(member)
    return waiting


def _membership(policy: Membership) -> str:
    return MANAGING_MEMBER if policy.is_manager else PLAIN_MEMBER


def written(key: Key, ends: str = "") -> dict[str, Any]:
    """Return a tuple as the API takes it."""
    subject, relation, thing = key
    tuple_key: dict[str, Any] = {"user": subject, "relation": relation, "object": thing}
    if ends:
        tuple_key["condition"] = {"name": UNEXPIRED, "context": {"expires_at": ends}}
    return tuple_key


def read(tuple_key: dict[str, Any]) -> tuple[Key, str]:
    """Return key and end of a tuple that the API gave; an end that is not understood differs from any other."""
    condition = tuple_key.get("condition") or {}
    context = condition.get("context") or {}
    is_ours = condition.get("name") == UNEXPIRED and set(context) == {"expires_at"}
    ends = str(context["expires_at"]) if is_ours else json.dumps(condition) if condition.get("name") else ""
    return (tuple_key["user"], tuple_key["relation"], tuple_key["object"]), ends


def who(principal: Principal) -> str:
    """Return the user whom a question is about; for a group it is somebody of whom only that is known."""
    if principal.group_id is not None:
        return SOMEBODY
    subject = words.subject_of(principal)
    return ANONYMOUS if subject == ANYONE else subject


def facts(principal: Principal | None, resource: Resource, role: str | None = None) -> list[dict[str, Any]]:
    """Return what counts for one question: owner and openness of a thing, and the role of an account.

    `role` is the relation of the platform's role that the account has.
    """
    thing = resource.key
    keys: list[Key] = [(user(resource.owner_id), OWNER, thing)] if resource.owner_id else []
    if resource.openness != "private":
        keys.append((EVERY_USER, OPEN_TO_SIGNED_IN, thing))
    if resource.openness == "public":
        keys += [(one, OPEN_TO_ANYONE, thing) for one in EVERYBODY]
    if principal is not None and principal.group_id is not None:
        keys += [(SOMEBODY, relation, group(principal.group_id)) for relation in (PLAIN_MEMBER, OWN_MEMBER)]
    if principal is not None and principal.user is not None:
        if principal.user.role == "admin":
            keys.append((who(principal), ADMIN, thing))
        if role is not None:
            keys.append((who(principal), role, thing))
    return [written(key) for key in keys]


def only_public(resource: Resource) -> list[dict[str, Any]]:
    """Return the facts for somebody whose token is for nothing but what anyone may do."""
    return [written((one, OPEN_TO_ANYONE, resource.key)) for one in EVERYBODY]
