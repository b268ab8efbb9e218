"""Keeping spares of apps that sleep, so that the next visit is answered at once; see `workloads.spares`."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from hothouse.apps.builds import KINDS
from hothouse.apps.reconciler.runs import AppRuns, owner, promised
from hothouse.apps.service.context import AppsContext
from hothouse.apps.service.telling import tell_standing
from hothouse.database.connection import Document
from hothouse.kit.problems import Problem
from hothouse.launch import machine
from hothouse.launch.errors import LaunchError
from hothouse.launch.interfaces import Launcher, has_spares
from hothouse.workloads.interfaces import is_spare, owner_key
from hothouse.workloads.networks import endpoint_of
from hothouse.workloads.probe import Probe, until_ready
from hothouse.workloads.runner import WorkloadRunner
from hothouse.workloads.spares import BEING_MADE, SpareRunner

log = structlog.get_logger(__name__)

LOOK_SECONDS = 10.0
BACKOFF_SECONDS = (10, 30, 120, 600, 3600)
PAUSE_SECONDS = 60.0
"""For how long none is made after others needed the memory."""
WAKE_SECONDS = 2.0
"""How long a gateway that wakes an app is kept until it answers; it hears of it in any case."""
LEAST_FREE_BYTES, LEAST_FREE_SHARE = 256 * 2**20, 0.15


@dataclass(slots=True)
class _Failures:
    count: int
    not_before: float


class Spares:
    """Chooses the apps that have spares, makes those, and lets them go.

    A spare holds no secrets: the app's are given to it when it goes, as they are by then, and that is put down as for
    any start. One that is not what would be made now is dropped.
    """

    def __init__(
        self,
        context: AppsContext,
        launcher: Launcher,
        runner: WorkloadRunner,
        runs: AppRuns,
        touch: Callable[[str], None],
    ) -> None:
        self._context = context
        self._runner = runner
        self._runs = runs
        self._touch = touch
        self._spares = SpareRunner(context.workloads, launcher, runner, touch)
        self._most = context.settings.launch.spares if has_spares(launcher) else 0
        self._chosen: frozenset[str] = frozenset()
        self._launcher = launcher
        self._failures: dict[str, _Failures] = {}
        self._unable: set[tuple[str, int]] = set()
        self._wakes: dict[str, asyncio.Task[Document | None]] = {}
        self._paused_until = 0.0
        self._is_wanted = asyncio.Event()
        self._making = asyncio.Lock()

    async def run(self) -> None:
        """Choose again and again, until cancelled."""
        try:
            while self._most:
                self._is_wanted.clear()
                await self._choose()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._is_wanted.wait(), LOOK_SECONDS)
        finally:
            await self._spares.close()

    async def _choose(self) -> None:
        """Choose the apps last used of those that sleep, and have those looked at that have no spare, or should not."""
        every = await self._context.apps.all()
        apps = [app for app in every if _may_have_one(app) and (app["_id"], app["release"]) not in self._unable]
        apps.sort(key=lambda app: str(app["last_activity_at"] or ""), reverse=True)
        is_paused = _now() < self._paused_until
        self._chosen = frozenset() if is_paused else frozenset(app["_id"] for app in apps[: self._most])
        having = {one["owner"] for one in await self._context.workloads.live() if is_spare(one)}
        wanted = {owner_key("app", app_id) for app_id in self._chosen}
        for key in having ^ wanted:
            self._touch(key)

    async def observe(self, app: Document, spare: Document) -> None:
        """Bring the record of a spare up to date."""
        release = await self._context.releases.get(app["_id"], spare["release"])
        if release is None:
            await self._runner.retire(spare)
            return
        before = spare["state"]
        await self._spares.observe(self._runs.spare_of(app, release, spare), spare)
        if spare["state"] == "failed":
            self.note_failure(app, str(spare["reason"]))
        elif spare["state"] == "warm" and before != "warm":
            self._failures.pop(app["_id"], None)
            self._is_wanted.set()  # the next one is made now

    def note_failure(self, app: Document, reason: str) -> None:
        """Note that a spare was of no use, and make the next one later."""
        count = self._failures[app["_id"]].count + 1 if app["_id"] in self._failures else 1
        seconds = BACKOFF_SECONDS[min(count, len(BACKOFF_SECONDS)) - 1]
        self._failures[app["_id"]] = _Failures(count, _now() + seconds)
        log.warning("spare-failed", app=app["slug"], reason=reason, again_in_seconds=seconds)

    async def keep(self, app: Document, spares: list[Document]) -> None:
        """See to it that a sleeping app has a spare if it is to have one, and none that is not what it should be."""
        if app["_id"] not in self._chosen:
            if _may_have_one(app) and len(self._chosen) < self._most:
                self._is_wanted.set()
            await self.drop(spares)
            return
        kept = None
        release = await self._context.releases.get(app["_id"], app["release"])
        for spare in spares:
            if kept is None and release is not None and await self._is_as_it_should_be(app, release, spare):
                kept = spare
            else:
                await self.drop([spare])
        if kept is None:
            await self._make(app)

    async def drop(self, spares: list[Document]) -> None:
        """End spares."""
        for spare in spares:
            if spare["is_live"]:
                await self._runner.retire(spare)

    async def _is_as_it_should_be(self, app: Document, release: Document, spare: Document) -> bool:
        if not spare["is_live"] or spare["state"] == "stopping" or spare["release"] != release["number"]:
            return False
        basis: str = await self._runs.spare_basis(app, release, spare)
        return basis == str(spare["basis"])

    async def _make(self, app: Document) -> None:
        """Make a spare, unless it is not the moment for it: then the next look sees to it."""
        failures = self._failures.get(app["_id"])
        if self._runner.starting or (failures and _now() < failures.not_before) or not _is_memory_free():
            return
        async with self._making:  # one at a time: nobody waits for it
            live = await self._context.workloads.live()
            if any(is_spare(one) and one["state"] in BEING_MADE for one in live):
                return
            release = await self._context.releases.get(app["_id"], app["release"])
            if release is None or not self._runs.has_spares(release):
                self._unable.add((app["_id"], app["release"]))
                return
            spare = await self._spares.record(
                owner(app), app_id=app["_id"], release=app["release"], deployment_id=None, basis=None
            )
        try:
            basis = await self._runs.spare_basis(app, release, spare)
        except (LaunchError, Problem, OSError) as error:
            await self._runner.end(spare, "failed", f"it could not be made: {error}")
            self.note_failure(app, str(error))
            return
        await self._context.workloads.update(spare["_id"], {"basis": basis})
        await self.observe(app, {**spare, "basis": basis})
        self._touch(owner(app))

    async def claim(
        self, app: Document, release: Document, spares: list[Document], **fields: object
    ) -> Document | None:
        """Make a warm spare what serves the app, with other fields of it; None where there is none that will do.

        It is let go by `go`.
        """
        for spare in spares:
            if spare["state"] != "warm" or not await self._is_as_it_should_be(app, release, spare):
                continue
            unmoved = {key: app[key] for key in ("workload_id", "release", "is_asleep")}
            chosen = {**fields, "workload_id": spare["_id"]}
            if await self._context.apps.update(app["_id"], chosen, desired="running", **unmoved):
                app.update(chosen)
                return spare
        return None

    async def go(self, app: Document, release: Document, spare: Document) -> bool:
        """Let the spare go that serves the app now; False where it cannot, so that another start is needed."""
        try:
            await self._spares.go(self._runs.of(app, release, spare), spare, promised(release))
        except (LaunchError, Problem, OSError) as error:
            self.note_failure(app, str(error))
            await self._context.apps.update(app["_id"], {"workload_id": None}, workload_id=spare["_id"])
            await self._runner.retire(spare)
            return False
        return True

    async def wake(self, app: Document) -> Document | None:
        """Wake an app by its spare, and return it once it answers or that took long; None where it has no spare.

        It is woken once, whoever asks meanwhile.
        """
        wake = self._wakes.get(app["_id"])
        if wake is None:
            wake = self._wakes[app["_id"]] = asyncio.create_task(self._wake(app), name=f"wake-{app['_id']}")
            wake.add_done_callback(lambda _: self._wakes.pop(app["_id"], None))
        return await asyncio.shield(wake)

    async def settled(self, app_id: str) -> None:
        """Return when an app is not just being woken here: two that do the same take longer than one."""
        if (wake := self._wakes.get(app_id)) is not None:
            await asyncio.wait({wake})

    async def _wake(self, app: Document) -> Document | None:
        if app["workload_id"] is not None or app["release"] is None:
            return None
        every, release = await asyncio.gather(
            self._context.workloads.of(owner(app)), self._context.releases.get(app["_id"], app["release"])
        )
        spares = [one for one in every if one["is_live"] and is_spare(one)]
        if release is None or not spares:
            return None
        now = self._context.clock.now()
        before, woken = dict(app), {"is_asleep": False, "last_activity_at": now, "updated_at": now}
        spare = await self.claim(app, release, spares, **woken)
        if spare is None:
            return None
        tell_standing(before, woken)
        if await self.go(app, release, spare):
            await self._until_ready(app, release, spare)
        return app

    async def _until_ready(self, app: Document, release: Document, workload: Document) -> None:
        """Wait a moment for the first answer; else the reconciler does, which also sees what went wrong."""
        run = self._runs.of(app, release, workload)
        probe = Probe(endpoint_of(workload), run.health.path, run.host, WAKE_SECONDS, run.health.bad_from)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(WAKE_SECONDS):
                if (await until_ready(self._launcher, workload["_id"], probe)).is_ready:
                    fields = {"state": "running", "ready_at": self._context.clock.now()}
                    await self._context.workloads.update(workload["_id"], fields)

    def shed(self) -> bool:
        """Give the memory of all spares back, since others need it; tells whether there may have been any."""
        had = bool(self._chosen)
        self._paused_until = _now() + PAUSE_SECONDS
        self._is_wanted.set()
        return had


def _may_have_one(app: Document) -> bool:
    """Tell whether an app sleeps, with nothing of it in memory."""
    kind = KINDS.get(app["kind"])
    sleeps = app["desired"] == "running" and app["is_asleep"] and app["workload_id"] is None
    return sleeps and app["release"] is not None and kind is not None and kind.spare is not None


def _is_memory_free() -> bool:
    return machine.free_bytes() > max(LEAST_FREE_BYTES, LEAST_FREE_SHARE * machine.memory_bytes())


def _now() -> float:
    return asyncio.get_running_loop().time()
