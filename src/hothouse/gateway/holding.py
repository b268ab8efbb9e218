"""Holding requests until their app can be asked, and waking apps that sleep."""

import asyncio
from typing import Literal

from hothouse.gateway.errors import AppFailed, AppOverQuota, AppStarting, AppStopped, HubAway, UnknownApp
from hothouse.gateway.hub import Hub
from hothouse.gateway.table import Route, Table

REPEAT_WAKE_SECONDS = 10.0
BAD = 400  # the first status that is an error
REFUSED = 409

Woken = Literal["woken", "away", "refused"]


class Holding:
    """Waits for apps on behalf of any number of requests, with one wake call for all of them."""

    def __init__(self, table: Table, hub: Hub) -> None:
        self._table = table
        self._hub = hub
        self._loop = asyncio.get_running_loop()
        self._wakes: dict[str, asyncio.Task[Woken]] = {}
        self._woken: dict[str, tuple[int, float]] = {}

    async def ready(self, app_id: str, patience_seconds: float) -> Route:
        """Return the app's route once it has an endpoint.

        Raises: UnknownApp, AppFailed, AppStopped, AppOverQuota; AppStarting when patience ends; HubAway when it cannot
        be woken.
        """
        deadline = self._loop.time() + patience_seconds
        while True:
            route = self._table.by_id.get(app_id)
            if route is None:
                raise UnknownApp
            if route.endpoint is not None:
                return route
            if route.visible_state == "failed":
                raise AppFailed(route.reason)
            if route.visible_state == "stopped":
                raise AppStopped
            await self.nudge(route)
            if self._table.by_id.get(app_id) is not route:  # by what was answered to the wake
                continue
            if not await self._table.changed(app_id, deadline - self._loop.time()):
                raise AppStarting(route.reason)

    def wake(self, route: Route) -> None:
        """Wake an app that sleeps, in the background."""
        if route.app_id not in self._wakes:
            self._begin(route)

    def _begin(self, route: Route) -> "asyncio.Task[Woken]":
        wake = self._wakes[route.app_id] = self._loop.create_task(self._wake(route))
        wake.add_done_callback(lambda _: self._wakes.pop(route.app_id, None))
        return wake

    async def nudge(self, route: Route) -> None:
        """Wake an app that sleeps, once for each time it fell asleep. Raises: HubAway, AppOverQuota."""
        if route.state != "sleeping" or self._was_woken(route):
            return
        wake = self._wakes.get(route.app_id) or self._begin(route)
        outcome = await asyncio.shield(wake)
        if outcome == "refused":
            raise AppOverQuota
        if outcome == "away":
            raise HubAway("This app sleeps and cannot be woken right now. Try again in a moment.")

    def _was_woken(self, route: Route) -> bool:
        version, at = self._woken.get(route.app_id, (-1, 0.0))
        return version == route.version and self._loop.time() - at < REPEAT_WAKE_SECONDS

    async def _wake(self, route: Route) -> Woken:
        try:
            status, woken = await self._hub.post(f"/apps/{route.app_id}/wake", {})
        except HubAway:
            return "away"
        if status == REFUSED:
            return "refused"
        self._woken[route.app_id] = (route.version, self._loop.time())
        now = self._table.by_id.get(route.app_id)
        is_up = status < BAD and woken.get("endpoint")
        if is_up and now is not None and now.version == route.version:  # what the feed told meanwhile is newer
            self._table.put(woken)
        return "woken"

    def forget(self, app_id: str) -> None:
        """Drop what is known of an app that was deleted."""
        self._woken.pop(app_id, None)
