"""What visitors do at each app, reported to the hub now and then."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from hothouse.gateway.errors import HubAway
from hothouse.gateway.hub import Hub
from hothouse.gateway.polling import is_idle_poll
from hothouse.gateway.table import Route
from hothouse.gateway.wire.exchange import Exchange

REPORT_SECONDS = 5.0
REMIND_SECONDS = 30.0
"""Apps with open connections are reported at least this often, so that the hub can tell a gateway that died."""


@dataclass(slots=True)
class _Seen:
    requests: int = 0
    last_at: float = 0.0
    open: set[Exchange] = field(default_factory=set)
    reported_open: int = 0
    reported_at: float = 0.0


class Activity:
    """Counts requests since the last report, and the requests and WebSockets that are open now."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._loop = asyncio.get_running_loop()
        self._apps: dict[str, _Seen] = {}

    def begin(self, app_id: str, exchange: Exchange) -> None:
        """Note a request to an app."""
        seen = self._apps.get(app_id)
        if seen is None:
            seen = self._apps[app_id] = _Seen()
        if not is_idle_poll(exchange.request):
            seen.requests += 1
            seen.last_at = self._loop.time()
        seen.open.add(exchange)

    def end(self, app_id: str, exchange: Exchange) -> None:
        """Note that a request, or the WebSocket it became, is over."""
        if (seen := self._apps.get(app_id)) is not None:
            seen.open.discard(exchange)

    def open_at(self, app_id: str) -> list[Exchange]:
        """Return the requests and WebSockets that are open to an app."""
        seen = self._apps.get(app_id)
        return list(seen.open) if seen is not None else []

    def app_ids(self) -> list[str]:
        """Return the apps that visitors were at."""
        return list(self._apps)

    def close_all(self, app_id: str) -> None:
        """Break off whatever is open to an app."""
        for exchange in self.open_at(app_id):
            exchange.close()

    def expect_sleepers(self, route: Route, wake: Callable[[], None]) -> None:
        """See to it that an app which fell asleep wakes when somebody says something to it on an open WebSocket.

        And at once for a request that had reached it just before it stood still.
        """
        is_asleep = route.state == "sleeping"
        for exchange in self.open_at(route.app_id):
            if exchange.tunnel is not None:
                exchange.tunnel.on_heard = wake if is_asleep else None
            elif is_asleep and exchange.is_waited_for and not is_idle_poll(exchange.request):
                wake()

    async def report(self) -> None:
        """Send what changed since the last time; what cannot be sent is sent with the next report."""
        now = self._loop.time()
        due = {app_id: seen for app_id, seen in self._apps.items() if _is_due(seen, now)}
        if not due:
            return
        sent = {app_id: (seen.requests, len(seen.open)) for app_id, seen in due.items()}
        try:
            await self._hub.post("/activity", {"items": [self._item(*entry) for entry in due.items()]})
        except HubAway:
            return
        for app_id, seen in due.items():
            requests, seen.reported_open = sent[app_id]
            seen.requests -= requests
            seen.reported_at = now
            if not seen.open and not seen.requests and not seen.reported_open:
                del self._apps[app_id]

    def _item(self, app_id: str, seen: _Seen) -> dict[str, Any]:
        last_at = datetime.now(UTC).timestamp() - (self._loop.time() - seen.last_at)
        return {
            "app_id": app_id,
            "last_request_at": datetime.fromtimestamp(last_at, UTC).isoformat() if seen.last_at else None,
            "requests": seen.requests,
            "open_connections": len(seen.open),
        }

    async def run(self) -> None:
        """Report every few seconds until cancelled."""
        while True:
            await asyncio.sleep(REPORT_SECONDS)
            await self.report()


def _is_due(seen: _Seen, now: float) -> bool:
    heard_at = max((exchange.tunnel.heard_at for exchange in seen.open if exchange.tunnel), default=0.0)
    is_heard = heard_at > max(seen.last_at, seen.reported_at)
    seen.last_at = max(seen.last_at, heard_at)
    if seen.requests or is_heard or len(seen.open) != seen.reported_open:
        return True
    return bool(seen.open) and now - seen.reported_at >= REMIND_SECONDS
