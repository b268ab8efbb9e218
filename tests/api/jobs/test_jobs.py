"""Workers that die, handlers that fail, logs that are followed: on a real database."""

import asyncio
from functools import partial
from typing import Any

import pytest
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import AutoReconnect
from tests.support.lab import running_worker
from tests.support.moving_clock import MovingClock
from tests.support.waiting import eventually

from hothouse.database import indexes
from hothouse.jobs.interfaces import JobFailed, WriteLine
from hothouse.jobs.logs import MAX_LINES, JobLog
from hothouse.jobs.repository import INDEXES, JobsRepository
from hothouse.jobs.service import Jobs

Database = AsyncDatabase[dict[str, Any]]


class Work:
    """A handler that does as it is told: `hang` until cancelled, `fail`, `crash` so many times, else end well."""

    def __init__(self, *, hangs: bool = False, crashes: int = 0, fails: bool = False, lines: int = 0) -> None:
        self.hangs, self.crashes, self.fails, self.lines = hangs, crashes, fails, lines
        self.attempts: list[int] = []
        self.abandoned: list[str] = []
        self.has_begun = asyncio.Event()
        self.cancelled = 0

    async def __call__(self, job: dict[str, Any], write: WriteLine) -> dict[str, Any]:
        self.attempts.append(job["attempt"])
        for number in range(1, self.lines + 1):
            write("stdout", f"line {number}")
        self.has_begun.set()
        if self.hangs:
            try:
                await asyncio.Event().wait()
            finally:
                self.cancelled += 1
        if self.fails:
            raise JobFailed("no such package", step="resolve", log_tail=["a", "b"])
        if len(self.attempts) <= self.crashes:
            raise RuntimeError("a bug")
        return {"answer": 42}

    async def abandon(self, job: dict[str, Any]) -> None:
        self.abandoned.append(job["_id"])


@pytest.fixture
async def jobs(platform_database: Database) -> Jobs:
    await indexes.ensure(platform_database, INDEXES)
    return Jobs(JobsRepository(platform_database), MovingClock())


async def ended(jobs: Jobs, job_id: str = "one") -> dict[str, Any]:
    async def look() -> Any:
        job = await jobs.get(job_id)
        return job if job and job["state"] in ("done", "failed") else None

    found: dict[str, Any] = await eventually(look, f"the end of job {job_id}")
    return found


async def begin(jobs: Jobs, job_id: str = "one") -> None:
    await jobs.enqueue(job_id, "work", {"x": 1})


class TestOutcome:
    async def test_done(self, jobs: Jobs, platform_database: Database) -> None:
        work = Work()
        async with running_worker(platform_database, {"work": work}):
            await begin(jobs)
            await begin(jobs)
            job = await ended(jobs)
        assert (job["state"], job["result"], job["attempt"]) == ("done", {"answer": 42}, 1)
        assert work.attempts == [1]

    async def test_failed(self, jobs: Jobs, platform_database: Database) -> None:
        work = Work(fails=True)
        async with running_worker(platform_database, {"work": work}):
            await begin(jobs)
            job = await ended(jobs)
            assert job["error"] == {"reason": "no such package", "step": "resolve", "log_tail": ["a", "b"]}
            work.fails = False
            await jobs.retry("one")
            assert (await ended(jobs))["error"] is None

    async def test_bug_is_tried_again_later_and_then_failed(self, jobs: Jobs, platform_database: Database) -> None:
        clock, work = MovingClock(), Work(crashes=100)
        async with running_worker(platform_database, {"work": work}, clock=clock):
            await begin(jobs)
            for attempt in range(1, 5):
                job = await eventually(partial(waiting_again, jobs, attempt))
                assert job["not_before"] > clock.now()
                clock.advance(seconds=60)
                await platform_database["jobs"].update_one({"_id": "one"}, {"$inc": {"nudges": 1}})
            job = await ended(jobs)
        assert work.attempts == [1, 2, 3, 4, 5]
        assert job["error"]["reason"].startswith("The platform could not do this: a bug.")

    async def test_of_a_kind_nobody_knows(self, jobs: Jobs, platform_database: Database) -> None:
        async with running_worker(platform_database, {}):
            await begin(jobs)
            assert await eventually(lambda: waiting_again(jobs, 1))


