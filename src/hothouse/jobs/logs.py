"""Writing a job's log in small batches, so that it can be followed while it grows."""

import asyncio
import contextlib

from pymongo.errors import PyMongoError

from hothouse.jobs.repository import JobsRepository
from hothouse.kit.clock import Clock

FLUSH_SECONDS = 0.1
CHUNK_LINES = 500
MAX_LINES = 20_000


class JobLog:
    """Collects lines and stores them a few times a second; lines past the cap are dropped with one remark."""

    def __init__(self, repository: JobsRepository, clock: Clock, job_id: str, attempt: int) -> None:
        self._repository = repository
        self._clock = clock
        self._job_id = job_id
        self._attempt = attempt
        self._pending: list[dict[str, object]] = []
        self._chunk: list[dict[str, object]] = []  # on its way; never grows, so storing it again changes nothing
        self._count = 0
        self._flushing = asyncio.Lock()

    def write(self, stream: str, text: str) -> None:
        """Add a line; `stream` is `stdout`, `stderr` or `platform`."""
        if self._count >= MAX_LINES:
            return
        if self._count == MAX_LINES - 1:
            stream, text = "platform", f"The log is cut here, after {MAX_LINES} lines."
        self._count += 1
        self._pending.append({"offset": self._count, "at": self._clock.now(), "stream": stream, "text": text[:2_000]})

    async def flush(self) -> None:
        """Store what was written so far, each line once, also when an earlier try failed half-way."""
        async with self._flushing:
            while self._chunk or self._pending:
                if not self._chunk:
                    self._chunk, self._pending = self._pending[:CHUNK_LINES], self._pending[CHUNK_LINES:]
                await self._repository.append_log(self._job_id, self._attempt, self._chunk)
                self._chunk = []

    async def keep_flushing(self) -> None:
        """Flush until cancelled."""
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            with contextlib.suppress(PyMongoError):  # the lines stay pending until the database is back
                await self.flush()
