"""The launchers that misbehave in other tests keep the rest of the contract."""

import asyncio
from pathlib import Path

import pytest
from launchers import CrashingLauncher, NeverReadyLauncher, SlowLauncher

from hothouse.launch.errors import StillRunningError
from hothouse.launch.interfaces import Launcher, Phase, WorkloadSpec

SPEC = WorkloadSpec(workload_id="w", argv=("x",), env={}, cwd=Path("/"))


async def test_never_ready() -> None:
    launcher = NeverReadyLauncher()
    seam: Launcher = launcher
    status = await seam.start(SPEC)
    assert await seam.start(SPEC) is status
    with pytest.raises(StillRunningError):
        await seam.discard("w")
    await launcher.say("w", "one", "two")
    follow = asyncio.create_task(collect(seam))
    stopped = await seam.stop("w")
    assert stopped is not None
    assert (stopped.phase, stopped.signal) == (Phase.exited, 15)
    assert await follow == ["one", "two"]
    await seam.discard("w")
    assert await seam.poll("w") is None


async def test_slow() -> None:
    launcher = SlowLauncher()
    start = asyncio.create_task(launcher.start(SPEC))
    await launcher.is_starting.wait()
    assert await launcher.poll("w") is None
    launcher.release()
    assert (await start).phase is Phase.running


async def test_crashing() -> None:
    launcher = CrashingLauncher(crashes=1, exit_code=3, last_words=("boom",))
    assert (await launcher.start(SPEC)).phase is Phase.running
    status = await launcher.poll("w")
    assert status is not None
    assert status.reason == "exited with code 3"
    assert await collect(launcher) == ["boom"]


async def collect(launcher: Launcher) -> list[str]:
    return [line.text async for line in launcher.logs("w", follow=True)]
