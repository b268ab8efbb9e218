"""Whom a change of access concerns."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from hothouse.access.policies import Policies
from hothouse.access.words import group, split
from hothouse.database.changes import Change

COLLECTIONS = frozenset({"grants", "memberships", "groups", "roles"})


@dataclass(slots=True)
class Concern:
    """People, by their ids, and things, by their keys, about which decisions may be others by now."""

    user_ids: set[str] = field(default_factory=set)
    resources: set[str] = field(default_factory=set)


def concerned(policies: Policies, changes: Iterable[Change]) -> Concern:
    """Return whom changes concern, told when they are in force.

    A member who was removed concerns itself, and all who belong to it; what a group was given, all who have the thing
    open: they are fewer than all members.
    """
    concern = Concern()
    for change in changes:
        if change.collection not in COLLECTIONS or change.key is None:
            continue
        one, _, other = change.key.partition("|")
        match change.collection:
            case "grants" if split(other)[0] == "user":
                concern.user_ids.add(split(other)[1])
            case "grants":
                concern.resources.add(one)
            case "memberships":
                concern.user_ids |= policies.users_in(other)
            case "groups":
                concern.user_ids |= policies.users_in(group(change.key))
            case _:
                kind, _, role = change.key.partition(".")
                concern.resources |= policies.resources_with(kind, role)
    return concern
