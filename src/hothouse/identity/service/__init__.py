"""The verbs of identity: accounts, sign-in, passwords, links, tokens, hand-over."""

from hothouse.identity.service.accounts import Accounts
from hothouse.identity.service.credentials import Credentials
from hothouse.identity.service.handover import Handovers
from hothouse.identity.service.invitations import Invitations
from hothouse.identity.service.letters import Letters
from hothouse.identity.service.lockout import Lockout
from hothouse.identity.service.people import People
from hothouse.identity.service.proofs import Proofs
from hothouse.identity.service.registration import Registration
from hothouse.identity.service.resets import Resets
from hothouse.identity.service.sessions import Sessions
from hothouse.identity.service.tokens import Tokens

__all__ = [
    "Accounts",
    "Credentials",
    "Handovers",
    "Invitations",
    "Letters",
    "Lockout",
    "People",
    "Proofs",
    "Registration",
    "Resets",
    "Sessions",
    "Tokens",
]
