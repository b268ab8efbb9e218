"""The origins of apps: admit, wake, hold, forward."""

import asyncio
from dataclasses import dataclass

import structlog

from hothouse.gateway.activity import Activity
from hothouse.gateway.admission import ANONYMOUS, SIGN_IN, Admission, Decision
from hothouse.gateway.cookies import guard, without_platform_cookies
from hothouse.gateway.credentials import find_credential, is_foreign, platform_token
from hothouse.gateway.errors import AppAsleep, AppUnreachable, CrossSiteRefused, HubAway, SignInNeeded, UnknownApp
from hothouse.gateway.handover import PATH as HANDOVER_PATH
from hothouse.gateway.handover import Handover
from hothouse.gateway.holding import Holding
from hothouse.gateway.origins import FRESH_ENOUGH_SECONDS, Forwarding
from hothouse.gateway.polling import is_idle_poll
from hothouse.gateway.replies import Replies, is_navigation
from hothouse.gateway.site import Place, Site
from hothouse.gateway.status import StatusReport
from hothouse.gateway.table import Route, Table, vacant
from hothouse.gateway.visits import Visit
from hothouse.gateway.wire.exchange import Exchange
from hothouse.gateway.wire.interfaces import UpstreamError
from hothouse.gateway.wire.request import Request
from hothouse.gateway.wire.upstream import Pools, Upstream
from hothouse.kit.problems import NotFound, Problem
from hothouse.kit.slugs import ENVIRONMENT_ID, SLUG

OWN_PATHS = b"/.hothouse/"
STATUS_PATH = b"/.hothouse/status"
PAGE_PATIENCE_SECONDS = 1.2
API_PATIENCE_SECONDS = 60.0
UNREACHABLE_SECONDS = 2.0
RETRY_SECONDS = 0.05
FIRST_SNAPSHOT_SECONDS = 2.0
"""How long visitors of a gateway that has just started wait for it to learn where the apps are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The parts an `AppOrigins` works with."""

    site: Site
    table: Table
    admission: Admission
    holding: Holding
    handover: Handover
    status: StatusReport
    activity: Activity
    pools: Pools
    forwarding: Forwarding
    replies: Replies


