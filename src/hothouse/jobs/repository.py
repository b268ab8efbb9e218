"""Every query on jobs and their logs."""

from datetime import datetime

from pymongo import ASCENDING, IndexModel
from pymongo.errors import DuplicateKeyError

from hothouse.database.connection import Database, Document

INDEXES = {
    "jobs": [IndexModel([("state", ASCENDING), ("created_at", ASCENDING)])],
    "job_logs": [IndexModel([("job_id", ASCENDING), ("first", ASCENDING)])],
    "processes": [IndexModel([("part", ASCENDING)])],
}


class JobsRepository:
    """Jobs in states `queued`, `running`, `done`, `failed`; claims are compare-and-set on the state and attempt."""

    def __init__(self, database: Database) -> None:
        self._jobs = database["jobs"]
        self._logs = database["job_logs"]

    async def add(self, job: Document) -> bool:
        """Store a job; false when one with that id is there already."""
        try:
            await self._jobs.insert_one({**job, "schema_version": 1})
        except DuplicateKeyError:
            return False
        return True

    async def get(self, job_id: str) -> Document | None:
        return await self._jobs.find_one({"_id": job_id})

    async def waiting(self) -> list[Document]:
        """Return queued jobs, oldest first."""
        return await self._jobs.find({"state": "queued"}).sort("created_at", ASCENDING).limit(20).to_list()

    async def abandoned(self, now: datetime) -> list[Document]:
        """Return running jobs whose worker has not been heard of."""
        running = await self._jobs.find({"state": "running"}).to_list()
        return [job for job in running if job["lease_until"] < now]

    async def claim(self, job: Document, worker: str, until: datetime) -> bool:
        """Take a job as it was read; false when somebody else was quicker."""
        result = await self._jobs.update_one(
            {"_id": job["_id"], "state": job["state"], "attempt": job["attempt"]},
            {"$set": {"state": "running", "worker": worker, "lease_until": until, "attempt": job["attempt"] + 1}},
        )
        return bool(result.modified_count)

    async def renew(self, job_id: str, worker: str, until: datetime) -> bool:
        result = await self._jobs.update_one({"_id": job_id, "worker": worker}, {"$set": {"lease_until": until}})
        return bool(result.matched_count)

    async def finish(self, job_id: str, worker: str, fields: Document) -> None:
        """Record the outcome, unless the job was given to another worker meanwhile."""
        await self._jobs.update_one({"_id": job_id, "worker": worker}, {"$set": fields})

    async def requeue(self, job_id: str, now: datetime) -> None:
        await self._jobs.update_one(
            {"_id": job_id, "state": {"$in": ["done", "failed"]}},
            {"$set": {"state": "queued", "attempt": 0, "error": None, "result": None, "created_at": now}},
        )

    async def append_log(self, job_id: str, first: int, lines: list[Document]) -> None:
        """Add lines to the log; `first` is the number of the first of them."""
        await self._logs.insert_one({"job_id": job_id, "first": first, "lines": lines})

    async def log_from(self, job_id: str, first: int) -> list[Document]:
        """Return log chunks that start at or after line number `first`, in order."""
        return await self._logs.find({"job_id": job_id, "first": {"$gte": first}}).sort("first", ASCENDING).to_list()

    async def clear_log(self, job_id: str) -> None:
        await self._logs.delete_many({"job_id": job_id})

    async def remove(self, job_id: str) -> None:
        await self._logs.delete_many({"job_id": job_id})
        await self._jobs.delete_one({"_id": job_id})
