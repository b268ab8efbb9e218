"""`/.hothouse/status`: how an app is coming along, for the starting page."""

from urllib.parse import parse_qs

from hothouse.gateway.admission import Admission
from hothouse.gateway.errors import SignInNeeded
from hothouse.gateway.holding import Holding
from hothouse.gateway.replies import LOG_LINES, Replies
from hothouse.gateway.table import Route, Table
from hothouse.gateway.visits import Visit
from hothouse.gateway.wire.exchange import Exchange

LONGEST_WAIT_SECONDS = 20.0


class StatusReport:
    """Answers with an app's state; waits for news when the visitor has seen the latest."""

    def __init__(self, table: Table, admission: Admission, holding: Holding, replies: Replies) -> None:
        self._table = table
        self._admission = admission
        self._holding = holding
        self._replies = replies

    async def answer(self, exchange: Exchange, route: Route, visit: Visit) -> None:
        """Answer `?seen=<version>`.

        Raises: HubAway when the app sleeps and cannot be woken; SignInNeeded for who lost access while waiting.
        """
        seen = parse_qs(exchange.request.target.partition(b"?")[2].decode("ascii")).get("seen", [""])[0]
        if route.endpoint is None:
            await self._holding.nudge(route)
            if seen == str(route.version):
                await self._table.changed(route.app_id, LONGEST_WAIT_SECONDS)
                route = self._table.by_id.get(route.app_id, route)
                await self._admit_again(route, visit)
        is_known = visit.decision is not None and visit.decision.is_known_person
        log = route.news.log_tail[-LOG_LINES:] if route.news is not None and is_known else ()
        self._replies.json(
            exchange,
            200,
            {
                "state": route.visible_state,
                "reason": route.reason,
                "ready": route.endpoint is not None,
                "version": route.version,
                "log_tail": list(log),
            },
        )

    async def _admit_again(self, route: Route, visit: Visit) -> None:
        earlier, visit.decision = visit.decision, await self._admission.decide(route, visit.acts_by)
        if earlier is None or not visit.decision.upholds(earlier):
            raise SignInNeeded
