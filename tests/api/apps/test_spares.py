"""Spares of sleeping apps: made, kept as they should be, let go at the next visit, and never in the way."""

import asyncio
from typing import Any

import pytest
from tests.support.apps_api import source
from tests.support.bench import Bench, Desk
from tests.support.launchers import AnsweringLauncher, SparingLauncher
from tests.support.waiting import eventually

from hothouse.apps.reconciler import spares as keeping

SECRET = "hush-hush-hush"


@pytest.fixture(autouse=True)
def able(bench: Bench) -> None:
    """Have builds give an environment that knows how to wait."""
    packages = bench.build.environment / "lib" / "python3" / "site-packages" / "hothouse_sdk"
    packages.mkdir(parents=True, exist_ok=True)
    (packages / "spare.py").touch()


@pytest.fixture
def launcher() -> SparingLauncher:
    return SparingLauncher()


def experiment(slug: str, version: str = "one", **more: Any) -> dict[str, str]:
    return source(
        slug, main=f"app = {version!r}", kind="experiment", entry="main:app", scale={"idle_minutes": 10}, **more
    )


async def fall_asleep(hub: Desk, bench: Bench, *slugs: str) -> None:
    bench.clock.advance(minutes=11)
    for slug in slugs:
        await bench.nudge(slug)
    for slug in slugs:
        await hub.ada.in_state(slug, "sleeping")


async def warm(bench: Bench, slug: str) -> dict[str, Any]:
    """Wait until an app has a spare that stands still, and return it."""

    async def look() -> dict[str, Any] | None:
        app_id = (await bench.app(slug))["_id"]
        found = [one for one in await bench.live() if one["app_id"] == app_id and one["state"] == "warm"]
        return found[0] if found else None

    found: dict[str, Any] = await eventually(look, f"a spare of {slug}")
    return found


async def wake(hub: Desk, bench: Bench, slug: str) -> dict[str, Any]:
    app_id = (await bench.app(slug))["_id"]
    route: dict[str, Any] = await hub.gateway.post(f"/internal/v1/apps/{app_id}/wake")
    return route


async def sleeping(hub: Desk, bench: Bench, slug: str, **more: Any) -> dict[str, Any]:
    await hub.ada.served(experiment(slug, **more))
    await fall_asleep(hub, bench, slug)
    return await warm(bench, slug)


class TestVisit:
    async def test_is_answered_by_the_spare_at_once(self, bench: Bench, launcher: SparingLauncher) -> None:
        async with bench.hub(launcher) as hub:
            spare = await sleeping(hub, bench, "quick")
            assert launcher.statuses[spare["_id"]].is_frozen
            route = await wake(hub, bench, "quick")
            assert (route["workload_id"], bool(route["endpoint"])) == (spare["_id"], True)
            await bench.only_runs(launcher, "quick")
            assert len(launcher.starts) == 2, "of the release, and of the spare"
            served = (await bench.live())[0]
            assert served["promised"]["memory_bytes"], "from now on it counts like any other"

    async def test_of_many_wakes_it_once(self, bench: Bench, launcher: SparingLauncher) -> None:
        async with bench.hub(launcher) as hub:
            spare = await sleeping(hub, bench, "liked")
            routes = await asyncio.gather(*(wake(hub, bench, "liked") for _ in range(10)))
            assert {route["workload_id"] for route in routes} == {spare["_id"]}
            await bench.only_runs(launcher, "liked")

    async def test_start_by_hand_takes_it_too(self, bench: Bench, launcher: SparingLauncher) -> None:
        async with bench.hub(launcher) as hub:
            spare = await sleeping(hub, bench, "handy")
            await hub.ada.post("/api/v1/apps/handy/start")
            await bench.only_runs(launcher, "handy")
            assert (await bench.app("handy"))["workload_id"] == spare["_id"]

    @pytest.mark.parametrize("how", ["refuses", "dies"])
    async def test_finds_an_ordinary_start_if_the_spare_fails(
        self, bench: Bench, launcher: SparingLauncher, how: str
    ) -> None:
        async with bench.hub(launcher) as hub:
            spare = await sleeping(hub, bench, "clumsy")
            setattr(launcher, how, True)
            await wake(hub, bench, "clumsy")
            await bench.only_runs(launcher, "clumsy")
            app = await bench.app("clumsy")
            assert app["workload_id"] != spare["_id"]
            assert app["crash"]["count"] == 0, "which is no crash of the app"

    async def test_goes_on_after_a_hub_that_died_on_the_way(self, bench: Bench, launcher: SparingLauncher) -> None:
        async with bench.hub(launcher) as hub:
            spare = await sleeping(hub, bench, "cut-off")
        claimed = {"workload_id": spare["_id"], "is_asleep": False}
        await bench.database["apps"].update_one({"slug": "cut-off"}, {"$set": claimed})
        async with bench.hub(launcher) as hub:
            await bench.only_runs(launcher, "cut-off")
            assert list(launcher.told) == [spare["_id"]]


