"""HTTP routes of access: groups, roles, and who has which rights on what."""

from hothouse.access.routes import explaining, groups, requests, reviewing, roles, sharing, subjects

PARTS = (groups, roles, subjects, requests, reviewing, explaining, sharing)
ROUTERS = tuple(part.router for part in PARTS)
