"""The verbs of identity: accounts, sign-in, tokens, hand-over."""

from hothouse.identity.service.accounts import Accounts
from hothouse.identity.service.handover import Handovers
from hothouse.identity.service.sessions import Sessions
from hothouse.identity.service.tokens import Tokens

__all__ = ["Accounts", "Handovers", "Sessions", "Tokens"]
