"""Every query of identity, and the indexes that serve them."""

from hothouse.identity.repository import attempts, identity, links, people
from hothouse.identity.repository.attempts import AttemptsRepository
from hothouse.identity.repository.identity import IdentityRepository
from hothouse.identity.repository.links import LinksRepository
from hothouse.identity.repository.people import PeopleRepository, Wanted

INDEXES = {**identity.INDEXES, **people.INDEXES, **links.INDEXES, **attempts.INDEXES}

__all__ = ["INDEXES", "AttemptsRepository", "IdentityRepository", "LinksRepository", "PeopleRepository", "Wanted"]
