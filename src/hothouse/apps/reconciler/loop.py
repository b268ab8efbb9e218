"""The loop that keeps reconciling: one leader, woken by changes, with a steady look at what runs."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog
from pymongo.errors import PyMongoError

from hothouse.apps.reconciler.passes import AppPass
from hothouse.apps.reconciler.runner import WorkloadRunner
from hothouse.apps.reconciler.usage import UsageMeter
from hothouse.apps.service.context import AppsContext
from hothouse.apps.service.uploads import Uploads
from hothouse.database.changes import Change, Changes
from hothouse.database.leases import Lease
from hothouse.kit.tasks import end_tasks
from hothouse.launch.interfaces import Launcher, Phase

log = structlog.get_logger(__name__)

WATCH_SECONDS = 0.5
RESYNC_SECONDS = 15.0
CLEAN_SECONDS = 600.0
RETRY_SECONDS = 1.0
FORGOTTEN = timedelta(minutes=1)  # by when a deployment that was asked for is surely its app's


class Reconciler:
    """Reconciles every app for as long as this process holds the lease."""

    def __init__(
        self, context: AppsContext, launcher: Launcher, changes: Changes, lease: Lease, usage: UsageMeter
    ) -> None:
        self._context = context
        self._launcher = launcher
        self._changes = changes
        self._lease = lease
        self._usage = usage
        self._dirty: set[str] = set()
        self._passes: dict[str, asyncio.Task[None]] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._app_pass: AppPass | None = None
        self._is_leading = False

    def use(self, app_pass: AppPass) -> None:
        """Say what a pass is; apart from the constructor because passes call `touch`."""
        self._app_pass = app_pass

    def touch(self, app_id: str) -> None:
        """Have an app looked at, again if that is just being done; nothing happens unless this process leads."""
        if not self._is_leading or self._app_pass is None:
            return
        self._dirty.add(app_id)
        if app_id not in self._passes:
            task = asyncio.create_task(self._work(app_id), name=f"reconcile-{app_id}")
            self._passes[app_id] = task

    async def run(self, runner: WorkloadRunner) -> None:
        """Lead whenever the lease can be had, until cancelled."""
        try:
            while True:
                await self._lease.wait()
                log.info("reconciler-leads", holder=self._lease.holder)
                try:
                    await self._lead(runner)
                    log.warning("reconciler-lost-lease")
                finally:
                    self._is_leading = False
                    await self._drop_work()
                    await runner.let_go()
        finally:
            await runner.close()
            with contextlib.suppress(PyMongoError):
                await self._lease.release()

    async def _lead(self, runner: WorkloadRunner) -> None:
        """Do every duty of a leader until the lease is lost."""
        self._is_leading = True
        leading = asyncio.create_task(self._do_duties(runner))
        try:
            while await self._lease.keep():
                if (await asyncio.wait({leading}, timeout=self._lease.seconds / 3))[0]:
                    return
        finally:
            leading.cancel()
            await asyncio.gather(leading, return_exceptions=True)

    async def _do_duties(self, runner: WorkloadRunner) -> None:
        async with self._changes.listen() as changes:  # from before the first look, so that nothing is missed between
            await self._insist("adopt", lambda: self._adopt(runner))
            duties: dict[str, Callable[[], Awaitable[None]]] = {
                "hear": lambda: self._hear(changes),
                "watch": self._watch,
                "resync": self._resync,
                "clean-up": self._clean_up,
                "usage": self._usage.run,
            }
            async with asyncio.TaskGroup() as group:
                for name, duty in duties.items():
                    group.create_task(self._insist(name, duty), name=f"duty-{name}")

    async def _insist(self, name: str, duty: Callable[[], Awaitable[None]]) -> None:
        """Do a duty, again after any failure: one that ended would leave the platform unattended, unnoticed."""
        while True:
            try:
                await duty()
            except PyMongoError as error:
                log.warning("duty-interrupted", duty=name, error=str(error))
            except Exception:
                log.exception("duty-failed", duty=name)
            else:
                return
            await asyncio.sleep(RETRY_SECONDS)

    async def _adopt(self, runner: WorkloadRunner) -> None:
        """Match what the launcher runs with what is recorded; end what nobody recorded, look at all the rest."""
        recorded = {workload["_id"]: workload for workload in await self._context.workloads.live()}
        for status in await runner.adopt():
            workload = recorded.get(status.workload_id)
            if workload is not None:
                log.info("workload-adopted", workload=status.workload_id, phase=status.phase.value)
                await runner.take_over(workload, status)
            elif status.phase is Phase.running or await self._context.workloads.get(status.workload_id) is None:
                log.warning("workload-unknown", workload=status.workload_id)
                await runner.stop_unknown(status.workload_id)
        await self._touch_all()

    async def _touch_all(self) -> None:
        for app in await self._context.apps.all():
            self.touch(app["_id"])

    async def _hear(self, changes: asyncio.Queue[Change]) -> None:
        """Wake apps that something changed about."""
        while True:
            await self._react(await changes.get())

    async def _react(self, change: Change) -> None:
        if change.key is None:
            await self._touch_all()
        elif change.collection == "apps" and not change.is_deleted:
            self.touch(change.key)
        elif change.collection == "jobs" and change.key.startswith("build-"):
            self.touch(change.key.split("-")[1])

    async def _watch(self) -> None:
        """Notice workloads that end by themselves."""
        while True:
            for workload in await self._context.workloads.live():
                status = await self._launcher.poll(workload["_id"])
                if status is None or status.phase is not Phase.running:
                    self.touch(workload["app_id"])
            await asyncio.sleep(WATCH_SECONDS)

    async def _resync(self) -> None:
        """Look at everything now and then, in case a change was missed."""
        while True:
            await self._drop_forgotten()
            await asyncio.sleep(RESYNC_SECONDS)
            await self._touch_all()

    async def _drop_forgotten(self) -> None:
        """Close deployments that no app waits for, since the hub that was asked for them died in the middle."""
        now = self._context.clock.now()
        for deployment in await self._context.deployments.active():
            app = await self._context.apps.get(deployment["app_id"])
            if deployment["created_at"] < now - FORGOTTEN and (
                app is None or app["deployment_id"] != deployment["_id"]
            ):
                reason = "it was interrupted before it began; deploy again"
                await self._context.deployments.end(deployment["_id"], "superseded", reason, now)

    async def _clean_up(self) -> None:
        while True:
            await Uploads(self._context).clean_up()
            await asyncio.sleep(CLEAN_SECONDS)

    async def _work(self, app_id: str) -> None:
        """Pass over an app until nothing new came up meanwhile."""
        try:
            while app_id in self._dirty and self._app_pass is not None:
                self._dirty.discard(app_id)
                wait = await self._attempt(app_id, self._app_pass)
                if wait == 0:
                    self._dirty.add(app_id)
                elif wait is not None:
                    self._later(app_id, wait)
        finally:
            self._passes.pop(app_id, None)

    async def _attempt(self, app_id: str, app_pass: AppPass) -> float | None:
        try:
            return await app_pass.reconcile(app_id)
        except PyMongoError as error:
            log.warning("pass-interrupted", app_id=app_id, error=str(error))
        except Exception:  # one app's trouble must not stop the others; it is tried again
            log.exception("pass-failed", app_id=app_id)
        return RETRY_SECONDS

    def _later(self, app_id: str, seconds: float) -> None:
        timer = self._timers.pop(app_id, None)
        if timer:
            timer.cancel()
        self._timers[app_id] = asyncio.get_running_loop().call_later(seconds, self.touch, app_id)

    async def _drop_work(self) -> None:
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        await end_tasks(*self._passes.values())
        self._dirty.clear()
