"""Launchers that run nothing and misbehave in one named way each, for tests of whoever drives a launcher."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from hothouse.launch.errors import LaunchError, StillRunningError
from hothouse.launch.interfaces import Isolation, LogLine, Phase, Status, Usage, WorkloadSpec

PRETENDED = Isolation(level="weak", mechanism="process", reasons=("nothing is really started",))


class NeverReadyLauncher:
    """Starts what is asked for at once, keeps it running for ever, and nothing ever listens on its port.

    The well-behaved ground of the others: `specs` and `statuses` tell what was started, `finish` ends a workload.
    """

    name = "never-ready"

    def __init__(self) -> None:
        self.specs: dict[str, WorkloadSpec] = {}
        self.statuses: dict[str, Status] = {}
        self.lines: dict[str, list[str]] = {}
        self.starts: list[str] = []
        self.stops: list[str] = []
        self._changed = asyncio.Condition()

    async def start(self, spec: WorkloadSpec) -> Status:
        self.starts.append(spec.workload_id)
        if spec.workload_id not in self.statuses:
            self.specs[spec.workload_id] = spec
            self.statuses[spec.workload_id] = _running(spec)
        return self.statuses[spec.workload_id]

    async def poll(self, workload_id: str) -> Status | None:
        return self.statuses.get(workload_id)

    async def stop(self, workload_id: str, *, grace_seconds: float | None = None) -> Status | None:
        self.stops.append(workload_id)
        status = self.statuses.get(workload_id)
        if status is not None and status.phase is Phase.running:
            await self.finish(workload_id, signal=15)
        return self.statuses.get(workload_id)

    async def stop_all(self, *, grace_seconds: float | None = None) -> list[Status]:
        running = [status.workload_id for status in self.statuses.values() if status.phase is Phase.running]
        ended = [await self.stop(workload_id, grace_seconds=grace_seconds) for workload_id in running]
        return [status for status in ended if status is not None]

    async def logs(
        self, workload_id: str, *, after: int = 0, tail: int | None = None, follow: bool = False
    ) -> AsyncIterator[LogLine]:
        """Yield the pretended lines; each counts as one byte, so offsets are line numbers."""
        lines = self.lines.get(workload_id, [])
        seen = after if tail is None else max(after, len(lines) - tail)
        while True:
            for number, text in enumerate(self.lines.get(workload_id, [])[seen:], seen + 1):
                yield LogLine(offset=number, at=datetime.now(UTC), stream="stdout", text=text)
                seen = number
            if not follow or not self._is_running(workload_id):
                return
            async with self._changed:
                await self._changed.wait()

    async def usage(self, workload_id: str) -> Usage | None:
        return Usage(cpu_seconds=0.1, memory_bytes=2**20, processes=1) if self._is_running(workload_id) else None

    async def freeze(self, workload_id: str) -> Status | None:
        return self._set_frozen(workload_id, frozen=True)

    async def thaw(self, workload_id: str) -> Status | None:
        return self._set_frozen(workload_id, frozen=False)

    def _set_frozen(self, workload_id: str, *, frozen: bool) -> Status | None:
        if self._is_running(workload_id):
            self.statuses[workload_id] = replace(self.statuses[workload_id], is_frozen=frozen)
        return self.statuses.get(workload_id)

    async def adopt(self) -> list[Status]:
        return list(self.statuses.values())

    async def discard(self, workload_id: str) -> None:
        if self._is_running(workload_id):
            raise StillRunningError(f"{workload_id} is still running: stop it before discarding it")
        self.statuses.pop(workload_id, None)

    async def finish(
        self, workload_id: str, *, exit_code: int | None = None, signal: int | None = None, out_of_memory: bool = False
    ) -> None:
        """End a workload as told, as if by itself."""
        self.statuses[workload_id] = replace(
            self.statuses[workload_id],
            phase=Phase.exited,
            exit_code=exit_code,
            signal=signal,
            out_of_memory=out_of_memory,
            finished_at=datetime.now(UTC),
            is_frozen=False,
        )
        await self._announce()

    async def lose(self, workload_id: str) -> None:
        """End a workload so that nobody knows how, as when its keeper is killed."""
        lost = replace(self.statuses[workload_id], phase=Phase.lost, finished_at=datetime.now(UTC), is_frozen=False)
        self.statuses[workload_id] = lost
        await self._announce()

    async def say(self, workload_id: str, *texts: str) -> None:
        """Have a workload write lines."""
        self.lines.setdefault(workload_id, []).extend(texts)
        await self._announce()

    async def _announce(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    def _is_running(self, workload_id: str) -> bool:
        status = self.statuses.get(workload_id)
        return status is not None and status.phase is Phase.running


class AnsweringLauncher(NeverReadyLauncher):
    """Starts no process, but answers on the port of each workload for as long as it pretends to run it."""

    name = "answering"

    def __init__(self) -> None:
        super().__init__()
        self.servers: dict[str, asyncio.Server] = {}

    async def start(self, spec: WorkloadSpec) -> Status:
        status = await super().start(spec)
        if spec.workload_id not in self.servers and status.phase is Phase.running:
            server = await asyncio.start_server(_answer, spec.env["HOST"], int(spec.env["PORT"]))
            self.servers[spec.workload_id] = server
        return status

    async def finish(
        self, workload_id: str, *, exit_code: int | None = None, signal: int | None = None, out_of_memory: bool = False
    ) -> None:
        if server := self.servers.pop(workload_id, None):
            server.close()
        await super().finish(workload_id, exit_code=exit_code, signal=signal, out_of_memory=out_of_memory)

    @property
    def running(self) -> list[str]:
        """The workloads that run, oldest first."""
        return [status.workload_id for status in self.statuses.values() if status.phase is Phase.running]


class SparingLauncher(AnsweringLauncher):
    """Has spares, which wait at once and answer when they were told to go; `told` is what they were told.

    With `refuses` they take nothing, and with `dies` they end on being told to go.
    """

    name = "sparing"
    has_spares = True

    def __init__(self) -> None:
        super().__init__()
        self.told: dict[str, dict[str, str]] = {}
        self.refuses = self.dies = False

    @property
    def spares(self) -> list[str]:
        """Those that run and wait."""
        return [each for each in self.running if self.statuses[each].is_waiting]

    async def start(self, spec: WorkloadSpec) -> Status:
        if not spec.waits:
            return await super().start(spec)
        status = await NeverReadyLauncher.start(self, spec)
        self.statuses[spec.workload_id] = replace(status, is_waiting=True)
        return self.statuses[spec.workload_id]

    async def go(self, workload_id: str, env: Mapping[str, str]) -> Status | None:
        if self.refuses:
            raise LaunchError("it does not take what it is told")
        if workload_id in self.told or not self._is_running(workload_id):
            return self.statuses.get(workload_id)
        self.told[workload_id] = dict(env)
        self.statuses[workload_id] = replace(self.statuses[workload_id], is_waiting=False, is_frozen=False)
        if self.dies:
            await self.finish(workload_id, exit_code=1)
        else:
            self.servers[workload_id] = await asyncio.start_server(_answer, env["HOST"], int(env["PORT"]))
        return self.statuses[workload_id]


class SlowLauncher(NeverReadyLauncher):
    """Keeps every start waiting until `release()`; `is_starting` is set once somebody waits."""

    name = "slow"

    def __init__(self) -> None:
        super().__init__()
        self.is_starting = asyncio.Event()
        self._gate = asyncio.Event()

    def release(self) -> None:
        self._gate.set()

    async def start(self, spec: WorkloadSpec) -> Status:
        self.is_starting.set()
        await self._gate.wait()
        return await super().start(spec)


class CrashingLauncher(NeverReadyLauncher):
    """Has the first `crashes` workloads end right after their start, leaving `last_words` in the log."""

    name = "crashing"

    def __init__(
        self,
        *,
        crashes: int = 1_000_000,
        exit_code: int | None = 1,
        signal: int | None = None,
        out_of_memory: bool = False,
        last_words: tuple[str, ...] = ("Traceback (most recent call last):", "RuntimeError: broken on purpose"),
    ) -> None:
        super().__init__()
        self._crashes = crashes
        self._exit_code = exit_code
        self._signal = signal
        self._out_of_memory = out_of_memory
        self._last_words = last_words

    async def start(self, spec: WorkloadSpec) -> Status:
        is_new = spec.workload_id not in self.statuses
        status = await super().start(spec)
        if is_new and self._crashes > 0:
            self._crashes -= 1
            await self.say(spec.workload_id, *self._last_words)
            await self.finish(
                spec.workload_id,
                exit_code=self._exit_code,
                signal=self._signal,
                out_of_memory=self._out_of_memory,
            )
        return status


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError, asyncio.IncompleteReadError):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
        await writer.drain()
    writer.close()


def _running(spec: WorkloadSpec) -> Status:
    return Status(
        workload_id=spec.workload_id,
        phase=Phase.running,
        pid=None,
        exit_code=None,
        signal=None,
        out_of_memory=False,
        started_at=datetime.now(UTC),
        finished_at=None,
        isolation=PRETENDED,
        memory_limit_bytes=spec.limits.memory_bytes,
    )
