"""How much the machine may promise, and how much of that a start would take."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hothouse.database.connection import Document
from hothouse.environments.templates.schemas import Size
from hothouse.kit.amounts import bytes_in_words
from hothouse.launch import machine
from hothouse.launch.interfaces import Launcher
from hothouse.settings import Settings

SHARED_BY = 4
"""So many starts may be promised the same core by default: processor time is divided, while memory is not."""


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount of what is promised to workloads."""

    cpu: float = 0.0
    memory_bytes: int = 0
    gpus: int = 0

    @classmethod
    def of(cls, size: Size) -> "Amount":
        return cls(size.cpu, size.memory_bytes, size.gpus)

    @classmethod
    def promised(cls, workload: Document) -> "Amount":
        """Return what a workload was promised; one without limits was promised nothing."""
        promise = workload.get("promised") or {}
        return cls(promise.get("cpu") or 0.0, promise.get("memory_bytes") or 0, promise.get("gpus") or 0)

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(self.cpu + other.cpu, self.memory_bytes + other.memory_bytes, self.gpus + other.gpus)

    def __sub__(self, other: "Amount") -> "Amount":
        return Amount(self.cpu - other.cpu, self.memory_bytes - other.memory_bytes, self.gpus - other.gpus)


def total(amounts: Iterable[Amount]) -> Amount:
    """Return the sum of amounts."""
    return sum(amounts, Amount())


@dataclass(frozen=True, slots=True)
class Capacity:
    """What may be promised altogether."""

    whole: Amount

    @classmethod
    def of(cls, settings: Settings, launcher: Launcher) -> "Capacity":
        """Return what settings allow, and where they do not say it, what the machine has."""
        asked = settings.environments
        return cls(
            Amount(
                cpu=asked.capacity_cpu or SHARED_BY * machine.cores(),
                memory_bytes=asked.capacity_memory_bytes or machine.memory_bytes(),
                gpus=gpus_of(launcher),
            )
        )

    def missing(self, taken: Amount, size: Size) -> Amount:
        """Return what is not there for a start; nothing of an amount is above zero if it may start."""
        return taken + Amount.of(size) - self.whole

    def problems(self, size: Size) -> Iterator[tuple[str, str]]:
        """Yield what of a size can never be had here, with the field that asks for it."""
        whole = self.whole
        if size.memory_bytes > whole.memory_bytes:
            yield "memory_bytes", f"This machine has {bytes_in_words(whole.memory_bytes)} for all; ask for less."
        if size.cpu > whole.cpu:
            yield "cpu", f"This machine gives {whole.cpu:g} cores to all; ask for fewer."
        if size.gpus > whole.gpus:
            has = f"This machine offers {whole.gpus} GPUs" if whole.gpus else "No launcher here offers GPUs"
            yield "gpus", f"{has}; ask for fewer, or ask an admin."


def is_enough(missing: Amount) -> bool:
    """Tell whether nothing is missing."""
    return missing.memory_bytes <= 0 and missing.cpu <= 0 and missing.gpus <= 0


def in_words(missing: Amount) -> str:
    """Say what somebody waits for."""
    parts = []
    if missing.memory_bytes > 0:
        parts.append(f"{bytes_in_words(missing.memory_bytes)} of memory")
    if missing.cpu > 0:
        parts.append(f"{missing.cpu:g} cores")
    if missing.gpus > 0:
        parts.append("a GPU" if missing.gpus == 1 else f"{missing.gpus} GPUs")
    return f"waiting for room: {' and '.join(parts)} more must become free"


def gpus_of(launcher: Launcher) -> int:
    """Return how many GPUs a launcher offers; it says so in an attribute of its own if it offers any."""
    return int(getattr(launcher, "gpus", 0))
