"""How a route declares what it asks permission for, and what routes of access get injected."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request

from hothouse.access.interfaces import Action, Authorizer, Decision, Resource, ResourceKind
from hothouse.access.repository import RequestsRepository
from hothouse.access.scopes import covers
from hothouse.access.service import (
    AccessContext,
    Explaining,
    Groups,
    Members,
    Ownership,
    Requests,
    Reviewing,
    Roles,
    Sharing,
    Subjects,
)
from hothouse.access.service.groups import resource_of
from hothouse.database.connection import Document
from hothouse.identity.dependencies import CurrentPrincipal
from hothouse.identity.errors import NotAsAnother, NotSignedIn, OutOfScope
from hothouse.identity.principal import Principal
from hothouse.identity.service import Letters
from hothouse.kit.problems import NotFound, Problem
from hothouse.kit.trail import Who, current_trail


def authorizer_of(request: Request) -> Authorizer:
    authorizer: Authorizer = request.app.state.authorizer
    return authorizer


CurrentAuthorizer = Annotated[Authorizer, Depends(authorizer_of)]


def who_is(principal: Principal) -> Who:
    """Return a subject as the audit record keeps them."""
    user, by = principal.user, principal.impersonator
    if user is None:
        return Who(f"app:{principal.app_id}" if principal.app_id else None, via=principal.via)
    return Who(user.id, user.name, user.email, principal.via, Who(by.id, by.name, by.email, "session") if by else None)


async def note_decision(principal: Principal, decision: Decision) -> None:
    """Put on the request's trail who asks and what was decided; what is allowed is announced before it is done.

    Raises: `Problem` when that cannot be recorded.
    """
    trail = current_trail()
    trail.by(who_is(principal))
    if decision.is_allowed:
        await trail.permit()
    else:
        trail.deny(decision.reason)


def refusal(principal: Principal, action: Action, not_found: str | None = None) -> Problem:
    """Return what a subject is told who may not do something.

    That a token is not for it, or one acts as somebody else, is told before anything is looked up, and so tells nothing
    of what there is.
    """
    if principal.user is None:
        return NotSignedIn()
    if not covers(principal.scopes, action):
        return OutOfScope() if principal.impersonator is None else NotAsAnother()
    return NotFound(not_found) if not_found else NotFound()


class Requires:
    """A dependency that lets a request pass only if its subject may do `action`.

    Who is not signed in gets 401, a token that is not for it 403; who is signed in, but may not, gets the same 404
    as for a thing that does not exist.
    """

    def __init__(self, action: Action) -> None:
        self.action = action

    async def __call__(self, principal: CurrentPrincipal, authorizer: CurrentAuthorizer) -> Principal:
        decision = await authorizer.check(principal, self.action)
        await note_decision(principal, decision)
        if decision.is_allowed:
            return principal
        raise refusal(principal, self.action)


class Public:
    """Marks a route that anyone may call, because it proves or tells nothing about anybody."""

    action = Action.PUBLIC

    async def __call__(self) -> None:
        await current_trail().permit()


def requires(action: Action) -> Any:
    """Declare a route's action: `dependencies=[requires(Action.APPS_LIST)]`."""
    return Depends(Public() if action is Action.PUBLIC else Requires(action))


@dataclass(frozen=True, slots=True)
class AccessServices:
    """The services of this feature, on `app.state.access`."""

    context: AccessContext
    subjects: Subjects
    groups: Groups
    members: Members
    roles: Roles
    sharing: Sharing
    ownership: Ownership
    explaining: Explaining
    reviewing: Reviewing
    requests: Requests

    @classmethod
    def make(
        cls, context: AccessContext, requests: RequestsRepository, letters: Letters, main_url: str
    ) -> "AccessServices":
        subjects = Subjects(context.people, context.groups, context.kinds, context.authorizer)
        groups, roles = Groups(context), Roles(context)
        sharing = Sharing(context, subjects, roles)
        return cls(
            context=context,
            subjects=subjects,
            groups=groups,
            members=Members(context, subjects, groups),
            roles=roles,
            sharing=sharing,
            ownership=Ownership(context, subjects, sharing),
            explaining=Explaining(context, subjects, roles),
            reviewing=Reviewing(context, subjects),
            requests=Requests(context, requests, subjects, sharing, letters, main_url),
        )


def access_services(request: Request) -> AccessServices:
    services: AccessServices = request.app.state.access
    return services


Access = Annotated[AccessServices, Depends(access_services)]


@dataclass(frozen=True, slots=True)
class Shared:
    """A thing named by a path, whose sharing the caller may see and change."""

    kind: ResourceKind
    resource: Resource


async def permit(
    authorizer: Authorizer, principal: Principal, action: Action, resource: Resource | None, not_found: str
) -> Resource:
    """Return a thing if the principal may do `action` with it, and put on the trail what was decided.

    Raises: `NotSignedIn`, `OutOfScope`; `NotFound` alike for a thing that is missing and one that is not shared.
    """
    decision = await authorizer.check(principal, action, resource)
    if resource is None:
        decision = Decision(False, "there is no such thing")
    else:
        current_trail().concerns(resource.kind, resource.id, resource.title or resource.name)
    await note_decision(principal, decision)
    if resource is not None and decision.is_allowed:
        return resource
    raise refusal(principal, action, not_found)


class RequiresSharing:
    """A dependency that gives the thing that the path names, of whatever kind, if the caller may share it."""

    action = Action.RESOURCE_SHARE

    async def __call__(
        self, kind: str, name: str, access: Access, principal: CurrentPrincipal, authorizer: CurrentAuthorizer
    ) -> Shared:
        if principal.user is None or not covers(principal.scopes, self.action):
            raise refusal(principal, self.action)
        known = access.context.kinds.get(kind)
        found = await known.finder.by_name(name) if known and known.finder else None
        action = known.share if known and known.share else self.action
        message = f'There is no {kind} "{name}", or it is not shared with you.'
        resource = await permit(authorizer, principal, action, found if known and known.share else None, message)
        assert known is not None  # noqa: S101 -- else nothing was found
        return Shared(known, resource)


SharedThing = Annotated[Shared, Depends(RequiresSharing())]


class RequiresReview(Requires):
    """A dependency that lets pass whoever reviews access, and everybody for themselves."""

    def __init__(self) -> None:
        super().__init__(Action.ACCESS_REVIEW)

    async def __call__(  # type: ignore[override]  # the path's account comes on top
        self, user_id: str, principal: CurrentPrincipal, authorizer: CurrentAuthorizer
    ) -> Principal:
        if principal.user_id == user_id and covers(principal.scopes, Action.SIGNED_IN):
            await note_decision(principal, Decision(True, "it is about themselves"))
            return principal
        return await super().__call__(principal, authorizer)


class RequiresGroup(Requires):
    """A dependency that gives the group named in the path, if the caller may do `action` with it."""

    async def __call__(  # type: ignore[override]  # the path's id comes on top
        self, group_id: str, access: Access, principal: CurrentPrincipal, authorizer: CurrentAuthorizer
    ) -> Document:
        found = await access.context.groups.get(group_id)
        message = "There is no such group, or it is not shared with you."
        await permit(authorizer, principal, self.action, resource_of(found) if found else None, message)
        assert found is not None  # noqa: S101 -- else it was refused
        return found


ViewedGroup = Annotated[Document, Depends(RequiresGroup(Action.GROUP_VIEW))]
EditedGroup = Annotated[Document, Depends(RequiresGroup(Action.GROUP_EDIT))]
DeletedGroup = Annotated[Document, Depends(RequiresGroup(Action.GROUP_DELETE))]
