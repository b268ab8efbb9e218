"""The API between the platform's own processes: the gateway's routing table and admissions, the set-up link.

It is reachable only with the installation's internal key, which the gateway strips from outside requests.
"""

from datetime import datetime
from hmac import compare_digest
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request, Response, status

from hothouse.access.dependencies import Access, AccessServices, who_is
from hothouse.access.interfaces import Action, Decision
from hothouse.apps.dependencies import Apps
from hothouse.apps.service.identities import PREFIX, AppIdentities
from hothouse.database.connection import Document
from hothouse.hub.addressed import Addressed, Addresses
from hothouse.hub.feed import route_events
from hothouse.hub.schemas import (
    ActivityReport,
    Admission,
    AdmitRequest,
    AppSession,
    Identity,
    RedeemRequest,
    Route,
    SetupLink,
)
from hothouse.identity.assertions import Assertions
from hothouse.identity.dependencies import Identity as IdentityDep
from hothouse.identity.dependencies import IdentityServices
from hothouse.identity.principal import ANYONE, Principal
from hothouse.identity.service.sessions import SESSION_LIFETIME
from hothouse.kit.problems import NotFound
from hothouse.kit.sse import stream
from hothouse.kit.trail import current_trail

ADMISSION_SECONDS = 30.0


class RequiresInternalKey:
    """A dependency that lets only the platform's own processes pass; to others the route does not exist."""

    action = Action.INTERNAL

    def __call__(
        self, request: Request, key: Annotated[str | None, Header(alias="X-Hothouse-Internal-Key")] = None
    ) -> None:
        expected = request.app.state.settings.internal_key
        if expected is None or key is None or not compare_digest(key.encode(), expected.get_secret_value().encode()):
            raise NotFound(f"There is nothing at {request.url.path}.")


def addresses_of(request: Request) -> Addresses:
    addresses: Addresses = request.app.state.addresses
    return addresses


AllAddresses = Annotated[Addresses, Depends(addresses_of)]
router = APIRouter(prefix="/internal/v1", include_in_schema=False, dependencies=[Depends(RequiresInternalKey())])


@router.get("/routes", operation_id="internal.routes", response_class=Response)
async def follow_routes(apps: Apps, addresses: AllAddresses, request: Request) -> Response:
    """Stream the routing table, and whose decisions are to be made anew; see `hub.feed`."""
    policies = request.app.state.access.context.policies
    events = route_events(apps, addresses, policies, request.app.state.gateways)
    return stream(events, request.app.state.closing)


@router.post("/admit", operation_id="internal.admit")
async def admit(
    body: AdmitRequest,
    apps: Apps,
    addresses: AllAddresses,
    identity: IdentityDep,
    access: Access,
    request: Request,
) -> Admission:
    """Say whether a credential opens an app or environment, and who it stands for.

    One that does not exist is answered like one that is not shared.
    """
    found = await addresses.get(body.app_id)
    caller: Document | None = None
    if body.bearer and body.bearer.startswith(PREFIX):
        principal, caller = await AppIdentities(apps.context.apps, apps.context.workloads).principal(body.bearer)
    else:
        principal = await _principal(identity, body)
    return await _admission(found, principal, caller, access, request.app.state.assertions)


async def _principal(identity: IdentityServices, body: AdmitRequest) -> Principal:
    if body.bearer:
        return await identity.tokens.principal(body.bearer)
    if body.app_session:
        return await identity.sessions.principal(body.app_session, app_id=body.app_id)
    return ANYONE


async def _admission(
    found: Addressed | None,
    principal: Principal,
    caller: Document | None,
    access: AccessServices,
    assertions: Assertions,
) -> Admission:
    action, resource = (found.open, found.resource) if found else (Action.APP_OPEN, None)
    decision = await access.context.authorizer.check(principal, action, resource)
    user = principal.user
    by = principal.impersonator
    groups = await access.groups.names_of(user.id) if user else []
    named = {"groups": groups, "impersonator": by.email if by else None}
    shown = Identity(user_id=user.id, email=user.email, name=user.name, **named) if user else _shown(caller)
    outcome = "allowed" if decision.is_allowed else "forbidden" if shown else "sign-in"
    assertion = None
    if found and user and decision.is_allowed:
        assertion = assertions.issue(user, groups, found.id, found.slugs, by)
    elif found and caller and decision.is_allowed:
        assertion = assertions.issue_to_app(caller["_id"], caller["slug"], found.id, found.slugs)
    if outcome == "forbidden":
        _tell_refusal(found, principal, decision.reason)
    return Admission.model_validate(
        {
            "outcome": outcome,
            "identity": shown,
            "assertion": assertion,
            "credentials": principal.credentials,
            "ttl_seconds": _lasts(decision, access.context.clock.now()),
            "reason": decision.reason,
        }
    )


def _shown(caller: Document | None) -> Identity | None:
    """Return who an app that asks is."""
    if caller is None:
        return None
    return Identity(user_id=f"app:{caller['_id']}", email="", name=caller["name"], groups=[], app=caller["slug"])


def _lasts(decision: Decision, now: datetime) -> float:
    """Return for how many seconds a decision may be remembered: not beyond the end of what it rests on."""
    if decision.until is None:
        return ADMISSION_SECONDS
    return min(ADMISSION_SECONDS, max(0.0, (decision.until - now).total_seconds()))


def _tell_refusal(found: Addressed | None, principal: Principal, reason: str) -> None:
    """Tell the request's trail that somebody wanted to open what is not shared with them."""
    trail = current_trail()
    trail.by(who_is(principal))
    if found is not None:
        trail.concerns(found.resource.kind, found.id, found.slugs[0])
    trail.deny(reason)


@router.post("/handover", operation_id="internal.handover")
async def redeem_handover(body: RedeemRequest, identity: IdentityDep) -> AppSession:
    """Exchange a hand-over code for a session on the app's origin."""
    session = await identity.handovers.redeem(body.code, body.app_id, body.state)
    return AppSession(app_session=session, max_age_seconds=int(SESSION_LIFETIME.total_seconds()))


@router.post("/apps/{app_id}/wake", operation_id="internal.wake", status_code=status.HTTP_202_ACCEPTED)
async def wake(app_id: str, addresses: AllAddresses) -> Route:
    """Let a sleeping app or environment run again."""
    found = await addresses.get(app_id)
    woken = await addresses.wake(found) if found else None
    if woken is None:
        raise NotFound
    return await addresses.route(woken)


@router.post("/activity", operation_id="internal.activity", status_code=status.HTTP_204_NO_CONTENT)
async def report_activity(body: ActivityReport, addresses: AllAddresses) -> None:
    """Take in what a gateway saw of visitors."""
    for item in body.items:
        await addresses.note_activity(item.app_id, item.last_request_at, item.open_connections)


@router.post("/setup-link", operation_id="internal.setup-link")
async def make_setup_link(identity: IdentityDep) -> SetupLink:
    """Make a fresh single-use set-up code, replacing any earlier one."""
    return SetupLink(code=await identity.accounts.new_setup_code())
