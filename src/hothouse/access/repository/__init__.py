"""Every query of access, and the indexes that serve them."""

from hothouse.access.repository import grants, groups, policies, requests, roles
from hothouse.access.repository.grants import GrantsRepository
from hothouse.access.repository.groups import GroupsRepository
from hothouse.access.repository.policies import PoliciesRepository
from hothouse.access.repository.requests import RequestsRepository
from hothouse.access.repository.roles import RolesRepository

INDEXES = {**grants.INDEXES, **groups.INDEXES, **roles.INDEXES, **requests.INDEXES, **policies.INDEXES}

__all__ = [
    "INDEXES",
    "GrantsRepository",
    "GroupsRepository",
    "PoliciesRepository",
    "RequestsRepository",
    "RolesRepository",
]
