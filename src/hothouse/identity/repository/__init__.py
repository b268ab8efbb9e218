"""Every query of identity, and the indexes that serve them."""

from hothouse.identity.repository import attempts, identity
from hothouse.identity.repository.attempts import AttemptsRepository
from hothouse.identity.repository.identity import REALM, IdentityRepository

INDEXES = {**identity.INDEXES, **attempts.INDEXES}

__all__ = ["INDEXES", "REALM", "AttemptsRepository", "IdentityRepository"]
