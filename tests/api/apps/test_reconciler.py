"""The reconciler against launchers that misbehave, a clock that jumps, and hubs that die."""

import asyncio
import hashlib
import hmac
from contextvars import ContextVar
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from pymongo.errors import AutoReconnect
from tests.support.apps_api import source
from tests.support.bench import COLLECTIONS, Bench, Desk
from tests.support.launchers import AnsweringLauncher, CrashingLauncher, NeverReadyLauncher, SlowLauncher
from tests.support.waiting import eventually

from hothouse.broker.credentials import CredentialStore
from hothouse.database.leases import Lease
from hothouse.identity.principal import ANYONE
from hothouse.kit.problems import NotFound
from hothouse.launch.interfaces import WorkloadSpec


class TestCrashLoop:
    async def test_backs_off_with_the_reason_and_recovers(self, bench: Bench) -> None:
        launcher = AnsweringLauncher()
        async with bench.hub(launcher) as hub:
            await hub.ada.served(source("loop"))
            for count in range(1, 4):
                await hub.ada.in_state("loop", "running")
                await launcher.finish(launcher.running[0], out_of_memory=True)
                failed = await hub.ada.in_state("loop", "failed")
                assert failed["reason"].startswith("out of memory")
                assert failed["reason"].endswith(f"try {count + 1} follows by itself")
                crash = (await bench.app("loop"))["crash"]
                assert crash["count"] == count
                wait = crash["not_before"] - bench.clock.now()
                assert 2 ** (count - 1) - 1 < wait.total_seconds() <= 2 ** (count - 1)
                bench.clock.advance(seconds=2 ** (count - 1))
                await bench.nudge("loop")
            await bench.only_runs(launcher, "loop")
            bench.clock.advance(minutes=2)
            await launcher.finish(launcher.running[0], exit_code=1)
            await hub.ada.in_state("loop", "failed")
            assert (await bench.app("loop"))["crash"]["count"] == 1, "it ran long enough to start counting anew"

    async def test_start_by_hand_does_not_wait(self, bench: Bench) -> None:
        launcher = AnsweringLauncher()
        async with bench.hub(launcher) as hub:
            await hub.ada.served(source("hasty"))
            await bench.database["apps"].update_one({}, {"$set": {"crash.count": 7}})
            await launcher.finish(launcher.running[0], signal=9)
            assert "killed by signal 9 (SIGKILL)" in (await hub.ada.in_state("hasty", "failed"))["reason"]
            await hub.ada.post("/api/v1/apps/hasty/start")
            await bench.only_runs(launcher, "hasty")

    async def test_lost_workload_is_replaced(self, bench: Bench) -> None:
        launcher = AnsweringLauncher()
        async with bench.hub(launcher) as hub:
            await hub.ada.served(source("lost"))
            launcher.servers.pop(launcher.running[0]).close()
            launcher.statuses.clear()
            await hub.ada.in_state("lost", "failed")
            bench.clock.advance(seconds=1)
            await bench.nudge("lost")
            await hub.ada.in_state("lost", "running")


