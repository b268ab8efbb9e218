"""One launcher out of several: whoever starts workloads need not know what runs which."""

import asyncio
from collections.abc import AsyncIterator, Mapping

from hothouse.launch.errors import IsolationMissingError
from hothouse.launch.interfaces import Launcher, LogLine, Status, Usage, WorkloadSpec, has_spares


class Launchers:
    """Starts what names an image with one launcher and all else with another; later the one that has it answers.

    It is a `Launcher` itself.
    """

    name = "all"

    def __init__(self, plain: Launcher, images: Launcher | None = None) -> None:
        """Make it of a launcher for plain workloads and, where there is one, another for those with an image."""
        self._plain = plain
        self.has_spares = has_spares(plain)
        self._images = images
        self._all = [plain] if images is None else [plain, images]

    async def start(self, spec: WorkloadSpec) -> Status:
        """Start a workload once; see `Launcher.start`."""
        if spec.image is None:
            return await self._plain.start(spec)
        if self._images is None:
            raise IsolationMissingError(f"no launcher here runs images, and {spec.workload_id} needs {spec.image}")
        return await self._images.start(spec)

    async def poll(self, workload_id: str) -> Status | None:
        """Tell how a workload stands; see `Launcher.poll`."""
        for launcher in self._all:
            if (status := await launcher.poll(workload_id)) is not None:
                return status
        return None

    async def _of(self, workload_id: str) -> Launcher:
        """Find who has a workload; for one that nobody has, anybody answers as well."""
        for launcher in self._all:
            if await launcher.poll(workload_id) is not None:
                return launcher
        return self._plain

    async def stop(self, workload_id: str, *, grace_seconds: float | None = None) -> Status | None:
        """End a workload; see `Launcher.stop`. All are asked, for one that is just being started has no status yet."""
        ended = [await launcher.stop(workload_id, grace_seconds=grace_seconds) for launcher in self._all]
        return next((status for status in ended if status is not None), None)

    async def logs(
        self, workload_id: str, *, after: int = 0, tail: int | None = None, follow: bool = False
    ) -> AsyncIterator[LogLine]:
        """Yield log lines; see `Launcher.logs`."""
        launcher = await self._of(workload_id)
        async for line in launcher.logs(workload_id, after=after, tail=tail, follow=follow):
            yield line

    async def usage(self, workload_id: str) -> Usage | None:
        """Measure a running workload; see `Launcher.usage`."""
        return await (await self._of(workload_id)).usage(workload_id)

    async def freeze(self, workload_id: str) -> Status | None:
        """Make a workload stand still; see `Launcher.freeze`."""
        return await (await self._of(workload_id)).freeze(workload_id)

    async def thaw(self, workload_id: str) -> Status | None:
        """Let a frozen workload go on; see `Launcher.thaw`."""
        return await (await self._of(workload_id)).thaw(workload_id)

    async def go(self, workload_id: str, env: Mapping[str, str]) -> Status | None:
        """Tell a workload that waits to go on; see `Launcher.go`."""
        return await (await self._of(workload_id)).go(workload_id, env)

    async def adopt(self) -> list[Status]:
        """List what all of them know; see `Launcher.adopt`."""
        found = await asyncio.gather(*(launcher.adopt() for launcher in self._all))
        return [status for statuses in found for status in statuses]

    async def discard(self, workload_id: str) -> None:
        """Forget an ended workload; see `Launcher.discard`."""
        for launcher in self._all:
            await launcher.discard(workload_id)
