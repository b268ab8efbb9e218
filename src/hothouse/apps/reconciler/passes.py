"""One pass over one app: read where it stands, take the next step towards what is wanted."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import structlog

from hothouse.apps.reconciler.deletion import Deletion
from hothouse.apps.reconciler.rollout import Rollout
from hothouse.apps.reconciler.runner import WorkloadRunner
from hothouse.apps.schemas import ACTIVE_DEPLOYMENT
from hothouse.apps.service.context import AppsContext
from hothouse.database.connection import Document

log = structlog.get_logger(__name__)

BACKOFF_SECONDS = (1, 2, 4, 8, 15, 30, 60, 120, 300)
KEPT_ENDED_WORKLOADS = 3
SOON_SECONDS = 0.3


class AppPass:
    """Reconciles apps one at a time; safe to repeat and to interrupt anywhere."""

    def __init__(self, context: AppsContext, runner: WorkloadRunner, rollout: Rollout, deletion: Deletion) -> None:
        self._context = context
        self._runner = runner
        self._rollout = rollout
        self._deletion = deletion

    async def reconcile(self, app_id: str) -> float | None:
        """Take an app as far as it goes now; returns in how many seconds to look again, None: when it changes."""
        app = await self._context.apps.get(app_id)
        if app is None:
            return None
        workloads = [one for one in await self._context.workloads.of_app(app_id) if one["is_live"]]
        await asyncio.gather(*(self._observe(app, workload) for workload in workloads))
        if app["desired"] == "deleted":
            return await self._deletion.advance(app, workloads)
        if app["desired"] == "stopped" or app["is_asleep"]:
            return await self._wind_down(app, workloads)
        return await self._keep_up(app, workloads)

    async def _observe(self, app: Document, workload: Document) -> None:
        release = await self._context.releases.get(app["_id"], workload["release"])
        await self._runner.observe(app, release, workload)

    async def _wind_down(self, app: Document, workloads: list[Document]) -> float | None:
        """End everything of an app that is to be stopped or asleep."""
        if app["desired"] == "stopped":
            await self._rollout.supersede(app, "the app was stopped")
        for workload in workloads:
            if workload["is_live"]:
                await self._runner.retire(workload)
        if any(workload["is_live"] for workload in workloads):
            await self._show(app, "stopping", None)
            return SOON_SECONDS
        is_asleep = app["desired"] != "stopped"
        reason = "asleep until the next visitor" if is_asleep else "stopped by hand"
        await self._show(app, "sleeping" if is_asleep else "stopped", reason, workload_id=None)
        await self._tidy(app)
        return None

    async def _keep_up(self, app: Document, workloads: list[Document]) -> float | None:
        """Carry out a deployment under way, and keep the serving release running meanwhile."""
        deployment = await self._context.deployments.get(app["deployment_id"]) if app["deployment_id"] else None
        active = deployment if deployment and deployment["state"] in ACTIVE_DEPLOYMENT else None
        wait: float | None = None
        if active:
            wait = await self._rollout.advance(app, active, workloads)
        serving = next((one for one in workloads if one["_id"] == app["workload_id"]), None)
        wanted = {app["workload_id"], active["workload_id"] if active else None}
        for workload in workloads:
            if workload["is_live"] and workload["_id"] not in wanted:
                await self._runner.retire(workload, drain=workload["ready_at"] is not None)
        if app["release"] is None:
            await self._show_first(app, active, deployment)
            return wait
        return _sooner(wait, await self._keep_serving(app, serving))

    async def _show_first(self, app: Document, active: Document | None, last: Document | None) -> None:
        """Show how far an app is that has not served yet."""
        if active is None:
            reason = last["reason"] if last else "it has no release yet"
            await self._show(app, "failed" if last and last["state"] == "failed" else "pending", reason)
        elif active["state"] == "starting":
            await self._show(app, "starting", active["reason"])
        else:
            await self._show(app, "pending", active["reason"] or "waiting to be built")

    async def _keep_serving(self, app: Document, workload: Document | None) -> float | None:
        """See to it that the serving release has a workload that runs."""
        if workload is None and app["workload_id"]:
            workload = await self._context.workloads.get(app["workload_id"])
        if workload is not None and workload["is_live"] and workload["state"] != "stopping":
            return await self._show_live(app, workload)
        if workload is not None and workload["state"] == "failed":
            await self._count_crash(app, workload)
        return await self._start_serving(app)

    async def _show_live(self, app: Document, workload: Document) -> float | None:
        if workload["state"] == "running":
            await self._show(app, "running", None)
            return await self._maybe_sleep(app, workload)
        reason = "waiting for its first answer" if workload["state"] == "starting" else "about to be started"
        await self._show(app, "starting", reason)
        return SOON_SECONDS if workload["state"] == "pending" else None

    async def _maybe_sleep(self, app: Document, workload: Document) -> float | None:
        """Put an app to sleep that nobody has visited for as long as it allows."""
        if not app["idle_minutes"] or app["open_connections"]:
            return None
        since = max(moment for moment in (app["last_activity_at"], workload["ready_at"]) if moment)
        left = since + timedelta(minutes=app["idle_minutes"]) - self._context.clock.now()
        if left > timedelta(0):
            return float(min(left.total_seconds(), 60.0))
        # The visitor who comes at this very moment wins: the change is refused if the last visit moved.
        await self._context.apps.update(app["_id"], {"is_asleep": True}, last_activity_at=app["last_activity_at"])
        return SOON_SECONDS

    async def _count_crash(self, app: Document, workload: Document) -> None:
        """Note that the serving workload ended by itself, and when to try again."""
        count = 1 if self._runner.was_stable(workload) else app["crash"]["count"] + 1
        wait = BACKOFF_SECONDS[min(count, len(BACKOFF_SECONDS)) - 1]
        crash = {
            "count": count,
            "not_before": self._context.clock.now() + timedelta(seconds=wait),
            "reason": workload["reason"],
        }
        # Only once per workload: the update is refused if another pass took the workload off the app already.
        if await self._context.apps.update(
            app["_id"], {"crash": crash, "workload_id": None}, workload_id=workload["_id"]
        ):
            log.warning("app-crashed", app=app["slug"], reason=workload["reason"], count=count, next_try_seconds=wait)
        app.update(crash=crash, workload_id=None)

    async def _start_serving(self, app: Document) -> float | None:
        crash, now = app["crash"], self._context.clock.now()
        if crash["not_before"] and crash["not_before"] > now:
            wait = (crash["not_before"] - now).total_seconds()
            await self._show(app, "failed", f"{crash['reason']}; try {crash['count'] + 1} follows by itself")
            return float(wait)
        if self._runner.starting >= self._context.settings.launch.concurrent_starts:
            await self._show(app, "pending", "waiting for its turn to start")
            return SOON_SECONDS
        release = await self._context.releases.get(app["_id"], app["release"])
        if release is None or not await self._rollout.is_environment_there(release):
            return await self._rollout.rebuild(app)
        workload = await self._runner.record(app, app["release"], None)
        if not await self._context.apps.update(
            app["_id"], {"workload_id": workload["_id"]}, workload_id=app["workload_id"], desired="running"
        ):
            await self._runner.retire(workload)
            return SOON_SECONDS
        await self._show(app, "starting", "about to be started")
        await self._runner.start(app, release, workload)
        await self._tidy(app)
        return 0.0

    async def _show(self, app: Document, state: str, reason: str | None, **more: Any) -> None:
        """Record the state people see, if it is another one."""
        fields = {"state": state, "reason": reason, **more}
        if any(app[key] != value for key, value in fields.items()):
            await self._context.apps.update(app["_id"], fields)
            app.update(fields)

    async def _tidy(self, app: Document) -> None:
        """Forget old ended workloads; the newest few are kept for their logs."""
        ended = [one for one in await self._context.workloads.of_app(app["_id"]) if not one["is_live"]]
        ended.sort(key=_created_at, reverse=True)
        for workload in ended[KEPT_ENDED_WORKLOADS:]:
            await self._runner.forget(workload["_id"])


def _created_at(workload: Document) -> datetime:
    moment: datetime = workload["created_at"]
    return moment


def _sooner(first: float | None, second: float | None) -> float | None:
    given = [wait for wait in (first, second) if wait is not None]
    return min(given) if given else None
