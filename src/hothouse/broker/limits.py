"""What one workload may use of the database: part of its credential, so that the broker knows it at each sign-in."""

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from hothouse.broker.quotas import StorageQuota

if TYPE_CHECKING:
    from hothouse.settings import DataSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits of one workload."""

    max_time_ms: int = 30_000
    """Longest that MongoDB may work on one command, in milliseconds."""
    storage_bytes: int = 2 * 2**30
    """Most that documents and indexes of its database may take, in bytes."""
    connections: int = 200
    """Most connections at a time."""
    batch_documents: int = 10_000
    """Most documents or operations in one command."""
    storage_by: str = ""
    """What allows no more storage, as people read it; empty: the limit of the database itself."""

    @classmethod
    def of_platform(cls, settings: "DataSettings") -> "Limits":
        """Return the limits that hold unless a manifest asks for less or an admin says otherwise."""
        return cls(
            max_time_ms=settings.max_time_ms,
            storage_bytes=settings.storage_bytes,
            connections=settings.connections,
            batch_documents=settings.batch_documents,
        )

    @classmethod
    def from_document(cls, document: dict[str, Any] | None) -> "Limits":
        """Read limits as a credential keeps them; what is missing is the default, as in credentials of before."""
        known = cls.__dataclass_fields__
        return cls(**{name: value for name, value in (document or {}).items() if name in known})

    def within(self, quota: StorageQuota | None) -> "Limits":
        """Return the limits with what a quota leaves for storage, where that is less."""
        if quota is None or quota.bytes >= self.storage_bytes:
            return self
        return replace(self, storage_bytes=quota.bytes, storage_by=quota.by)

    def to_document(self) -> dict[str, Any]:
        return asdict(self)
