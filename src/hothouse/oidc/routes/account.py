"""How the caller can sign in: identities at providers, and a password or none."""

from fastapi import APIRouter, status

from hothouse.access.dependencies import requires
from hothouse.access.interfaces import Action
from hothouse.identity.dependencies import CurrentPrincipal, CurrentUser
from hothouse.oidc.dependencies import KnownBrowser, Oidc
from hothouse.oidc.schemas import Confirmation, LinkBeginning, Redirection, WaysIn

router = APIRouter(prefix="/api/v1/account", tags=["identity"])
own = [requires(Action.ACCOUNT)]


@router.get("/identities", operation_id="identities.list", dependencies=own)
async def show_ways_in(oidc: Oidc, user: CurrentUser) -> WaysIn:
    """Show how the caller can sign in."""
    return await oidc.linking.show(user)


@router.post("/identities", operation_id="identities.link", dependencies=own)
async def link(body: LinkBeginning, oidc: Oidc, principal: CurrentPrincipal, browser: KnownBrowser) -> Redirection:
    """Begin to link an account at a provider to the caller's: says where the browser is to go."""
    return Redirection(url=await oidc.linking.begin(principal, body.provider, body.current_password, browser))


@router.post(
    "/identities/{identity_id}/unlink",
    operation_id="identities.unlink",
    status_code=status.HTTP_204_NO_CONTENT,
    dependencies=own,
)
async def unlink(identity_id: str, body: Confirmation, oidc: Oidc, principal: CurrentPrincipal) -> None:
    """Let an account at a provider open the caller's no more; one way to sign in always stays."""
    await oidc.linking.unlink(principal, identity_id, body.current_password)


@router.post(
    "/password/remove",
    operation_id="account.remove-password",
    status_code=status.HTTP_204_NO_CONTENT,
    dependencies=own,
)
async def remove_password(body: Confirmation, oidc: Oidc, principal: CurrentPrincipal) -> None:
    """Remove the caller's password, which ends all sessions but this one; one way to sign in always stays."""
    await oidc.linking.remove_password(principal, body.current_password)
