"""`/.hothouse/status`: how an app is coming along, for the starting page."""

from urllib.parse import parse_qs

from hothouse.gateway.admission import Decision
from hothouse.gateway.holding import Holding
from hothouse.gateway.replies import LOG_LINES, Replies
from hothouse.gateway.table import Route, Table
from hothouse.gateway.wire.exchange import Exchange

LONGEST_WAIT_SECONDS = 20.0


class StatusReport:
    """Answers with an app's state; waits for news when the visitor has seen the latest."""

    def __init__(self, table: Table, holding: Holding, replies: Replies) -> None:
        self._table = table
        self._holding = holding
        self._replies = replies

    async def answer(self, exchange: Exchange, route: Route, decision: Decision) -> None:
        """Answer `?seen=<version>`. Raises: HubAway when the app sleeps and cannot be woken."""
        seen = parse_qs(exchange.request.target.partition(b"?")[2].decode("ascii")).get("seen", [""])[0]
        if route.endpoint is None:
            await self._holding.nudge(route)
            if seen == str(route.version):
                await self._table.changed(route.app_id, LONGEST_WAIT_SECONDS)
                route = self._table.by_id.get(route.app_id, route)
        log = route.news.log_tail[-LOG_LINES:] if route.news is not None and decision.is_known_person else ()
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
