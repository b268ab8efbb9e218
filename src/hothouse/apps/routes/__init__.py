"""HTTP routes of apps."""

from fastapi import APIRouter

from hothouse.apps.routes import apps, events, logs, releases, uploads

router = APIRouter(prefix="/api/v1", tags=["apps"])
for module in (uploads, apps, releases, logs, events):
    router.include_router(module.router)

__all__ = ["router"]
