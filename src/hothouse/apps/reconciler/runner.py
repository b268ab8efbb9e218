"""Workloads of apps: recorded, started, watched, ended."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import aiohttp
import structlog

from hothouse.apps.jobs import app_uid
from hothouse.apps.manifests import Manifest
from hothouse.apps.reconciler.ports import free_port
from hothouse.apps.reconciler.probe import Probe, ProbeResult, until_ready
from hothouse.apps.reconciler.sources import lay_out
from hothouse.apps.reconciler.specs import Start, health_of, make_spec
from hothouse.apps.service.context import AppsContext
from hothouse.broker.credentials import CredentialStore
from hothouse.database.connection import Document
from hothouse.kit.ids import new_id
from hothouse.kit.problems import Problem
from hothouse.launch.errors import LaunchError
from hothouse.launch.interfaces import Launcher, Phase, Status

log = structlog.get_logger(__name__)

DRAIN_SECONDS = 1.5  # for gateways to hear of the new workload before the old one stops accepting
STABLE = timedelta(seconds=60)


class WorkloadRunner:
    """Runs workloads on one launcher. `touch(app_id)` is called whenever an app should be looked at again."""

    def __init__(
        self,
        context: AppsContext,
        launcher: Launcher,
        credentials: CredentialStore,
        touch: Callable[[str], None],
    ) -> None:
        self._context = context
        self._launcher = launcher
        self._credentials = credentials
        self._touch = touch
        self._probes: dict[str, asyncio.Task[ProbeResult]] = {}
        self._endings: dict[str, asyncio.Task[None]] = {}
        self._session: aiohttp.ClientSession | None = None

    @property
    def starting(self) -> int:
        """How many workloads are being waited for."""
        return sum(1 for probe in self._probes.values() if not probe.done())

    async def close(self) -> None:
        """Let go of everything under way; workloads go on running."""
        tasks = [*self._probes.values(), *self._endings.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session:
            await self._session.close()

    async def record(self, app: Document, number: int, deployment_id: str | None) -> Document:
        """Write down a workload that is to be started, before anything is."""
        taken = {workload["port"] for workload in await self._context.workloads.live()}
        workload: Document = {
            "_id": f"w-{new_id()}",
            "app_id": app["_id"],
            "release": number,
            "deployment_id": deployment_id,
            "state": "pending",
            "reason": None,
            "port": free_port(taken),
            "isolation": None,
            "created_at": self._context.clock.now(),
            "started_at": None,
            "ready_at": None,
            "ended_at": None,
        }
        await self._context.workloads.add(workload)
        return {**workload, "is_live": True}

    async def start(self, app: Document, release: Document, workload: Document) -> None:
        """Start a recorded workload; safe to repeat. A workload that cannot be started is recorded as failed."""
        uid = app_uid(self._context.settings, app)
        try:
            source = await lay_out(self._context.store, self._context.settings.home, release, uid)
            credential = await self._credentials.issue(workload_id=workload["_id"], database=app["database"])
            start = Start(
                app=app, release=release, workload=workload, source=source, uid=uid, password=credential.password
            )
            spec = make_spec(self._context, start)
            status = await self._launcher.start(spec)
        except (LaunchError, Problem, OSError) as error:
            await self._ended(workload, "failed", str(error))
            return
        isolation = {
            "level": status.isolation.level,
            "mechanism": status.isolation.mechanism,
            "reasons": list(status.isolation.reasons),
        }
        fields = {
            "state": "starting",
            "started_at": status.started_at,
            "isolation": isolation,
            "memory_limit_bytes": spec.limits.memory_bytes,
        }
        await self._context.workloads.update(workload["_id"], fields)
        workload.update(fields)
        log.info("workload-started", app=app["slug"], workload=workload["_id"], release=release["number"])

    async def observe(self, app: Document, release: Document | None, workload: Document) -> None:
        """Bring a live workload's record up to date with what the launcher says, taking a pending one further."""
        if workload["state"] == "stopping":
            self._end_in_background(workload, 0)
            return
        status = await self._launcher.poll(workload["_id"])
        if workload["state"] == "pending" and release is not None:
            await self.start(app, release, workload)
            status = await self._launcher.poll(workload["_id"])
        if status is None or status.phase is not Phase.running:
            await self._ended(workload, "failed", status.reason if status else "it is gone without a trace")
        elif workload["state"] == "starting" and release is not None:
            await self._check_probe(app, release, workload)

    async def _check_probe(self, app: Document, release: Document, workload: Document) -> None:
        probe = self._probes.get(workload["_id"])
        if probe is None:
            self._probes[workload["_id"]] = asyncio.create_task(self._probe(app, release, workload))
            return
        if not probe.done():
            return
        del self._probes[workload["_id"]]
        result = probe.result()
        if result.is_ready:
            fields: dict[str, Any] = {"state": "running", "ready_at": self._context.clock.now()}
            await self._context.workloads.update(workload["_id"], fields)
            workload.update(fields)
            return
        status = await self._launcher.poll(workload["_id"])
        is_over = status is None or status.phase is not Phase.running
        reason = status.reason if status and is_over else result.reason
        await self._launcher.stop(workload["_id"])
        await self._ended(workload, "failed", reason)

    async def _probe(self, app: Document, release: Document, workload: Document) -> ProbeResult:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=5), connector=aiohttp.TCPConnector(force_close=True, limit=0)
            )
        path, timeout_seconds = health_of(Manifest.model_validate_json(release["manifest"]))
        host = self._context.settings.app_url(app["slug"]).partition("//")[2]
        probe = Probe(f"http://127.0.0.1:{workload['port']}{path}", host, timeout_seconds)
        try:
            return await until_ready(self._session, self._launcher, workload["_id"], probe)
        finally:
            self._touch(app["_id"])

    async def retire(self, workload: Document, *, drain: bool = False) -> None:
        """Have a workload stopped, gracefully, in the background; `drain` leaves its requests a moment to finish."""
        if workload["state"] != "stopping":
            await self._context.workloads.update(workload["_id"], {"state": "stopping"})
            workload["state"] = "stopping"
        self._end_in_background(workload, DRAIN_SECONDS if drain else 0)

    def _end_in_background(self, workload: Document, after_seconds: float) -> None:
        if workload["_id"] not in self._endings:
            task = asyncio.create_task(self._end(workload, after_seconds))
            self._endings[workload["_id"]] = task
            task.add_done_callback(lambda _: self._endings.pop(workload["_id"], None))

    async def _end(self, workload: Document, after_seconds: float) -> None:
        try:
            await asyncio.sleep(after_seconds)
            await self._launcher.stop(workload["_id"])
            await self._ended(workload, "stopped", None)
        finally:
            self._touch(workload["app_id"])

    async def _ended(self, workload: Document, state: str, reason: str | None) -> None:
        probe = self._probes.pop(workload["_id"], None)
        if probe:
            probe.cancel()
        self._context.usage.pop(workload["_id"], None)
        await self._credentials.revoke(workload["_id"])
        fields = {"state": state, "reason": reason, "is_live": False, "ended_at": self._context.clock.now()}
        await self._context.workloads.update(workload["_id"], fields)
        workload.update(fields)
        log.info("workload-ended", app_id=workload["app_id"], workload=workload["_id"], state=state, reason=reason)

    async def log_tail(self, workload_id: str, lines: int = 30) -> list[str]:
        """Return the last lines a workload wrote."""
        return [line.text async for line in self._launcher.logs(workload_id, tail=lines)]

    async def forget(self, workload_id: str) -> None:
        """Drop an ended workload with its log."""
        await self._launcher.discard(workload_id)
        await self._context.workloads.remove(workload_id)

    async def adopt(self) -> list[Status]:
        """Return everything the launcher still has, from before this process."""
        return await self._launcher.adopt()

    async def stop_unknown(self, workload_id: str) -> None:
        """End a workload that nothing in the database asks for."""
        await self._launcher.stop(workload_id)
        await self._launcher.discard(workload_id)

    def was_stable(self, workload: Document) -> bool:
        """Tell whether a workload ran long enough that its end is not part of a crash loop."""
        return bool(workload["ready_at"]) and workload["ended_at"] - workload["ready_at"] > STABLE
