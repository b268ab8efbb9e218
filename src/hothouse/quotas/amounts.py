"""What quotas count."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, Literal

Limit = Literal["apps", "apps_running", "environments", "cpu", "memory_bytes", "disk_bytes", "database_bytes"]
HoldingKind = Literal["app", "environment", "workspace", "database"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """How much there is of everything that a quota may limit; one field a limit, named like it."""

    apps: int = 0
    apps_running: int = 0
    environments: int = 0
    cpu: float = 0.0
    memory_bytes: int = 0
    disk_bytes: int = 0
    database_bytes: int = 0

    def __add__(self, other: "Amounts") -> "Amounts":
        added: dict[str, Any] = {name: self.of(name) + other.of(name) for name in LIMITS}
        return Amounts(**added)

    def beyond(self, other: "Amounts") -> "Amounts":
        """Return what there is more than in another."""
        more: dict[str, Any] = {name: max(0, self.of(name) - other.of(name)) for name in LIMITS}
        return Amounts(**more)

    def of(self, limit: Limit) -> float:
        """Return how much there is of one thing."""
        amount: float = getattr(self, limit)
        return amount

    def asked(self) -> list[Limit]:
        """Return of what there is anything."""
        return [name for name in LIMITS if self.of(name) > 0]


LIMITS: tuple[Limit, ...] = tuple(one.name for one in fields(Amounts))  # type: ignore[misc]  # the names that Limit has


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """Something that counts for its owner, with how much."""

    kind: HoldingKind
    id: str
    name: str
    owner_id: str
    amounts: Amounts


@dataclass(frozen=True, slots=True)
class HeldDatabase:
    """A database, whose it is, and how much it takes."""

    name: str
    owner_id: str
    bytes: int


def total(amounts: Iterable[Amounts]) -> Amounts:
    """Return the sum of amounts.

    >>> total([Amounts(apps=1), Amounts(apps=2, cpu=0.5)]).asked()
    ['apps', 'cpu']
    """
    return sum(amounts, Amounts())
