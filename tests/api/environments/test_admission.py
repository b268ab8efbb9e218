"""Starts wait for room in the order in which they were asked for, whatever happens to the hub meanwhile."""

import asyncio
import itertools
from pathlib import Path
from typing import Any

from tests.support.queueing import MIB, QueueDesk, QueueLab, queue_lab
from tests.support.waiting import eventually

BIG = {"cpu": 0.5, "memory_bytes": 250 * MIB}
TOO_BIG = {"cpu": 0.5, "memory_bytes": 5000 * MIB}
STARTS = 4


class TestQueue:
    async def test_fifty_at_once_start_in_the_order_they_were_asked_for(self, mongodb_uri: str, tmp_path: Path) -> None:
        async with (
            queue_lab(mongodb_uri, tmp_path / "home", memory_mib=10_000, starts=STARTS) as lab,
            lab.hub() as desk,
        ):
            await desk.prepare()
            answers = await asyncio.gather(*(desk.start(f"e{number}") for number in range(50)))
            assert {answer.status_code for answer in answers} == {201}

            async def running() -> bool:
                return await lab.database["environments"].count_documents({"state": "running"}) == 50

            await eventually(running, "fifty running", 120)
            asked = await lab.database["environments"].find({}).sort([("wanted_at", 1), ("_id", 1)]).to_list()
            started = lab.started()
            assert sorted(started) == sorted(one["name"] for one in asked)
            late = {one["name"]: started.index(one["name"]) - turn for turn, one in enumerate(asked)}
            assert max(late.values()) < 2 * STARTS, (
                f"only those that start at the same moment come in any order: {late}"
            )

    async def test_a_full_machine_lets_in_the_next_when_one_ends(self, mongodb_uri: str, tmp_path: Path) -> None:
        async with queue_lab(mongodb_uri, tmp_path / "home", memory_mib=350) as lab, lab.hub() as desk:
            await desk.prepare()
            made = [await desk.made(f"e{number}") for number in range(6)]
            for one in made[:3]:
                await desk.in_state(one, "running")
            waiting = [await desk.show(one) for one in made[3:]]
            assert [one["state"] for one in waiting] == ["pending"] * 3
            assert [one["progress"]["position"] for one in waiting] == [1, 2, 3]
            await eventually(lambda: _says(desk, made[3], "waiting for room: 50 MiB of memory"))
            await desk.stop(made[1])
            await desk.in_state(made[3], "running")
            assert (await desk.show(made[4]))["progress"]["position"] == 1
            assert lab.started() == ["e0", "e1", "e2", "e3"]

    async def test_who_needs_much_is_not_overtaken_by_who_needs_little(self, mongodb_uri: str, tmp_path: Path) -> None:
        async with queue_lab(mongodb_uri, tmp_path / "home", memory_mib=300) as lab, lab.hub() as desk:
            await desk.prepare()
            first = [await desk.made(f"e{number}") for number in range(2)]
            for one in first:
                await desk.in_state(one, "running")
            big, small = await desk.made("big", size=BIG), await desk.made("small")
            await desk.stop(first[0])
            await desk.in_state(first[0], "stopped")
            assert (await desk.show(small))["progress"]["position"] == 2, "there is room for it, but it came later"
            await desk.stop(first[1])
            await desk.in_state(big, "running")
            assert lab.started() == ["e0", "e1", "big"]

    async def test_outlives_the_hub(self, mongodb_uri: str, tmp_path: Path) -> None:
        async with queue_lab(mongodb_uri, tmp_path / "home", memory_mib=150) as lab:
            async with lab.hub() as desk:
                await desk.prepare()
                made = [await desk.made(f"e{number}") for number in range(4)]
                await desk.in_state(made[0], "running")
            async with lab.hub() as desk:
                assert [(await desk.show(one))["progress"]["position"] for one in made[1:]] == [1, 2, 3]
                for one, following in itertools.pairwise(made):
                    await desk.stop(one)
                    await desk.in_state(following, "running")
            assert lab.started() == ["e0", "e1", "e2", "e3"]

    async def test_what_can_never_fit_is_refused(self, mongodb_uri: str, tmp_path: Path) -> None:
        async with queue_lab(mongodb_uri, tmp_path / "home", memory_mib=350) as lab, lab.hub() as desk:
            await desk.prepare()
            refused = await desk.start("huge", size=TOO_BIG)
            assert refused.status_code == 422
            (error,) = refused.json()["errors"]
            assert error["pointer"] == "/size/memory_bytes"
            assert "This machine has 350 MiB for all" in error["message"]

    async def test_gpus_that_no_launcher_offers_are_refused(self, mongodb_uri: str, tmp_path: Path) -> None:
        async with queue_lab(mongodb_uri, tmp_path / "home", memory_mib=350) as lab, lab.hub() as desk:
            await desk.prepare()
            refused = await desk.start("graphics", size={"cpu": 0.5, "memory_bytes": 100 * MIB, "gpus": 1})
            messages = {error["pointer"]: error["message"] for error in refused.json()["errors"]}
            assert "No launcher here offers GPUs" in messages["/size/gpus"]


class TestShedding:
    async def test_the_longest_asleep_makes_room(self, mongodb_uri: str, tmp_path: Path) -> None:
        async with queue_lab(mongodb_uri, tmp_path / "home", memory_mib=250) as lab, lab.hub() as desk:
            await desk.prepare()
            made = [await desk.made(f"e{number}") for number in range(2)]
            for number, one in enumerate(made):
                await desk.in_state(one, "running")
                await _put_to_sleep(lab, await desk.document(one), number)
            asked = await desk.made("next")
            await desk.in_state(asked, "running")
            stopped = await desk.in_state(made[1], "stopped")
            assert "others needed the memory" in stopped["reason"]
            assert (await desk.document(made[0]))["is_asleep"], "who sleeps more briefly goes on sleeping"

    async def test_nobody_is_shed_to_no_avail(self, mongodb_uri: str, tmp_path: Path) -> None:
        async with queue_lab(mongodb_uri, tmp_path / "home", memory_mib=250) as lab, lab.hub() as desk:
            await desk.prepare()
            sleeping, awake = await desk.made("e0"), await desk.made("e1")
            for one in (sleeping, awake):
                await desk.in_state(one, "running")
            await _put_to_sleep(lab, await desk.document(sleeping), 0)
            big = await desk.made("big", size=BIG)
            await eventually(lambda: _says(desk, big, "waiting for room: 200 MiB"))
            assert (await desk.document(sleeping))["is_asleep"]


async def _says(desk: QueueDesk, environment: dict[str, Any], reason: str) -> bool:
    return reason in ((await desk.show(environment))["reason"] or "")


async def _put_to_sleep(lab: QueueLab, document: dict[str, Any], number: int) -> None:
    """Let one sleep, the second since earlier."""
    since = document["created_at"].replace(year=2020 - number)
    await lab.launcher.freeze(document["workload_id"])
    await lab.database["environments"].update_one(
        {"_id": document["_id"]}, {"$set": {"is_asleep": True, "asleep_since": since}}
    )
