"""The worker: takes jobs, does them, and takes over those of workers that died."""

import asyncio
import contextlib
from collections.abc import Mapping
from datetime import timedelta

import structlog
from pymongo.errors import PyMongoError

from hothouse.database.changes import Change, Changes
from hothouse.database.connection import Document
from hothouse.jobs.interfaces import Handler, JobFailed
from hothouse.jobs.logs import JobLog
from hothouse.jobs.repository import JobsRepository
from hothouse.kit.clock import Clock

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=8)
RENEW_SECONDS = 2.0
IDLE_SECONDS = 2.0
MAX_ATTEMPTS = 5


class Worker:
    """Runs up to `concurrent` jobs at once until stopped."""

    def __init__(
        self,
        repository: JobsRepository,
        changes: Changes,
        clock: Clock,
        handlers: Mapping[str, Handler],
        *,
        name: str,
        concurrent: int,
    ) -> None:
        self._repository = repository
        self._changes = changes
        self._clock = clock
        self._handlers = handlers
        self._name = name
        self._concurrent = concurrent
        self._running: set[asyncio.Task[None]] = set()

    async def run(self, stopping: asyncio.Event) -> None:
        """Take jobs until `stopping` is set; then give up those under way, for the next worker to resume."""
        async with self._changes.listen() as changes:
            try:
                while not stopping.is_set():
                    try:
                        await self._take_jobs()
                    except PyMongoError as error:
                        log.warning("jobs-unreachable", error=str(error))
                    await self._wait(stopping, changes)
            finally:
                for task in self._running:
                    task.cancel()
                await asyncio.gather(*self._running, return_exceptions=True)

    async def _wait(self, stopping: asyncio.Event, changes: asyncio.Queue[Change]) -> None:
        """Return when there may be something to take, or to stop for."""
        waits = {asyncio.create_task(stopping.wait()), asyncio.create_task(changes.get())}
        await asyncio.wait({*waits, *self._running}, timeout=IDLE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        await asyncio.gather(*waits, return_exceptions=True)

    async def _take_jobs(self) -> None:
        now = self._clock.now()
        for job in [*await self._repository.waiting(), *await self._repository.abandoned(now)]:
            if len(self._running) >= self._concurrent:
                return
            if await self._repository.claim(job, self._name, now + LEASE):
                task = asyncio.create_task(self._work(job), name=f"job-{job['_id']}")
                self._running.add(task)
                task.add_done_callback(self._running.discard)

    async def _work(self, job: Document) -> None:
        """Do one job, keeping its lease; stops when the lease was lost."""
        job_log = JobLog(self._repository, self._clock, job["_id"])
        await self._repository.clear_log(job["_id"])
        flushing = asyncio.create_task(job_log.keep_flushing())
        doing = asyncio.ensure_future(self._outcome(job, job_log))
        try:
            while not doing.done():
                await asyncio.wait({doing}, timeout=RENEW_SECONDS)
                if not doing.done() and not await self._keep_lease(job):
                    return
            outcome = doing.result()
            await job_log.flush()
            await self._repository.finish(job["_id"], self._name, outcome)
        finally:
            flushing.cancel()
            doing.cancel()
            await asyncio.gather(flushing, doing, return_exceptions=True)

    async def _keep_lease(self, job: Document) -> bool:
        with contextlib.suppress(PyMongoError):  # a database that restarts must not cost the work done so far
            return await self._repository.renew(job["_id"], self._name, self._clock.now() + LEASE)
        return True

    async def _outcome(self, job: Document, job_log: JobLog) -> Document:
        try:
            result = await self._handlers[job["kind"]](job, job_log.write)
        except JobFailed as failure:
            return self._ended("failed", error={"reason": failure.reason, **failure.details})
        except Exception as error:  # a handler's bug must fail its job, not the worker
            log.exception("job-crashed", job=job["_id"], kind=job["kind"])
            if job["attempt"] + 1 < MAX_ATTEMPTS:
                return {"state": "queued"}
            reason = f"The platform could not do this: {error}. The worker's log has the details."
            return self._ended("failed", error={"reason": reason})
        return self._ended("done", result=result)

    def _ended(self, state: str, **fields: object) -> Document:
        return {"state": state, "finished_at": self._clock.now(), **fields}
