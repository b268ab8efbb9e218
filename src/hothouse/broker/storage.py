"""The storage quota: how much a database takes, known without asking MongoDB at each write.

Asking is dear where the server has to read every document for its answer, and would stall everybody. So what is written
is added up to what was last measured, and it is measured again only when that may matter.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from hothouse.broker.growth import Spread, changed_in, judge

NEAR = 0.8
"""From this part of the quota on, each write may matter."""

_SHARE = 8
"""Measured anew after writes of this fraction of the quota, and with a fraction of its room left when near."""
_SLACK_BYTES = 8 * 2**20
_RATIO = 1.25
_RATIO_FROM_BYTES = 2**20
_MOST_RATIO = 64.0
_FOREVER = -math.inf

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pace:
    """How far measurements lie apart: so many seconds, or so many times as long as the last one took."""

    seconds: float
    times: float
    most_seconds: float = math.inf

    def after(self, duration: float) -> float:
        return min(self.most_seconds, max(self.seconds, self.times * duration))


URGENT = Pace(2, 20)
"""When writes are refused, or about to be, without it being known that they must."""
CALM = Pace(10, 100)
PATIENT = Pace(30, 100)
"""When writes are refused that were found to be too much, in case that something was removed behind our back."""
ROUTINE = Pace(60, 3000, 3600)


class StorageGauge:
    """How much one database takes and may take."""

    __slots__ = (
        "_duration",
        "_freed",
        "_has_refused",
        "_is_unknown",
        "_measured_at",
        "_now",
        "_possible",
        "_ratio",
        "_since",
        "_tried_at",
        "allowed_by",
        "allowed_bytes",
        "is_loaded",
        "measured_bytes",
    )

    def __init__(self, allowed_bytes: int, now: Callable[[], float]) -> None:
        self.allowed_bytes = allowed_bytes
        self.allowed_by = ""
        """By what no more is allowed, as people read it; empty: by the limit of this database."""
        self.measured_bytes: int | None = None
        """What MongoDB said last; None when it was never asked."""
        self.is_loaded = False
        self._measured_at: datetime | None = None
        self._now = now
        self._tried_at = _FOREVER
        self._duration = 0.0
        self._ratio = _RATIO
        self._since = 0.0
        self._possible = 0.0
        self._is_unknown = self._freed = self._has_refused = False

    @property
    def used_bytes(self) -> int:
        """What it takes: as measured, and what was probably added since."""
        return (self.measured_bytes or 0) + int(self._since)

    # What happens to the database

    def allow(self, allowed_bytes: int, allowed_by: str = "") -> None:
        """Let another quota hold from now on."""
        self.allowed_bytes, self.allowed_by = allowed_bytes, allowed_by

    def sending(self, name: str, frame: bytes | bytearray) -> Spread | None:
        """Count a command that takes space and is sent now; where something is returned, `answered` must get it."""
        growth = judge(name, frame)
        if growth.frame_bytes:
            self.wrote(growth.frame_bytes)
        self._possible += growth.indexes * (self.measured_bytes or 0)
        if growth.is_unknown:
            self.uncertain()
        if (self.measured_bytes or 0) > self.allowed_bytes:
            self.freed()  # or it would have been refused
        return growth.spread

    def answered(self, spread: Spread, reply: bytes | None) -> None:
        """Count what `sending` could not know yet; `reply` is None when it got lost."""
        changed = None if reply is None else changed_in(reply)
        if changed is None:
            self.uncertain()
        elif changed > 1:
            each = spread.frame_bytes / max(1, spread.statements)
            self._since += each * (changed - 1) * self._ratio
            self._possible += spread.frame_bytes * (changed - 1) * self._ratio

    def wrote(self, frame_bytes: int, documents: int = 1) -> None:
        """Count bytes that were written, as a whole, to so many documents."""
        added = frame_bytes * documents * self._ratio
        self._since += added
        self._possible += added

    def uncertain(self) -> None:
        """Note that something of unknown size was written."""
        self._is_unknown = True

    def freed(self) -> None:
        """Note that something was deleted or dropped."""
        self._freed = True

    def refusal(self) -> str | None:
        """Say why nothing more may be written; None when there is room.

        An estimate alone refuses only what is clearly too much: what is written may also replace what was there.
        """
        allowed, measured = self.allowed_bytes, self.measured_bytes or 0
        if measured + self._since <= allowed:
            return None
        if measured <= allowed and measured + self._since <= allowed + max(allowed // _SHARE, _SLACK_BYTES):
            return None
        self._has_refused = True
        used = f"{'about ' if self._since else ''}{human_size(self.used_bytes)}"
        by = f" by {self.allowed_by}" if self.allowed_by else ""
        return (
            f"This app's database is full: it takes {used}, and {human_size(allowed)} are allowed{by}. Delete "
            "documents or drop collections, or ask an admin to allow more. Reading and deleting still work."
        )

    # Measuring

    def is_due(self) -> bool:
        """Tell whether it should be measured now."""
        if not self.is_loaded:
            return False
        pace = self._pace()
        return pace is not None and self._now() - self._tried_at >= pace.after(self._duration)

    def _pace(self) -> Pace | None:
        allowed, measured = self.allowed_bytes, self.measured_bytes
        is_active = self._possible > 0 or self._is_unknown
        if measured is None:
            return URGENT if is_active else None
        if measured > allowed:
            return URGENT if self._freed else PATIENT if self._has_refused else None
        if self.used_bytes > allowed:
            return URGENT
        room = allowed - measured
        is_near = measured + self._possible >= NEAR * allowed
        if self._is_unknown or self._possible >= allowed / _SHARE:
            return CALM
        if is_near and (self._freed or self._possible >= room / _SHARE):
            return CALM
        return ROUTINE if is_active else None

    def begin(self) -> tuple[float, float]:
        """Note that it is being measured; what is returned goes to `finish`.

        What is under way at this moment may be missed, until the next time.
        """
        self._tried_at = self._now()
        self._is_unknown = self._freed = self._has_refused = False
        return self._since, self._possible

    def finish(self, mark: tuple[float, float], data_bytes: int, index_bytes: int, at: datetime) -> None:
        """Take what MongoDB says of the moment of `begin`."""
        self._end()
        self.measured_bytes, self._measured_at = data_bytes + index_bytes, at
        if data_bytes >= _RATIO_FROM_BYTES:
            self._ratio = min(_MOST_RATIO, 1 + index_bytes / data_bytes)
        self._since -= mark[0]
        self._possible -= mark[1]

    def fail(self) -> None:
        """Note that it could not be measured; it is tried again."""
        self._end()
        self._is_unknown = True

    def _end(self) -> None:
        self._duration = self._now() - self._tried_at
        self._tried_at = self._now()

    # From one run of the broker to the next

    def state(self) -> Document | None:
        """Return what is kept in the platform's database; None while there is nothing to keep."""
        if self.measured_bytes is None:
            return None
        return {"bytes": self.measured_bytes, "measured_at": self._measured_at, "written_since": int(self._since)}

    def load(self, state: Document | None) -> None:
        """Begin with what was kept, if anything was."""
        self.is_loaded = True
        if not state or state.get("measured_at") is None:
            return
        self.measured_bytes, self._measured_at = state["bytes"], state["measured_at"]
        self._since += state["written_since"]
        self._possible += state["written_since"]
        age = (datetime.now(UTC) - state["measured_at"].replace(tzinfo=UTC)).total_seconds()
        self._tried_at = self._now() - max(0.0, age)


def human_size(size: float) -> str:
    """Write a size as people read it."""
    for unit in ("bytes", "KiB", "MiB", "GiB"):
        if size < 1024 or unit == "GiB":
            break
        size /= 1024
    return f"{size:,.0f} {unit}" if unit == "bytes" else f"{size:,.1f} {unit}"
