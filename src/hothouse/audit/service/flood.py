"""Keeping many denied attempts from filling the record: so many of each person or address a minute, then a number."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hothouse.audit.service.drafts import Draft
from hothouse.kit.trail import Who

PER_MINUTE = 60
WINDOW = timedelta(minutes=1)
MOST_KEYS = 5_000
MORE_DENIED = "audit.more-denied"


@dataclass(slots=True)
class Window:
    """The attempts of one person or address since `began_at`."""

    began_at: datetime
    who: Who
    address: str
    admitted: int = 0
    more: Counter[str] = field(default_factory=Counter)


class Flood:
    """Counts attempts; says which are to be recorded one by one, and sums up the others."""

    def __init__(self) -> None:
        self._windows: dict[str, Window] = {}

    def admits(self, draft: Draft, now: datetime) -> bool:
        """Tell whether this attempt gets an entry of its own; if not, it is counted."""
        key = draft.who.id or f"address {draft.address}"
        if key not in self._windows and len(self._windows) >= MOST_KEYS:
            key = "everybody else"
        window = self._windows.get(key)
        if window is None:
            window = self._windows[key] = Window(now, draft.who, draft.address if key != "everybody else" else "")
        window.admitted += 1
        if window.admitted <= PER_MINUTE:
            return True
        window.more[draft.action] += 1
        return False

    def summaries(self, now: datetime | None) -> list[Draft]:
        """Return what was counted in windows that have ended by now; None: in all of them."""
        ended = [key for key, window in self._windows.items() if now is None or now - window.began_at >= WINDOW]
        windows = [self._windows.pop(key) for key in ended]
        return [summary(window) for window in windows if window.more]


def summary(window: Window) -> Draft:
    """Return the entry that stands for the attempts that got none of their own."""
    return Draft(
        action=MORE_DENIED,
        result="denied",
        who=window.who,
        address=window.address,
        reason=f"{sum(window.more.values())} more attempts within a minute",
        after={"attempts": dict(window.more), "since": window.began_at.isoformat()},
    )
