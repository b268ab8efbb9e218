"""All grants, memberships and roles in memory, so that a decision waits for no database."""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from hothouse.access.interfaces import Grant, Membership, Policy, Role
from hothouse.access.words import SIGNED_IN, group, split

MANAGER, VIEWER = "manager", "viewer"


class Policies:
    """Indexed by resource and by subject: what a question costs does not depend on how many grants there are."""

    def __init__(self) -> None:
        self._clear()

    def _clear(self) -> None:
        self._grants: dict[str, dict[str, Grant]] = {}
        self._reached: dict[str, set[str]] = defaultdict(set)
        self._members: dict[str, dict[str, Membership]] = {}
        self._groups: dict[str, set[str]] = defaultdict(set)
        self._roles: dict[tuple[str, str], Role] = {}
        self._endings: list[tuple[datetime, str, str]] = []

    # What is known

    def put(self, policy: Policy) -> Policy | None:
        """Take in a policy; returns the one whose place it takes."""
        match policy:
            case Grant(resource, subject):
                grants = self._grants.setdefault(resource, {})
                former: Policy | None = grants.get(subject)
                grants[subject] = policy
                self._reached[subject].add(resource)
                if policy.expires_at is not None:
                    heapq.heappush(self._endings, (policy.expires_at, resource, subject))
            case Membership(group_id, member):
                members = self._members.setdefault(group_id, {})
                former = members.get(member)
                members[member] = policy
                self._groups[member].add(group_id)
            case Role(kind, name):
                former = self._roles.get((kind, name))
                self._roles[kind, name] = policy
        return former

    def drop(self, collection: str, key: str) -> Policy | None:
        """Forget the policy of a document; returns it if it was known."""
        one, _, other = key.partition("|")
        if collection == "grants":
            return _drop(self._grants, self._reached, one, other)
        if collection == "memberships":
            return _drop(self._members, self._groups, one, other)
        kind, _, name = key.partition(".")
        return self._roles.pop((kind, name), None)

    def replace(self, policies: Iterable[Policy]) -> None:
        """Forget all, and take in these."""
        self._clear()
        for policy in policies:
            self.put(policy)

    def everything(self) -> Iterator[Policy]:
        """Yield all that is known: roles, memberships, grants."""
        yield from self._roles.values()
        for table in (self._members, self._grants):
            for entries in table.values():
                yield from entries.values()

    # Who belongs to what

    def groups_of(self, subject: str) -> list[str]:
        """Return the ids of the groups that a subject belongs to, the nearest first; safe with groups in a circle."""
        found: dict[str, None] = {}
        waiting = [subject]
        for one in waiting:
            for group_id in self._groups.get(one, ()):
                if group_id not in found:
                    found[group_id] = None
                    waiting.append(group(group_id))
        return list(found)

    def acts_as(self, subject: str) -> Iterator[str]:
        """Yield the subjects whose grants count for one: itself, its groups, and for people all who are signed in."""
        yield subject
        if subject in self._groups:
            yield from map(group, self.groups_of(subject))
        if split(subject)[0] in ("user", "group"):
            yield SIGNED_IN

    def users_in(self, subject: str) -> set[str]:
        """Return the ids of the accounts that a subject stands for: one, or all in a group at any depth."""
        users: set[str] = set()
        seen, waiting = {subject}, [subject]
        for one in waiting:
            kind, identity = split(one)
            if kind == "user":
                users.add(identity)
            for member in self._members.get(identity, ()) if kind == "group" else ():
                if member not in seen:
                    seen.add(member)
                    waiting.append(member)
        return users

    def would_circle(self, group_id: str, member: str) -> bool:
        """Tell whether a group would belong to itself if `member` belonged to it."""
        kind, identity = split(member)
        return kind == "group" and (identity == group_id or identity in self.groups_of(group(group_id)))

    def path(self, subject: str, other: str) -> list[str]:
        """Return the ids of the groups that lead from a subject to another it acts as; the shortest way."""
        came_from: dict[str, str] = {}
        waiting = [subject]
        for one in waiting:
            for group_id in self._groups.get(one, ()):
                key = group(group_id)
                if key not in came_from and key != subject:
                    came_from[key] = one
                    waiting.append(key)
        way: list[str] = []
        at = other
        while at in came_from:
            way.append(split(at)[1])
            at = came_from[at]
        return way[::-1]

    def members(self, group_id: str) -> dict[str, Membership]:
        """Return the members of a group, but not theirs."""
        return self._members.get(group_id, {})

    # Who has what

    def grants_to(self, subject: str, resource: str) -> Iterator[Grant]:
        """Yield the grants by which a subject has roles on a resource, through groups, too, run out or not."""
        grants = self._grants.get(resource, {})
        members = self._membership_of(resource)
        if not grants and not members:
            return
        if subject == resource and split(resource)[0] == "group":  # asked of all who are in it
            yield _as_grant(resource, Membership(split(resource)[1], subject))
        for one in self.acts_as(subject):
            if one in grants:
                yield grants[one]
            if one in members:
                yield _as_grant(resource, members[one])

    def grants_on(self, resource: str) -> Iterator[Grant]:
        """Yield all grants on a resource."""
        yield from self._grants.get(resource, {}).values()
        for member in self._membership_of(resource).values():
            yield _as_grant(resource, member)

    def _membership_of(self, resource: str) -> dict[str, Membership]:
        """Return the memberships of a group, which are roles on it."""
        kind, identity = split(resource)
        return self._members.get(identity, {}) if kind == "group" else {}

    def reached_by(self, subject: str) -> Iterator[Grant]:
        """Yield the grants that count for a subject, on whatever resource."""
        for one in self.acts_as(subject):
            for resource in self._reached.get(one, ()):
                yield self._grants[resource][one]
            for group_id in self._groups.get(one, ()):
                yield _as_grant(group(group_id), self._members[group_id][one])

    def said_of(self, resource: str) -> list[list[str]]:
        """Return all that is known of a resource, as texts in an order that does not change by itself."""
        kind = split(resource)[0]
        grants = self._grants.get(resource, {}).values()
        made = [self._roles[kind, one] for one in {grant.role for grant in grants} if (kind, one) in self._roles]
        return sorted(
            [
                *([grant.subject, grant.role, str(grant.expires_at)] for grant in grants),
                *([role.name, *sorted(role.actions)] for role in made),
            ]
        )

    def role(self, kind: str, name: str) -> Role | None:
        """Return a role that was made here."""
        return self._roles.get((kind, name))

    def roles(self) -> Iterator[Role]:
        """Yield the roles that were made here."""
        yield from self._roles.values()

    def resources_with(self, kind: str, role: str) -> set[str]:
        """Return the keys of resources of a kind on which somebody has a role; looks at all of them."""
        return {
            resource
            for resource, grants in self._grants.items()
            if split(resource)[0] == kind and any(grant.role == role for grant in grants.values())
        }

    def take_ended(self, now: datetime) -> list[Grant]:
        """Return the grants that ran out since this was asked last."""
        ended: list[Grant] = []
        while self._endings and self._endings[0][0] <= now:
            at, resource, subject = heapq.heappop(self._endings)
            grant = self._grants.get(resource, {}).get(subject)
            if grant is not None and grant.expires_at == at:
                ended.append(grant)
        return ended


def _drop(
    forward: dict[str, dict[str, Grant]] | dict[str, dict[str, Membership]],
    backward: dict[str, set[str]],
    one: str,
    other: str,
) -> Policy | None:
    entries = forward.get(one, {})
    former = entries.pop(other, None)
    if not entries:
        forward.pop(one, None)
    if other in backward:
        backward[other].discard(one)
        if not backward[other]:
            del backward[other]
    return former


def _as_grant(resource: str, membership: Membership) -> Grant:
    return Grant(resource, membership.member, MANAGER if membership.is_manager else VIEWER)
