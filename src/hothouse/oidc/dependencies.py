"""What routes of this feature get injected."""

import re
from dataclasses import dataclass
from typing import Annotated, Self

from fastapi import Depends, Request, Response

from hothouse.access.service.members import Members
from hothouse.database.connection import Database
from hothouse.database.leases import Lease
from hothouse.identity.dependencies import IdentityServices
from hothouse.kit.clock import Clock
from hothouse.kit.ids import new_secret
from hothouse.kit.visiting import only_cookie
from hothouse.oidc.repository import FlowsRepository, IdentitiesRepository
from hothouse.oidc.service import Admission, Flows, Linking, Memberships, Providers, SignIn, SignOut
from hothouse.oidc.service.flows import LIFETIME
from hothouse.oidc.tokens import TokenChecks
from hothouse.settings import Settings

_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class OidcServices:
    """The services of this feature, on `app.state.oidc`."""

    providers: Providers
    flows: Flows
    sign_in: SignIn
    sign_out: SignOut
    linking: Linking
    is_https: bool

    @classmethod
    def make(
        cls, settings: Settings, database: Database, identity: IdentityServices, members: Members, clock: Clock
    ) -> Self:
        providers = Providers(settings.oidc.providers, settings.main_url, clock)
        identities, kept = IdentitiesRepository(database), FlowsRepository(database)
        flows, checks, sessions = Flows(kept, clock), TokenChecks(clock), identity.sessions
        memberships = Memberships(members)
        admission = Admission(identities, identity.accounts, identity.invitations, identity.factors, clock)
        return cls(
            providers=providers,
            flows=flows,
            sign_in=SignIn(providers, flows, checks, admission, memberships),
            sign_out=SignOut(providers, checks, sessions, identities, kept, clock, settings.main_url),
            linking=Linking(
                identities,
                providers,
                flows,
                identity.accounts,
                identity.proofs,
                identity.credentials,
                memberships,
                lambda name: Lease(database, clock, name, "hub"),
            ),
            is_https=settings.is_https,
        )

    @property
    def cookie_name(self) -> str:
        return "__Host-hothouse_flow" if self.is_https else "hothouse_flow"


def oidc_services(request: Request) -> OidcServices:
    services: OidcServices = request.app.state.oidc
    return services


Oidc = Annotated[OidcServices, Depends(oidc_services)]


def current_browser(request: Request, oidc: Oidc) -> str | None:
    """Return the secret that a browser got when it began a sign-in."""
    secret = only_cookie(request.headers.get("Cookie", "").encode("latin-1"), oidc.cookie_name)
    return secret if secret and _SECRET.fullmatch(secret) else None


CurrentBrowser = Annotated[str | None, Depends(current_browser)]


def known_browser(browser: CurrentBrowser, response: Response, oidc: Oidc) -> str:
    """Return the browser's secret, giving it one if it has none; several sign-ins at once share it."""
    secret = browser or new_secret()
    response.set_cookie(
        oidc.cookie_name,
        secret,
        max_age=int(LIFETIME.total_seconds()),
        path="/",
        secure=oidc.is_https,
        httponly=True,
        samesite="lax",
    )
    return secret


KnownBrowser = Annotated[str, Depends(known_browser)]
