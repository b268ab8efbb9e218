"""Who belongs to a group."""

import asyncio
from collections.abc import Iterable
from heapq import nsmallest

from hothouse.access.errors import GroupCircle, GroupNameTaken, SubjectUnknown
from hothouse.access.repository.groups import membership_id
from hothouse.access.schemas import Membership, NewMembership, SubjectInfo
from hothouse.access.service.context import AccessContext
from hothouse.access.service.groups import Groups
from hothouse.access.service.subjects import Subjects
from hothouse.access.words import split, user
from hothouse.database.connection import Document
from hothouse.identity.principal import Principal
from hothouse.kit.paging import Page, PageRequest, encode_cursor
from hothouse.kit.problems import NotFound
from hothouse.kit.trail import current_trail

MANUAL = "manual"


class Members:
    """Lists, adds and removes members, people and other groups."""

    def __init__(self, context: AccessContext, subjects: Subjects, groups: Groups) -> None:
        self._context = context
        self._subjects = subjects
        self._groups = groups
        self._one_at_a_time = asyncio.Lock()

    async def page(self, found: Document, paging: PageRequest) -> Page[Membership]:
        """Return members in the order of their subjects: groups before people.

        Who they are is known here, and the database is asked for those of the page alone: of a whole group, the
        embedded server would fetch all.
        """
        after = paging.after_text or ""
        all_behind = (one for one in self._context.policies.members(found["_id"]) if one > after)
        page = nsmallest(paging.limit + 1, all_behind)
        shown = page[: paging.limit]
        members = await self._context.groups.memberships_in(found["_id"], shown)
        described = await self._subjects.describe(one[key] for one in members for key in ("member", "added_by"))
        return Page(
            items=[_to_membership(one, described) for one in members],
            next_cursor=encode_cursor(shown[-1]) if len(page) > len(shown) else None,
        )

    async def put(self, principal: Principal, found: Document, member: str, new: NewMembership) -> Membership:
        """Add somebody, or a group, or say whether they manage it. Raises: `SubjectUnknown`, `GroupCircle`."""
        if split(member)[0] not in ("user", "group"):
            raise SubjectUnknown("Only people and groups belong to groups.")
        described = await self._subjects.known(member)
        async with self._one_at_a_time:
            if self._context.policies.would_circle(found["_id"], member):
                raise GroupCircle(found["name"], described.name)
            before = await self._context.groups.membership(found["_id"], member)
            membership = {
                "group_id": found["_id"],
                "member": member,
                "is_manager": new.is_manager,
                "via": MANUAL,
                "added_at": before["added_at"] if before else self._context.clock.now(),
                "added_by": user(principal.user_id) if principal.user_id else None,
            }
            await self._context.groups.put_member(membership)
            await self._context.feed.refresh("memberships", [membership_id(found["_id"], member)])
        trail = current_trail()
        trail.concerns(described.kind, split(member)[1], described.email or described.name)
        trail.change(
            before={"is_member": before is not None, "is_manager": bool(before and before["is_manager"])},
            after={"is_member": True, "is_manager": new.is_manager},
        )
        return _to_membership(membership, await self._subjects.describe([member, membership["added_by"]]))

    async def remove(self, found: Document, member: str) -> None:
        """Raises: `NotFound`."""
        described = await self._subjects.one(member)
        current_trail().concerns(described.kind, split(member)[1], described.email or described.name)
        if not await self._context.groups.remove_member(found["_id"], member):
            raise NotFound(f"{described.name} does not belong to this group.")
        await self._context.feed.refresh("memberships", [membership_id(found["_id"], member)])
        current_trail().change(before={"is_member": True}, after={"is_member": False})

    async def follow_provider(
        self, user_id: str, provider: str, names: Iterable[str], *, shared: Iterable[str] = (), may_make: bool = True
    ) -> tuple[list[str], list[str]]:
        """Make somebody's groups of a login provider those that it names.

        `names` are the provider's own groups, `shared` those that the settings let it decide on, whoever made them.
        Groups that are missing are made, if that may be, and left out otherwise. What people gave by hand stays.

        Returns the names of groups that are new to them, and of those that are gone.
        """
        via, member = f"oidc:{provider}", user(user_id)
        found = [await self._of_provider(provider, name, may_make=may_make) for name in sorted(set(names))]
        found += [await self._shared(provider, name, may_make=may_make) for name in sorted(set(shared))]
        wanted = {one["_id"]: one["name"] for one in found if one is not None}
        current = {one["group_id"]: one for one in await self._context.groups.memberships_of(member)}
        gone = [one for one, membership in current.items() if membership["via"] == via and one not in wanted]
        new = [one for one in wanted if one not in current]
        now = self._context.clock.now()
        for group_id in new:
            await self._context.groups.put_member(
                {
                    "group_id": group_id,
                    "member": member,
                    "is_manager": False,
                    "via": via,
                    "added_at": now,
                    "added_by": None,
                }
            )
        for group_id in gone:
            await self._context.groups.remove_member(group_id, member, via=via)
        await self._context.feed.refresh("memberships", [membership_id(one, member) for one in (*new, *gone)])
        lost = await self._context.groups.get_many(gone)
        return sorted(wanted[one] for one in new), sorted(one["name"] for one in lost.values())

    async def _of_provider(self, provider: str, name: str, *, may_make: bool) -> Document | None:
        """Return the group of a login provider, made if need be; a name that is taken is told apart by the provider."""
        repository = self._context.groups
        found = await repository.of_provider(provider, name)
        if found is not None or not may_make:
            return found
        taken = await repository.by_name(name)
        if taken is not None and (taken["provider"], taken["provider_name"]) == (provider, name):
            return taken  # it is made by another sign-in, at the same moment
        try:
            return await self._groups.add(f"{name} ({provider})" if taken else name, provider=(provider, name))
        except GroupNameTaken:  # as above
            return await repository.of_provider(provider, name)

    async def _shared(self, provider: str, name: str, *, may_make: bool) -> Document | None:
        """Return the group that has this name, whoever made it; made if need be."""
        found = await self._context.groups.by_name(name)
        return found or await self._of_provider(provider, name, may_make=may_make)


def _to_membership(found: Document, described: dict[str, SubjectInfo]) -> Membership:
    return Membership(
        member=described[found["member"]],
        added_by=described.get(found["added_by"] or ""),
        **{key: found[key] for key in ("is_manager", "via", "added_at")},
    )
