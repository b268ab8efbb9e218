"""API tokens of the caller."""

from fastapi import APIRouter, status

from hothouse.access.dependencies import requires
from hothouse.access.interfaces import Action
from hothouse.identity.dependencies import CurrentPrincipal, CurrentUser, Identity
from hothouse.identity.errors import NotSignedIn
from hothouse.identity.schemas import IssuedToken, NewToken, Token
from hothouse.kit.paging import Page, Paging
from hothouse.kit.trail import Who, current_trail

router = APIRouter(prefix="/api/v1", tags=["identity"])
own = [requires(Action.ACCOUNT)]


@router.post("/tokens", operation_id="tokens.create", status_code=status.HTTP_201_CREATED, dependencies=own)
async def create_token(
    body: NewToken, identity: Identity, user: CurrentUser, principal: CurrentPrincipal
) -> IssuedToken:
    """Make an API token; its secret is in this answer only."""
    made = await identity.tokens.issue(user, body, principal)
    trail = current_trail()
    trail.concerns("token", made.id, made.name)
    trail.change(after=made.model_dump(mode="json", include={"name", "scopes", "expires_at"}))
    return made


@router.get("/tokens", operation_id="tokens.list", dependencies=own)
async def list_tokens(identity: Identity, user: CurrentUser, paging: Paging) -> Page[Token]:
    """List the caller's API tokens."""
    return await identity.tokens.page(user, paging)


@router.delete(
    "/tokens/current",
    operation_id="tokens.revoke-current",
    status_code=status.HTTP_204_NO_CONTENT,
    dependencies=[requires(Action.PUBLIC)],
)
async def revoke_current_token(identity: Identity, principal: CurrentPrincipal) -> None:
    """Revoke the API token that the request is made with, whatever its scopes: how a device signs out."""
    if principal.user is None or principal.via != "token":
        raise NotSignedIn
    trail = current_trail()
    trail.by(Who(principal.user.id, principal.user.name, principal.user.email, principal.via))
    trail.concerns("token", principal.credentials[0])
    await identity.tokens.revoke(principal.user, principal.credentials[0])


@router.delete(
    "/tokens/{token_id}",
    operation_id="tokens.revoke",
    status_code=status.HTTP_204_NO_CONTENT,
    dependencies=own,
)
async def revoke_token(token_id: str, identity: Identity, user: CurrentUser) -> None:
    """Revoke one of the caller's API tokens."""
    await identity.tokens.revoke(user, token_id)
