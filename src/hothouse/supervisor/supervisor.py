"""Runs all parts of the platform: brings them up in order, keeps them up, takes them down in order."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from itertools import groupby
from operator import attrgetter

from hothouse.supervisor.errors import StartFailed
from hothouse.supervisor.parts import Part
from hothouse.supervisor.runner import Runner

Step = Callable[[float], Awaitable[None]]
"""Something to do between two stop stages; is given the time (of `time.monotonic`) by which it must be done.

It must not raise: what comes after it has to be stopped in any case.
"""


class Supervisor:
    """The runners of all parts and the tasks that drive them."""

    def __init__(self, runners: Sequence[Runner]) -> None:
        self._runners = {runner.part.name: runner for runner in runners}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    @property
    def pids(self) -> dict[str, int | None]:
        return {name: runner.pid for name, runner in self._runners.items()}

    async def start(self, timeout: float) -> None:
        """Start every part as soon as what it needs is ready; return when all are.

        Raises: StartFailed when a part gives up or `timeout` seconds have passed; the others are left running.
        """
        everything = asyncio.create_task(self._all_ready())
        for name, runner in self._runners.items():
            self._tasks[name] = asyncio.create_task(self._run(runner), name=name)
        try:
            async with asyncio.timeout(timeout):
                await asyncio.wait({everything, *self._tasks.values()}, return_when=asyncio.FIRST_COMPLETED)
        except TimeoutError:
            missing = next(runner for runner in self._runners.values() if not runner.ready.is_set())
            raise StartFailed(
                f"The {missing.part.name} is not ready after {timeout:.0f} s. Its log is {missing.log.file.path}.",
                tuple(missing.log.tail),
            ) from None
        finally:
            everything.cancel()
        self._raise_failure()

    async def watch(self) -> None:
        """Wait for as long as every part can be kept running. Raises: StartFailed as `Runner.run`."""
        await asyncio.wait(self._tasks.values(), return_when=asyncio.FIRST_EXCEPTION)
        self._raise_failure()

    async def stop(self, deadline: float, before: Mapping[int, Step]) -> None:
        """Take the parts down stage by stage, doing the step `before[stage]` ahead of a stage.

        All is over at `deadline` (of `time.monotonic`): each stage leaves the later ones a little time.
        """
        ordered = sorted((runner.part for runner in self._runners.values()), key=attrgetter("stage"))
        stages = {stage: list(parts) for stage, parts in groupby(ordered, key=attrgetter("stage"))}
        for stage, parts in stages.items():
            if stage in before:
                await before[stage](_share(deadline, _reserve(stages, stage, including=True), most=4.0))
            grace = max(part.grace_seconds for part in parts)
            until = _share(deadline, _reserve(stages, stage, including=False), most=grace)
            await asyncio.gather(*(self._stop_one(part.name, until) for part in parts))

    async def _stop_one(self, name: str, deadline: float) -> None:
        task = self._tasks.get(name)
        await self._runners[name].stop(deadline)
        if task is not None:
            task.cancel()
            await asyncio.wait({task})
        self._runners[name].log.file.close()

    def kill(self) -> None:
        """End every part at once."""
        for runner in self._runners.values():
            runner.kill()

    async def _run(self, runner: Runner) -> None:
        for name in runner.part.needs:
            await self._runners[name].ready.wait()
        await runner.run()

    async def _all_ready(self) -> None:
        for runner in self._runners.values():
            await runner.ready.wait()

    def _raise_failure(self) -> None:
        for task in self._tasks.values():
            if task.done() and not task.cancelled() and (error := task.exception()):
                raise error


def _reserve(stages: dict[int, list[Part]], stage: int, *, including: bool) -> float:
    """Return the seconds that the stages after this one must be left at least."""
    later = sum(1 for other in stages if other > stage)
    return 0.7 * (later + including)


def _share(deadline: float, reserve: float, *, most: float) -> float:
    now = time.monotonic()
    return min(now + most, max(now + 0.2, deadline - reserve))
