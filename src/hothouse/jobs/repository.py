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
    """Jobs in states `queued`, `running`, `done`, `failed`.

    A claim raises `attempt` by compare-and-set; whoever works on a job changes it only as that attempt, so a worker
    that was away for too long, even one of the same name, cannot disturb the one that took over.
    """

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
        return await self._jobs.find({"state": "queued"}).sort("created_at", ASCENDING).limit(100).to_list()

    async def unfinished(self, kinds: list[str]) -> list[Document]:
        """Return the queued and running jobs of some kinds, oldest first."""
        query = {"state": {"$in": ["queued", "running"]}, "kind": {"$in": kinds}}
        return await self._jobs.find(query).sort("created_at", ASCENDING).to_list()

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

    async def update(self, job_id: str, attempt: int, fields: Document) -> bool:
        """Change a running job as the one who works on it; false when it is not ours (any more)."""
        result = await self._jobs.update_one({"_id": job_id, "state": "running", "attempt": attempt}, {"$set": fields})
        return bool(result.matched_count)

    async def requeue(self, job_id: str, now: datetime) -> None:
        """Queue an ended job again. Attempts go on counting from `first_attempt`, so that each keeps its number."""
        job = await self._jobs.find_one({"_id": job_id})
        if job is not None and job["state"] in ("done", "failed"):
            await self.clear_log(job_id)
            fields = {
                "state": "queued",
                "first_attempt": job["attempt"],
                "is_called_off": False,
                "not_before": None,
                "error": None,
                "result": None,
                "finished_at": None,
                "created_at": now,
            }
            await self._jobs.update_one({"_id": job_id, "state": job["state"]}, {"$set": fields})

    async def call_off(self, job_id: str) -> None:
        await self._jobs.update_one({"_id": job_id}, {"$set": {"is_called_off": True, "not_before": None}})

    async def fail_unbegun(self, job_id: str, fields: Document) -> bool:
        """End a job that no worker ever took; false when one did."""
        result = await self._jobs.update_one(
            {"_id": job_id, "state": "queued", "attempt": 0}, {"$set": {"state": "failed", **fields}}
        )
        return bool(result.matched_count)

    async def append_log(self, job_id: str, attempt: int, lines: list[Document]) -> None:
        """Add lines to the log; adding the same ones again changes nothing."""
        first = lines[0]["offset"]
        chunk = {"_id": f"{job_id}.{attempt}.{first}", "job_id": job_id, "first": first, "lines": lines}
        try:
            await self._logs.insert_one(chunk)
        except DuplicateKeyError:
            return

    async def log_from(self, job_id: str, first: int) -> list[Document]:
        """Return log chunks that start at or after line number `first`, in order."""
        return await self._logs.find({"job_id": job_id, "first": {"$gte": first}}).sort("first", ASCENDING).to_list()

    async def clear_log(self, job_id: str) -> None:
        await self._logs.delete_many({"job_id": job_id})

    async def remove(self, job_id: str) -> None:
        await self._logs.delete_many({"job_id": job_id})
        await self._jobs.delete_one({"_id": job_id})
