"""HTTP routes of identity: set-up and sign-in, one's own account, API tokens, people, links."""

from fastapi import APIRouter

from hothouse.identity.device_login.routes import router as device_router
from hothouse.identity.factors.routes import router as factors_router
from hothouse.identity.impersonation.routes import router as impersonation_router
from hothouse.identity.routes import account, links, people, sign_in, tokens

router = APIRouter(prefix="/api/v1", tags=["identity"])
for part in (sign_in, account, tokens, people, links):
    router.include_router(part.router)
router.include_router(factors_router)
router.include_router(device_router)
router.include_router(impersonation_router)