class TestSecrets:
    async def test_are_given_when_it_goes_and_put_down_then(self, bench: Bench, launcher: SparingLauncher) -> None:
        async with bench.hub(launcher) as hub:
            await hub.ada.served(experiment("sealed", secrets=["KEY"], env={"COLOUR": "red"}))
            changed = await hub.ada.client.patch("/api/v1/apps/sealed", json={"secrets": {"KEY": "an earlier one"}})
            assert changed.status_code == 200, changed.text
            await fall_asleep(hub, bench, "sealed")
            spare = await warm(bench, "sealed")
            env = launcher.specs[spare["_id"]].env
            assert env["COLOUR"] == "red"
            assert not {"KEY", "HOTHOUSE_APP_TOKEN", "HOTHOUSE_DATABASE_URI"} & env.keys()
            changed = await hub.ada.client.patch("/api/v1/apps/sealed", json={"secrets": {"KEY": SECRET}})
            assert changed.status_code == 200, changed.text
            before = (await hub.ada.get("/api/v1/apps/sealed/secrets/reads"))["items"]
            await wake(hub, bench, "sealed")
            told = launcher.told[spare["_id"]]
            assert told["KEY"] == SECRET
            assert told["HOTHOUSE_APP_TOKEN"]
            reads = (await hub.ada.get("/api/v1/apps/sealed/secrets/reads"))["items"]
            assert len(reads) == len(before) + 1


