"""Writing the record: announced before something is done, in the chain before it is answered."""

import asyncio
import json
from collections.abc import Coroutine
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from pymongo.errors import PyMongoError

from hothouse.audit.errors import AuditAway
from hothouse.audit.repository import AuditRepository
from hothouse.audit.service.drafts import Draft, restored
from hothouse.audit.service.flood import Flood
from hothouse.audit.service.retention import Retention
from hothouse.database.connection import Document
from hothouse.kit.clock import Clock
from hothouse.kit.ids import new_id
from hothouse.kit.tasks import end_tasks

log = structlog.get_logger(__name__)

PATIENCE_SECONDS = 3.0
RETRY_SECONDS = 0.5
LOOK_SECONDS = 5.0
PRUNE_EVERY = timedelta(hours=1)
STALE = timedelta(minutes=10)
"""What was announced so long ago, and is not in the record, was cut short: no request takes that long."""
CUT_SHORT = "Hothouse ended while this was being done, or lost the database; whether it was done is not known"


class Audit:
    """Appends to the chain: one entry at a time in each hub; among hubs, whoever is first takes the next place."""

    def __init__(
        self,
        repository: AuditRepository,
        clock: Clock,
        key: bytes,
        retention: Retention,
        *,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self._repository = repository
        self._clock = clock
        self._key = key
        self._retention = retention
        self._patience = patience_seconds
        self._turn = asyncio.Lock()
        self._head: Document | None = None
        self._open: set[asyncio.Task[None]] = set()
        self._flood = Flood()
        self._pruned_at: datetime | None = None

    async def announce(self, draft: Draft) -> Draft:
        """Put down that something is about to be done; `record` or `withdraw` follows.

        Raises: `AuditAway` when that does not succeed in time: then it must not be done.
        """
        draft = replace(draft, began_at=self._clock.now())
        try:
            async with asyncio.timeout(self._patience):
                await self._repository.announce(draft.stored())
        except (TimeoutError, PyMongoError) as error:
            log.exception("audit-away", action=draft.action)
            raise AuditAway from error
        return draft

    async def withdraw(self, draft: Draft) -> None:
        """Forget an announcement of what then changed nothing. What cannot be forgotten is recorded later."""
        await self._bounded(self._repository.withdraw(draft.id), draft)

    async def record(self, draft: Draft) -> None:
        """Append an entry; returns when it is in the record.

        If the database does not take it in time, this returns all the same and goes on trying for as long as the hub
        runs; what was announced, another hub records.
        """
        await self._bounded(self._insist(draft), draft)

    async def record_denied(self, draft: Draft) -> None:
        """Append a denied attempt; of very many from the same person or address, only their number."""
        if self._flood.admits(draft, self._clock.now()):
            await self.record(draft)

    async def run(self) -> None:
        """Keep the record up until cancelled: what was cut short, how many were denied, what is old enough to go."""
        while True:
            await self.tend()
            await asyncio.sleep(LOOK_SECONDS)

    async def tend(self) -> None:
        """Do once what `run` does again and again."""
        now = self._clock.now()
        await self._record_all(self._flood.summaries(now))
        await self._record_cut_short(now)
        if self._pruned_at is None or now - self._pruned_at > PRUNE_EVERY:
            await self._retention.prune(now, self.record)
            self._pruned_at = now

    async def close(self) -> None:
        """Write what is still to be written, as far as that succeeds in time."""
        await self._record_all(self._flood.summaries(None))
        if self._open:
            await asyncio.wait(self._open, timeout=self._patience)
        await end_tasks(*self._open)

    async def _record_all(self, drafts: list[Draft]) -> None:
        for draft in drafts:
            await self.record(draft)

    async def _record_cut_short(self, now: datetime) -> None:
        for found in await self._repository.announced_before(now - STALE):
            content = json.loads(found["text"])
            await self.record(restored(content, found["at"], result="unknown", reason=CUT_SHORT))

    async def _bounded(self, work: Coroutine[Any, Any, None], draft: Draft) -> None:
        """Wait for something to be written, for so long and no longer."""
        task = asyncio.create_task(self._logged(work))
        self._open.add(task)
        task.add_done_callback(self._open.discard)
        done, _ = await asyncio.wait({task}, timeout=self._patience)
        if not done:
            log.error("audit-late", action=draft.action, result=draft.result, entry=draft.id)

    async def _logged(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except PyMongoError as error:
            log.warning("audit-not-withdrawn", error=str(error))

    async def _insist(self, draft: Draft) -> None:
        """Append an entry, trying as often as it takes."""
        while True:
            try:
                await self._append(draft)
                return await self._repository.withdraw(draft.id)
            except PyMongoError as error:
                log.warning("audit-interrupted", action=draft.action, error=str(error))
                await asyncio.sleep(RETRY_SECONDS)

    async def _append(self, draft: Draft) -> None:
        async with self._turn:
            head = self._head or await self._repository.head()
            while True:
                at = max(self._clock.now(), head["at"] or self._clock.now())
                entry = draft.entry(head["seq"] + 1, head["hash"], at, self._key)
                if await self._repository.add(entry):
                    break
                if there := await self._repository.by_id(draft.id):
                    if there["result"] == draft.result or draft.result == "unknown":
                        return  # written before, though the answer was lost
                    draft = replace(draft, id=new_id(), reason=f"was entered as unknown at {there['seq']}")
                head = await self._newest(head)
            self._head = entry
        await self._repository.note_head(entry)

    async def _newest(self, head: Document) -> Document:
        """Return the newest entry, which another hub wrote."""
        noted = await self._repository.head()
        head = noted if noted["seq"] > head["seq"] else head
        while following := await self._repository.at(head["seq"] + 1):
            head = following
        return head