class TestCandidate:
    async def test_that_never_gets_ready(self, bench: Bench) -> None:
        launcher = NeverReadyLauncher()
        async with bench.hub(launcher) as hub:
            ended = await hub.ada.ended(await hub.ada.deploy(source("mute", health={"timeout_seconds": 1})))
            assert ended["state"] == "failed"
            assert "did not get ready within 1 seconds" in ended["reason"]
            await eventually(lambda: launcher.stops == launcher.starts)
            assert await bench.live() == []

    async def test_that_crashes(self, bench: Bench) -> None:
        async with bench.hub(CrashingLauncher(exit_code=7)) as hub:
            ended = await hub.ada.ended(await hub.ada.deploy(source("short")))
            assert (ended["state"], ended["reason"]) == ("failed", "release 1 did not start: exited with code 7")
            assert ended["log_tail"][-1] == "RuntimeError: broken on purpose"

    async def test_that_cannot_be_started(self, bench: Bench) -> None:
        class Refusing(NeverReadyLauncher):
            async def start(self, spec: Any) -> Any:
                raise ValueError("embedded null byte")

        async with bench.hub(Refusing()) as hub:
            ended = await hub.ada.ended(await hub.ada.deploy(source("refused")))
            assert ended["reason"] == "release 1 did not start: it could not be started: embedded null byte"

    async def test_superseded_by_a_newer_one(self, bench: Bench) -> None:
        launcher = SlowLauncher()
        async with bench.hub(launcher) as hub:
            first = await hub.ada.deploy(source("hurry", "one"))
            await launcher.is_starting.wait()
            second = await hub.ada.deploy(source("hurry", "two", health={"timeout_seconds": 1}))
            launcher.release()
            ended = await hub.ada.ended(first)
            assert (ended["state"], ended["reason"]) == ("superseded", "a newer deployment took its place")
            await hub.ada.ended(second)
            assert (await hub.ada.ended(first))["state"] == "superseded", "it stays so"
            await eventually(lambda: set(launcher.stops) == set(launcher.specs))

    async def test_superseded_while_a_pass_looks_at_it(self, bench: Bench) -> None:
        """A pass that read the deployment before it was superseded must not bring it back to life."""
        bench.build.gate.clear()
        async with bench.hub(AnsweringLauncher()) as hub:
            first = await hub.ada.deploy(source("stale", "one"))
            second = await hub.ada.deploy(source("stale", "two"))
            assert not await hub.context.deployments.update(first["id"], {"state": "building"})
            assert (await hub.ada.ended(first))["state"] == "superseded"
            bench.build.gate.set()
            assert (await hub.ada.ended(second))["state"] == "serving"

            async def settled() -> bool:
                return {one["state"] for one in await hub.context.releases.all((await bench.app("stale"))["_id"])} == {
                    "built"
                }

            await eventually(settled, "also the release that nobody waited for")

    @pytest.mark.parametrize("at", ["building", "starting"])
    async def test_stopped_meanwhile_and_started_again(self, bench: Bench, at: str) -> None:
        launcher = SlowLauncher()
        bench.build.gate.clear()
        async with bench.hub(launcher) as hub:
            deployment = await hub.ada.deploy(source("fickle"))
            if at == "starting":
                bench.build.gate.set()
                await launcher.is_starting.wait()
            await hub.ada.post("/api/v1/apps/fickle/stop")
            launcher.release()
            ended = await hub.ada.ended(deployment)
            assert (ended["state"], ended["reason"]) == ("superseded", "the app was stopped")
            await hub.ada.in_state("fickle", "stopped")
            assert await bench.live() == []
            bench.build.gate.set()
            await hub.ada.post("/api/v1/apps/fickle/start")
            await hub.ada.in_state("fickle", "starting")

    @pytest.mark.parametrize("at", ["building", "starting"])
    async def test_deleted_meanwhile(self, bench: Bench, at: str) -> None:
        launcher = SlowLauncher()
        bench.build.gate.clear()
        async with bench.hub(launcher) as hub:
            await hub.ada.deploy(source("brief"))
            if at == "starting":
                bench.build.gate.set()
                await launcher.is_starting.wait()
            else:
                await eventually(lambda: bench.database["jobs"].find_one({"state": "running"}))
            deleting = asyncio.create_task(hub.ada.delete("brief"))
            launcher.release()
            await deleting
            for name in COLLECTIONS[:4] + COLLECTIONS[5:7]:
                assert await bench.database[name].find().to_list() == []
            assert bench.build.abandoned or at == "starting"
            assert all(launcher.statuses.get(each) is None for each in launcher.specs)

    async def test_deploy_does_not_revive_what_is_being_deleted(self, bench: Bench) -> None:
        async with bench.hub(AnsweringLauncher()) as hub:
            await hub.ada.served(source("dying"))
            app = await bench.app("dying")
            await hub.context.apps.update(app["_id"], {"desired": "deleted"})
            with pytest.raises(NotFound):
                await hub.app.state.apps.deploy.deploy_release(ANYONE, app, 1)
            with pytest.raises(NotFound):
                await hub.app.state.apps.control.start(ANYONE, app)
            await eventually(lambda: _gone(bench, "dying"))


async def _gone(bench: Bench, slug: str) -> bool:
    return await bench.database["apps"].find_one({"slug": slug}) is None