class TestKeeping:
    async def test_another_one_once_settings_changed(self, bench: Bench, launcher: SparingLauncher) -> None:
        async with bench.hub(launcher) as hub:
            first = await sleeping(hub, bench, "tuned")
            changed = await hub.ada.client.patch("/api/v1/apps/tuned", json={"env": {"COLOUR": "blue"}})
            assert changed.status_code == 200, changed.text
            await eventually(lambda: launcher.spares not in ([], [first["_id"]]), "another spare")
            (second,) = launcher.spares
            assert launcher.specs[second].env["COLOUR"] == "blue"

    async def test_that_is_not_what_it_should_be_is_not_taken(self, bench: Bench, launcher: SparingLauncher) -> None:
        async with bench.hub(launcher) as hub:
            spare = await sleeping(hub, bench, "stale")
            await bench.database["workloads"].update_one({"_id": spare["_id"]}, {"$set": {"basis": "another"}})
            await wake(hub, bench, "stale")
            await bench.only_runs(launcher, "stale")
            assert spare["_id"] not in launcher.told

    async def test_ends_with_its_release(self, bench: Bench, launcher: SparingLauncher) -> None:
        async with bench.hub(launcher) as hub:
            await sleeping(hub, bench, "newer")
            await hub.ada.served(experiment("newer", "two"))
            await bench.only_runs(launcher, "newer")
            assert [one["release"] for one in await bench.live()] == [2]

    async def test_ends_when_the_app_is_stopped(self, bench: Bench, launcher: SparingLauncher) -> None:
        async with bench.hub(launcher) as hub:
            await sleeping(hub, bench, "halted")
            await hub.ada.post("/api/v1/apps/halted/stop")
            await eventually(lambda: launcher.running == [], "its end")

    async def test_nothing_of_it_stays_when_the_app_is_deleted(self, bench: Bench, launcher: SparingLauncher) -> None:
        async with bench.hub(launcher) as hub:
            await sleeping(hub, bench, "gone")
            await hub.ada.delete("gone")
            assert launcher.statuses == {}
            assert await bench.database["workloads"].find().to_list() == []

    async def test_one_that_ends_is_made_again_later(
        self, bench: Bench, launcher: SparingLauncher, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(keeping, "BACKOFF_SECONDS", (0.2,))
        monkeypatch.setattr(keeping, "LOOK_SECONDS", 0.1)
        async with bench.hub(launcher) as hub:
            first = await sleeping(hub, bench, "killed")
            await launcher.finish(first["_id"], signal=9)
            await eventually(lambda: launcher.spares not in ([], [first["_id"]]), "another spare")
            assert (await bench.app("killed"))["crash"]["count"] == 0

    async def test_is_taken_over_by_the_next_hub(self, bench: Bench, launcher: SparingLauncher) -> None:
        async with bench.hub(launcher) as hub:
            spare = await sleeping(hub, bench, "adopted")
        async with bench.hub(launcher) as hub:
            await bench.looked_at(hub, "adopted")
            assert launcher.spares == [spare["_id"]]
            assert (await wake(hub, bench, "adopted"))["workload_id"] == spare["_id"]


class TestChoice:
    async def test_those_last_used(
        self, bench: Bench, launcher: SparingLauncher, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(bench.settings.launch, "spares", 1)
        monkeypatch.setattr(keeping, "LOOK_SECONDS", 0.1)
        async with bench.hub(launcher) as hub:
            await sleeping(hub, bench, "early")
            await hub.ada.served(experiment("late"))
            await hub.ada.client.get("/api/v1/apps/late")
            app_id = (await bench.app("late"))["_id"]
            await hub.context.apps.note_activity(app_id, bench.clock.now(), 0, bench.clock.now())
            await fall_asleep(hub, bench, "late")
            spare = await warm(bench, "late")
            await eventually(lambda: launcher.spares == [spare["_id"]], "the end of the other")

    @pytest.mark.parametrize("why", ["setting", "environment", "launcher"])
    async def test_none_at_all(self, bench: Bench, monkeypatch: pytest.MonkeyPatch, why: str) -> None:
        launcher = AnsweringLauncher() if why == "launcher" else SparingLauncher()
        monkeypatch.setattr(bench.settings.launch, "spares", 0 if why == "setting" else 1)
        if why == "environment":
            next(bench.build.environment.glob("lib/*/*/*/spare.py")).unlink()
        async with bench.hub(launcher) as hub:
            await hub.ada.served(experiment("plain"))
            await fall_asleep(hub, bench, "plain")
            await bench.looked_at(hub, "plain")
            assert launcher.running == []
            await wake(hub, bench, "plain")
            await bench.only_runs(launcher, "plain")

    async def test_none_while_memory_is_short(
        self, bench: Bench, launcher: SparingLauncher, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("hothouse.launch.machine.free_bytes", lambda: 2**20)
        monkeypatch.setattr("hothouse.environments.admission.shedding.TIGHT", 0)
        async with bench.hub(launcher) as hub:
            await hub.ada.served(experiment("crowded"))
            await fall_asleep(hub, bench, "crowded")
            await bench.looked_at(hub, "crowded")
            assert launcher.running == []

    async def test_first_to_give_memory_back(
        self, bench: Bench, launcher: SparingLauncher, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("hothouse.environments.admission.shedding.LOOK_SECONDS", 0.1)
        async with bench.hub(launcher) as hub:
            await sleeping(hub, bench, "generous")
            monkeypatch.setattr("hothouse.launch.machine.free_bytes", lambda: 2**20)
            await eventually(lambda: launcher.running == [], "the end of the spare")
            assert (await bench.app("generous"))["state"] == "sleeping"


async def test_is_shown_as_warm(bench: Bench, launcher: SparingLauncher) -> None:
    async with bench.hub(launcher) as hub:
        spare = await sleeping(hub, bench, "shown")
        (one,) = (await hub.ada.get("/api/v1/admin/workloads"))["items"]
        assert (one["id"], one["state"], one["promised"]["memory_bytes"]) == (spare["_id"], "warm", None)
