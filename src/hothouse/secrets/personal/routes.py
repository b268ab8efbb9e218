"""HTTP routes of the caller's own secrets. They tell what there is, and take values; none gives one out."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request, status

from hothouse.access.dependencies import requires
from hothouse.access.interfaces import Action
from hothouse.identity.dependencies import CurrentUser
from hothouse.identity.schemas import User
from hothouse.kit.paging import Page, Paging
from hothouse.kit.trail import current_trail
from hothouse.secrets.personal.schemas import PersonalSecret, PersonalSecretValue
from hothouse.secrets.personal.service import PersonalSecrets

router = APIRouter(prefix="/api/v1/account/secrets", tags=["secrets"])
own = [requires(Action.ACCOUNT)]


def personal_secrets(request: Request) -> PersonalSecrets:
    service: PersonalSecrets = request.app.state.personal_secrets
    return service


Secrets = Annotated[PersonalSecrets, Depends(personal_secrets)]


@router.get("", operation_id="personal-secrets.list", dependencies=own)
async def list_secrets(secrets: Secrets, user: CurrentUser, paging: Paging) -> Page[PersonalSecret]:
    """List the caller's secrets by name: what there is, never a value."""
    return await secrets.page(user, paging)


@router.put("/{name}", operation_id="personal-secrets.set", dependencies=own)
async def set_secret(
    name: str,
    body: PersonalSecretValue,
    secrets: Secrets,
    user: CurrentUser,
    if_none_match: Annotated[str | None, Header(description="`*`: only if there is none of that name yet.")] = None,
) -> PersonalSecret:
    """Keep a secret, which the caller's environments are given when they start; replaces one of the same name."""
    _about(user, name)
    kept, before = await secrets.keep(user, name, body, is_new=if_none_match == "*")
    current_trail().change(before={"kind": before.kind} if before else {}, after={"kind": kept.kind})
    return kept


@router.delete(
    "/{name}", operation_id="personal-secrets.delete", status_code=status.HTTP_204_NO_CONTENT, dependencies=own
)
async def delete_secret(name: str, secrets: Secrets, user: CurrentUser) -> None:
    """Forget a secret; environments that run keep what they were given."""
    _about(user, name)
    await secrets.delete(user, name)


def _about(user: User, name: str) -> None:
    current_trail().concerns("secret", f"{user.id}/{name}", name)
