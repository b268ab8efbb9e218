"""Checking the whole record in the background, and remembering what came of it."""

import asyncio
from datetime import timedelta

import structlog
from pymongo.errors import PyMongoError

from hothouse.audit.errors import AlreadyVerifying
from hothouse.audit.repository import VERIFICATION, AuditRepository
from hothouse.audit.schemas import AuditVerdict, AuditVerification
from hothouse.audit.service.search import AuditSearch
from hothouse.kit.clock import Clock
from hothouse.kit.ids import new_id

log = structlog.get_logger(__name__)

STALE = timedelta(seconds=30)
"""A run that was not heard of for so long has ended with its hub."""


class Verification:
    """One run at a time on the whole installation. Its result is a hint for people: prove it anew in case of doubt."""

    def __init__(self, repository: AuditRepository, search: AuditSearch, clock: Clock) -> None:
        self._repository = repository
        self._search = search
        self._clock = clock
        self._running: asyncio.Task[None] | None = None

    async def show(self) -> AuditVerification | None:
        """Return the last run, also one that is going on; None if there was none."""
        found = await self._repository.verification()
        if found is None:
            return None
        if found["state"] == "running" and found["heard_at"] < self._clock.now() - STALE:
            found["state"] = "cut-short"
        return AuditVerification.model_validate(found)

    async def start(self) -> AuditVerification:
        """Begin a run. Raises: `AlreadyVerifying`."""
        now, run = self._clock.now(), new_id()
        begun = {"_id": VERIFICATION, "run": run, "state": "running", "checked": 0, "total": 0, "began_at": now}
        if not await self._repository.begin_verification({**begun, "heard_at": now}, now - STALE):
            raise AlreadyVerifying
        self._running = asyncio.create_task(self._verify(run), name="audit-verification")
        return AuditVerification.model_validate(begun)

    async def close(self) -> None:
        """End a run that is going on."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    async def _verify(self, run: str) -> None:
        async def heard(checked: int, total: int) -> None:
            await self._repository.note_verification(
                run, checked=checked, total=max(total, checked), heard_at=self._clock.now()
            )

        try:
            verdict = await self._search.verify(heard)
            await self._repository.note_verification(run, **self._outcome(verdict))
            log.info("audit-verified", is_intact=verdict.is_intact, entries=verdict.entries)
        except PyMongoError:
            log.exception("audit-verification-failed")
            await self._repository.note_verification(run, state="cut-short", ended_at=self._clock.now())

    def _outcome(self, verdict: AuditVerdict) -> dict[str, object]:
        return {
            "state": "intact" if verdict.is_intact else "broken",
            "checked": verdict.entries,
            "total": verdict.entries,
            "ended_at": self._clock.now(),
            "verdict": verdict.model_dump(),
        }
