"""One pass over one app: read where it stands, take the next step towards what is wanted."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import structlog

from hothouse.apps.reconciler.deletion import Deletion
from hothouse.apps.reconciler.rollout import Rollout
from hothouse.apps.reconciler.runs import AppRuns, owner, promised
from hothouse.apps.reconciler.spares import Spares
from hothouse.apps.schemas import ACTIVE_DEPLOYMENT
from hothouse.apps.service.context import AppsContext
from hothouse.database.connection import Document
from hothouse.workloads.interfaces import is_spare
from hothouse.workloads.runner import WorkloadRunner

log = structlog.get_logger(__name__)

BACKOFF_SECONDS = (1, 2, 4, 8, 15, 30, 60, 120, 300)
KEPT_ENDED_WORKLOADS = 3
SOON_SECONDS = 0.3
LONGEST_WAIT_SECONDS = 60.0
UNHEARD = timedelta(seconds=90)
NOT_BUILT = "what it runs in is gone from this machine and could not be built again"


class AppPass:
    """Reconciles apps one at a time; safe to repeat and to interrupt anywhere."""

    def __init__(
        self,
        context: AppsContext,
        runner: WorkloadRunner,
        runs: AppRuns,
        rollout: Rollout,
        deletion: Deletion,
        spares: Spares,
    ) -> None:
        self._context = context
        self._runner = runner
        self._runs = runs
        self._rollout = rollout
        self._deletion = deletion
        self._spares = spares

    async def reconcile(self, app_id: str) -> float | None:
        """Take an app as far as it goes now; returns in how many seconds to look again, None: when it changes."""
        await self._spares.settled(app_id)
        app = await self._context.apps.get(app_id)
        if app is None:
            return None
        latest = await self._context.deployments.get(app["deployment_id"]) if app["deployment_id"] else None
        every = await self._context.workloads.of(owner(app))
        live = [one for one in every if one["is_live"]]
        spares = [one for one in live if is_spare(one) and one["_id"] != app["workload_id"]]
        workloads = [one for one in live if one not in spares]
        await self._observe(app, workloads, _wanted(app, latest))
        for spare in spares:
            await self._spares.observe(app, spare)
        if app["desired"] == "deleted":
            return await self._deletion.advance(app, live)
        await self._rollout.settle_builds(app)
        await self._tidy([one for one in every if not one["is_live"]])
        if app["desired"] == "stopped" or (app["is_asleep"] and not self._may_stand_still(app, workloads)):
            return await self._wind_down(app, workloads, spares)
        if app["is_asleep"]:
            await self._spares.drop(spares)
            return await self._stand_still(app, workloads)
        wait = await self._keep_up(app, workloads, latest, spares)
        await self._spares.drop([spare for spare in spares if spare["_id"] != app["workload_id"]])
        return wait

    async def _observe(self, app: Document, workloads: list[Document], wanted: set[str | None]) -> None:
        outcomes = await asyncio.gather(
            *(self._observe_one(app, one, is_wanted=one["_id"] in wanted) for one in workloads), return_exceptions=True
        )
        for outcome in outcomes:  # only now, so that none is still being worked on when the pass is repeated
            if isinstance(outcome, BaseException):
                raise outcome

    async def _observe_one(self, app: Document, workload: Document, *, is_wanted: bool) -> None:
        release = await self._context.releases.get(app["_id"], workload["release"])
        if is_spare(workload) and is_wanted and release is not None:  # a hub died before it could let it go
            await self._spares.go(app, release, workload)
            return
        run = self._runs.of(app, release, workload) if release else None
        await self._runner.observe(run, workload, is_wanted=is_wanted)

    def _may_stand_still(self, app: Document, workloads: list[Document]) -> bool:
        """Tell whether a sleeping app has something that may stay in memory for some more time."""
        since, hours = app.get("asleep_since"), self._context.settings.launch.frozen_hours
        serves = any(one["_id"] == app["workload_id"] and one["state"] == "running" for one in workloads)
        return serves and since is not None and self._context.clock.now() < since + timedelta(hours=hours)

    async def _stand_still(self, app: Document, workloads: list[Document]) -> float | None:
        """Freeze what serves of a sleeping app, and end all else. Should somebody come meanwhile, it goes on."""
        for workload in workloads:
            if workload["_id"] == app["workload_id"]:
                await self._runner.freeze(workload)
            elif workload["is_live"]:
                await self._runner.retire(workload)
        await self._show(app, "sleeping", "asleep until the next visitor")
        now = await self._context.apps.get(app["_id"])
        return 0.0 if now is not None and not now["is_asleep"] else LONGEST_WAIT_SECONDS

    async def _wind_down(self, app: Document, workloads: list[Document], spares: list[Document]) -> float | None:
        """End everything of an app that is to be stopped or asleep."""
        is_asleep = app["desired"] != "stopped"
        if not is_asleep:
            await self._rollout.supersede(app, "the app was stopped")
        for workload in workloads:
            if workload["is_live"]:  # gateways hold visitors back once they know that it sleeps, so they get a moment
                await self._runner.retire(workload, drain=is_asleep and workload["ready_at"] is not None)
        if any(workload["is_live"] for workload in workloads):
            await self._show(app, "stopping", None)
            return SOON_SECONDS
        reason = "asleep until the next visitor" if is_asleep else "stopped by hand"
        await self._show(app, "sleeping" if is_asleep else "stopped", reason, workload_id=None)
        await (self._spares.keep(app, spares) if is_asleep else self._spares.drop(spares))
        return None

    async def _keep_up(
        self, app: Document, workloads: list[Document], latest: Document | None, spares: list[Document]
    ) -> float | None:
        """Carry out a deployment under way, and keep the serving release running meanwhile."""
        active = latest if latest and latest["state"] in ACTIVE_DEPLOYMENT else None
        wait: float | None = None
        if active:
            wait = await self._rollout.advance(app, active, workloads)
        serving = next((one for one in workloads if one["_id"] == app["workload_id"]), None)
        wanted = _wanted(app, active)
        for workload in workloads:
            if workload["is_live"] and workload["_id"] not in wanted:
                await self._runner.retire(workload, drain=workload["ready_at"] is not None)
        if app["release"] is None:
            await self._show_first(app, active, latest)
            return wait
        return _sooner(wait, await self._keep_serving(app, serving, active, spares))

    async def _show_first(self, app: Document, active: Document | None, last: Document | None) -> None:
        """Show how far an app is that has not served yet."""
        if active is None:
            reason = last["reason"] if last else "it has no release yet"
            await self._show(app, "failed" if last and last["state"] == "failed" else "pending", reason)
        elif active["state"] == "starting":
            await self._show(app, "starting", active["reason"])
        else:
            await self._show(app, "pending", active["reason"] or "waiting to be built")

    async def _keep_serving(
        self, app: Document, workload: Document | None, active: Document | None, spares: list[Document]
    ) -> float | None:
        """See to it that the serving release has a workload that runs."""
        if workload is None and app["workload_id"]:
            workload = await self._context.workloads.get(app["workload_id"])
        if workload is not None and workload["is_live"] and workload["state"] != "stopping":
            await self._runner.thaw(workload)
            return await self._show_live(app, workload, active)
        if workload is not None and workload["state"] == "failed":
            await self._count_crash(app, workload)
        return await self._start_serving(app, active, spares)

    async def _show_live(self, app: Document, workload: Document, active: Document | None) -> float | None:
        if workload["state"] == "running":
            await self._show(app, "running", None)
            return None if active else await self._maybe_sleep(app, workload)
        reason = "waiting for its first answer" if workload["state"] == "starting" else "about to be started"
        await self._show(app, "starting", reason)
        return SOON_SECONDS if workload["state"] == "pending" else None

    async def _maybe_sleep(self, app: Document, workload: Document) -> float | None:
        """Put an app to sleep that nobody has visited for as long as it allows."""
        if not app["idle_minutes"]:
            return None
        now = self._context.clock.now()
        since = max(moment for moment in (app["last_activity_at"], workload["ready_at"]) if moment)
        left = since + timedelta(minutes=app["idle_minutes"]) - now
        if left > timedelta(0):
            return float(min(left.total_seconds(), LONGEST_WAIT_SECONDS))
        # A gateway repeats what is open twice a minute, so that one which died does not keep apps awake for ever.
        heard_at = app.get("connections_seen_at")
        if app["open_connections"] and heard_at and now - heard_at < UNHEARD:
            return LONGEST_WAIT_SECONDS
        # Whoever comes at this very moment wins: the change is refused if anything moved since the app was read.
        unmoved = {key: app.get(key) for key in ("last_activity_at", "connections_seen_at", "deployment_id", "desired")}
        await self._context.apps.update(app["_id"], {"is_asleep": True, "asleep_since": now}, **unmoved)
        return SOON_SECONDS

    async def _count_crash(self, app: Document, workload: Document) -> None:
        """Note that the serving workload ended by itself, and when to try again: at once if it came of a spare."""
        if workload.get("was_spare") and not workload["ready_at"]:
            self._spares.note_failure(app, str(workload["reason"]))
            await self._context.apps.update(app["_id"], {"workload_id": None}, workload_id=workload["_id"])
            app["workload_id"] = None
            return
        count = 1 if self._runner.was_stable(workload) else app["crash"]["count"] + 1
        crash = _next_crash(app["crash"], count, workload["reason"], self._context.clock.now())
        # Only once per workload: the update is refused if another pass took the workload off the app already.
        if await self._context.apps.update(
            app["_id"], {"crash": crash, "workload_id": None}, workload_id=workload["_id"]
        ):
            log.warning("app-crashed", app=app["slug"], reason=workload["reason"], count=count)
        app.update(crash=crash, workload_id=None)

    async def _start_serving(self, app: Document, active: Document | None, spares: list[Document]) -> float | None:
        crash, now = app["crash"], self._context.clock.now()
        release = await self._context.releases.get(app["_id"], app["release"])
        is_built = release is not None and await self._rollout.is_environment_there(release)
        if active is not None and not is_built:
            await self._show(app, "pending", "what it runs in is gone from this machine and is being built again")
            return None
        if crash["not_before"] and crash["not_before"] > now:
            wait = (crash["not_before"] - now).total_seconds()
            await self._show(app, "failed", f"{crash['reason']}; try {crash['count'] + 1} follows by itself")
            return float(wait)
        if release is None or not is_built:
            await self._rollout.rebuild(app, _next_crash(crash, crash["count"] + 1, NOT_BUILT, now))
            return 0.0
        if (spare := await self._spares.claim(app, release, spares)) is not None:
            await self._show(app, "starting", "about to be started")
            await self._spares.go(app, release, spare)
            return 0.0
        if self._runner.starting >= self._context.settings.launch.concurrent_starts:
            await self._show(app, "pending", "waiting for its turn to start")
            return SOON_SECONDS
        workload = await self._runner.record(
            owner(app), app_id=app["_id"], release=app["release"], deployment_id=None, promised=promised(release)
        )
        if not await self._context.apps.update(
            app["_id"],
            {"workload_id": workload["_id"]},
            workload_id=app["workload_id"],
            release=app["release"],
            desired="running",
        ):
            await self._runner.retire(workload)
            return SOON_SECONDS
        app["workload_id"] = workload["_id"]
        await self._show(app, "starting", "about to be started")
        await self._runner.start(self._runs.of(app, release, workload), workload)
        return 0.0

    async def _show(self, app: Document, state: str, reason: str | None, **more: Any) -> None:
        """Record the state people see, if it is another one."""
        fields = {"state": state, "reason": reason, **more}
        if any(app[key] != value for key, value in fields.items()):
            await self._context.apps.update(app["_id"], fields)
            app.update(fields)

    async def _tidy(self, ended: list[Document]) -> None:
        """Forget old ended workloads; the newest few are kept for their logs, of which spares have none."""
        served = [one for one in ended if not is_spare(one)]
        old = sorted(served, key=_created_at, reverse=True)[KEPT_ENDED_WORKLOADS:]
        for workload in (*old, *(one for one in ended if is_spare(one))):
            await self._runner.forget(workload["_id"])


def _wanted(app: Document, deployment: Document | None) -> set[str | None]:
    """Return the workloads that an app is to have: what serves and what is about to."""
    if app["desired"] != "running" or app["is_asleep"]:
        return set()
    is_active = deployment is not None and deployment["state"] in ACTIVE_DEPLOYMENT
    return {app["workload_id"], deployment["workload_id"] if deployment and is_active else None}


def _next_crash(crash: Document, count: int, reason: str, now: datetime) -> Document:
    wait = BACKOFF_SECONDS[min(count, len(BACKOFF_SECONDS)) - 1]
    return {**crash, "count": count, "not_before": now + timedelta(seconds=wait), "reason": reason}


def _created_at(workload: Document) -> datetime:
    moment: datetime = workload["created_at"]
    return moment


def _sooner(first: float | None, second: float | None) -> float | None:
    given = [wait for wait in (first, second) if wait is not None]
    return min(given) if given else None
