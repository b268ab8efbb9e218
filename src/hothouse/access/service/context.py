"""What the verbs of this feature work with."""

from dataclasses import dataclass

from hothouse.access.interfaces import Authorizer, Resource, ResourceKind
from hothouse.access.kinds import Kinds
from hothouse.access.policies import Policies
from hothouse.access.repository import GrantsRepository, GroupsRepository, RolesRepository
from hothouse.access.service.following import PolicyFeed
from hothouse.identity.service import People
from hothouse.kit.clock import Clock


@dataclass(frozen=True, slots=True)
class AccessContext:
    """Repositories and collaborators, made once in the composition root."""

    clock: Clock
    grants: GrantsRepository
    groups: GroupsRepository
    roles: RolesRepository
    kinds: Kinds
    policies: Policies
    feed: PolicyFeed
    authorizer: Authorizer
    people: People

    async def find(self, kind: str, name: str) -> tuple[ResourceKind, Resource] | None:
        """Return a thing that people call `name`, with its kind; None if there is no such thing, or no such kind."""
        known = self.kinds.get(kind)
        found = await known.finder.by_name(name) if known and known.finder else None
        return (known, found) if known and found else None
