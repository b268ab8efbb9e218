"""Every query of identity, and the indexes that serve them."""

from hothouse.identity.repository.identity import INDEXES, REALM, IdentityRepository

__all__ = ["INDEXES", "REALM", "IdentityRepository"]
