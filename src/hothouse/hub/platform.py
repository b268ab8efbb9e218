"""Routes about the platform itself: health, what this installation is, the manifest's schema, sign-in hand-over."""

import asyncio
from importlib.metadata import version
from typing import Annotated, Any
from urllib.parse import quote

import structlog
from fastapi import APIRouter, Depends, Query, Request, Response, status
from fastapi.responses import JSONResponse, RedirectResponse
from pymongo.errors import PyMongoError

from hothouse.access.backends.openfga import OpenFgaAuthorizer
from hothouse.access.dependencies import CurrentAuthorizer, requires, who_is
from hothouse.access.interfaces import Action, Authorizer
from hothouse.apps.manifests import KINDS, json_schema
from hothouse.apps.schemas import IsolationInfo
from hothouse.hub.addressed import Addressed
from hothouse.hub.schemas import DatabaseInfo, PlatformInfo, Readiness
from hothouse.identity.dependencies import Identity, current_principal
from hothouse.identity.errors import ImpersonationOver
from hothouse.identity.principal import Principal
from hothouse.jobs.heartbeat import is_alive
from hothouse.kit.problems import FieldProblem, Invalid, NotFound
from hothouse.kit.slugs import SLUG
from hothouse.kit.trail import current_trail

log = structlog.get_logger(__name__)

router = APIRouter(tags=["platform"])
anyone = [requires(Action.PUBLIC)]


@router.get("/health/live", operation_id="health.live", dependencies=anyone)
async def live() -> dict[str, str]:
    """Answer as long as the hub runs."""
    return {"status": "ok"}


@router.get(
    "/health/ready",
    operation_id="health.ready",
    dependencies=anyone,
    response_model=Readiness,
    responses={503: {"model": Readiness}},
)
async def ready(request: Request) -> Response:
    """Answer 200 only when every part of the platform works."""
    state = request.app.state
    checks = {
        "mongodb": _check_mongodb(state.client),
        "broker": _check_broker(state.settings.broker.host, state.settings.broker.port),
        "worker": _check_worker(state.database, state.clock),
    }
    if isinstance(state.authorizer, OpenFgaAuthorizer):
        checks["openfga"] = _check_openfga(state.authorizer)
    parts = dict(zip(checks, await asyncio.gather(*checks.values()), strict=True))
    parts["gateway"] = "ok" if state.gateways else "no gateway is connected"
    is_ready = all(answer == "ok" for answer in parts.values())
    body = Readiness(status="ok" if is_ready else "unavailable", parts=parts)
    return JSONResponse(body.model_dump(), status.HTTP_200_OK if is_ready else status.HTTP_503_SERVICE_UNAVAILABLE)


@router.get("/.well-known/jwks.json", operation_id="assertions.keys", dependencies=anyone, include_in_schema=False)
async def assertion_keys(request: Request) -> JSONResponse:
    """Give the public keys by which apps check assertions of identity."""
    return JSONResponse(request.app.state.assertions.published(), headers={"Cache-Control": "public, max-age=300"})


async def principal_unless_over(request: Request, identity: Identity) -> Principal | None:
    """Return who the request acts as; None for who believes to act as somebody else, and does no more."""
    try:
        return await current_principal(request, identity)
    except ImpersonationOver:
        return None


HandedOver = Annotated[Principal | None, Depends(principal_unless_over)]


async def _check_mongodb(client: Any) -> str:
    try:
        await asyncio.wait_for(client.admin.command("ping"), 2)
    except (PyMongoError, TimeoutError):
        return "does not answer"
    return "ok"


async def _check_broker(host: str, port: int) -> str:
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection(host, port), 2)
    except (OSError, TimeoutError):
        return f"nothing listens on {host}:{port}"
    writer.close()
    return "ok"


async def _check_openfga(authorizer: OpenFgaAuthorizer) -> str:
    """Tell no more than needed: anybody may ask this."""
    if (problem := await authorizer.problem()) is None:
        return "ok"
    log.warning("openfga-not-ready", reason=problem)
    return "who may do what cannot be decided; see the hub's log"


