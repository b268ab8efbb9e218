"""Handing things over: everything has exactly one owner, who is replaced and never removed."""

from hothouse.access.errors import NotTheOwners, OnlyTheOwner, SubjectUnknown
from hothouse.access.interfaces import Resource, ResourceKind
from hothouse.access.repository.grants import grant_id
from hothouse.access.schemas import HandOver
from hothouse.access.service.context import AccessContext
from hothouse.access.service.sharing import Sharing
from hothouse.access.service.subjects import Subjects
from hothouse.access.words import split, user
from hothouse.identity.principal import Principal
from hothouse.kit.trail import current_trail


class Ownership:
    """Gives things to other owners."""

    def __init__(self, context: AccessContext, subjects: Subjects, sharing: Sharing) -> None:
        self._context = context
        self._subjects = subjects
        self._sharing = sharing

    async def hand_over(self, principal: Principal, kind: ResourceKind, resource: Resource, to: HandOver) -> None:
        """Give one thing to somebody else.

        Raises: `OnlyTheOwner`; `SubjectUnknown` unless it is an active account; `NotTheOwners`.
        """
        if kind.shelf is None or not (principal.is_admin or principal.user_id == resource.owner_id):
            raise OnlyTheOwner
        await self._give(kind, resource, to.user_id)
        former = resource.owner_id
        if former and former != to.user_id and to.keep_role:
            await self._sharing.put(resource, user(former), to.keep_role, by=principal.user_id, origin="manual")

    async def _give(self, kind: ResourceKind, resource: Resource, user_id: str) -> None:
        subject = user(user_id)
        try:
            described = await self._subjects.known(subject)
        except SubjectUnknown as error:
            raise SubjectUnknown(error.detail, "/user_id") from error
        if kind.shelf is None or not await kind.shelf.set_owner(resource, user_id):
            raise NotTheOwners
        if await self._context.grants.remove(resource.key, subject):
            await self._context.feed.refresh("grants", [grant_id(resource.key, subject)])
        trail = current_trail()
        trail.concerns("user", split(subject)[1], described.email)
        trail.change(before={"owner_id": resource.owner_id}, after={"owner_id": user_id})
