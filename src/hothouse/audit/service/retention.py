"""Letting go of entries that were kept long enough, and saying so in the record."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog

from hothouse.audit.chain import PRUNE
from hothouse.audit.repository import AuditRepository
from hothouse.audit.service.drafts import Draft
from hothouse.audit.service.search import first_since

log = structlog.get_logger(__name__)


class Retention:
    """Removes the oldest entries. First the record says which, so that nobody else can pass a removal off as this."""

    def __init__(self, repository: AuditRepository, days: int | None) -> None:
        self._repository = repository
        self._days = days

    async def prune(self, now: datetime, record: Callable[[Draft], Awaitable[None]]) -> None:
        """Remove what is older than it is to be kept; the newest entry stays, whatever its age."""
        if self._days is None:
            return
        head = await self._repository.head()
        last = min(await first_since(self._repository, now - timedelta(days=self._days)), head["seq"]) - 1
        newest = await self._repository.at(last) if last >= head["first"] else None
        if newest is None:
            return
        await record(Draft(action=PRUNE, after={"through_seq": last, "through_hash": newest["hash"]}))
        if await self._is_on_record(last, head["seq"]):
            await self._repository.remove(head["first"], last)
            log.info("audit-pruned", through=last)

    async def _is_on_record(self, last: int, after: int) -> bool:
        """Tell whether the record says that these go; while the database is away it may not yet."""
        head = await self._repository.head()
        entries = await self._repository.window(after, head["seq"], action=PRUNE)
        return any(f'"through_seq":{last}}}' in entry["text"] for entry in entries)
