"""What an app's data sandbox looks like on its page, and what it is held to."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.support.apps_api import source
from tests.support.data_lab import Lab
from tests.support.lab import running_hub
from tests.support.launchers import AnsweringLauncher
from tests.support.waiting import eventually

from hothouse.broker.meters import BOUNDS_MS, Meters
from hothouse.broker.usage import UsageWriter

MIB = 2**20


async def limits_of(lab: Lab, slug: str) -> dict[str, Any]:
    """Return the limits that the broker holds an app's workload to."""
    app = await lab.app(slug)
    credential = await lab.database["broker_credentials"].find_one({"_id": app["workload_id"]})
    assert credential is not None
    limits: dict[str, Any] = credential["limits"]
    return limits


async def allow(lab: Lab, slug: str, storage_bytes: int | None) -> dict[str, Any]:
    answer = await lab.ada.client.patch(f"/api/v1/apps/{slug}/data", json={"storage_bytes": storage_bytes})
    assert answer.status_code == 200, answer.text
    overview: dict[str, Any] = answer.json()
    return overview


class TestShow:
    async def test_before_anything_was_measured(self, lab: Lab) -> None:
        slug = await lab.owner()
        overview = await lab.grace.get(f"/api/v1/apps/{slug}/data")
        assert overview["database"] == (await lab.app(slug))["database"]
        unknown = {"used_bytes": None, "is_estimate": False, "measured_at": None}
        assert overview["storage"] == unknown | {"allowed_bytes": 2048 * MIB, "allowed_by": ""}
        assert overview["limits"] == {"max_time_ms": 30_000, "connections": 200, "batch_documents": 10_000}
        assert set(overview["totals"].values()) == {0}
        assert [one["up_to_ms"] for one in overview["latency"]] == [*BOUNDS_MS, None]
        assert {one["count"] for one in overview["latency"]} == {0}
        assert len(overview["minutes"]) == 60
        assert (overview["slow_commands"], overview["reads"], overview["readers"]) == ([], [], [])
        assert (overview["connections"], overview["offered"]) == (0, {"collections": [], "note": ""})

    async def test_what_the_broker_wrote(self, lab: Lab) -> None:
        slug = await lab.owner()
        database = (await lab.app(slug))["database"]
        now = datetime.now(UTC)
        moments = [now - timedelta(minutes=90), now - timedelta(minutes=5), now]
        for moment in moments:
            meters = Meters()
            meter = meters.of(database)
            meter.done("find", 0.002, 100, 900, failed=False)
            meter.done("insert", 40, 50, 10, failed=True)
            meter.slow("find", "clicks", [f"at-{moments.index(moment)}"], 0.5)
            meter.refused()
            meter.connections = 2
            await UsageWriter(lab.database, meters, f"broker-{moment.minute}", now=lambda moment=moment: moment).flush()
        measured = {"bytes": 5 * MIB, "measured_at": now, "written_since": MIB}
        await lab.database["data_usage"].update_one({"_id": database}, {"$set": {"storage": measured}})

        overview = await lab.grace.get(f"/api/v1/apps/{slug}/data")
        assert overview["totals"] == {
            "operations": 6,
            "errors": 3,
            "refused": 3,
            "bytes_in": 450,
            "bytes_out": 2730,
            "slow": 3,
            "milliseconds": pytest.approx(120_006),
        }
        assert {one["up_to_ms"]: one["count"] for one in overview["latency"] if one["count"]} == {2.5: 3, None: 3}
        busy = [one for one in overview["minutes"] if one["operations"]]
        assert [(one["operations"], one["errors"]) for one in busy] == [(2, 1), (2, 1)]
        assert datetime.fromisoformat(busy[0]["at"]) == moments[1].replace(second=0, microsecond=0)
        assert [one["fields"] for one in overview["slow_commands"]] == [["at-2"], ["at-1"], ["at-0"]]
        assert overview["storage"]["used_bytes"] == 6 * MIB
        assert overview["storage"]["is_estimate"] is True
        assert overview["connections"] == 2 * len({moment.minute for moment in moments})


class TestLimits:
    async def test_manifest_asks_for_less(self, lab: Lab) -> None:
        slug = await lab.owner(limits={"max_time_ms": 5_000, "storage": "512MiB"})
        assert (await limits_of(lab, slug))["max_time_ms"] == 5_000
        assert (await limits_of(lab, slug))["storage_bytes"] == 512 * MIB
        overview = await lab.grace.get(f"/api/v1/apps/{slug}/data")
        assert overview["limits"]["max_time_ms"] == 5_000
        assert overview["storage"]["allowed_bytes"] == 512 * MIB

    async def test_manifest_asks_for_more(self, lab: Lab) -> None:
        slug = await lab.owner(limits={"max_time_ms": 600_000, "storage": "1TiB"})
        limits = await limits_of(lab, slug)
        assert (limits["max_time_ms"], limits["storage_bytes"]) == (30_000, 2048 * MIB)

    async def test_admin_allows_more_and_less_at_once(self, lab: Lab) -> None:
        slug = await lab.owner(limits={"storage": "4GiB"})
        assert (await limits_of(lab, slug))["storage_bytes"] == 2048 * MIB
        for allowed, expected in ((3 * 1024 * MIB, 3 * 1024 * MIB), (8 * 1024 * MIB, 4 * 1024 * MIB), (MIB, MIB)):
            assert (await allow(lab, slug, allowed))["storage"]["allowed_bytes"] == expected
            assert (await limits_of(lab, slug))["storage_bytes"] == expected
        await lab.grace.ended(await lab.grace.post(f"/api/v1/apps/{slug}/restart"))
        assert (await limits_of(lab, slug))["storage_bytes"] == MIB, "the next workload is held to it as well"
        assert (await allow(lab, slug, None))["storage"]["allowed_bytes"] == 2048 * MIB
        assert (await limits_of(lab, slug))["storage_bytes"] == 2048 * MIB

    async def test_change_that_stopped_half_way(self, lab: Lab) -> None:
        slug = await lab.owner()
        await lab.database["apps"].update_one({"slug": slug}, {"$set": {"storage_bytes": 7 * MIB}})

        async def is_in_force() -> bool:
            return bool((await limits_of(lab, slug))["storage_bytes"] == 7 * MIB)

        await eventually(is_in_force)

    async def test_of_the_next_release(self, lab: Lab) -> None:
        slug = await lab.owner(limits={"max_time_ms": 5_000})
        await lab.grace.served(source(slug, "two", data={"limits": {"max_time_ms": 1_000}}))
        assert (await limits_of(lab, slug))["max_time_ms"] == 1_000

    async def test_platform_allows_less_after_a_restart(self, lab: Lab) -> None:
        slug = await lab.owner()
        settings = lab.settings.model_copy(deep=True)
        settings.data.max_time_ms = 7_000
        before = await limits_of(lab, slug)
        async with running_hub(settings, launcher=AnsweringLauncher()):

            async def is_in_force() -> bool:
                return bool(await limits_of(lab, slug) == before | {"max_time_ms": 7_000})

            await eventually(is_in_force)

    @pytest.mark.parametrize("body", [{}, {"storage_bytes": 1}, {"storage_bytes": "1GiB"}, {"storage_bytes": 2**60}])
    async def test_body_that_says_nothing(self, lab: Lab, body: dict[str, Any]) -> None:
        slug = await lab.owner()
        answer = await lab.ada.client.patch(f"/api/v1/apps/{slug}/data", json=body)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/storage_bytes")
