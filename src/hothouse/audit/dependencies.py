"""What audit routes get injected, and how the record is put together."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Self

from fastapi import Depends, Request

from hothouse.audit.keys import ensure_key
from hothouse.audit.repository import AuditRepository
from hothouse.audit.service import Audit, AuditSearch
from hothouse.audit.service.retention import Retention
from hothouse.audit.service.verification import Verification
from hothouse.database.connection import Database
from hothouse.kit.clock import Clock


@dataclass(frozen=True, slots=True)
class AuditServices:
    """The services of this feature, on `app.state.audit_services`; `app.state.audit` is the one that writes."""

    record: Audit
    search: AuditSearch
    verification: Verification
    retention_days: int | None

    @classmethod
    def make(cls, database: Database, clock: Clock, keys: Path, retention_days: int | None) -> Self:
        repository, key = AuditRepository(database), ensure_key(keys / "audit.key")
        search = AuditSearch(repository, key)
        return cls(
            record=Audit(repository, clock, key, Retention(repository, retention_days)),
            search=search,
            verification=Verification(repository, search, clock),
            retention_days=retention_days,
        )

    async def close(self) -> None:
        """Write what is still to be written."""
        await self.verification.close()
        await self.record.close()


def audit_services(request: Request) -> AuditServices:
    services: AuditServices = request.app.state.audit_services
    return services


AuditLog = Annotated[AuditServices, Depends(audit_services)]
