"""What routes get injected from identity."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request, Response
from fastapi.security.utils import get_authorization_scheme_param

from hothouse.identity.devices import Visitor
from hothouse.identity.errors import NotSignedIn
from hothouse.identity.principal import ANYONE, Principal
from hothouse.identity.schemas import User
from hothouse.identity.service import (
    Accounts,
    Credentials,
    Handovers,
    Invitations,
    People,
    Registration,
    Resets,
    Sessions,
    Tokens,
)
from hothouse.identity.service.sessions import SESSION_LIFETIME
from hothouse.kit.visiting import only_cookie


@dataclass(frozen=True, slots=True)
class IdentityServices:
    """The services of this feature, on `app.state.identity`."""

    accounts: Accounts
    sessions: Sessions
    credentials: Credentials
    tokens: Tokens
    handovers: Handovers
    people: People
    invitations: Invitations
    resets: Resets
    registration: Registration
    is_https: bool

    @property
    def cookie_name(self) -> str:
        return "__Host-hothouse_session" if self.is_https else "hothouse_session"


def identity_services(request: Request) -> IdentityServices:
    services: IdentityServices = request.app.state.identity
    return services


Identity = Annotated[IdentityServices, Depends(identity_services)]


async def current_principal(request: Request, identity: Identity) -> Principal:
    """Return who the request acts as; an API token goes before a cookie.

    Raises: `NotSignedIn` for a token that is not valid, so that a script notices.
    """
    scheme, token = get_authorization_scheme_param(request.headers.get("Authorization"))
    if scheme.lower() == "bearer":
        principal = await identity.tokens.principal(token)
        if principal.user is None:
            raise NotSignedIn("This API token is not valid. Make a new one under Account, or `hothouse tokens`.")
        return principal
    secret = only_cookie(request.headers.get("Cookie", "").encode("latin-1"), identity.cookie_name)
    return await identity.sessions.principal(secret, visitor=visitor_of(request)) if secret else ANYONE


CurrentPrincipal = Annotated[Principal, Depends(current_principal)]


async def current_user(principal: CurrentPrincipal) -> User:
    """Raises: `NotSignedIn`."""
    if principal.user is None:
        raise NotSignedIn
    return principal.user


CurrentUser = Annotated[User, Depends(current_user)]


def client_address(request: Request) -> str:
    """The visitor's address as the gateway saw it."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    return forwarded.split(",")[0].strip() or (request.client.host if request.client else "unknown")


def visitor_of(request: Request) -> Visitor:
    """Where a request comes from."""
    return Visitor(client_address(request), request.headers.get("User-Agent", ""))


CurrentVisitor = Annotated[Visitor, Depends(visitor_of)]


def set_session_cookie(response: Response, identity: IdentityServices, secret: str) -> None:
    response.set_cookie(
        identity.cookie_name,
        secret,
        max_age=int(SESSION_LIFETIME.total_seconds()),
        path="/",
        secure=identity.is_https,
        httponly=True,
        samesite="lax",
    )
