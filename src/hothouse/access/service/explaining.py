"""Why somebody may, or may not; and who can."""

from collections.abc import Iterable

from hothouse.access.errors import SubjectUnknown
from hothouse.access.interfaces import Action, Holders, Resource, ResourceKind
from hothouse.access.interfaces import Link as Step
from hothouse.access.schemas import Explanation, Holder, Link, SubjectInfo
from hothouse.access.service.context import AccessContext
from hothouse.access.service.roles import Roles
from hothouse.access.service.subjects import Subjects
from hothouse.access.words import ANYONE, split, user
from hothouse.identity.principal import ANYONE as NOBODY
from hothouse.identity.principal import Principal
from hothouse.identity.schemas import Contact, User
from hothouse.kit.paging import Page, PageRequest, encode_cursor
from hothouse.kit.problems import FieldProblem, Invalid

OPEN = {"anyone": "it is open to anyone", "signed-in": "it is open to everyone signed in"}


class Explaining:
    """Answers "why can Mia see this?" and "who can?"."""

    def __init__(self, context: AccessContext, subjects: Subjects, roles: Roles) -> None:
        self._context = context
        self._subjects = subjects
        self._roles = roles

    async def explain(self, kind: ResourceKind, resource: Resource, subject: str, action: str) -> Explanation:
        """Raises: `SubjectUnknown` for everyone, and what is not there; `Invalid` for an action of another kind."""
        asked = self._action(kind, action)
        principal = await self.principal(subject)
        if principal is None:
            text = "the account is deactivated or gone, and may do nothing"
            return Explanation(is_allowed=False, reason=text, chain=[Link(kind="account", text=text, subject=subject)])
        decision = await self._context.authorizer.explain(principal, asked, resource)
        named = await self._subjects.describe(step.subject for step in decision.chain)
        titles = {role.name: role.title for role in await self._roles.of_kind(kind.name)}
        chain = [_told(step, named, titles) for step in decision.chain]
        return Explanation(is_allowed=decision.is_allowed, reason=decision.reason, chain=chain)

    async def principal(self, subject: str) -> Principal | None:
        """Return whom a subject stands for; None for an account that is closed. Raises: `SubjectUnknown`."""
        kind, identity = split(subject)
        if subject == ANYONE:
            return NOBODY
        if kind in ("group", "app"):
            await self._subjects.known(subject)
            return Principal(group_id=identity) if kind == "group" else Principal(via="app", app_id=identity)
        if kind != "user":
            raise SubjectUnknown("Ask about user:<id>, group:<id>, app:<id>, or about anyone.")
        found = await self._context.people.active(identity)
        return Principal(found, "session") if found else None

    def _action(self, kind: ResourceKind, action: str) -> Action:
        known = [info.action for info in kind.actions if info.title]
        if action not in known:
            message = f"Nothing called {action} is done with a {kind.name}. Ask about one of: {', '.join(known)}."
            raise Invalid(message, errors=[FieldProblem(pointer="/action", message=message)])
        return Action(action)

    async def who_can(self, kind: ResourceKind, resource: Resource, action: str, paging: PageRequest) -> Page[Holder]:
        """Return those with an active account who may do something with a thing."""
        asked = self._action(kind, action)
        holders = await self._context.authorizer.who_can(asked, resource)
        if holders.everyone is not None or kind.shelf is None:
            return await self._of_everyone(asked, resource, holders, paging)
        admins = {one.id for one in await self._context.people.admins()}
        after = paging.after if isinstance(paging.after, str) else ""
        ids = [one for one in sorted({*holders.users, *admins}) if one > after]
        found = await self._active(ids, paging.limit + 1)
        shown = found[: paging.limit]
        described = await self._subjects.describe(user(one.id) for one in shown)
        items = [
            _holder(described[user(one.id)], holders.users.get(one.id, ()), is_admin=one.id in admins) for one in shown
        ]
        return Page(items=items, next_cursor=encode_cursor(shown[-1].id) if len(found) > paging.limit else None)

    async def _active(self, ids: list[str], limit: int) -> list[Contact]:
        """Return the first accounts among the ids that are not closed; reads no more of them than it takes."""
        found: list[Contact] = []
        for start in range(0, len(ids), limit):
            some = ids[start : start + limit]
            people = await self._context.people.get_many(some)
            found += [people[one] for one in some if one in people and people[one].is_active]
            if len(found) >= limit:
                break
        return found[:limit]

    async def _of_everyone(
        self, action: Action, resource: Resource, holders: Holders, paging: PageRequest
    ) -> Page[Holder]:
        """Go through all accounts, since nearly all of them may."""
        items: list[Holder] = []
        before = paging.after if isinstance(paging.after, int) else None
        while True:
            batch = await self._context.people.numbered(before, paging.limit)
            for number, one in batch:
                if len(items) == paging.limit:
                    return Page(items=items, next_cursor=encode_cursor(before))
                before = number
                if (await self._context.authorizer.check(Principal(one, "session"), action, resource)).is_allowed:
                    info = SubjectInfo(subject=user(one.id), kind="user", name=one.name, email=one.email)
                    items.append(_holder(info, self._roles_of(one, holders), is_admin=one.role == "admin", by=holders))
            if len(batch) < paging.limit:
                return Page(items=items)

    def _roles_of(self, one: User, holders: Holders) -> Iterable[str]:
        return holders.users.get(one.id, ())


def _holder(person: SubjectInfo, roles: Iterable[str], *, is_admin: bool, by: Holders | None = None) -> Holder:
    own = sorted(roles)
    grounds = ["is an admin"] if is_admin else []
    grounds += ["owns it" if role == "owner" else f"has the role {role}" for role in own]
    if by is not None and by.everyone is not None:
        grounds.append(OPEN[by.everyone])
    return Holder(person=person, roles=[*(["admin"] if is_admin else []), *own], how="; ".join(grounds) or "by role")


def _told(step: Step, named: dict[str, SubjectInfo], titles: dict[str, str]) -> Link:
    """Return a step with names in it."""
    subject = named.get(step.subject or "")
    title = titles.get(step.id or "", step.id or "")
    who = subject.name if subject else ""
    text = {
        "group": f"is in the group {who}",
        "grant": f"{who} was given the role {title} here",
        "denial": f"{who} is denied here, which goes before all else",
    }.get(step.kind, step.text)
    if step.kind == "account" and subject is not None:
        text = who
    return Link(kind=step.kind, text=text, subject=step.subject, id=step.id)