async def waiting_again(jobs: Jobs, attempt: int) -> Any:
    job = await jobs.get("one")
    return job if job and job["state"] == "queued" and job["attempt"] == attempt else None


class TestWorkers:
    async def test_killed_in_the_middle(self, jobs: Jobs, platform_database: Database, monkeypatch: Any) -> None:
        """A worker that dies says nothing; another takes over when its lease has run out."""
        clock, dying, heir = MovingClock(), Work(hangs=True), Work()

        async def nothing(*_: Any) -> None: ...

        async with running_worker(platform_database, {"work": dying}, clock=clock, name="dying") as task:
            await begin(jobs)
            await dying.has_begun.wait()
            with monkeypatch.context() as patch:
                patch.setattr("hothouse.jobs.worker.Worker._hand_back", nothing)
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
            assert (await jobs.get("one") or {})["state"] == "running"
            clock.advance(seconds=9)
            async with running_worker(platform_database, {"work": heir}, clock=clock, name="heir"):
                job = await ended(jobs)
        assert (job["state"], job["worker"], heir.attempts) == ("done", "heir", [2])

    async def test_stopped_in_the_middle_hands_back_at_once(self, jobs: Jobs, platform_database: Database) -> None:
        stopped, heir = Work(hangs=True), Work()
        async with running_worker(platform_database, {"work": stopped}):
            await begin(jobs)
            await stopped.has_begun.wait()
        job = await jobs.get("one") or {}
        assert (job["state"], stopped.cancelled) == ("queued", 1)
        async with running_worker(platform_database, {"work": heir}):
            assert (await ended(jobs))["state"] == "done"

    async def test_that_was_away_for_too_long_gives_up(self, jobs: Jobs, platform_database: Database) -> None:
        """A laptop sleeps, its worker wakes: the job was taken over, even by a worker of the same name."""
        clock, sleeper, heir = MovingClock(), Work(hangs=True), Work(hangs=True)
        async with running_worker(platform_database, {"work": sleeper}, clock=clock, name="same"):
            await begin(jobs)
            await sleeper.has_begun.wait()
            await JobsRepository(platform_database).claim(await jobs.get("one") or {}, "same", clock.now())
            await eventually(lambda: sleeper.cancelled == 1)
            job = await jobs.get("one") or {}
            assert job["attempt"] >= 2
            assert sleeper.abandoned == []
        assert heir.attempts == []

    async def test_job_that_kills_every_worker(self, jobs: Jobs, platform_database: Database) -> None:
        clock, work = MovingClock(), Work()
        await begin(jobs)
        dead = {"state": "running", "attempt": 5, "worker": "dead", "lease_until": clock.now()}
        await platform_database["jobs"].update_one({"_id": "one"}, {"$set": dead})
        clock.advance(seconds=1)
        async with running_worker(platform_database, {"work": work}, clock=clock):
            job = await ended(jobs)
        assert (job["state"], work.attempts) == ("failed", [])
        assert "died each of the 5 times" in job["error"]["reason"]

    async def test_no_more_than_allowed_at_once(self, jobs: Jobs, platform_database: Database) -> None:
        work = Work(hangs=True)
        for number in range(4):
            await begin(jobs, str(number))
        async with running_worker(platform_database, {"work": work}, concurrent=2):
            await eventually(lambda: len(work.attempts) == 2)
            assert await platform_database["jobs"].count_documents({"state": "running"}) == 2

    async def test_outcome_waits_for_the_database(
        self, jobs: Jobs, platform_database: Database, monkeypatch: Any
    ) -> None:
        failures, real = iter([True, True]), JobsRepository.update

        async def flaky(self: Any, job_id: str, attempt: int, fields: Any) -> bool:
            if "result" in fields and next(failures, False):
                raise AutoReconnect("the server went away")
            return await real(self, job_id, attempt, fields)

        monkeypatch.setattr(JobsRepository, "update", flaky)
        monkeypatch.setattr("hothouse.jobs.worker.RENEW_SECONDS", 0.1)
        work = Work()
        async with running_worker(platform_database, {"work": work}):
            await begin(jobs)
            assert (await ended(jobs))["state"] == "done"
        assert work.attempts == [1], "the work is not done twice"


