import asyncio
import itertools
import os
import signal
import time

import pytest
from tests.support.waiting import eventually

from hothouse.supervisor import runner
from hothouse.supervisor.errors import StartFailed


def saying(answers, asked=None):
    async def alive(_log):
        if asked is not None:
            asked.append(time.monotonic())
        return next(answers)

    return alive


class TestStart:
    async def test_all_are_ready_and_needs_come_first(self, stage):
        stage.part("hub", needs=("mongodb",))
        stage.part("mongodb")
        await stage.assemble().start(10)

        assert stage.entries() == ["start mongodb", "start hub"]
        assert stage.witness.told == [("up", "mongodb"), ("up", "hub")]

    async def test_each_runs_in_a_session_of_its_own(self, stage):
        stage.part("hub")
        supervisor = stage.assemble()
        await supervisor.start(10)

        pid = supervisor.pids["hub"]
        assert os.getsid(pid) == pid
        assert os.getsid(pid) != os.getsid(0)

    async def test_one_that_cannot_come_up(self, stage):
        stage.part("mongodb")
        stage.part("hub", "broken")

        with pytest.raises(StartFailed, match=r"The hub does not come up \(exited with code 3\).*hub.log") as caught:
            await stage.assemble().start(10)
        assert caught.value.tail == ("cannot find the thing",)
        assert stage.entries().count("start hub") == 3

    async def test_one_that_gives_up_is_not_tried_again(self, stage):
        stage.part("mongodb", "give-up")

        with pytest.raises(StartFailed, match=r"^The thing is not installed. Install it.$"):
            await stage.assemble().start(10)
        assert stage.entries() == ["start mongodb"]

    async def test_one_that_is_never_ready(self, stage):
        stage.part("hub", "sulk")

        with pytest.raises(StartFailed, match="The hub is not ready after 1 s"):
            await stage.assemble().start(1)


class TestCrash:
    async def test_is_healed_and_told(self, stage):
        stage.part("hub")
        supervisor = stage.assemble()
        await supervisor.start(10)
        first = supervisor.pids["hub"]
        os.kill(first, signal.SIGKILL)
        await stage.witness.heard("back", "hub")

        assert ("crashed", "hub", "killed by signal 9 (SIGKILL)") in stage.witness.told
        assert supervisor.pids["hub"] != first

    async def test_does_not_wait_for_a_grandchild_that_holds_the_output(self, stage):
        stage.part("hub", "brood")
        supervisor = stage.assemble()
        await supervisor.start(10)
        began = time.monotonic()
        os.kill(supervisor.pids["hub"], signal.SIGKILL)
        await stage.witness.heard("back", "hub")

        assert time.monotonic() - began < 5

    async def test_errors_in_the_log_are_told(self, stage):
        stage.part("hub", "nag")
        await stage.assemble().start(10)
        await stage.witness.heard("problem", "hub", "cannot reach the moon: too far")

        assert "cannot reach the moon" in (stage.folder / "hub.log").read_text()


class TestStuck:
    @pytest.fixture(autouse=True)
    def soon(self, monkeypatch):
        monkeypatch.setattr(runner, "ALIVE_SECONDS", 0.02)

    async def test_is_started_anew(self, stage):
        answers = itertools.chain([True] * 3, itertools.repeat(False, runner.SILENCES), itertools.repeat(True))
        stage.part("hub", "deaf", alive=saying(answers))
        supervisor = stage.assemble()
        await supervisor.start(10)
        first = supervisor.pids["hub"]
        await stage.witness.heard("back", "hub")

        assert ("crashed", "hub", "did not answer any more") in stage.witness.told
        assert supervisor.pids["hub"] != first

    async def test_silence_between_answers_is_borne(self, stage):
        asked = []
        answers = itertools.cycle([*itertools.repeat(False, runner.SILENCES - 1), True])
        stage.part("hub", alive=saying(answers, asked))
        await stage.assemble().start(10)
        await eventually(lambda: len(asked) >= 3 * runner.SILENCES)

        assert stage.witness.told == [("up", "hub")]


class TestStop:
    async def test_goes_stage_by_stage_with_steps_between(self, stage):
        stage.part("mongodb", stage=2)
        stage.part("hub", stage=1)
        stage.part("gateway", stage=0)
        supervisor = stage.assemble()
        await supervisor.start(10)

        async def apps(_until: float) -> None:
            with stage.diary.open("a") as diary:
                diary.write("end apps\n")

        await supervisor.stop(time.monotonic() + 5, {2: apps})
        assert stage.entries()[3:] == ["end gateway", "end hub", "end apps", "end mongodb"]
        assert set(supervisor.pids.values()) == {None}

    async def test_one_that_does_not_listen_is_killed_in_time(self, stage):
        stage.part("mongodb", "deaf", stage=1, grace=1)
        stage.part("hub", "deaf", stage=0, grace=1)
        supervisor = stage.assemble()
        await supervisor.start(10)
        began = time.monotonic()
        await supervisor.stop(began + 3, {})

        assert time.monotonic() - began < 3.5
        assert set(supervisor.pids.values()) == {None}

    async def test_stopped_parts_stay_stopped(self, stage):
        stage.part("hub")
        supervisor = stage.assemble()
        await supervisor.start(10)
        await supervisor.stop(time.monotonic() + 5, {})

        assert stage.entries() == ["start hub", "end hub"]
        assert not any(words[0] == "crashed" for words in stage.witness.told)

    async def test_works_while_starting(self, stage):
        stage.part("mongodb", "sulk")
        stage.part("hub", needs=("mongodb",))
        supervisor = stage.assemble()
        starting = asyncio.create_task(supervisor.start(10))
        async with asyncio.timeout(5):
            while "start mongodb" not in stage.entries():
                await asyncio.sleep(0.02)
        starting.cancel()
        await supervisor.stop(time.monotonic() + 5, {})

        assert stage.entries() == ["start mongodb", "end mongodb"]
