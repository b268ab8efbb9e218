"""Signing in by a provider: the browser leaves for it, comes back, and hands in what it brought."""

from typing import Annotated

from fastapi import APIRouter, Form, Response

from hothouse.access.dependencies import requires
from hothouse.access.interfaces import Action
from hothouse.identity.dependencies import CurrentPrincipal, CurrentVisitor, Identity, carry_on
from hothouse.identity.factors.schemas import NextStep
from hothouse.oidc.dependencies import CurrentBrowser, KnownBrowser, Oidc
from hothouse.oidc.schemas import (
    ProviderAnswer,
    Redirection,
    SignInBeginning,
    SignInFinished,
    SignInProviders,
)

router = APIRouter(prefix="/api/v1/auth/providers", tags=["identity"])
anyone = [requires(Action.PUBLIC)]


@router.get("", operation_id="sign-in-providers.list", dependencies=anyone)
async def list_providers(oidc: Oidc) -> SignInProviders:
    """List the OpenID providers by which people can sign in."""
    return SignInProviders(items=oidc.providers.shown())


@router.post("/{provider_id}/begin", operation_id="sign-in-providers.begin", dependencies=anyone)
async def begin(provider_id: str, body: SignInBeginning, oidc: Oidc, browser: KnownBrowser) -> Redirection:
    """Begin to sign in by a provider: says where the browser is to go, and binds the sign-in to it by a cookie."""
    return Redirection(url=await oidc.flows.begin(oidc.providers.get(provider_id), browser, body.next))


@router.post(
    "/{provider_id}/finish",
    operation_id="sign-in-providers.finish",
    dependencies=anyone,
    responses={202: {"model": SignInFinished, "description": "A second step is needed"}},
)
async def finish(
    provider_id: str,
    body: ProviderAnswer,
    oidc: Oidc,
    identity: Identity,
    browser: CurrentBrowser,
    principal: CurrentPrincipal,
    visitor: CurrentVisitor,
    response: Response,
) -> SignInFinished:
    """Finish a sign-in with what the provider answered; the answer sets the session cookie, or names the next step."""
    done = await oidc.sign_in.finish(provider_id, body, browser, principal)
    if done.by is None:
        return SignInFinished(user=done.user, next=done.next, is_linked=True)
    outcome = await identity.sign_in.proceed(done.user, visitor, "provider", done.by)
    answer = carry_on(response, identity, outcome)
    if isinstance(answer, NextStep):
        return SignInFinished(user=None, next=done.next, is_linked=False, step=answer)
    return SignInFinished(user=answer.user, next=done.next, is_linked=False)


@router.post("/{provider_id}/logout", operation_id="sign-in-providers.sign-out", dependencies=anyone)
async def sign_out(
    provider_id: str, oidc: Oidc, response: Response, logout_token: Annotated[str, Form(max_length=100_000)]
) -> dict[str, str]:
    """Be told by a provider that somebody signed out there (OpenID Connect Back-Channel Logout)."""
    await oidc.sign_out.by_provider(provider_id, logout_token)
    response.headers["Cache-Control"] = "no-store"
    return {}
