"""Reading an app's run log across its workloads."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime

from hothouse.apps.repository import AppsRepository, WorkloadsRepository
from hothouse.database.connection import Document
from hothouse.launch.interfaces import Launcher, LogLine

LOOK_AGAIN_SECONDS = 0.5


class WorkloadLogs:
    """The log of an app is that of its newest running workload, and, while followed, of those started after it.

    A release that failed to start is newer than what still serves; its last lines are with the deployment.
    """

    def __init__(self, apps: AppsRepository, workloads: WorkloadsRepository, launcher: Launcher) -> None:
        self._apps = apps
        self._workloads = workloads
        self._launcher = launcher

    async def _newest(self, app_id: str, after: datetime | None = None) -> Document | None:
        """Return the newest live workload, else the newest; or the oldest of those made after a moment."""
        found = sorted(await self._workloads.of_app(app_id), key=lambda one: one["created_at"])
        if after is None:
            live = [one for one in found if one["is_live"]]
            return live[-1] if live else found[-1] if found else None
        return next((one for one in found if one["created_at"] > after), None)

    async def tail(self, app_id: str, lines: int) -> AsyncIterator[Document]:
        """Yield the last lines of the workload; a line is `{workload, offset, at, stream, text}`."""
        workload = await self._newest(app_id)
        if workload is not None:
            async for line in self._launcher.logs(workload["_id"], tail=lines):
                yield _shown(workload["_id"], line)

    async def follow(self, app_id: str, tail: int, last_event_id: str | None) -> AsyncIterator[Document]:
        """Yield lines as they are written, going on with the next workload when one ends; ends with the app."""
        workload_id, _, offset = (last_event_id or "").partition(":")
        workload = await self._workloads.get(workload_id) if workload_id else None
        is_offset = len(offset) < 19 and offset.isascii() and offset.isdigit()
        resumed = workload is not None and workload["app_id"] == app_id and is_offset
        if not resumed:
            workload = await self._newest(app_id)
        after, shown_tail = (int(offset), None) if resumed else (0, tail)
        while True:
            if workload is not None:
                async for line in self._launcher.logs(workload["_id"], after=after, tail=shown_tail, follow=True):
                    yield _shown(workload["_id"], line)
            last = workload
            after, shown_tail, workload = 0, None, None
            while workload is None:
                workload = await self._newest(app_id, last["created_at"] if last else None)
                if workload is None:
                    if await self._apps.get(app_id) is None:
                        return
                    await asyncio.sleep(LOOK_AGAIN_SECONDS)


def _shown(workload_id: str, line: LogLine) -> Document:
    return {"workload": workload_id, "offset": line.offset, "at": line.at, "stream": line.stream, "text": line.text}
