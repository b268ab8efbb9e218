"""How a route declares what it asks permission for."""

from typing import Annotated, Any

from fastapi import Depends, Request

from hothouse.access.interfaces import Action, Authorizer, Decision
from hothouse.access.scopes import covers
from hothouse.identity.dependencies import CurrentPrincipal
from hothouse.identity.errors import NotAsAnother, NotSignedIn, OutOfScope
from hothouse.identity.principal import Principal
from hothouse.kit.problems import NotFound, Problem
from hothouse.kit.trail import Who, current_trail

DONE_AS_ANOTHER = frozenset({Action.SIGNED_IN, Action.APPS_LIST, Action.APPS_CREATE})
"""What an admin who acts as somebody else may do besides what concerns one thing. The account itself is not among it:
password, second factor, tokens, sessions are nobody else's."""


def authorizer_of(request: Request) -> Authorizer:
    authorizer: Authorizer = request.app.state.authorizer
    return authorizer


CurrentAuthorizer = Annotated[Authorizer, Depends(authorizer_of)]


def who_is(principal: Principal) -> Who:
    """Return a subject as the audit record keeps them."""
    user, by = principal.user, principal.impersonator
    if user is None:
        return Who(via=principal.via)
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

    That a token is not for it is told before anything is looked up, and so tells nothing of what there is.
    """
    if principal.user is None:
        return NotSignedIn()
    if not covers(principal.scopes, action):
        return OutOfScope()
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
        if decision.is_allowed and self.action not in DONE_AS_ANOTHER and principal.impersonator is not None:
            await note_decision(principal, Decision(False, "not while acting as somebody else"))
            raise NotAsAnother
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
