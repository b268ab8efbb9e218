"""Handing things over: everything has exactly one owner, who is replaced and never removed."""

from contextlib import AbstractAsyncContextManager, nullcontext

from hothouse.access.errors import NotTheOwners, OnlyTheOwner, SubjectUnknown
from hothouse.access.interfaces import Receiving, Resource, ResourceKind
from hothouse.access.repository.grants import grant_id
from hothouse.access.schemas import HandOver, ResourceRef, SubjectInfo
from hothouse.access.service.context import AccessContext
from hothouse.access.service.groups import ref
from hothouse.access.service.sharing import Sharing
from hothouse.access.service.subjects import Subjects
from hothouse.access.words import user
from hothouse.identity.principal import Principal
from hothouse.kit.trail import current_trail


class Ownership:
    """Gives things to other owners, as long as those may have so much: `receiving` knows, once the hub has it."""

    def __init__(self, context: AccessContext, subjects: Subjects, sharing: Sharing) -> None:
        self.receiving: Receiving | None = None
        self._context = context
        self._subjects = subjects
        self._sharing = sharing

    async def hand_over(self, principal: Principal, kind: ResourceKind, resource: Resource, to: HandOver) -> None:
        """Give one thing to somebody else.

        Raises: `OnlyTheOwner`; `SubjectUnknown` unless it is an active account; `NotTheOwners`; a `Conflict` when the
        receiver may not have so much.
        """
        if kind.shelf is None or not (principal.is_admin or principal.user_id == resource.owner_id):
            raise OnlyTheOwner
        await self._give(kind, resource, to.user_id)
        former = resource.owner_id
        if former and former != to.user_id and to.keep_role:
            await self._sharing.put(resource, user(former), to.keep_role, by=principal.user_id, origin="manual")

    async def hand_over_all(self, from_user_id: str, to_user_id: str) -> list[ResourceRef]:
        """Give everything that somebody owns to somebody else; what is gone meanwhile is left out.

        Raises: `SubjectUnknown` unless it is an active account; a `Conflict` when the receiver may not have so much,
        and then nothing is given.
        """
        await self._known(to_user_id, "/to_user_id")
        owned = [
            (kind, resource)
            for kind in self._context.kinds
            if kind.shelf is not None and from_user_id != to_user_id
            for resource in await kind.shelf.owned_by(from_user_id)
        ]
        async with self._room(to_user_id, [resource for _, resource in owned]):
            given = [ref(resource) for kind, resource in owned if await self._set(kind, resource, to_user_id)]
        current_trail().change(
            before={"owner_id": from_user_id},
            after={"owner_id": to_user_id, "things": [f"{one.kind}:{one.id}" for one in given]},
        )
        return given

    async def _give(self, kind: ResourceKind, resource: Resource, user_id: str) -> None:
        described = await self._known(user_id, "/user_id")
        async with self._room(user_id, [resource]):
            if not await self._set(kind, resource, user_id):
                raise NotTheOwners
        trail = current_trail()
        trail.concerns("user", user_id, described.email)
        trail.change(before={"owner_id": resource.owner_id}, after={"owner_id": user_id})

    def _room(self, user_id: str, resources: list[Resource]) -> AbstractAsyncContextManager[None]:
        return self.receiving.room_to_receive(user_id, resources) if self.receiving else nullcontext()

    async def _known(self, user_id: str, pointer: str) -> SubjectInfo:
        try:
            return await self._subjects.known(user(user_id))
        except SubjectUnknown as error:
            raise SubjectUnknown(error.detail, pointer) from error

    async def _set(self, kind: ResourceKind, resource: Resource, user_id: str) -> bool:
        """Make somebody the owner, who then needs no grant; false when that came too late."""
        if kind.shelf is None or not await kind.shelf.set_owner(resource, user_id):
            return False
        if await self._context.grants.remove(resource.key, user(user_id)):
            await self._context.feed.refresh("grants", [grant_id(resource.key, user(user_id))])
        return True
