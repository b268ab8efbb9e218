"""The worker: takes jobs, does them, and takes over those of workers that died."""

import asyncio
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
from hothouse.kit.tasks import end_tasks

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=8)
RENEW_SECONDS = 1.0
IDLE_SECONDS = 2.0
MAX_ATTEMPTS = 5
RETRY_AFTER = timedelta(seconds=1)  # doubled with each attempt


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
        self._running: dict[str, asyncio.Task[None]] = {}

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
                await end_tasks(*self._running.values())

    async def _wait(self, stopping: asyncio.Event, changes: asyncio.Queue[Change]) -> None:
        """Return when there may be something to take, or to stop for."""
        waits = {asyncio.create_task(stopping.wait()), asyncio.create_task(changes.get())}
        await asyncio.wait({*waits, *self._running.values()}, timeout=IDLE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        await asyncio.gather(*waits, return_exceptions=True)

    async def _take_jobs(self) -> None:
        now = self._clock.now()
        due = [job for job in await self._repository.waiting() if not job["not_before"] or job["not_before"] <= now]
        for job in [*due, *await self._repository.abandoned(now)]:
            if len(self._running) >= self._concurrent:
                return
            if job["_id"] not in self._running and await self._repository.claim(job, self._name, now + LEASE):
                self._begin({**job, "attempt": job["attempt"] + 1})

    def _begin(self, job: Document) -> None:
        task = asyncio.create_task(self._work(job), name=f"job-{job['_id']}")
        self._running[job["_id"]] = task
        task.add_done_callback(lambda _: self._running.pop(job["_id"], None))

    async def _work(self, job: Document) -> None:
        """See a claimed job through; after a failure of the database its lease runs out and it is taken up again."""
        try:
            if job["is_called_off"]:
                await self._abandon(job)
            else:
                await self._do(job)
        except asyncio.CancelledError:
            await self._hand_back(job)
            raise
        except PyMongoError as error:
            log.warning("job-interrupted", job=job["_id"], error=str(error))

    async def _do(self, job: Document) -> None:
        """Do one job, keeping its lease; stops when the lease was lost or the job called off."""
        job_log = JobLog(self._repository, self._clock, job["_id"], job["attempt"])
        await self._repository.clear_log(job["_id"])
        flushing = asyncio.create_task(job_log.keep_flushing())
        doing = asyncio.create_task(self._outcome(job, job_log))
        try:
            is_wanted = await self._watch_over(job, doing)
        finally:
            flushing.cancel()
            doing.cancel()
            await asyncio.gather(flushing, doing, return_exceptions=True)
        if is_wanted:
            await self._finish(job, job_log, doing.result())
        elif await self._is_ours(job):
            await self._abandon(job)

    async def _watch_over(self, job: Document, doing: asyncio.Task[Document]) -> bool:
        """Return true once it is done, false when it is to be given up."""
        while not doing.done():
            await asyncio.wait({doing}, timeout=RENEW_SECONDS)
            if not await self._is_wanted(job):
                return False
        return True

    async def _is_wanted(self, job: Document) -> bool:
        try:
            if not await self._is_ours(job):
                return False
            now = await self._repository.get(job["_id"])
        except PyMongoError:  # a database that restarts must not cost the work done so far
            return True
        return now is not None and not now["is_called_off"]

    async def _is_ours(self, job: Document) -> bool:
        """Renew the lease; false when another worker has the job by now, or it was removed."""
        fields = {"lease_until": self._clock.now() + LEASE}
        return await self._repository.update(job["_id"], job["attempt"], fields)

    async def _finish(self, job: Document, job_log: JobLog, outcome: Document) -> None:
        """Record the outcome, waiting for the database if need be."""
        while True:
            try:
                await job_log.flush()
                await self._repository.update(job["_id"], job["attempt"], outcome)
            except PyMongoError as error:
                log.warning("jobs-unreachable", error=str(error))
                await asyncio.sleep(RENEW_SECONDS)
            else:
                return

    async def _abandon(self, job: Document) -> None:
        """End a job that was called off; when that fails the lease runs out and it is tried again."""
        handler = self._handlers.get(job["kind"])
        try:
            if handler is not None:
                await handler.abandon(job)
        except Exception:  # a handler's bug must not end the worker
            log.exception("job-not-abandoned", job=job["_id"], kind=job["kind"])
            return
        await self._repository.update(job["_id"], job["attempt"], self._failed("It was called off."))

    async def _hand_back(self, job: Document) -> None:
        """Let the next worker take a job at once, not only when the lease has run out; no attempt is counted."""
        fields = {"state": "queued", "first_attempt": job["first_attempt"] + 1}
        try:
            await asyncio.wait_for(self._repository.update(job["_id"], job["attempt"], fields), 2)
        except (PyMongoError, TimeoutError) as error:
            log.warning("job-not-handed-back", job=job["_id"], error=str(error))

    async def _outcome(self, job: Document, job_log: JobLog) -> Document:
        tries = job["attempt"] - job["first_attempt"]
        if tries > MAX_ATTEMPTS:
            return self._failed(f"The worker died each of the {MAX_ATTEMPTS} times it tried this.")
        try:
            result = await self._handlers[job["kind"]](job, job_log.write)
        except JobFailed as failure:
            return self._failed(failure.reason, **failure.details)
        except Exception as error:  # a handler's bug must fail its job, not the worker
            log.exception("job-crashed", job=job["_id"], kind=job["kind"])
            if tries < MAX_ATTEMPTS:
                return {"state": "queued", "not_before": self._clock.now() + RETRY_AFTER * 2 ** (tries - 1)}
            return self._failed(f"The platform could not do this: {error}. The worker's log has the details.")
        return {"state": "done", "finished_at": self._clock.now(), "result": result}

    def _failed(self, reason: str, **details: object) -> Document:
        error = {"reason": reason, **details}
        return {"state": "failed", "finished_at": self._clock.now(), "error": error}