class TestSleep:
    async def asleep(self, hub: Desk, bench: Bench, slug: str) -> None:
        await hub.ada.served(source(slug, scale={"idle_minutes": 10}))
        bench.clock.advance(minutes=11)
        await bench.nudge(slug)
        await hub.ada.in_state(slug, "sleeping")

    async def test_sleeps_and_is_woken_once(self, bench: Bench) -> None:
        launcher = AnsweringLauncher()
        async with bench.hub(launcher) as hub:
            await self.asleep(hub, bench, "tired")
            assert launcher.running == []
            app_id = (await bench.app("tired"))["_id"]
            await asyncio.gather(*(hub.gateway.post(f"/internal/v1/apps/{app_id}/wake") for _ in range(20)))
            await bench.only_runs(launcher, "tired")
            assert len(launcher.starts) == 2

    async def test_visitor_at_the_very_moment(self, bench: Bench) -> None:
        launcher = AnsweringLauncher()
        async with bench.hub(launcher) as hub:
            await hub.ada.served(source("alert", scale={"idle_minutes": 10}))
            app = await bench.app("alert")
            real = hub.context.apps.update

            async def visited_just_before(app_id: str, fields: Any, **only_if: Any) -> bool:
                if not fields.get("is_asleep"):
                    return bool(await real(app_id, fields, **only_if))
                await hub.context.apps.note_activity(app_id, bench.clock.now(), 0, bench.clock.now())
                outcomes.append(await real(app_id, fields, **only_if))
                return bool(outcomes[-1])

            outcomes: list[bool] = []
            hub.context.apps.update = visited_just_before
            bench.clock.advance(minutes=11)
            await bench.nudge("alert")
            await eventually(lambda: outcomes)
            assert outcomes == [False], "the visitor wins"
            await bench.only_runs(launcher, "alert")
            assert (await bench.app("alert"))["workload_id"] == app["workload_id"]
            assert len(launcher.starts) == 1

    async def test_open_connections_keep_it_awake_while_they_are_heard_of(self, bench: Bench) -> None:
        async with bench.hub(AnsweringLauncher()) as hub:
            await hub.ada.served(source("held", scale={"idle_minutes": 10}))
            app_id = (await bench.app("held"))["_id"]
            item = {"app_id": app_id, "requests": 0, "open_connections": 1}
            item["last_request_at"] = bench.clock.now().isoformat()
            bench.clock.advance(minutes=9)  # not yet too long: the app may be looked at at any time
            answer = await hub.gateway.client.post("/internal/v1/activity", json={"items": [item]})
            assert answer.status_code == 204
            bench.clock.advance(seconds=80)
            await bench.looked_at(hub, "held")
            assert (await bench.app("held"))["is_asleep"] is False
            bench.clock.advance(minutes=20)
            await bench.nudge("held")
            await hub.ada.in_state("held", "sleeping")

    async def test_not_while_a_deployment_is_under_way(self, bench: Bench) -> None:
        launcher = AnsweringLauncher()
        async with bench.hub(launcher) as hub:
            await hub.ada.served(source("busy", "one", scale={"idle_minutes": 10}))
            bench.build.gate.clear()
            deployment = await hub.ada.deploy(source("busy", "two", scale={"idle_minutes": 10}))
            await eventually(lambda: bench.database["jobs"].find_one({"state": "running"}))
            bench.clock.advance(minutes=11)
            await bench.nudge("busy")
            bench.build.gate.set()
            assert (await hub.ada.ended(deployment))["state"] == "serving"

    async def test_deploying_wakes_it(self, bench: Bench) -> None:
        launcher = AnsweringLauncher()
        async with bench.hub(launcher) as hub:
            await self.asleep(hub, bench, "woken")
            await hub.ada.served(source("woken", "two"))
            await bench.only_runs(launcher, "woken")


