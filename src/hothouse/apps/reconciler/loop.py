"""The loop that keeps reconciling: one leader, woken by changes, with a steady look at what runs."""

import asyncio
import contextlib

import structlog
from pymongo.errors import PyMongoError

from hothouse.apps.reconciler.passes import AppPass
from hothouse.apps.reconciler.runner import WorkloadRunner
from hothouse.apps.reconciler.usage import UsageMeter
from hothouse.apps.service.context import AppsContext
from hothouse.apps.service.uploads import Uploads
from hothouse.database.changes import Change, Changes
from hothouse.database.leases import Lease
from hothouse.launch.interfaces import Launcher, Phase

log = structlog.get_logger(__name__)

WATCH_SECONDS = 0.5
RESYNC_SECONDS = 15.0
CLEAN_SECONDS = 600.0
RETRY_SECONDS = 1.0


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

    def use(self, app_pass: AppPass) -> None:
        """Say what a pass is; apart from the constructor because passes call `touch`."""
        self._app_pass = app_pass

    def touch(self, app_id: str) -> None:
        """Have an app looked at, again if that is just being done."""
        self._dirty.add(app_id)
        if app_id not in self._passes and self._app_pass is not None:
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
                except PyMongoError as error:
                    log.warning("reconciler-interrupted", error=str(error))
                finally:
                    await self._drop_work()
        finally:
            await runner.close()
            with contextlib.suppress(PyMongoError):
                await self._lease.release()

    async def _lead(self, runner: WorkloadRunner) -> None:
        await self._adopt(runner)
        duties = [
            asyncio.create_task(duty)
            for duty in (self._hear(), self._watch(), self._resync(), self._clean_up(), self._usage.run())
        ]
        try:
            while await self._keep_lease():
                done, _ = await asyncio.wait(duties, timeout=self._lease.seconds / 3)
                for duty in done:
                    duty.result()
            log.warning("reconciler-lost-lease")
        finally:
            for duty in duties:
                duty.cancel()
            await asyncio.gather(*duties, return_exceptions=True)

    async def _keep_lease(self) -> bool:
        try:
            return await self._lease.renew()
        except PyMongoError as error:
            log.warning("lease-unreachable", error=str(error))
            return await self._lease.acquire()

    async def _adopt(self, runner: WorkloadRunner) -> None:
        """Match what the launcher runs with what is recorded; end what nobody recorded, look at all the rest."""
        recorded = {workload["_id"] for workload in await self._context.workloads.live()}
        for status in await runner.adopt():
            if status.workload_id in recorded:
                log.info("workload-adopted", workload=status.workload_id, phase=status.phase.value)
            elif status.phase is Phase.running or await self._context.workloads.get(status.workload_id) is None:
                log.warning("workload-unknown", workload=status.workload_id)
                await runner.stop_unknown(status.workload_id)
        await self._touch_all()

    async def _touch_all(self) -> None:
        for app in await self._context.apps.all():
            self.touch(app["_id"])

    async def _hear(self) -> None:
        """Wake apps that something changed about."""
        async with self._changes.listen() as changes:
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
            await asyncio.sleep(RESYNC_SECONDS)
            await self._touch_all()

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
        passes = list(self._passes.values())
        for task in passes:
            task.cancel()
        await asyncio.gather(*passes, return_exceptions=True)
        self._dirty.clear()
