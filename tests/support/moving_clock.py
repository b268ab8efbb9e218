"""A clock that tests can put forward."""

from datetime import datetime, timedelta

from hothouse.kit.clock import SystemClock


class MovingClock:
    """The machine's clock, as far ahead as it was put."""

    def __init__(self) -> None:
        self._system = SystemClock()
        self._ahead = timedelta()

    def now(self) -> datetime:
        return self._system.now() + self._ahead

    def advance(self, **duration: float) -> None:
        """Let time pass: `advance(minutes=5)`."""
        self._ahead += timedelta(**duration)
