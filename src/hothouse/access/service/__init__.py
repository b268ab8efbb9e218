"""The verbs of access: groups, roles, sharing, and keeping decisions up to date."""

from hothouse.access.service.context import AccessContext
from hothouse.access.service.expiring import Expiry
from hothouse.access.service.explaining import Explaining
from hothouse.access.service.following import PolicyFeed
from hothouse.access.service.groups import Groups
from hothouse.access.service.members import Members
from hothouse.access.service.ownership import Ownership
from hothouse.access.service.requests import Requests
from hothouse.access.service.reviewing import Reviewing
from hothouse.access.service.roles import Roles
from hothouse.access.service.sharing import Sharing
from hothouse.access.service.subjects import Subjects

__all__ = [
    "AccessContext",
    "Expiry",
    "Explaining",
    "Groups",
    "Members",
    "Ownership",
    "PolicyFeed",
    "Requests",
    "Reviewing",
    "Roles",
    "Sharing",
    "Subjects",
]
