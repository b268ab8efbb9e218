"""Giving rights on a thing, and taking them away."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from hothouse.access.errors import MoreThanOwn, OwnerNeedsNoGrant, RoleUnknown, SubjectUnknown
from hothouse.access.interfaces import Resource, ResourceKind
from hothouse.access.policies import Policies
from hothouse.access.repository.grants import grant_id
from hothouse.access.schemas import Grant, GrantOrigin, NewGrant, SubjectInfo
from hothouse.access.schemas import Sharing as SharingShown
from hothouse.access.service.context import AccessContext
from hothouse.access.service.groups import ref
from hothouse.access.service.roles import Roles
from hothouse.access.service.subjects import Subjects
from hothouse.access.words import ANYONE, DENIED, EVERYBODY, Openness, split, user
from hothouse.database.connection import Document
from hothouse.identity.principal import Principal
from hothouse.kit.problems import FieldProblem, Invalid, NotFound
from hothouse.kit.trail import current_trail

KEPT = timedelta(days=30)
"""How long a grant that ran out is shown before it goes."""


class Sharing:
    """Shows and changes who has which role on a thing, and how open it is."""

    def __init__(self, context: AccessContext, subjects: Subjects, roles: Roles) -> None:
        self._context = context
        self._subjects = subjects
        self._roles = roles

    @property
    def policies(self) -> Policies:
        """All that is in force, for those who have to know whom a change concerns."""
        return self._context.policies

    async def show(self, principal: Principal, kind: ResourceKind, resource: Resource) -> SharingShown:
        """Return all that is known of who may do what with a thing."""
        grants = await self._context.grants.on(resource.key)
        owner = user(resource.owner_id) if resource.owner_id else None
        named = [one[key] for one in grants for key in ("subject", "granted_by")]
        described = await self._subjects.describe([*named, owner])
        shown = [self._to_grant(one, described) for one in grants]
        allowed = await self._context.authorizer.allowed_actions(principal, resource)
        return SharingShown(
            resource=ref(resource),
            owner=described.get(owner or ""),
            openness=resource.openness,
            grants=sorted(shown, key=lambda one: (one.subject.kind != "group", one.subject.name.casefold())),
            roles=await self._roles.given_on(kind),
            permissions=[action.value for action in allowed],
        )

    async def give(
        self,
        principal: Principal,
        kind: ResourceKind,
        resource: Resource,
        subject: str,
        new: NewGrant,
        origin: GrantOrigin = "manual",
    ) -> Grant:
        """Give somebody a role, in place of the one they had here.

        Raises: `RoleUnknown`, `SubjectUnknown`, `OwnerNeedsNoGrant`, `MoreThanOwn`; `Invalid` for a time that is past.
        """
        await self._check(principal, kind, resource, subject, new.role)
        expires_at = self._future(new.expires_at)
        described = await self._subjects.known(subject)
        before = await self._context.grants.get(resource.key, subject)
        grant = await self.put(
            resource, subject, new.role, expires_at=expires_at, note=new.note, by=principal.user_id, origin=origin
        )
        _tell(described, before, grant)
        return self._to_grant(grant, await self._subjects.describe([subject, grant["granted_by"]]))

    async def put(
        self,
        resource: Resource,
        subject: str,
        role: str,
        *,
        expires_at: datetime | None = None,
        note: str = "",
        by: str | None = None,
        origin: GrantOrigin,
    ) -> Document:
        """Store a grant and bring it into force."""
        grant: Document = {
            "resource": resource.key,
            "kind": resource.kind,
            "resource_id": resource.id,
            "subject": subject,
            "role": role,
            "expires_at": expires_at,
            "purge_at": expires_at + KEPT if expires_at else None,
            "note": note,
            "granted_by": user(by) if by else None,
            "granted_at": self._context.clock.now(),
            "origin": origin,
        }
        await self._context.grants.put(grant)
        await self._context.feed.refresh("grants", [grant_id(resource.key, subject)])
        return grant

    async def take_away(self, resource: Resource, subject: str) -> None:
        """Raises: `NotFound`."""
        before = await self._context.grants.get(resource.key, subject)
        described = await self._subjects.one(subject)
        if before is None or not await self._context.grants.remove(resource.key, subject):
            raise NotFound(f"{described.name} was given nothing here.")
        await self._context.feed.refresh("grants", [grant_id(resource.key, subject)])
        _tell(described, before, None)

    async def open(self, kind: ResourceKind, resource: Resource, openness: Openness) -> None:
        """Say how open a thing is. Raises: `NotFound` for one that is gone; `Invalid` for one that is never open."""
        if kind.shelf is None:
            message = f"A {kind.name} is not opened; give people and groups roles on it."
            raise Invalid(message, errors=[FieldProblem(pointer="/openness", message=message)])
        if not await kind.shelf.set_openness(resource, openness):
            raise NotFound
        current_trail().change(before={"access": resource.openness}, after={"access": openness})

    async def keep_to_manifest(self, resource: Resource, user_ids: Iterable[str]) -> None:
        """Let exactly these people be viewers because a manifest says so; what people gave by hand goes before it."""
        wanted = {user(one) for one in user_ids if one != resource.owner_id}
        current = {one["subject"]: one for one in await self._context.grants.on(resource.key)}
        for subject in wanted - current.keys():
            await self.put(resource, subject, "viewer", origin="manifest")
        gone = [one for one, grant in current.items() if grant["origin"] == "manifest" and one not in wanted]
        for subject in gone:
            await self._context.grants.remove(resource.key, subject, origin="manifest")
        await self._context.feed.refresh("grants", [grant_id(resource.key, subject) for subject in gone])

    async def forget(self, resource: Resource) -> None:
        """Leave nothing of what was given on a thing that is deleted; safe to repeat."""
        given = await self._context.grants.on(resource.key)
        await self._context.grants.remove_on(resource.key)
        await self._context.feed.refresh("grants", [one["_id"] for one in given])

    async def _check(
        self, principal: Principal, kind: ResourceKind, resource: Resource, subject: str, role: str
    ) -> None:
        roles = {one.name: one for one in await self._roles.given_on(kind)}
        if role not in roles:
            raise RoleUnknown(role, roles)
        if subject == ANYONE:
            raise SubjectUnknown("Nothing is given to anyone by name; make it public instead.")
        if role == DENIED and subject in EVERYBODY:
            raise SubjectUnknown("Not everybody is kept out of a thing; make it private instead.")
        if resource.owner_id and subject == user(resource.owner_id):
            raise OwnerNeedsNoGrant
        allowed = await self._context.authorizer.allowed_actions(principal.unlimited(), resource)
        if lacking := [action for action in roles[role].actions if action not in allowed]:
            raise MoreThanOwn(lacking)

    def _future(self, moment: datetime | None) -> datetime | None:
        if moment is None:
            return None
        at = moment.astimezone(UTC)
        at = at.replace(microsecond=at.microsecond // 1000 * 1000)
        if at <= self._context.clock.now():
            message = "This time is past already. Choose a later one, or none."
            raise Invalid(message, errors=[FieldProblem(pointer="/expires_at", message=message)])
        return at

    def _to_grant(self, found: Document, described: dict[str, SubjectInfo]) -> Grant:
        expires_at: datetime | None = found["expires_at"]
        return Grant(
            subject=described[found["subject"]],
            granted_by=described.get(found["granted_by"] or ""),
            is_expired=expires_at is not None and expires_at <= self._context.clock.now(),
            **{key: found[key] for key in ("role", "expires_at", "note", "granted_at", "origin")},
        )


def _tell(subject: SubjectInfo, before: Document | None, after: Document | None) -> None:
    trail = current_trail()
    trail.concerns(subject.kind, split(subject.subject)[1] or None, subject.email or subject.name)
    trail.change(before=_said(before), after=_said(after))


def _said(grant: Document | None) -> Document:
    if grant is None:
        return {"role": None}
    expires_at = grant["expires_at"]
    more = {"expires_at": expires_at.isoformat()} if expires_at else {}
    return {"role": grant["role"], **more, **({"note": grant["note"]} if grant["note"] else {})}
