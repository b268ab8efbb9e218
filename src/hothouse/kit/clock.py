"""The time, injected so that tests can move it."""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What tells the time."""

    def now(self) -> datetime:
        """Return the current moment, aware, in UTC, to the millisecond (what BSON keeps)."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        moment = datetime.now(UTC)
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
