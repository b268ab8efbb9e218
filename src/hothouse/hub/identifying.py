"""How accounts, and what proves who one is, are put together from the settings."""

import os
import socket
from urllib.parse import urlsplit

from hothouse.database.connection import Database
from hothouse.database.leases import Lease
from hothouse.identity import repository as identity_repository
from hothouse.identity.backends.smtp import SmtpMailer
from hothouse.identity.dependencies import IdentityServices
from hothouse.identity.device_login import repository as device_repository
from hothouse.identity.device_login.service import DeviceLogins
from hothouse.identity.factors import repository as factors_repository
from hothouse.identity.factors.service import Factors, Policy, SignIn
from hothouse.identity.impersonation import repository as impersonation_repository
from hothouse.identity.impersonation.service import Impersonations
from hothouse.identity.interfaces import Mailer
from hothouse.identity.passkeys import repository as passkeys_repository
from hothouse.identity.passkeys.service import Passkeys
from hothouse.identity.passwords import Passwords
from hothouse.identity.service import (
    Accounts,
    Credentials,
    Handovers,
    Invitations,
    Letters,
    Lockout,
    People,
    Proofs,
    Registration,
    Resets,
    Sessions,
    Tokens,
)
from hothouse.kit.clock import Clock
from hothouse.kit.sealing import KeyRing
from hothouse.settings import Settings


def make_identity(
    settings: Settings,
    database: Database,
    keys: KeyRing,
    clock: Clock,
    *,
    passwords: Passwords | None = None,
    mailer: Mailer | None = None,
) -> IdentityServices:
    """Make the services of accounts and of what proves who one is."""
    repository = identity_repository.IdentityRepository(database)
    people, links = identity_repository.PeopleRepository(database), identity_repository.LinksRepository(database)
    passwords, url = passwords or Passwords(), settings.main_url
    lockout = Lockout(identity_repository.AttemptsRepository(database), clock)
    sessions = Sessions(repository, passwords, lockout, clock)
    proofs = Proofs(repository, passwords, lockout, sessions, clock)
    accounts = Accounts(repository, people, passwords, clock)
    letters = Letters(mailer or _mailer(settings))
    invitations = Invitations(links, accounts, letters, clock, url)
    resets = Resets(repository, links, passwords, sessions, lockout, letters, clock, url)
    steps, policy = factors_repository.FactorsRepository(database), Policy(settings.second_factor)
    issuer = f"Hothouse ({urlsplit(url).hostname})"
    factors = Factors(steps, repository, keys, proofs, lockout, sessions, policy, clock, issuer)
    passkeys = Passkeys(passkeys_repository.PasskeysRepository(database), url, factors, lockout, clock)
    factors.on_gone = passkeys.forget
    tokens, waiting = Tokens(repository, clock), device_repository.DeviceLoginsRepository(database)
    acting = impersonation_repository.ImpersonationsRepository(database)
    admins = Lease(database, clock, "admins", f"{socket.gethostname()}-{os.getpid()}")
    return IdentityServices(
        accounts=accounts,
        sessions=sessions,
        credentials=Credentials(repository, passwords, proofs, sessions),
        tokens=tokens,
        handovers=Handovers(repository, sessions, clock),
        people=People(people, repository, links, factors, admins, clock),
        invitations=invitations,
        resets=resets,
        letters=letters,
        registration=Registration(repository, invitations, resets, letters, lockout, settings.registration),
        proofs=proofs,
        factors=factors,
        passkeys=passkeys,
        sign_in=SignIn(steps, repository, sessions, factors, passkeys, policy, clock),
        device_logins=DeviceLogins(waiting, repository, tokens, lockout, clock, url),
        impersonations=Impersonations(acting, repository, sessions, clock),
        is_https=settings.is_https,
    )


def _mailer(settings: Settings) -> Mailer | None:
    mail = settings.mail
    return SmtpMailer(mail, mail.host, mail.sender) if mail.host and mail.sender else None
