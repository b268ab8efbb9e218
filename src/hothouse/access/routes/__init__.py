"""HTTP routes of access: groups, roles, and who has which rights on what."""

from fastapi import APIRouter

from hothouse.access.routes import explaining, groups, requests, reviewing, roles, sharing, subjects

router = APIRouter(prefix="/api/v1", tags=["access"])
for part in (groups, roles, subjects, requests, reviewing, explaining, sharing):
    router.include_router(part.router)

__all__ = ["router"]
