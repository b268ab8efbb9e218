"""Running one step of a build as a workload, from wherever an earlier worker left it."""

import asyncio
import time
from collections import deque
from collections.abc import Callable

from hothouse.apps.builds.errors import BuildFailed
from hothouse.apps.builds.explain import masked, reason_of
from hothouse.apps.builds.interfaces import OnLine
from hothouse.launch.errors import StillRunningError
from hothouse.launch.interfaces import Launcher, Phase, Status, WorkloadSpec

TAIL_LINES = 30
_KEPT_LINES = 5000
_KEEPER_SECONDS = 10.0
_NOISE = "Using Python "


class StepFailed(Exception):
    """A step ended with an error. `lines` is its output."""

    def __init__(self, status: Status, lines: list[str]) -> None:
        super().__init__(status.reason)
        self.status = status
        self.lines = lines

    def as_build_failure(self, step: str) -> BuildFailed:
        """Explain it to the author of the source."""
        fallback = f"The step that should {step} the packages failed: {self.status.reason}."
        if self.status.out_of_memory or self.status.signal is not None:
            return BuildFailed(step, fallback, tuple(self.lines[-TAIL_LINES:]))
        return BuildFailed(step, reason_of(self.lines, fallback), tuple(self.lines[-TAIL_LINES:]))


class Steps:
    """Starts steps on a launcher, or attaches to those already started, and sees them through."""

    def __init__(self, launcher: Launcher, timeout_seconds: int) -> None:
        self._launcher = launcher
        self._timeout_seconds = timeout_seconds

    async def run(self, workload_id: str, describe: Callable[[], WorkloadSpec], on_line: OnLine) -> None:
        """Run a step to its end; `describe` is called only if it was not started before.

        A step that was lost with its keeper, or ended by a signal while no worker was there (the platform was
        stopped), is started again. Cancelling this leaves the step running, for the next worker to attach to.
        Raises: StepFailed, BuildFailed when it takes too long.
        """
        status = await self._launcher.poll(workload_id)
        if status is not None and _was_interrupted(status):
            await self._discard(workload_id)
            status = None
        if status is None:
            await self._launcher.start(await asyncio.to_thread(describe))
        lines: deque[str] = deque(maxlen=_KEPT_LINES)
        try:
            async with asyncio.timeout(self._timeout_seconds):
                await self._follow(workload_id, lines, on_line)
        except TimeoutError:
            await self._launcher.stop(workload_id, grace_seconds=1)
            await self._discard(workload_id)
            minutes = f"{self._timeout_seconds / 60:g} minutes"
            reason = f"The build took longer than {minutes} and was stopped."
            raise BuildFailed(
                "resolve" if "-resolve" in workload_id else "install", reason, tuple(lines)[-TAIL_LINES:]
            ) from None
        await self._judge(workload_id, lines)

    async def _follow(self, workload_id: str, lines: deque[str], on_line: OnLine) -> None:
        async for line in self._launcher.logs(workload_id, follow=True):
            text = masked(line.text)
            if text.startswith(_NOISE):
                continue
            lines.append(text)
            on_line(text)

    async def _judge(self, workload_id: str, lines: deque[str]) -> None:
        status = await self._launcher.poll(workload_id)
        if status is None or status.phase is Phase.running:
            raise RuntimeError(f"the log of {workload_id} ended, but the step did not")
        if status.exit_code != 0:
            await self._discard(workload_id)
            raise StepFailed(status, list(lines))

    async def forget(self, workload_id: str) -> None:
        """End a step if it runs, and remove its traces."""
        await self._launcher.stop(workload_id, grace_seconds=1)
        await self._discard(workload_id)

    async def _discard(self, workload_id: str) -> None:
        """Remove an ended step's files, once its keeper, which reports the end before its own, is gone too."""
        deadline = time.monotonic() + _KEEPER_SECONDS
        while True:
            try:
                return await self._launcher.discard(workload_id)
            except StillRunningError:
                if time.monotonic() > deadline:
                    raise
            await asyncio.sleep(0.01)


def _was_interrupted(status: Status) -> bool:
    """Tell whether a step found from before ended for reasons that are not its own."""
    by_signal = status.signal is not None and not status.out_of_memory
    return status.phase is Phase.lost or (status.phase is Phase.exited and by_signal)
