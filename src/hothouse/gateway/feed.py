"""Following the hub's stream of routes, through restarts of the hub."""

import asyncio
import random
from collections.abc import Callable

import structlog

from hothouse.gateway.errors import HubAway
from hothouse.gateway.hub import Hub
from hothouse.gateway.notices import ANYTHING, Notice
from hothouse.gateway.table import Table

FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 0.5


class Feed:
    """Keeps the table up to date, and passes notices on; while the hub is away the table stays as it is.

    Each snapshot counts as a general notice: what happened while the stream was not heard is not known.
    """

    def __init__(self, hub: Hub, table: Table, on_notice: Callable[[Notice], None]) -> None:
        self._hub = hub
        self._table = table
        self._on_notice = on_notice
        self._log = structlog.get_logger()

    async def run(self) -> None:
        """Follow until cancelled."""
        pause = FIRST_PAUSE_SECONDS
        is_connected = True
        while True:
            try:
                async for name, data in self._hub.events("/routes"):
                    if not is_connected or pause != FIRST_PAUSE_SECONDS:
                        self._log.info("hub-found")
                    is_connected, pause = True, FIRST_PAUSE_SECONDS
                    self._take(name, data)
            except HubAway:
                if is_connected:
                    self._log.warning("hub-away", advice="Running apps are served on; waiting for the hub.")
                is_connected = False
            except (KeyError, TypeError, ValueError) as error:
                self._log.exception("routes-unreadable", error=repr(error))
            await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 - spreads reconnections
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    def _take(self, name: str, data: dict[str, object]) -> None:
        if name == "snapshot":
            routes = data["routes"]
            assert isinstance(routes, list)  # noqa: S101 - narrows
            self._table.replace(routes)
            self._on_notice(ANYTHING)
        elif name == "route":
            self._table.put(data)
        elif name == "removed":
            self._table.remove(str(data["app_id"]))
        elif name == "recheck":
            self._on_notice(Notice.read(data))
