"""Keeps one part running: start, wait until ready, start again after a crash or when it is stuck."""

import asyncio
import time
from typing import Protocol

from hothouse.supervisor.backoff import Backoff
from hothouse.supervisor.child import Child, describe_exit
from hothouse.supervisor.errors import StartFailed
from hothouse.supervisor.logs import LogFile, PartLog
from hothouse.supervisor.parts import EXIT_GIVE_UP, Part
from hothouse.supervisor.probes import Probe
from hothouse.supervisor.roster import Roster

PROBE_SECONDS = 0.1
ALIVE_SECONDS = 5.0
SILENCES = 12
"""So many questions without an answer, in a minute or two, mean that a part is stuck; a busy one answers some."""
EXIT_NOT_STARTED = 126
EARLY_CRASHES = 3
"""So many ends before it was ever ready mean that a part will not come up."""


class Reporter(Protocol):
    """Is told what happens to the parts; called on the event loop, must not block for long."""

    def came_up(self, part: str, seconds: float) -> None:
        """Say that the part is ready for the first time."""

    def crashed(self, part: str, reason: str, delay: float) -> None:
        """Say that the part ended by itself and is started again after `delay` seconds."""

    def is_back(self, part: str, seconds: float) -> None:
        """Say that the part is ready again."""

    def problem(self, part: str, text: str) -> None:
        """Say that the part logged an error."""


class Runner:
    """One part and its present process."""

    def __init__(self, part: Part, log: LogFile, roster: Roster, reporter: Reporter) -> None:
        self.part = part
        self.ready = asyncio.Event()
        self.log = PartLog(log, lambda text: reporter.problem(part.name, text))
        self._roster = roster
        self._reporter = reporter
        self._backoff = Backoff()
        self._child: Child | None = None
        self._has_been_ready = False
        self._is_stopping = False
        self._is_stuck = False

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child and self._child.is_running else None

    async def run(self) -> None:
        """Keep the part running until it is stopped.

        Raises: StartFailed when it ends again and again, or says that it gives up, before it was ever ready.
        """
        while not self._is_stopping:
            try:
                child = await self._start()
            except OSError as error:  # no more processes or memory just now
                await self._after_crash(0, EXIT_NOT_STARTED, f"cannot be started: {error.strerror or error}")
                continue
            self._is_stuck = False
            probing = asyncio.create_task(self._watch(child))
            try:
                code = await child.wait()
            finally:
                probing.cancel()
            self.ready.clear()
            if not self._is_stopping:
                reason = "did not answer any more" if self._is_stuck else describe_exit(code)
                await self._after_crash(child.lifetime, code, reason)

    async def _start(self) -> Child:
        self.log.restart()
        self._child = await Child.spawn(self.part.argv, self.part.env(), self.log, self.part.orphan_signal)
        self._roster.enter(self.part.name, self._child.pid)
        return self._child

    async def _watch(self, child: Child) -> None:
        await self._watch_readiness(child)
        if self.part.alive is not None:
            await self._watch_life(child, self.part.alive)

    async def _watch_life(self, child: Child, alive: Probe) -> None:
        silences = 0
        while silences < SILENCES:
            await asyncio.sleep(ALIVE_SECONDS)
            silences = 0 if await alive(self.log) else silences + 1
        self._is_stuck = True
        child.kill()

    async def _watch_readiness(self, child: Child) -> None:
        while not await self.part.ready(self.log):  # noqa: ASYNC110 - another process cannot set an event
            await asyncio.sleep(PROBE_SECONDS)
        self.ready.set()
        if self._has_been_ready:
            self._reporter.is_back(self.part.name, child.lifetime)
        else:
            self._has_been_ready = True
            self._reporter.came_up(self.part.name, child.lifetime)

    async def _after_crash(self, lifetime: float, code: int, reason: str) -> None:
        delay = self._backoff.after(lifetime)
        if not self._has_been_ready and (code == EXIT_GIVE_UP or self._backoff.crashes >= EARLY_CRASHES):
            raise StartFailed(self._failure(code, reason), () if code == EXIT_GIVE_UP else tuple(self.log.tail))
        last = self.log.tail[-1] if self.log.tail and code > 0 else ""
        self._reporter.crashed(self.part.name, f"{reason}: {last}" if last else reason, delay)
        await asyncio.sleep(delay)

    def _failure(self, code: int, reason: str) -> str:
        if code == EXIT_GIVE_UP and self.log.tail:
            return self.log.tail[-1]
        return f"The {self.part.name} does not come up ({reason}). Its log is {self.log.file.path}."

    async def stop(self, deadline: float) -> None:
        """End the part: SIGTERM, and SIGKILL at `deadline` (of `time.monotonic`). Returns when it is gone."""
        self._is_stopping = True
        child = self._child
        if child is None or not child.is_running:
            return
        child.terminate()
        try:
            await asyncio.wait_for(child.wait(), max(0.05, deadline - time.monotonic()))
        except TimeoutError:
            child.kill()
            await child.wait()

    def kill(self) -> None:
        """End the part at once."""
        self._is_stopping = True
        if self._child is not None:
            self._child.kill()
