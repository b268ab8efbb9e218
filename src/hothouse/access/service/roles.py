"""Roles: those that kinds bring, and those that are made here."""

from hothouse.access.errors import MoreThanOwn, RoleInUse, RoleNameTaken
from hothouse.access.interfaces import PLATFORM, BuiltInRole, ResourceKind
from hothouse.access.repository.roles import role_id
from hothouse.access.schemas import ActionDescription, NewRole, Role, RoleChange, RoleUse
from hothouse.access.service.context import AccessContext
from hothouse.access.words import DENIED, EVERYBODY, OWNER
from hothouse.database.connection import Document
from hothouse.identity.principal import Principal
from hothouse.kit.problems import FieldProblem, Invalid, NotFound
from hothouse.kit.trail import current_trail

RESERVED = (OWNER, DENIED, "admin", *EVERYBODY)
SHOWN = 5


class Roles:
    """Lists, makes, changes and removes roles. Whoever makes one of the platform's holds no less themselves."""

    def __init__(self, context: AccessContext) -> None:
        self._context = context

    def actions(self) -> list[ActionDescription]:
        """Return all that roles may allow."""
        return [
            ActionDescription(action=info.action, kind=kind.name, title=info.title, description=info.description)
            for kind, info in self._context.kinds.described()
        ]

    async def of_kind(self, kind: str | None) -> list[Role]:
        """Return roles, of one kind or of all, built-in ones first."""
        kinds = [one for one in self._context.kinds if kind in (None, one.name)]
        built_in = [to_role(one, role) for one in kinds for role in one.roles]
        own = await (self._context.roles.of_kind(kind) if kind else self._context.roles.all())
        return [*built_in, *sorted(map(_to_own, own), key=lambda role: (role.kind, role.title))]

    async def given_on(self, kind: ResourceKind) -> list[Role]:
        """Return the roles that can be given on things of a kind."""
        built_in = [to_role(kind, role) for role in kind.roles if role.is_granted]
        own = await self._context.roles.of_kind(kind.name)
        return [*built_in, *sorted(map(_to_own, own), key=lambda role: role.title)]

    async def make(self, principal: Principal, new: NewRole) -> Role:
        """Raises: `Invalid` for actions of another kind; `RoleNameTaken`, `MoreThanOwn`."""
        kind = self._context.kinds.get(new.kind)
        if kind is None:
            message = f"There is no kind {new.kind}. Give one of: {', '.join(one.name for one in self._context.kinds)}."
            raise Invalid(message, errors=[FieldProblem(pointer="/kind", message=message)])
        if new.name in RESERVED or any(role.name == new.name for role in kind.roles):
            raise RoleNameTaken(new.name)
        actions = self._checked(kind, new.actions)
        await self._hold(principal, kind, actions)
        document = {**new.model_dump(), "actions": actions, "created_at": self._context.clock.now()}
        await self._context.roles.add(document)
        made = _to_own({**document, "_id": role_id(new.kind, new.name)})
        await self._context.feed.refresh("roles", [made.id])
        trail = current_trail()
        trail.concerns("role", made.id, made.title)
        trail.change(after=new.model_dump())
        return made

    async def change(self, principal: Principal, identity: str, change: RoleChange) -> Role:
        """Raises: `NotFound` also for a built-in role; `Invalid`, `MoreThanOwn`."""
        found = await self._get(identity)
        fields = change.model_dump(exclude_none=True)
        kind = self._context.kinds.get(found["kind"])
        if "actions" in fields and kind is not None:
            fields["actions"] = self._checked(kind, fields["actions"])
            await self._may_widen(principal, kind, found, set(fields["actions"]) - set(found["actions"]))
        if fields and not await self._context.roles.change(identity, fields):
            raise NotFound
        await self._context.feed.refresh("roles", [identity])
        current_trail().change(before={key: found[key] for key in fields}, after=fields)
        return _to_own({**found, **fields})

    async def _may_widen(self, principal: Principal, kind: ResourceKind, found: Document, more: set[str]) -> None:
        """Raises: `MoreThanOwn` for what others would be given that the principal may not do everywhere."""
        await self._hold(principal, kind, sorted(more))
        if more and not principal.is_admin and await self._context.grants.with_role(kind.name, found["name"]):
            raise MoreThanOwn(more)

    async def remove(self, identity: str) -> None:
        """Raises: `NotFound`; `RoleInUse` while somebody has it."""
        found = await self._get(identity)
        used = await self._use(found)
        if used.grants:
            raise RoleInUse(found["title"], used.things, used.grants)
        await self._context.roles.remove(identity)
        await self._context.feed.refresh("roles", [identity])
        current_trail().change(before={key: found[key] for key in ("kind", "name", "title", "actions")})

    async def uses(self) -> list[RoleUse]:
        """Return where each role that was made here is given."""
        return [await self._use(role) for role in await self._context.roles.all()]

    async def _use(self, role: Document) -> RoleUse:
        grants = await self._context.grants.with_role(role["kind"], role["name"])
        ids = sorted({grant["resource_id"] for grant in grants})[:SHOWN]
        return RoleUse(role_id=role["_id"], grants=len(grants), things=await self._names(role["kind"], ids))

    async def _names(self, kind: str, ids: list[str]) -> list[str]:
        known = self._context.kinds.get(kind)
        found = await known.finder.by_ids(ids) if known and known.finder else {}
        return [found[one].title if one in found else one for one in ids]

    async def _get(self, identity: str) -> Document:
        found = await self._context.roles.get(identity)
        if found is None:
            raise NotFound("There is no such role, or it is built in and stays as it is.")
        current_trail().concerns("role", identity, found["title"])
        return found

    def _checked(self, kind: ResourceKind, actions: list[str]) -> list[str]:
        known = [info.action.value for info in kind.actions if info.title]
        if unknown := [action for action in actions if action not in known]:
            message = f"Roles for {kind.name} hold no {', '.join(unknown)}. Choose of: {', '.join(known)}."
            raise Invalid(message, errors=[FieldProblem(pointer="/actions", message=message)])
        return [action for action in known if action in actions]

    async def _hold(self, principal: Principal, kind: ResourceKind, actions: list[str]) -> None:
        """Raises: `MoreThanOwn` for what the principal may not do on the platform."""
        if kind.name != PLATFORM.kind:
            return  # it allows nothing until it is given on a thing, by somebody who may do as much there
        allowed = await self._context.authorizer.allowed_actions(principal.unlimited(), PLATFORM)
        if lacking := [action for action in actions if action not in allowed]:
            raise MoreThanOwn(lacking)


def to_role(kind: ResourceKind, role: BuiltInRole) -> Role:
    """Return a built-in role as the API shows it."""
    return Role(
        id=role_id(kind.name, role.name),
        kind=kind.name,
        name=role.name,
        title=role.title,
        description=role.description,
        actions=[info.action for info in kind.actions if info.action in role.actions],
        is_builtin=True,
    )


def _to_own(found: Document) -> Role:
    fields = {key: found[key] for key in ("kind", "name", "title", "description", "actions")}
    return Role(id=found["_id"], is_builtin=False, **fields)
