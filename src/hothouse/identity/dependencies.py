"""What routes get injected from identity."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Request, Response, status
from fastapi.security.utils import get_authorization_scheme_param

from hothouse.identity.device_login.service import DeviceLogins
from hothouse.identity.devices import Visitor
from hothouse.identity.errors import ImpersonationOver, NotAsAnother, NotSignedIn
from hothouse.identity.factors.schemas import NextStep
from hothouse.identity.factors.service import Asked, Factors, Outcome, Proof, SignIn
from hothouse.identity.impersonation.service import Impersonations
from hothouse.identity.passkeys.service import Passkeys
from hothouse.identity.principal import ANYONE, Principal
from hothouse.identity.schemas import User, UserAnswer
from hothouse.identity.service import (
    Accounts,
    Credentials,
    Handovers,
    Invitations,
    Letters,
    People,
    Proofs,
    Registration,
    Resets,
    Sessions,
    Tokens,
)
from hothouse.identity.service.sessions import SESSION_LIFETIME
from hothouse.kit.ids import fingerprint
from hothouse.kit.trail import current_trail
from hothouse.kit.visiting import only_cookie

LONGEST_STEP = timedelta(minutes=15)


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
    letters: Letters
    registration: Registration
    proofs: Proofs
    factors: Factors
    passkeys: Passkeys
    sign_in: SignIn
    device_logins: DeviceLogins
    impersonations: Impersonations
    is_https: bool

    @property
    def cookie_name(self) -> str:
        return self._cookie("hothouse_session")

    @property
    def step_cookie(self) -> str:
        """Name of the cookie of a sign-in that waits for its second step."""
        return self._cookie("hothouse_step")

    @property
    def acting_cookie(self) -> str:
        """Name of the cookie under which somebody acts as somebody else; it goes before their own."""
        return self._cookie("hothouse_acting")

    def _cookie(self, name: str) -> str:
        return f"__Host-{name}" if self.is_https else name


def identity_services(request: Request) -> IdentityServices:
    services: IdentityServices = request.app.state.identity
    return services


Identity = Annotated[IdentityServices, Depends(identity_services)]


def cookie_of(request: Request, name: str) -> str | None:
    """Return the one value of a cookie; None also when there are several, as where an app planted one."""
    return only_cookie(request.headers.get("Cookie", "").encode("latin-1"), name)


async def current_principal(request: Request, identity: Identity) -> Principal:
    """Return who the request acts as; an API token goes before a cookie.

    Raises: `NotSignedIn` for a token that is not valid, so that a script notices; `ImpersonationOver` for one who
    believes to act as somebody else.
    """
    scheme, token = get_authorization_scheme_param(request.headers.get("Authorization"))
    if scheme.lower() == "bearer":
        principal = await identity.tokens.principal(token)
        if principal.user is None:
            raise NotSignedIn("This API token is not valid. Make a new one under Account, or `hothouse tokens`.")
        return principal
    if acting := cookie_of(request, identity.acting_cookie):
        return await _acting_principal(request, identity, acting)
    return await own_principal(request, identity)


async def own_principal(request: Request, identity: Identity) -> Principal:
    """Return whose browser it is, whoever they act as."""
    secret = cookie_of(request, identity.cookie_name)
    return await identity.sessions.principal(secret, visitor=visitor_of(request)) if secret else ANYONE


async def _acting_principal(request: Request, identity: IdentityServices, secret: str) -> Principal:
    """Return whom the browser's owner acts as. Raises: `ImpersonationOver`; it is of no use in another's browser."""
    principal = await identity.sessions.principal(secret, visitor=visitor_of(request))
    own = fingerprint(cookie_of(request, identity.cookie_name) or "")
    if principal.impersonator is None or own not in principal.credentials:
        raise ImpersonationOver
    return principal


OwnPrincipal = Annotated[Principal, Depends(own_principal)]
CurrentPrincipal = Annotated[Principal, Depends(current_principal)]


async def current_user(principal: CurrentPrincipal) -> User:
    """Raises: `NotSignedIn`."""
    if principal.user is None:
        raise NotSignedIn
    return principal.user


CurrentUser = Annotated[User, Depends(current_user)]


def check_oneself(principal: Principal) -> None:
    """Raises: `NotAsAnother` for somebody who acts as somebody else."""
    if principal.impersonator is not None:
        raise NotAsAnother


def client_address(request: Request) -> str:
    """The visitor's address as the gateway saw it."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    return forwarded.split(",")[0].strip() or (request.client.host if request.client else "unknown")


def visitor_of(request: Request) -> Visitor:
    """Where a request comes from."""
    return Visitor(client_address(request), request.headers.get("User-Agent", ""))


CurrentVisitor = Annotated[Visitor, Depends(visitor_of)]


def current_step(request: Request, identity: Identity) -> str | None:
    """Return the secret of the sign-in that waits in this browser for its second step."""
    return cookie_of(request, identity.step_cookie)


CurrentStep = Annotated[str | None, Depends(current_step)]


async def sign_in_as(
    response: Response, identity: IdentityServices, user: User, visitor: Visitor, proof: Proof
) -> UserAnswer | NextStep:
    """Sign in somebody who was proven, or ask for the second step: what every way of signing in ends with."""
    return carry_on(response, identity, await identity.sign_in.proceed(user, visitor, proof))


def carry_on(response: Response, identity: IdentityServices, outcome: Outcome) -> UserAnswer | NextStep:
    """Put into the browser's cookies how far a sign-in got, and return what to answer."""
    if isinstance(outcome, Asked):
        _set_cookie(response, identity, identity.step_cookie, outcome.secret, LONGEST_STEP)
        response.status_code = status.HTTP_202_ACCEPTED
        current_trail().change(after={"asked_for": outcome.step})
        about = {key: getattr(outcome, key) for key in ("step", "expires_at", "has_passkeys")}
        return NextStep(email=outcome.user.email, **about)
    set_session_cookie(response, identity, outcome.secret)
    drop_step_cookie(response, identity)
    drop_acting_cookie(response, identity)
    return UserAnswer(user=outcome.user)


def drop_step_cookie(response: Response, identity: IdentityServices) -> None:
    response.delete_cookie(identity.step_cookie, path="/", secure=identity.is_https, httponly=True)


def set_acting_cookie(response: Response, identity: IdentityServices, secret: str) -> None:
    """Let the browser act as somebody else; the cookie outlives that, so that its end is noticed."""
    _set_cookie(response, identity, identity.acting_cookie, secret, SESSION_LIFETIME)


def drop_acting_cookie(response: Response, identity: IdentityServices) -> None:
    response.delete_cookie(identity.acting_cookie, path="/", secure=identity.is_https, httponly=True)


def set_session_cookie(response: Response, identity: IdentityServices, secret: str) -> None:
    _set_cookie(response, identity, identity.cookie_name, secret, SESSION_LIFETIME)


def _set_cookie(response: Response, identity: IdentityServices, name: str, secret: str, lifetime: timedelta) -> None:
    response.set_cookie(
        name,
        secret,
        max_age=int(lifetime.total_seconds()),
        path="/",
        secure=identity.is_https,
        httponly=True,
        samesite="lax",
    )
