"""The loop that keeps reconciling: one leader, woken by changes, with a steady look at what runs."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

import structlog
from pymongo.errors import PyMongoError

from hothouse.database.changes import Change, Changes
from hothouse.database.leases import Lease
from hothouse.kit.tasks import end_tasks
from hothouse.launch.interfaces import Launcher, Phase
from hothouse.workloads.interfaces import Reconciled, owner_key, owner_of
from hothouse.workloads.repository import WorkloadsRepository
from hothouse.workloads.runner import WorkloadRunner

log = structlog.get_logger(__name__)

WATCH_SECONDS = 0.5
RESYNC_SECONDS = 15.0
RETRY_SECONDS = 1.0


class Reconciler:
    """Reconciles every app and environment for as long as this process holds the lease.

    All go by their keys, `<kind>:<id>`.
    """

    def __init__(self, workloads: WorkloadsRepository, launcher: Launcher, changes: Changes, lease: Lease) -> None:
        self._workloads = workloads
        self._launcher = launcher
        self._changes = changes
        self._lease = lease
        self._dirty: set[str] = set()
        self._passes: dict[str, asyncio.Task[None]] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._duties: list[asyncio.Task[None]] = []
        self._kinds: dict[str, Reconciled] = {}
        self._is_leading = False

    def use(self, *kinds: Reconciled) -> None:
        """Say what there is to reconcile; apart from the constructor because passes call `touch`."""
        self._kinds.update({kind.kind: kind for kind in kinds})

    def touch(self, owner: str) -> None:
        """Have something looked at, again if that is just being done; nothing happens unless this process leads."""
        if not self._is_leading or owner_of(owner)[0] not in self._kinds:
            return
        self._dirty.add(owner)
        if owner not in self._passes:
            self._passes[owner] = asyncio.create_task(self._work(owner), name=f"reconcile-{owner}")

    async def run(self, runner: WorkloadRunner, also: Sequence[Callable[[], Awaitable[None]]] = ()) -> None:
        """Lead whenever the lease can be had, until cancelled; `also` is what a leader does beside it."""
        try:
            while True:
                await self._lease.wait()
                log.info("reconciler-leads", holder=self._lease.holder)
                try:
                    await self._lead(runner, also)
                    log.warning("reconciler-lost-lease")
                finally:
                    self._is_leading = False
                    await self._drop_work()
                    await runner.let_go()
        finally:
            await runner.let_go()
            with contextlib.suppress(PyMongoError):
                await self._lease.release()

    async def _lead(self, runner: WorkloadRunner, also: Sequence[Callable[[], Awaitable[None]]]) -> None:
        """Do every duty of a leader until the lease is lost."""
        self._is_leading = True
        leading = asyncio.create_task(self._do_duties(runner, also))
        try:
            while await self._lease.keep():
                if (await asyncio.wait({leading}, timeout=self._lease.seconds / 3))[0]:
                    return
        finally:
            await end_tasks(leading)
            await end_tasks(*self._duties)

    async def _do_duties(self, runner: WorkloadRunner, also: Sequence[Callable[[], Awaitable[None]]]) -> None:
        async with self._changes.listen() as changes:  # from before the first look, so that nothing is missed between
            await self._insist("adopt", partial(self._adopt, runner))
            duties: dict[str, Callable[[], Awaitable[None]]] = {
                "hear": partial(self._hear, changes),
                "watch": self._watch,
                "resync": self._resync,
                **{getattr(one, "__qualname__", repr(one)): one for one in also},
            }
            for kind in self._kinds.values():
                duties.update(kind.duties())
            # No task group, which cancels only once: a duty that missed that would keep us from leading again.
            self._duties = [
                asyncio.create_task(self._insist(name, duty), name=f"duty-{name}") for name, duty in duties.items()
            ]
            await asyncio.wait(self._duties)

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
        recorded = {workload["_id"]: workload for workload in await self._workloads.live()}
        for status in await runner.adopt():
            workload = recorded.get(status.workload_id)
            if workload is not None:
                log.info("workload-adopted", workload=status.workload_id, phase=status.phase.value)
                await runner.take_over(workload, status)
            elif status.phase is Phase.running or await self._workloads.get(status.workload_id) is None:
                log.warning("workload-unknown", workload=status.workload_id)
                await runner.stop_unknown(status.workload_id)
        await self._touch_all()

    async def _touch_all(self) -> None:
        for kind in self._kinds.values():
            for identity in await kind.ids():
                self.touch(owner_key(kind.kind, identity))

    async def _hear(self, changes: asyncio.Queue[Change]) -> None:
        """Wake whatever something changed about."""
        while True:
            change = await changes.get()
            if change.key is None:
                await self._touch_all()
                continue
            for kind in self._kinds.values():
                for identity in await kind.concerned(change):
                    self.touch(owner_key(kind.kind, identity))

    async def _watch(self) -> None:
        """Notice workloads that end by themselves."""
        while True:
            for workload in await self._workloads.live():
                status = await self._launcher.poll(workload["_id"])
                if status is None or status.phase is not Phase.running:
                    self.touch(workload["owner"])
            await asyncio.sleep(WATCH_SECONDS)

    async def _resync(self) -> None:
        """Look at everything now and then, in case a change was missed."""
        while True:
            for kind in self._kinds.values():
                await kind.check()
            await asyncio.sleep(RESYNC_SECONDS)
            await self._touch_all()

    async def _work(self, owner: str) -> None:
        """Pass over one until nothing new came up meanwhile."""
        try:
            while owner in self._dirty:
                self._dirty.discard(owner)
                wait = await self._attempt(owner)
                if wait == 0:
                    self._dirty.add(owner)
                elif wait is not None:
                    self._later(owner, wait)
        finally:
            self._passes.pop(owner, None)

    async def _attempt(self, owner: str) -> float | None:
        kind, identity = owner_of(owner)
        try:
            return await self._kinds[kind].reconcile(identity)
        except PyMongoError as error:
            log.warning("pass-interrupted", owner=owner, error=str(error))
        except Exception:  # one's trouble must not stop the others; it is tried again
            log.exception("pass-failed", owner=owner)
        return RETRY_SECONDS

    def _later(self, owner: str, seconds: float) -> None:
        timer = self._timers.pop(owner, None)
        if timer:
            timer.cancel()
        self._timers[owner] = asyncio.get_running_loop().call_later(seconds, self.touch, owner)

    async def _drop_work(self) -> None:
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        await end_tasks(*self._passes.values())
        self._dirty.clear()
