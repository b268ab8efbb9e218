"""Reviews: all that a person reaches, and all that is shared."""

from collections.abc import AsyncIterator

from hothouse.access.interfaces import Grant, Resource, ResourceKind
from hothouse.access.schemas import Reached, ReviewedResource, SubjectInfo
from hothouse.access.service.context import AccessContext
from hothouse.access.service.groups import ref
from hothouse.access.service.subjects import Subjects
from hothouse.access.words import DENIED, OWNER, user
from hothouse.identity.principal import Principal
from hothouse.identity.schemas import User
from hothouse.kit.paging import Page, PageRequest, encode_cursor
from hothouse.kit.prefixes import normal
from hothouse.kit.problems import NotFound

BATCH = 100
MANY = 25
"""From how many grants on a review points out that there are many."""


class Reviewing:
    """Goes through the things of every kind that has owners."""

    def __init__(self, context: AccessContext, subjects: Subjects) -> None:
        self._context = context
        self._subjects = subjects

    async def of_person(self, user_id: str, paging: PageRequest) -> Page[Reached]:
        """Return what somebody may see, and by what right. Raises: `NotFound` without an active account."""
        person = await self._context.people.active(user_id)
        if person is None:
            raise NotFound("There is no such account, or it is deactivated.")
        principal = Principal(person, "session")
        items: list[Reached] = []
        last: Resource | None = None
        async for kind, resource in self._things(None, paging.after):
            if kind.view is None:
                continue
            decision = await self._context.authorizer.check(principal, kind.view, resource)
            if not decision.is_allowed:
                continue
            if last is not None and len(items) == paging.limit:
                return Page(items=items, next_cursor=encode_cursor([last.kind, last.name]))
            items.append(self._reached(person, resource))
            last = resource
        return Page(items=items)

    def _reached(self, person: User, resource: Resource) -> Reached:
        now = self._context.clock.now()
        if person.id == resource.owner_id:
            return Reached(resource=ref(resource), role=OWNER, how="owns it")
        grants = self._context.policies.grants_to(user(person.id), resource.key)
        holding = [grant for grant in grants if grant.holds_at(now) and grant.role != DENIED]
        if holding:
            best = max(holding, key=lambda grant: self._breadth(resource.kind, grant))
            how = "given to them" if best.subject == user(person.id) else "given to a group they are in"
            if best.subject == "signed-in":
                how = "given to everyone signed in"
            return Reached(resource=ref(resource), role=best.role, how=how, expires_at=best.expires_at)
        if person.role == "admin":
            return Reached(resource=ref(resource), role="admin", how="is an admin")
        return Reached(resource=ref(resource), role="", how="open to everyone signed in")

    def _breadth(self, kind: str, grant: Grant) -> int:
        """Return how much a grant's role allows."""
        built_in, made = self._context.kinds.built_in(kind, grant.role), self._context.policies.role(kind, grant.role)
        return len(built_in.actions if built_in else made.actions if made else ())

    async def of_things(self, kind: str | None, text: str | None, paging: PageRequest) -> Page[ReviewedResource]:
        """Return things by kind and name, with what is worth a second look."""
        found: list[Resource] = []
        async for _, resource in self._things(kind, paging.after):
            if _matches(resource, text):
                found.append(resource)
            if len(found) > paging.limit:
                break
        shown = found[: paging.limit]
        owners = await self._subjects.describe(user(one.owner_id) for one in shown if one.owner_id)
        more = encode_cursor([shown[-1].kind, shown[-1].name]) if len(found) > paging.limit else None
        return Page(items=[self._reviewed(one, owners) for one in shown], next_cursor=more)

    def _reviewed(self, resource: Resource, owners: dict[str, SubjectInfo]) -> ReviewedResource:
        now = self._context.clock.now()
        holding = [one for one in self._context.policies.grants_on(resource.key) if one.holds_at(now)]
        owner = owners.get(user(resource.owner_id)) if resource.owner_id else None
        flags = {
            "public": resource.openness == "public",
            "many": len(holding) >= MANY,
            "owner-deactivated": owner is not None and not owner.is_active,
            "no-owner": owner is None,
        }
        return ReviewedResource(
            resource=ref(resource),
            owner=owner,
            openness=resource.openness,
            grants=len(holding),
            expiring=sum(one.expires_at is not None for one in holding),
            flags=[flag for flag, is_so in flags.items() if is_so],
        )

    async def _things(self, only: str | None, after: object) -> AsyncIterator[tuple[ResourceKind, Resource]]:
        """Yield all things that have owners, by kind and name, from behind a position."""
        at_kind, at_name = after if isinstance(after, list) and len(after) == 2 else ("", None)
        for kind in sorted(self._context.kinds, key=lambda kind: kind.name):
            if kind.shelf is None or only not in (None, kind.name) or kind.name < str(at_kind):
                continue
            name = str(at_name) if kind.name == at_kind else None
            while batch := await kind.shelf.page(name, BATCH):
                for resource in batch:
                    yield kind, resource
                name = batch[-1].name


def _matches(resource: Resource, text: str | None) -> bool:
    haystack = normal(f"{resource.name} {resource.title}")
    return all(word in haystack for word in normal(text or "").split())
