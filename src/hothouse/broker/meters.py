"""Count what each sandbox database is used for: cheaply at each command, in the platform's database every few seconds.

A `Meter` is called for each command and only adds numbers; everything else is worked out when the numbers are drained.
"""

from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

BOUNDS_MS = (0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 25.0, 50.0, 100.0, 250.0, 500.0, 1_000.0, 2_500.0, 10_000.0, 30_000.0)
"""Upper bounds of the latency buckets in milliseconds, each inclusive; one more bucket holds what took longer."""

MAX_SLOW = 20
"""How many slow commands are kept of each database."""

_BOUNDS = tuple(bound / 1000 for bound in BOUNDS_MS)
_BUCKETS = len(BOUNDS_MS) + 1

Document = dict[str, Any]


@dataclass(slots=True)
class Counts:
    """What was counted: since the broker began, or since it was last asked."""

    commands: dict[str, int] = field(default_factory=dict)
    latency: list[int] = field(default_factory=lambda: [0] * _BUCKETS)
    errors: int = 0
    refused: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    slow: int = 0
    seconds: float = 0.0

    @property
    def operations(self) -> int:
        return sum(self.latency)

    def minus(self, earlier: "Counts") -> "Counts":
        """Return what was added since `earlier`."""
        before = earlier.commands
        return Counts(
            {name: count - before.get(name, 0) for name, count in self.commands.items() if count != before.get(name)},
            [now - then for now, then in zip(self.latency, earlier.latency, strict=True)],
            self.errors - earlier.errors,
            self.refused - earlier.refused,
            self.bytes_in - earlier.bytes_in,
            self.bytes_out - earlier.bytes_out,
            self.slow - earlier.slow,
            self.seconds - earlier.seconds,
        )


class Meter:
    """The counters of one sandbox database. `connections` is kept by whoever counts them."""

    __slots__ = (
        "_bytes_in",
        "_bytes_out",
        "_commands",
        "_errors",
        "_latency",
        "_refused",
        "_seconds",
        "_slow",
        "_slow_seconds",
        "connections",
        "slow_commands",
    )

    def __init__(self, slow_ms: float) -> None:
        self.connections = 0
        self.slow_commands: deque[Document] = deque(maxlen=MAX_SLOW)
        """The last slow commands that were not drained yet, oldest first."""
        self._slow_seconds = slow_ms / 1000
        self._latency = [0] * _BUCKETS
        self._commands: defaultdict[str, int] = defaultdict(int)
        self._errors = self._refused = self._bytes_in = self._bytes_out = self._slow = 0
        self._seconds = 0.0

    def done(self, command: str, seconds: float, request_bytes: int, reply_bytes: int, failed: bool) -> bool:
        """Count a command that was answered; True when it was slow, and `slow` should be told which it was."""
        self._commands[command] += 1
        self._latency[bisect_left(_BOUNDS, seconds)] += 1
        self._seconds += seconds
        self._bytes_in += request_bytes
        self._bytes_out += reply_bytes
        if failed:
            self._errors += 1
        return seconds >= self._slow_seconds

    def refused(self) -> None:
        """Count a command that the broker did not pass on."""
        self._refused += 1

    def slow(self, command: str, collection: str, fields: Sequence[str], seconds: float) -> None:
        """Count a slow command, and keep it in the list of the last ones."""
        self._slow += 1
        self.slow_commands.append(
            {
                "at": datetime.now(UTC),
                "command": command,
                "collection": collection,
                "fields": list(fields),
                "milliseconds": round(seconds * 1000, 1),
            }
        )

    def counts(self) -> Counts:
        """Return what was counted since the broker began."""
        return Counts(
            dict(self._commands),
            self._latency.copy(),
            self._errors,
            self._refused,
            self._bytes_in,
            self._bytes_out,
            self._slow,
            self._seconds,
        )


@dataclass(slots=True)
class Delta:
    """What is new of one database: `counts` and `slow_commands` since the last time, `connections` as they are."""

    database: str
    counts: Counts
    slow_commands: list[Document]
    connections: int


class Meters:
    """The meters of all databases that are or were lately in use."""

    def __init__(self, slow_ms: float = 200) -> None:
        self._slow_ms = slow_ms
        self._meters: dict[str, Meter] = {}
        self._drained: dict[str, Counts] = {}
        self._forgotten: set[str] = set()

    def __iter__(self) -> Iterator[tuple[str, Meter]]:
        return iter(list(self._meters.items()))

    def of(self, database: str) -> Meter:
        """Return the meter of a database, the same one until it is forgotten."""
        self._forgotten.discard(database)
        meter = self._meters.get(database)
        if meter is None:
            meter = self._meters[database] = Meter(self._slow_ms)
        return meter

    def forget(self, database: str) -> None:
        """Let go of a database that nobody is connected to; what was counted is drained first."""
        self._forgotten.add(database)

    def drain(self) -> list[Delta]:
        """Return what is new of every database since the last time."""
        deltas = [self._drain(database, meter) for database, meter in self._meters.items()]
        for database in self._forgotten:
            self._meters.pop(database, None)
            self._drained.pop(database, None)
        self._forgotten.clear()
        return deltas

    def _drain(self, database: str, meter: Meter) -> Delta:
        now = meter.counts()
        earlier = self._drained.get(database)
        self._drained[database] = now
        slow = list(meter.slow_commands)
        meter.slow_commands.clear()
        return Delta(database, now if earlier is None else now.minus(earlier), slow, meter.connections)
