"""Asking for background work and following it."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import Any

from hothouse.database.connection import Document
from hothouse.jobs.repository import JobsRepository
from hothouse.kit.clock import Clock

FOLLOW_SECONDS = 0.2
ENDED = ("done", "failed")


class Jobs:
    """Enqueues jobs and reads their state and log. The record in MongoDB is the queue."""

    def __init__(self, repository: JobsRepository, clock: Clock) -> None:
        self._repository = repository
        self._clock = clock

    async def enqueue(self, job_id: str, kind: str, args: dict[str, Any]) -> None:
        """Ask for a job; asking again for the same id does nothing."""
        await self._repository.add(
            {
                "_id": job_id,
                "kind": kind,
                "args": args,
                "state": "queued",
                "attempt": 0,
                "first_attempt": 0,
                "is_called_off": False,
                "worker": None,
                "lease_until": None,
                "not_before": None,
                "created_at": self._clock.now(),
                "finished_at": None,
                "result": None,
                "error": None,
            }
        )

    async def retry(self, job_id: str) -> None:
        """Queue an ended job again, with a fresh log."""
        await self._repository.requeue(job_id, self._clock.now())

    async def get(self, job_id: str) -> Document | None:
        return await self._repository.get(job_id)

    async def unfinished(self, kinds: Iterable[str]) -> list[Document]:
        """Return the jobs of some kinds that are queued or running, oldest first."""
        return await self._repository.unfinished(list(kinds))

    async def call_off(self, job_id: str) -> bool:
        """Have a job given up, by the worker that does it; returns whether it is over and nothing of it runs."""
        job = await self._repository.get(job_id)
        if job is None or job["state"] in ENDED:
            return True
        error = {"reason": "It was called off."}
        if await self._repository.fail_unbegun(job_id, {"finished_at": self._clock.now(), "error": error}):
            return True
        if not job["is_called_off"]:
            await self._repository.call_off(job_id)
        return False

    async def log_lines(self, job_id: str, after: int = 0) -> list[Document]:
        """Return log lines with numbers above `after`; a line is `{offset, at, stream, text}`."""
        chunks = await self._repository.log_from(job_id, max(0, after - 500))
        return [line for chunk in chunks for line in chunk["lines"] if line["offset"] > after]

    async def follow_log(self, job_id: str, after: int = 0) -> AsyncIterator[Document]:
        """Yield log lines as they are written, until the job has ended and all were given."""
        while True:
            job = await self._repository.get(job_id)
            for line in await self.log_lines(job_id, after):
                after = line["offset"]
                yield line
            if job is None or job["state"] in ENDED:
                return
            await asyncio.sleep(FOLLOW_SECONDS)

    async def remove(self, job_id: str) -> None:
        await self._repository.remove(job_id)
