"""Groups themselves: making, finding, changing and removing them."""

from collections.abc import Iterable

from hothouse.access.errors import DeletionUnconfirmed
from hothouse.access.interfaces import Resource
from hothouse.access.repository import GroupsRepository
from hothouse.access.repository.grants import grant_id
from hothouse.access.repository.groups import membership_id
from hothouse.access.schemas import Group, GroupChange, NewGroup, Reached, ResourceRef
from hothouse.access.service.context import AccessContext
from hothouse.access.words import group, split, user
from hothouse.database.connection import Document
from hothouse.identity.principal import Principal
from hothouse.kit.ids import new_id
from hothouse.kit.paging import Page, PageRequest, encode_cursor
from hothouse.kit.problems import NotFound
from hothouse.kit.trail import current_trail


class Groups:
    """Makes, shows, changes and removes groups."""

    def __init__(self, context: AccessContext) -> None:
        self._context = context

    async def page(self, principal: Principal, text: str | None, paging: PageRequest) -> Page[Group]:
        """Return groups by name."""
        after = paging.after_text
        found = await self._context.groups.page(text, after, paging.limit + 1)
        shown = found[: paging.limit]
        more = len(found) > paging.limit
        return Page(
            items=[await self.present(principal, one) for one in shown],
            next_cursor=encode_cursor(shown[-1]["name_key"]) if more else None,
        )

    async def present(self, principal: Principal, found: Document) -> Group:
        """Return a group as the API shows it."""
        allowed = await self._context.authorizer.allowed_actions(principal, resource_of(found))
        return Group(
            id=found["_id"],
            member_count=len(self._context.policies.members(found["_id"])),
            permissions=[action.value for action in allowed],
            **{key: found[key] for key in ("name", "description", "origin", "created_at")},
        )

    async def make(self, principal: Principal, new: NewGroup) -> Group:
        """Make a group whose manager is whoever makes it. Raises: `GroupNameTaken`."""
        made = await self.add(new.name, new.description)
        if principal.user_id:
            await self._add_manager(made["_id"], user(principal.user_id))
        trail = current_trail()
        trail.concerns("group", made["_id"], made["name"])
        trail.change(after=new.model_dump())
        return await self.present(principal, made)

    async def add(self, name: str, description: str = "", provider: tuple[str, str] | None = None) -> Document:
        """Store a group; `provider` is a login provider, and what that calls it. Raises: `GroupNameTaken`."""
        made: Document = {
            "_id": new_id(),
            "name": name,
            "description": description,
            "origin": f"oidc:{provider[0]}" if provider else "manual",
            "provider": provider[0] if provider else None,
            "provider_name": provider[1] if provider else None,
            "created_at": self._context.clock.now(),
        }
        await self._context.groups.add(made)
        return await self.get(made["_id"])

    async def _add_manager(self, group_id: str, member: str) -> None:
        await self._context.groups.put_member(
            {
                "group_id": group_id,
                "member": member,
                "is_manager": True,
                "via": "manual",
                "added_at": self._context.clock.now(),
                "added_by": member,
            }
        )
        await self._context.feed.refresh("memberships", [membership_id(group_id, member)])

    async def get(self, group_id: str) -> Document:
        """Raises: `NotFound`."""
        found = await self._context.groups.get(group_id)
        if found is None:
            raise NotFound("There is no such group, or it is not shared with you.")
        return found

    async def change(self, principal: Principal, found: Document, change: GroupChange) -> Group:
        """Raises: `GroupNameTaken`, `NotFound`."""
        fields = change.model_dump(exclude_none=True)
        if fields and not await self._context.groups.change(found["_id"], fields):
            raise NotFound
        current_trail().change(before={key: found[key] for key in fields}, after=fields)
        return await self.present(principal, await self.get(found["_id"]))

    async def remove(self, found: Document, confirm: str) -> None:
        """Remove a group, what it was granted, and its place in other groups; the group itself goes last.

        Raises: `DeletionUnconfirmed`.
        """
        context, group_id, subject = self._context, found["_id"], group(found["_id"])
        granted = await context.grants.to(subject)
        if confirm != found["name"]:
            raise DeletionUnconfirmed(found["name"], len(granted))
        members, above = await context.groups.members(group_id), await context.groups.memberships_of(subject)
        current_trail().change(before={"name": found["name"], "members": len(members), "grants": len(granted)})
        shared = await context.grants.on(subject)
        await context.grants.remove_to(subject)
        await context.grants.remove_on(subject)
        await context.groups.remove_from_all(subject)
        await context.groups.remove_members(group_id)
        await context.groups.remove(group_id)
        await context.feed.refresh("grants", [grant_id(one["resource"], one["subject"]) for one in granted + shared])
        await context.feed.refresh("memberships", [one["_id"] for one in members + above])

    async def reach(self, found: Document) -> list[Reached]:
        """Return the things on which a group, or one that it belongs to, was given a role."""
        now = self._context.clock.now()
        given = [one for one in self._context.policies.reached_by(group(found["_id"])) if one.holds_at(now)]
        reached: list[Reached] = []
        for kind in self._context.kinds:
            ids = {split(one.resource)[1] for one in given if split(one.resource)[0] == kind.name}
            things = await kind.finder.by_ids(ids) if ids and kind.finder else {}
            for one in given:
                thing = things.get(split(one.resource)[1])
                if thing is not None and thing.key == one.resource and thing.id != found["_id"]:
                    how = "given to the group" if one.subject == group(found["_id"]) else "given to a group it is in"
                    reached.append(Reached(resource=ref(thing), role=one.role, how=how, expires_at=one.expires_at))
        return sorted(reached, key=lambda one: (one.resource.kind, one.resource.title.casefold()))

    async def names_of(self, user_id: str) -> list[str]:
        """Return the names of the groups that somebody belongs to, directly or through other groups."""
        ids = self._context.policies.groups_of(user(user_id))
        found = await self._context.groups.get_many(ids) if ids else {}
        return sorted(one["name"] for one in found.values())


def resource_of(found: Document) -> Resource:
    """Return what the authorizer needs to know of a group."""
    return Resource("group", found["_id"], name=found["_id"], title=found["name"])


def ref(resource: Resource) -> ResourceRef:
    """Return a thing as the API names it."""
    return ResourceRef(kind=resource.kind, id=resource.id, name=resource.name, title=resource.title)


class GroupFinder:
    """Finds groups by their ids, which is how addresses name them."""

    def __init__(self, groups: GroupsRepository) -> None:
        self._groups = groups

    async def by_name(self, name: str) -> Resource | None:
        found = await self._groups.get(name)
        return resource_of(found) if found else None

    async def by_ids(self, ids: Iterable[str]) -> dict[str, Resource]:
        return {one: resource_of(found) for one, found in (await self._groups.get_many(list(ids))).items()}
