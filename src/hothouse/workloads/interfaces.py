"""What a feature tells of the things it has workloads run for: apps, environments."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from hothouse.database.changes import Change
from hothouse.database.connection import Document
from hothouse.launch.interfaces import WorkloadSpec


@dataclass(frozen=True, slots=True)
class Health:
    """How to tell that a workload is ready: the path to ask, for how long, and from which status on it is not."""

    path: str
    timeout_seconds: float
    bad_from: int = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a workload is to be run from.

    `host` is the Host header by which its readiness is asked, since some frameworks refuse names they do not know.
    `spec` prepares what it needs and says how to run it; it may be called again for the same workload after a hub died.
    """

    host: str
    health: Health
    spec: Callable[[], Awaitable[WorkloadSpec]]


class Reconciled(Protocol):
    """One kind of thing that is kept as it is wanted to be. `kind` is the first part of its owners' keys."""

    kind: str

    async def ids(self) -> list[str]:
        """Return everything of this kind."""
        ...

    async def concerned(self, change: Change) -> list[str]:
        """Return what is to be looked at because of a change."""
        ...

    async def reconcile(self, identity: str) -> float | None:
        """Take one as far as it goes now; returns in how many seconds to look again, None: when it changes."""
        ...

    async def check(self) -> None:
        """See to what no change tells of; called now and then."""
        ...

    def duties(self) -> Mapping[str, Callable[[], Awaitable[None]]]:
        """Return what else is to be done by whoever leads, each until it is cancelled."""
        ...


def owner_key(kind: str, identity: str) -> str:
    """Return how a workload names what it runs for."""
    return f"{kind}:{identity}"


def owner_of(key: str) -> tuple[str, str]:
    """Return kind and id of what a workload runs for."""
    kind, _, identity = key.partition(":")
    return kind, identity


def is_spare(workload: Document) -> bool:
    """Tell whether a workload is a spare that was not told to go; see `workloads.spares`."""
    return bool(workload.get("is_spare"))
