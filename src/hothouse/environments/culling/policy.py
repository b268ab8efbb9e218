"""When an environment is put to sleep, or stopped, and why. Nothing here asks or does anything."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Action = Literal["sleep", "stop"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What holds for one environment. `None` as idle time or lifetime: never for that reason."""

    idle: timedelta | None
    stop_after: timedelta  # asleep for so long
    lifetime: timedelta | None
    warning: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of one environment.

    `active_at` is when anything last showed that it is used: somebody's requests, a busy kernel or terminal, or the
    processor. `kept_until` is until when somebody asked to have it kept.
    """

    started_at: datetime
    active_at: datetime
    asleep_since: datetime | None = None
    kept_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be done next, when, and why; `is_warned` from when on its people are to be told."""

    action: Action
    at: datetime
    reason: str
    warn_at: datetime


def decide(policy: Policy, facts: Facts) -> Verdict | None:
    """Return what comes next for an environment; None: nothing ever does.

    What was asked to be kept is kept, but not beyond its lifetime.
    """
    found = []
    if policy.lifetime is not None:
        at = facts.started_at + policy.lifetime
        found.append(_verdict(policy, "stop", at, f"it has run for {_words(policy.lifetime)}, the most that it may"))
    if facts.asleep_since is not None:
        at = facts.asleep_since + policy.stop_after
        found.append(_verdict(policy, "stop", at, f"it was asleep for {_words(policy.stop_after)}"))
    elif policy.idle is not None:
        at = max(facts.active_at + policy.idle, facts.kept_until or facts.active_at)
        found.append(_verdict(policy, "sleep", at, f"it was not used for {_words(policy.idle)}"))
    return min(found, key=lambda verdict: verdict.at) if found else None


def _verdict(policy: Policy, action: Action, at: datetime, reason: str) -> Verdict:
    return Verdict(action, at, reason, at - policy.warning)


def _words(duration: timedelta) -> str:
    """Say a duration in words.

    >>> _words(timedelta(minutes=90)), _words(timedelta(hours=1)), _words(timedelta(days=2))
    ('90 minutes', '1 hour', '2 days')
    """
    seconds = int(duration.total_seconds())
    for size, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size and seconds % size == 0:
            return f"{seconds // size} {name}{'s' if seconds != size else ''}"
    return f"{seconds} seconds"
