"""HTTP routes of signing in by OpenID Connect: for strangers, for providers, and on one's own account."""

from fastapi import APIRouter

from hothouse.oidc.routes import account, sign_in

router = APIRouter(prefix="/api/v1", tags=["identity"])
for part in (sign_in, account):
    router.include_router(part.router)
