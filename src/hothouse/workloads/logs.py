"""Reading the log of an app or environment across its workloads."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime

from hothouse.database.connection import Document
from hothouse.launch.interfaces import Launcher, LogLine
from hothouse.workloads.interfaces import is_spare
from hothouse.workloads.repository import WorkloadsRepository

LOOK_AGAIN_SECONDS = 0.5


class WorkloadLogs:
    """The log is that of the newest running workload, and, while followed, of those started after it.

    An app's release that failed to start is newer than what still serves; its last lines are with the deployment.
    """

    def __init__(
        self, exists: Callable[[str], Awaitable[object]], workloads: WorkloadsRepository, launcher: Launcher
    ) -> None:
        """Make it; `exists` says something true of a key of an owner that is still there."""
        self._exists = exists
        self._workloads = workloads
        self._launcher = launcher

    async def _newest(self, owner: str, after: datetime | None = None) -> Document | None:
        """Return the newest live workload, else the newest; or the oldest of those made after a moment."""
        every = [one for one in await self._workloads.of(owner) if not is_spare(one)]
        found = sorted(every, key=lambda one: one["created_at"])
        if after is None:
            live = [one for one in found if one["is_live"]]
            return live[-1] if live else found[-1] if found else None
        return next((one for one in found if one["created_at"] > after), None)

    async def tail(self, owner: str, lines: int) -> AsyncIterator[Document]:
        """Yield the last lines of the workload; a line is `{workload, offset, at, stream, text}`."""
        workload = await self._newest(owner)
        if workload is not None:
            async for line in self._launcher.logs(workload["_id"], tail=lines):
                yield _shown(workload["_id"], line)

    async def follow(self, owner: str, tail: int, last_event_id: str | None) -> AsyncIterator[Document]:
        """Yield lines as they are written, going on with the next workload when one ends; ends with what it is of."""
        workload_id, _, offset = (last_event_id or "").partition(":")
        workload = await self._workloads.get(workload_id) if workload_id else None
        is_offset = len(offset) < 19 and offset.isascii() and offset.isdigit()
        resumed = workload is not None and workload["owner"] == owner and is_offset
        if not resumed:
            workload = await self._newest(owner)
        after, shown_tail = (int(offset), None) if resumed else (0, tail)
        while True:
            if workload is not None:
                async for line in self._launcher.logs(workload["_id"], after=after, tail=shown_tail, follow=True):
                    yield _shown(workload["_id"], line)
            last = workload
            after, shown_tail, workload = 0, None, None
            while workload is None:
                workload = await self._newest(owner, last["created_at"] if last else None)
                if workload is None:
                    if not await self._exists(owner):
                        return
                    await asyncio.sleep(LOOK_AGAIN_SECONDS)


def _shown(workload_id: str, line: LogLine) -> Document:
    return {"workload": workload_id, "offset": line.offset, "at": line.at, "stream": line.stream, "text": line.text}