async def _check_worker(database: Any, clock: Any) -> str:
    try:
        return "ok" if await is_alive(database, clock, "worker") else "no worker has been heard of lately"
    except PyMongoError:
        return "unknown, since MongoDB does not answer"


@router.get("/api/v1/platform", operation_id="platform.show", dependencies=[requires(Action.SIGNED_IN)])
async def show_platform(request: Request) -> PlatformInfo:
    """Show what this installation is and how well it keeps apps apart."""
    state = request.app.state
    info = await state.client.server_info()
    isolation = state.isolation
    return PlatformInfo(
        version=version("hothouse-lab"),
        url=state.settings.main_url,
        apps_domain=state.settings.domain,
        isolation=IsolationInfo(level=isolation.level, mechanism=isolation.mechanism, reasons=list(isolation.reasons)),
        database=DatabaseInfo(embedded=state.settings.mongodb.embedded, version=info["version"]),
        kinds=list(KINDS),
    )


@router.get("/api/schemas/manifest.json", operation_id="schemas.manifest", dependencies=anyone)
async def manifest_schema() -> dict[str, Any]:
    """Return the JSON Schema of `manifest.json`, for editors."""
    return json_schema()


@router.get(
    "/api/v1/auth/handover",
    operation_id="auth.handover",
    dependencies=anyone,
    status_code=status.HTTP_303_SEE_OTHER,
    response_class=RedirectResponse,
    tags=["identity"],
)
async def hand_over(
    request: Request,
    identity: Identity,
    principal: HandedOver,
    authorizer: CurrentAuthorizer,
    app: Annotated[str, Query(max_length=200)],
    state: Annotated[str, Query(min_length=16, max_length=200)],
    next: Annotated[str, Query(max_length=4_000)] = "/",  # noqa: A002 -- the parameter's public name
) -> RedirectResponse:
    """Hand the caller's sign-in over to an app's own origin, by way of the sign-in page if need be.

    Who may not open the app, or if there is none, is sent to where access can be asked for.
    """
    if not next.startswith("/") or next.startswith(("//", "/\\")):
        message = "Only a path on the app's own origin can be returned to."
        raise Invalid(message, errors=[FieldProblem(pointer="/next", message=message)])
    if principal is None:
        return RedirectResponse("/", status.HTTP_303_SEE_OTHER)  # where the page says that it is over
    found: Addressed | None = await request.app.state.addresses.by_slug(app)
    if principal.session_id is None:
        here = f"{request.url.path}?{request.url.query}"
        return RedirectResponse(f"/sign-in?next={quote(here, safe='')}", status.HTTP_303_SEE_OTHER)
    if not SLUG.match(app):  # so no app can have it, and no address is made of it
        raise NotFound(f"There is no app {app!r}.")
    if not await _may_open(principal, authorizer, found) or found is None:
        return RedirectResponse(f"/ask-for-access?app={quote(app, safe='')}", status.HTTP_303_SEE_OTHER)
    code = await identity.handovers.give(principal, found.id, state)
    # The browser's state is at the address it came from, be that one that the app had before it was renamed.
    origin = request.app.state.settings.app_url(app)
    target = f"{origin}/.hothouse/handover?code={quote(code)}&next={quote(next, safe='')}"
    return RedirectResponse(target, status.HTTP_303_SEE_OTHER, headers={"Cache-Control": "no-store"})


async def _may_open(principal: Principal, authorizer: Authorizer, found: Addressed | None) -> bool:
    """Tell whether somebody may open an app or environment; that they may not goes on record."""
    action, resource = (found.open, found.resource) if found else (Action.APP_OPEN, None)
    decision = await authorizer.check(principal, action, resource)
    trail = current_trail()
    trail.by(who_is(principal))
    if found is not None:
        trail.concerns(found.resource.kind, found.id, found.slugs[0])
    if not decision.is_allowed:
        trail.deny(decision.reason)
    return decision.is_allowed