class TestStandStill:
    """Apps that are put to sleep where they stand, and are only stopped much later."""

    @pytest.fixture
    def frozen(self, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Bench:
        monkeypatch.setattr(bench.settings.launch, "frozen_hours", 12)
        return bench

    async def asleep(self, hub: Desk, bench: Bench, slug: str) -> str:
        await hub.ada.served(source(slug, scale={"idle_minutes": 10}))
        bench.clock.advance(minutes=11)
        await bench.nudge(slug)
        await hub.ada.in_state(slug, "sleeping")
        return str((await bench.app(slug))["workload_id"])

    async def test_goes_on_as_the_same_workload(self, frozen: Bench) -> None:
        launcher = AnsweringLauncher()
        async with frozen.hub(launcher) as hub:
            workload_id = await self.asleep(hub, frozen, "still")
            await eventually(lambda: launcher.statuses[workload_id].is_frozen)
            app_id = (await frozen.app("still"))["_id"]
            route = await hub.gateway.post(f"/internal/v1/apps/{app_id}/wake")
            assert route["endpoint"], "whoever waits is told at once where it is"
            assert not launcher.statuses[workload_id].is_frozen
            await frozen.only_runs(launcher, "still")
            assert (await frozen.app("still"))["workload_id"] == workload_id
            assert len(launcher.starts) == 1

    async def test_is_stopped_in_the_end(self, frozen: Bench) -> None:
        launcher = AnsweringLauncher()
        async with frozen.hub(launcher) as hub:
            await self.asleep(hub, frozen, "longer")
            frozen.clock.advance(hours=13)
            await frozen.nudge("longer")
            await eventually(lambda: launcher.running == [], "its end")
            await hub.ada.in_state("longer", "sleeping")
            app_id = (await frozen.app("longer"))["_id"]
            await hub.gateway.post(f"/internal/v1/apps/{app_id}/wake")
            await frozen.only_runs(launcher, "longer")
            assert len(launcher.starts) == 2

    async def test_another_hub_finds_it_still(self, frozen: Bench) -> None:
        launcher = AnsweringLauncher()
        async with frozen.hub(launcher) as hub:
            workload_id = await self.asleep(hub, frozen, "adopted")
        async with frozen.hub(launcher) as hub:
            assert launcher.statuses[workload_id].is_frozen
            app_id = (await frozen.app("adopted"))["_id"]
            await hub.gateway.post(f"/internal/v1/apps/{app_id}/wake")
            await eventually(lambda: not launcher.statuses[workload_id].is_frozen)  # a pass may be under way
            await frozen.only_runs(launcher, "adopted")


class TestRebuild:
    async def test_lost_environment_is_built_once_more(self, bench: Bench) -> None:
        launcher = AnsweringLauncher()
        async with bench.hub(launcher) as hub:
            await hub.ada.served(source("moved"))
            await hub.ada.post("/api/v1/apps/moved/stop")
            await hub.ada.in_state("moved", "stopped")
            (bench.build.environment / "bin").rmdir()
            bench.build.environment.rmdir()
            bench.build.gate.clear()
            await hub.ada.post("/api/v1/apps/moved/start")
            pending = await hub.ada.in_state("moved", "pending")
            assert pending["reason"] == "what it runs in is gone from this machine and is being built again"
            bench.build.gate.set()
            await bench.only_runs(launcher, "moved")
            assert len((await hub.ada.get("/api/v1/apps/moved/deployments"))["items"]) == 2
            assert (await bench.app("moved"))["crash"]["count"] == 0


class Killed(BaseException):
    """The hub ended here, without any chance to clean up."""


IS_API = ContextVar("IS_API", default=False)


class Fuse:
    """Lets a hub live until it is about to change its n-th thing in the background, and do nothing after that."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.steps: list[str] = []
        self.has_blown = asyncio.Event()

    def guard(self, owner: Any, *names: str) -> None:
        for name in names:
            setattr(owner, name, self._guarded(f"{type(owner).__name__}.{name}", getattr(owner, name)))

    def unguard(self, owner: Any) -> None:
        for name in [name for name in vars(owner) if hasattr(type(owner), name)]:
            delattr(owner, name)

    def _guarded(self, name: str, real: Any) -> Any:
        async def guarded(*arguments: Any, **options: Any) -> Any:
            if not IS_API.get():
                if len(self.steps) >= self.limit:
                    self.has_blown.set()
                    raise Killed(name)
                self.steps.append(name)
            return await real(*arguments, **options)

        return guarded

    def guard_all(self, hub: Desk, launcher: NeverReadyLauncher) -> None:
        context = hub.context
        self.guard(launcher, "start", "stop", "discard")
        self.guard(context.apps, "update", "remove")
        self.guard(context.workloads, "add", "update", "remove")
        self.guard(context.deployments, "update", "mark_serving", "remove_all")
        self.guard(context.releases, "update", "remove_all")
        self.guard(context.jobs, "enqueue", "call_off", "remove")


async def die(bench: Bench, hub: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """End what a hub does beside its API as a kill would: nothing is released, so the lease has to run out."""

    async def nothing(_: Lease) -> None: ...

    with monkeypatch.context() as patch:
        patch.setattr(Lease, "release", nothing)
        for task in hub.background:
            task.cancel()
        await asyncio.gather(*hub.background, return_exceptions=True)
    bench.clock.advance(seconds=6)


class TestKilledHub:
    """A hub that dies at any step of what it does is continued by the next: nothing is orphaned, lost or doubled."""

    @pytest.mark.parametrize("verb", ["replace", "crash", "delete"])
    async def test_at_every_step(self, bench: Bench, verb: str, monkeypatch: pytest.MonkeyPatch) -> None:
        launcher = AnsweringLauncher()
        for limit in range(40):
            fuse = Fuse(limit)
            await self.die_at(bench, launcher, verb, fuse, monkeypatch)
            if not fuse.has_blown.is_set():
                break
        assert 3 < limit < 39, fuse.steps

    async def die_at(
        self, bench: Bench, launcher: AnsweringLauncher, verb: str, fuse: Fuse, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with bench.hub(launcher) as first:
            if await _gone(bench, "mortal"):
                await first.ada.served(source("mortal", "0"))
            await bench.only_runs(launcher, "mortal")
            bench.clock.advance(minutes=2)  # it has run for long, so that crashes do not add up
            app, known = await bench.app("mortal"), set(launcher.specs)
            fuse.guard_all(first, launcher)
            asked = asyncio.create_task(self.ask(first, launcher, verb, app))
            reached = asyncio.create_task(self.reached(bench, launcher, verb, app))
            blown = asyncio.create_task(fuse.has_blown.wait())
            await asyncio.wait({reached, blown}, return_when=asyncio.FIRST_COMPLETED)
            await die(bench, first, monkeypatch)
            fuse.limit = 1_000_000
            async with bench.hub(launcher) as second:
                await asyncio.gather(asked, reached)
                await self.check(bench, second, launcher, verb, set(launcher.specs) - known)
            blown.cancel()
            await asyncio.gather(blown, return_exceptions=True)
        fuse.unguard(launcher)

    async def ask(self, hub: Desk, launcher: AnsweringLauncher, verb: str, app: dict[str, Any]) -> None:
        IS_API.set(True)
        if verb == "replace":
            await hub.ada.deploy(source("mortal", str(app["release"])))
        elif verb == "crash":
            await launcher.finish(launcher.running[0], exit_code=1)
        else:
            await hub.ada.delete("mortal")

    async def reached(self, bench: Bench, launcher: AnsweringLauncher, verb: str, before: dict[str, Any]) -> None:
        if verb == "delete":
            await eventually(lambda: _gone(bench, "mortal"))
            return

        async def is_there() -> bool:
            bench.clock.advance(seconds=1)
            await bench.nudge("mortal")
            app, live = await bench.app("mortal"), await bench.live()
            return bool(
                app["state"] == "running"
                and app["release"] == before["release"] + (verb == "replace")
                and app["workload_id"] != before["workload_id"]
                and launcher.running == [app["workload_id"]] == [workload["_id"] for workload in live]
            )

        await eventually(is_there, "the app as it should be", 20)

    async def check(self, bench: Bench, hub: Desk, launcher: AnsweringLauncher, verb: str, started: set[str]) -> None:
        if verb == "delete":
            assert launcher.statuses == {}
            for name in COLLECTIONS[:4]:
                assert await bench.database[name].find().to_list() == []
            return
        assert len(started) == 1, "never a second one for the same purpose"
        await opens(bench, launcher, launcher.running[0])


async def opens(bench: Bench, launcher: NeverReadyLauncher, workload_id: str) -> None:
    """Check that the password a workload was started with is the one that the broker accepts."""
    known = await CredentialStore(bench.database).find(workload_id)
    assert known is not None
    password = unquote(urlsplit(launcher.specs[workload_id].env["HOTHOUSE_DATABASE_URI"]).password or "")
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), known.verifier.salt, known.verifier.iterations)
    assert hmac.digest(salted, b"Server Key", "sha256") == known.verifier.server_key


class TestAdoption:
    async def test_running_workloads_go_on(self, bench: Bench) -> None:
        launcher = AnsweringLauncher()
        async with bench.hub(launcher) as hub:
            await hub.ada.served(source("steady"))
            await bench.only_runs(launcher, "steady")
        assert len(launcher.running) == 1, "a hub that ends leaves them"
        async with bench.hub(launcher) as hub:
            await bench.only_runs(launcher, "steady")
            assert len(launcher.starts) == 1

    async def test_start_that_was_cut_off(self, bench: Bench) -> None:
        """A launcher may still be at it when its hub is gone: the start is repeated, with the same password."""

        class Late(AnsweringLauncher):
            async def poll(self, workload_id: str) -> Any:
                return await super().poll(workload_id) if self.starts.count(workload_id) > 1 else None

            async def start(self, spec: Any) -> Any:
                status = await super().start(spec)
                if self.starts.count(spec.workload_id) == 1:
                    raise AutoReconnect("as good as dead")
                return status

        launcher = Late()
        async with bench.hub(launcher) as hub:
            await hub.ada.served(source("cut-off"))
            assert len(launcher.specs) == 1
            await opens(bench, launcher, launcher.running[0])

    async def test_unknown_ones_are_stopped(self, bench: Bench) -> None:
        launcher = AnsweringLauncher()
        spec = WorkloadSpec(
            workload_id="w-stranger", argv=("x",), env={"HOST": "127.0.0.1", "PORT": "0"}, cwd=Path("/")
        )
        await launcher.start(spec)
        async with bench.hub(launcher):
            await eventually(lambda: launcher.statuses == {})

    @pytest.mark.parametrize("at", ["running", "starting"])
    async def test_shut_down_with_the_platform_is_no_crash(self, bench: Bench, at: str) -> None:
        launcher = AnsweringLauncher()
        async with bench.hub(launcher) as hub:
            if at == "running":
                await hub.ada.served(source("paused"))
            else:
                mute = NeverReadyLauncher.start
                launcher.start = mute.__get__(launcher)  # type: ignore[method-assign]
                deployment = await hub.ada.deploy(source("paused"))
                await eventually(lambda: launcher.running)
        await launcher.stop_all()
        launcher.__dict__.pop("start", None)
        async with bench.hub(launcher) as hub:
            await bench.only_runs(launcher, "paused")
            assert (await bench.app("paused"))["crash"]["count"] == 0
            if at == "starting":
                assert (await hub.ada.ended(deployment))["state"] == "serving"

    async def test_a_launcher_that_fails_to_list_does_not_end_the_reconciler(self, bench: Bench) -> None:
        class Forgetful(AnsweringLauncher):
            failures = 2

            async def adopt(self) -> Any:
                self.failures -= 1
                if self.failures >= 0:
                    raise OSError("too many open files")
                return await super().adopt()

        async with bench.hub(Forgetful()) as hub:
            await hub.ada.served(source("patient"))


class TestSeveralHubs:
    async def test_one_leads_and_is_followed(self, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
        launcher = AnsweringLauncher()
        async with bench.hub(launcher) as first, bench.hub(launcher) as second:
            await second.ada.served(source("between"))
            await bench.only_runs(launcher, "between")
            assert len(launcher.starts) == 1
            assert await bench.database["leases"].count_documents({}) == 1
            before = await bench.database["leases"].find_one({"_id": "reconciler"})
            await die(bench, first, monkeypatch)

            async def other_leads() -> bool:
                now = await bench.database["leases"].find_one({"_id": "reconciler"})
                return now is not None and now["holder"] != (before or {})["holder"]

            await eventually(other_leads)
            await second.ada.post("/api/v1/apps/between/stop")
            await second.ada.in_state("between", "stopped")
            assert launcher.running == []

    async def test_a_leader_that_lost_its_lease_does_nothing_more(self, bench: Bench) -> None:
        launcher = AnsweringLauncher()
        async with bench.hub(launcher) as hub:
            await hub.ada.served(source("robbed"))
            fields = {"holder": "somebody else", "until": bench.clock.now() + timedelta(days=1)}
            await bench.database["leases"].update_one({"_id": "reconciler"}, {"$set": fields})
            await eventually(lambda: not [t for t in asyncio.all_tasks() if t.get_name() == "duty-watch"], "it noticed")
            await launcher.finish(launcher.running[0], exit_code=1)
            await hub.ada.post("/api/v1/apps/robbed/stop")
            await bench.database["leases"].delete_one({"_id": "reconciler"})
            await hub.ada.in_state("robbed", "stopped")
            assert len(launcher.starts) == 1


class TestDatabaseTrouble:
    @pytest.mark.parametrize(
        "place",
        [
            "apps.get",
            "apps.update",
            "workloads.add",
            "workloads.update",
            "deployments.update",
            "deployments.mark_serving",
        ],
    )
    async def test_one_failure_in_the_middle_of_a_pass(self, bench: Bench, place: str) -> None:
        launcher = AnsweringLauncher()
        async with bench.hub(launcher) as hub:
            repository, name = place.split(".")
            owner = getattr(hub.context, repository)
            real, failed = getattr(owner, name), asyncio.Event()

            async def fail_once(*arguments: Any, **options: Any) -> Any:
                if IS_API.get() or failed.is_set():
                    return await real(*arguments, **options)
                failed.set()
                raise AutoReconnect("the server went away")

            setattr(owner, name, fail_once)
            token = IS_API.set(True)
            await hub.ada.served(source("robust"))
            IS_API.reset(token)
            assert failed.is_set()
            await bench.only_runs(launcher, "robust")
            assert len(launcher.specs) == 1
