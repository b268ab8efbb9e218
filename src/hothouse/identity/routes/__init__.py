"""HTTP routes of identity: set-up and sign-in, one's own account, API tokens, people."""

from fastapi import APIRouter

from hothouse.identity.routes import account, people, sign_in, tokens

router = APIRouter(prefix="/api/v1", tags=["identity"])
for part in (sign_in, account, tokens, people):
    router.include_router(part.router)
