"""Keeping the hub's metrics up to date, and counting sign-ins where they are answered."""

import asyncio
import shutil
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hothouse.environments.running.service import Running
from hothouse.environments.service import EnvironmentsContext
from hothouse.environments.workspaces.repository import WorkspacesRepository
from hothouse.kit.clock import Clock
from hothouse.workloads.interfaces import is_spare
from hothouse.workloads.metrics import Metrics

REFRESH_SECONDS = 10.0
ROUNDS_BETWEEN_SIZES = 6
LATELY = timedelta(minutes=15)
BATCH = 500
AUTH, NOT_SIGNING_IN = "/api/v1/auth/", ("/logout",)
RESULTS = {200: "accepted", 201: "accepted", 202: "accepted", 204: "accepted", 429: "limited"}
KINDS = ("app", "environment")
STATES = ("pending", "starting", "running", "warm", "sleeping", "stopping")


class MetricsKeeper:
    """Looks now and then at what goes up and down."""

    def __init__(
        self,
        metrics: Metrics,
        running: Running,
        environments: EnvironmentsContext,
        workspaces: WorkspacesRepository,
        active_users: Callable[[datetime], Awaitable[int]],
    ) -> None:
        self._metrics = metrics
        self._running = running
        self._environments = environments
        self._workspaces = workspaces
        self._active_users = active_users
        self._clock: Clock = environments.clock
        self._home: Path = environments.settings.home
        self._ready: set[str] | None = None

    async def run(self) -> None:
        """Keep them fresh until cancelled."""
        rounds = 0
        while True:
            await self.refresh(sizes=rounds % ROUNDS_BETWEEN_SIZES == 0)
            rounds += 1
            await asyncio.sleep(REFRESH_SECONDS)

    async def refresh(self, *, sizes: bool = True) -> None:
        """Look once; `sizes` has workspaces summed up, too."""
        metrics, found = self._metrics, await self._running.found()
        states = Counter((one.kind, _state(one.of, one.workload)) for one in found)
        for kind in KINDS:
            mine = [one for one in found if one.kind == kind]
            for state in STATES:
                metrics.workloads.labels(kind, state).set(states[kind, state])
            metrics.cpu_percent.labels(kind).set(sum(one.usage.cpu_percent for one in mine if one.usage))
            metrics.memory_bytes.labels(kind).set(sum(one.usage.memory_bytes for one in mine if one.usage))
        promised = [(one.workload.get("promised") or {}).get("memory_bytes") or 0 for one in found]
        metrics.promised_bytes.set(sum(promised))
        metrics.capacity_bytes.set(self._environments.capacity.whole.memory_bytes)
        metrics.waiting.set(len(await self._environments.environments.queue()))
        metrics.active_users.set(await self._active_users(self._clock.now() - LATELY))
        self._note_starts([(one.kind, one.workload) for one in found])
        if sizes:
            metrics.storage_bytes.set(await self._stored())
            metrics.disk_free_bytes.set((await asyncio.to_thread(shutil.disk_usage, self._home)).free)

    def _note_starts(self, live: list[tuple[str, Any]]) -> None:
        """Measure the starts that were not there at the last look; those from before the first are not known."""
        ready = {one["_id"]: (kind, one) for kind, one in live if one["ready_at"]}
        for workload_id in ready.keys() - self._ready if self._ready is not None else ():
            kind, one = ready[workload_id]
            self._metrics.start_seconds.labels(kind).observe((one["ready_at"] - one["created_at"]).total_seconds())
        self._ready = set(ready)

    async def _stored(self) -> int:
        stored, page = 0, await self._workspaces.page(None, BATCH)
        while page:
            stored += sum((one.get("size") or {}).get("bytes", 0) for one in page)
            page = await self._workspaces.page(page[-1]["_id"], BATCH) if len(page) == BATCH else []
        return stored


def _state(of: Any, workload: Any) -> str:
    return "sleeping" if of.get("is_asleep") and not is_spare(workload) else str(workload["state"])


class CountSignIns:
    """Counts attempts to sign in, by how they were answered."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_attempt = scope["type"] == "http" and scope["method"] == "POST" and scope["path"].startswith(AUTH)
        if not is_attempt or scope["path"].endswith(NOT_SIGNING_IN):
            await self._app(scope, receive, send)
            return

        async def count(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._metrics.sign_ins.labels(RESULTS.get(message["status"], "refused")).inc()
            await send(message)

        await self._app(scope, receive, count)