class AppOrigins:
    """Answers requests to apps: at once where everything is known, in a task of its own where not."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._filter = guard(parts.site)
        self._loop = asyncio.get_running_loop()
        self._log = structlog.get_logger()

    def handle(self, exchange: Exchange, place: Place) -> None:
        """Answer a request to the app at `place`."""
        parts, request = self._parts, exchange.request
        visit = exchange.context = Visit(place, find_credential(request, parts.site.session_cookie))
        route = visit.route = parts.table.by_slug.get(place.slug or "")
        if route is not None and route.endpoint is not None and _is_for_app(request, place, route):
            decision = parts.admission.recall(route, visit.credential)
            decision = _at_path(request, route, decision) if decision is not None else None
            if decision is not None and decision.is_allowed and not is_foreign(request, place.origin):
                visit.decision = decision
                idle_at_most = None if request.is_repeatable else FRESH_ENOUGH_SECONDS
                upstream = parts.pools.take(route.endpoint, idle_at_most=idle_at_most)
                if upstream is not None:
                    self._count(exchange, visit, route)
                    exchange.response_filter = self._filter
                    exchange.send(self._head(request, decision), upstream, parts.pools)
                    return
        exchange.task = self._loop.create_task(self._answer(exchange, visit))

    def failed(self, exchange: Exchange, error: UpstreamError) -> None:
        """Try again on a new connection if the old one was stale, or say that the app gave no answer."""
        visit: Visit = exchange.context
        if error.is_stale:
            exchange.is_retried = True
            exchange.task = self._loop.create_task(self._answer(exchange, visit))
        else:
            self._parts.replies.problem(exchange, AppUnreachable(str(error)), visit.route)

    def finished(self, exchange: Exchange) -> None:
        """Take note of the end."""
        visit: Visit = exchange.context
        if visit.is_counted and visit.route is not None:
            self._parts.activity.end(visit.route.app_id, exchange)

    async def _answer(self, exchange: Exchange, visit: Visit) -> None:
        try:
            await self._try(exchange, visit)
        except Problem as problem:
            if isinstance(problem, SignInNeeded) and is_navigation(exchange.request):
                self._parts.handover.begin(exchange, visit.place.slug or "")
                return
            decision = visit.decision or SIGN_IN
            route = visit.route if decision.is_allowed else None
            shows_log = decision.is_allowed and decision.is_known_person
            self._parts.replies.problem(exchange, problem, route, email=decision.email, shows_log=shows_log)
        except Exception:  # noqa: BLE001 - a defect must not leave a visitor without an answer; it is logged
            self._log.exception("request-failed", host=exchange.request.host.decode("latin-1"))
            self._parts.replies.problem(exchange, Problem("The gateway could not handle this. Try again."))

    async def _try(self, exchange: Exchange, visit: Visit) -> None:
        parts, request = self._parts, exchange.request
        route = visit.route = await self._route(visit.place)
        if request.path == HANDOVER_PATH:
            await parts.handover.complete(exchange, route.app_id)
            return
        decision = await parts.admission.decide(route, visit.credential)
        route = visit.route = parts.table.by_id.get(route.app_id, route)  # it may be another one since it was asked
        visit.decision = decision = _screened(request, visit, route, decision)
        if request.path == STATUS_PATH:
            await parts.status.answer(exchange, route, visit)
        elif request.target.startswith(OWN_PATHS):
            raise NotFound
        elif not _is_for_app(request, visit.place, route):
            parts.replies.moved(exchange, parts.site.app_url(route.slug))
        else:
            self._count(exchange, visit, route)
            await self._forward(exchange, visit, route.app_id)

    async def _route(self, place: Place) -> Route:
        if not await self._parts.table.known(FIRST_SNAPSHOT_SECONDS):
            raise HubAway
        slug = place.slug or ""
        route = self._parts.table.by_slug.get(slug)
        if route is None and not SLUG.match(slug):
            raise UnknownApp
        return route or vacant(slug)

    async def _forward(self, exchange: Exchange, visit: Visit, app_id: str) -> None:
        """Connect to wherever the app is now, and send the request. Raises: Problem."""
        parts = self._parts
        asleep = parts.table.by_id.get(app_id)
        is_environment = app_id.startswith(ENVIRONMENT_ID)  # an app may have nothing else to be asked
        if is_environment and asleep and asleep.state == "sleeping" and is_idle_poll(exchange.request):
            raise AppAsleep
        patience = PAGE_PATIENCE_SECONDS if is_navigation(exchange.request) else API_PATIENCE_SECONDS
        give_up_at = self._loop.time() + patience + UNREACHABLE_SECONDS
        failing_since: float | None = None
        while True:
            route = visit.route = await parts.holding.ready(app_id, min(patience, give_up_at - self._loop.time()))
            try:
                upstream = await self._connection(exchange, route)
                break
            except (OSError, TimeoutError) as error:
                failing_since = failing_since or self._loop.time()
                if self._loop.time() - failing_since >= UNREACHABLE_SECONDS:
                    raise AppUnreachable("it does not accept connections") from error
                await parts.table.changed(app_id, RETRY_SECONDS)
        exchange.response_filter = self._filter
        exchange.send(self._head(exchange.request, visit.decision or ANONYMOUS), upstream, parts.pools)

    async def _connection(self, exchange: Exchange, route: Route) -> Upstream:
        endpoint = route.endpoint or ""
        if exchange.request.is_repeatable and not exchange.is_retried:
            upstream = self._parts.pools.take(endpoint)
            if upstream is not None:
                return upstream
        return await self._parts.pools.connect(endpoint)

    def _head(self, request: Request, decision: Decision) -> bytes:
        own = decision.headers
        if cookies := without_platform_cookies(request.first.get(b"cookie", b"")):
            own += b"cookie: %b\r\n" % cookies
        authorization = request.first.get(b"authorization")
        if authorization is not None and platform_token(request) is None:
            own += b"authorization: %b\r\n" % authorization
        return self._parts.forwarding.head(request, own)

    def _count(self, exchange: Exchange, visit: Visit, route: Route) -> None:
        if not visit.is_counted:
            visit.is_counted = True
            exchange.background_bytes = route.background_bytes
            self._parts.activity.begin(route.app_id, exchange)


def _is_for_app(request: Request, place: Place, route: Route) -> bool:
    """Whether the app itself is to answer, and not the gateway: its own paths, and addresses from before a renaming."""
    return route.slug == place.slug and not request.target.startswith(OWN_PATHS)


def _at_path(request: Request, route: Route, decision: Decision) -> Decision:
    """Return the decision at one path of an app: where everyone may ask, who may not open the app may ask unnamed."""
    return ANONYMOUS if not decision.is_allowed and route.public_paths.match(request.target) else decision


def _screened(request: Request, visit: Visit, route: Route, decision: Decision) -> Decision:
    """Return the decision under which the request may pass.

    Raises: SignInNeeded also for who is signed in, but may not open the app: there is no session for an app that does
    not exist, and both have to be answered alike; UnknownApp for a token that may not; CrossSiteRefused.
    """
    decision = _at_path(request, route, decision)
    is_by_cookie = visit.credential is not None and not visit.credential.is_token
    if decision.outcome == "sign-in" and route.access == "public":
        decision = ANONYMOUS
    if decision.outcome == "sign-in" or (is_by_cookie and not decision.is_allowed):
        raise SignInNeeded
    if not decision.is_allowed:
        visit.decision = decision
        raise UnknownApp(visit.place.slug or "")
    if is_by_cookie and is_foreign(request, visit.place.origin):
        if not route.is_public_at(request.target):
            raise CrossSiteRefused
        return ANONYMOUS  # anyone may ask, but not in the visitor's name
    return decision
