"""The authorization model that OpenFGA is given, written from the kinds of things and the roles there are.

Tuples say what was granted. Facts of a thing (its owner, how open it is) and of an account (its role on the platform)
are told with each question. What goes before what is the same for every kind: admins, the owner, denials, openness,
granted roles.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from hothouse.access.interfaces import ResourceKind, Role
from hothouse.access.kinds import Kinds
from hothouse.access.words import DENIED, OWNER

UNEXPIRED = "unexpired"
ADMIN, OPEN_TO_SIGNED_IN, OPEN_TO_ANYONE = "admin", "open_to_signed_in", "open_to_anyone"
MEMBER, PLAIN_MEMBER, MANAGING_MEMBER, OWN_MEMBER = "member", "plain_member", "managing_member", "own_member"
VISITOR = "visitor"
VERSION = "version_"
MODEL_FILE = Path(__file__).with_name("model.json")
"""The model of the kinds and roles that every installation has, to read and to diff; what is sent is made anew."""

CONDITIONS = {
    UNEXPIRED: {
        "name": UNEXPIRED,
        "expression": "now < expires_at",
        "parameters": {name: {"type_name": "TYPE_NAME_TIMESTAMP"} for name in ("now", "expires_at")},
    }
}
SINGLE: list[dict[str, Any]] = [{"type": "user"}, {"type": "app"}]
MEMBERS: list[dict[str, Any]] = [*SINGLE, {"type": "group", "relation": OWN_MEMBER}]
SUBJECTS: list[dict[str, Any]] = [*SINGLE, {"type": "group", "relation": MEMBER}, {"type": "user", "wildcard": {}}]
HOLDERS = [*SUBJECTS, *({**one, "condition": UNEXPIRED} for one in SUBJECTS)]
ONE_PERSON = [{"type": "user"}]
EVERYBODY: list[dict[str, Any]] = [{"type": one, "wildcard": {}} for one in ("user", "app", VISITOR)]

Definition = dict[str, Any]


def may(action: str) -> str:
    """Return the relation of those who may do something.

    >>> may("app.open"), reaches("app.open"), has("viewer")
    ('can_app_open', 'reaches_app_open', 'has_viewer')
    """
    return f"can_{_word(action)}"


def reaches(action: str) -> str:
    """Return the relation of those who may do something by a grant, and are not denied."""
    return f"reaches_{_word(action)}"


def has(role: str) -> str:
    """Return the relation of those who were given a role; names of relations have at most 50 characters."""
    return DENIED if role == DENIED else f"has_{role}"


def _word(action: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", action)


def authorization_model(kinds: Kinds, roles: Iterable[Role] = ()) -> Definition:
    """Return the model; one of its types is named for what is in it, so that it is known again."""
    made = list(roles)
    types = [{"type": "user"}, {"type": VISITOR}]
    types += [_type(kind, _roles(kind, made)) for kind in sorted(kinds, key=lambda one: one.name)]
    if not kinds.get("app"):
        types.append({"type": "app"})
    model: Definition = {"schema_version": "1.1", "type_definitions": types, "conditions": CONDITIONS}
    types.append({"type": version_of(model)})
    return model


def version_of(model: Definition) -> str:
    """Return the name that stands for the content of a model."""
    digest = hashlib.sha256(json.dumps(model, sort_keys=True).encode()).hexdigest()
    return f"{VERSION}{digest[:16]}"


def relations_of(model: Definition) -> frozenset[tuple[str, str]]:
    """Return the relations, by type, that tuples may have and that are no facts of a question."""
    told = {ADMIN, OWNER, OPEN_TO_SIGNED_IN, OPEN_TO_ANYONE}
    return frozenset(
        (one["type"], relation)
        for one in model["type_definitions"]
        for relation in (one.get("metadata") or {}).get("relations", ())
        if relation not in told
    )


def is_of_version(found: Mapping[str, Any] | None, wanted: Mapping[str, Any]) -> bool:
    """Tell whether a model that was read from the server is one that was made here."""
    if found is None:
        return False
    names = {one["type"] for one in found.get("type_definitions") or ()}
    return str(wanted["type_definitions"][-1]["type"]) in names


def _roles(kind: ResourceKind, made: Iterable[Role]) -> dict[str, frozenset[str]]:
    """Return the roles that can be given on things of a kind, with their actions."""
    roles: dict[str, frozenset[str]] = {
        role.name: frozenset(map(str, role.actions)) for role in kind.roles if role.is_granted
    }
    for role in sorted(made, key=lambda one: one.name):
        if role.kind == kind.name:
            roles.setdefault(role.name, role.actions)
    return roles


def _type(kind: ResourceKind, roles: Mapping[str, frozenset[str]]) -> Definition:
    owned = next((role.actions for role in kind.roles if role.name == OWNER), frozenset())
    direct: dict[str, list[dict[str, Any]]] = {
        ADMIN: ONE_PERSON,
        OWNER: ONE_PERSON,
        OPEN_TO_SIGNED_IN: EVERYBODY[:1],
        OPEN_TO_ANYONE: EVERYBODY,
        **{has(role): HOLDERS for role in roles},
    }
    relations: Definition = {name: {"this": {}} for name in direct}
    if kind.name == "group":
        direct |= {PLAIN_MEMBER: MEMBERS, MANAGING_MEMBER: MEMBERS, OWN_MEMBER: SINGLE}
        relations |= _membership(relations)
    for info in kind.actions:
        action = str(info.action)
        granted = [has(role) for role, actions in roles.items() if action in actions]
        signed_in, anyone = (action in kind.open_to.get(openness, ()) for openness in ("signed-in", "public"))
        opened = [OPEN_TO_SIGNED_IN] * signed_in + [OPEN_TO_ANYONE] * anyone
        always = [ADMIN] + [OWNER] * (action in owned)
        if granted:
            relations[reaches(action)] = _unless_denied(_any_of(granted), roles)
        others = [_unless_denied(_any_of([*opened, *granted]), roles)] if opened or granted else []
        relations[may(action)] = _union([*map(_computed, always), *others])
    metadata = {name: {"directly_related_user_types": allowed} for name, allowed in direct.items()}
    return {"type": kind.name, "relations": relations, "metadata": {"relations": metadata}}


def _membership(relations: Definition) -> Definition:
    """Return the relations by which members of a group are its viewers, and managers its managers.

    OpenFGA gives up on groups in groups after some steps. So a group knows all groups in it, at whatever depth, and of
    those the members they have by themselves: a question takes as many steps however groups are nested.
    """
    return {
        OWN_MEMBER: {"this": {}},
        PLAIN_MEMBER: {"this": {}},
        MANAGING_MEMBER: {"this": {}},
        MEMBER: _any_of([PLAIN_MEMBER, MANAGING_MEMBER]),
        has("viewer"): _union([relations[has("viewer")], _computed(PLAIN_MEMBER)]),
        has("manager"): _union([relations[has("manager")], _computed(MANAGING_MEMBER)]),
    }


def _unless_denied(allowed: Definition, roles: Mapping[str, frozenset[str]]) -> Definition:
    return {"difference": {"base": allowed, "subtract": _computed(DENIED)}} if DENIED in roles else allowed


def _any_of(relations: list[str]) -> Definition:
    return _union([_computed(one) for one in relations])


def _union(parts: list[Definition]) -> Definition:
    return parts[0] if len(parts) == 1 else {"union": {"child": parts}}


def _computed(relation: str) -> Definition:
    return {"computedUserset": {"relation": relation}}