class TestCallOff:
    async def test_while_it_runs(self, jobs: Jobs, platform_database: Database) -> None:
        work = Work(hangs=True)
        async with running_worker(platform_database, {"work": work}):
            await begin(jobs)
            await work.has_begun.wait()
            assert not await jobs.call_off("one")
            await eventually(lambda: jobs.call_off("one"))
        assert (work.cancelled, work.abandoned) == (1, ["one"])

    async def test_before_it_began(self, jobs: Jobs) -> None:
        await begin(jobs)
        assert await jobs.call_off("one")
        assert (await jobs.get("one") or {})["error"] == {"reason": "It was called off."}

    async def test_after_its_worker_died(self, jobs: Jobs, platform_database: Database) -> None:
        clock, work = MovingClock(), Work()
        await begin(jobs)
        dead = {"state": "running", "attempt": 1, "worker": "dead", "lease_until": clock.now()}
        await platform_database["jobs"].update_one({"_id": "one"}, {"$set": dead})
        assert not await jobs.call_off("one")
        clock.advance(seconds=1)
        async with running_worker(platform_database, {"work": work}, clock=clock):
            await eventually(lambda: jobs.call_off("one"))
        assert (work.attempts, work.abandoned) == ([], ["one"])


class TestLog:
    async def test_followed_while_it_grows_and_resumed(self, jobs: Jobs, platform_database: Database) -> None:
        work = Work(lines=1_203, hangs=True)
        async with running_worker(platform_database, {"work": work}):
            await begin(jobs)
            seen: list[int] = []
            async for line in jobs.follow_log("one"):
                seen.append(line["offset"])
                if len(seen) == 1_203:
                    break
            assert seen == list(range(1, 1_204))
            for after in (0, 1, 499, 500, 501, 1_202, 1_203):
                rest = await jobs.log_lines("one", after)
                assert [line["offset"] for line in rest] == list(range(after + 1, 1_204))

    async def test_ends_with_the_job_and_the_last_line_is_there(self, jobs: Jobs, platform_database: Database) -> None:
        async with running_worker(platform_database, {"work": Work(lines=7, fails=True)}):
            await begin(jobs)
            texts = [line["text"] async for line in jobs.follow_log("one")]
        assert texts == [f"line {number}" for number in range(1, 8)]

    async def test_cap(self, jobs: Jobs, platform_database: Database) -> None:
        job_log = JobLog(JobsRepository(platform_database), MovingClock(), "one", 1)
        for _ in range(MAX_LINES + 500):
            job_log.write("stdout", "x" * 10)
        job_log.write("stdout", "y" * 5_000)
        await job_log.flush()
        lines = await jobs.log_lines("one")
        assert len(lines) == MAX_LINES
        assert lines[-1]["text"] == f"The log is cut here, after {MAX_LINES} lines."

    async def test_flushed_by_two_at_once_and_through_failures(self, jobs: Jobs, platform_database: Database) -> None:
        """Each line is stored once, also when a write fails after it was done, or lines come meanwhile."""
        repository = JobsRepository(platform_database)
        real, job_log = repository.append_log, JobLog(repository, MovingClock(), "one", 1)
        failures = iter([True, False, True, True])

        at_once = 0

        async def done_but_failed(job_id: str, attempt: int, lines: Any) -> None:
            nonlocal at_once
            at_once += 1
            assert at_once == 1, "one at a time"
            await real(job_id, attempt, lines)
            at_once -= 1
            if next(failures, False):
                job_log.write("stdout", "meanwhile")
                raise AutoReconnect("the answer was lost")

        repository.append_log = done_but_failed  # type: ignore[method-assign]
        for number in range(10):
            job_log.write("stdout", f"line {number}")
        for _ in range(4):
            outcomes = await asyncio.gather(job_log.flush(), job_log.flush(), return_exceptions=True)
            assert not [one for one in outcomes if isinstance(one, AssertionError)]
        await job_log.flush()
        offsets = [line["offset"] for line in await jobs.log_lines("one")]
        assert offsets == list(range(1, len(offsets) + 1))
        assert len(offsets) == 13
