"""What the policy says of environments that are used, are not, sleep, are kept, or are too old."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hothouse.environments.culling.policy import Facts, Policy, decide

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def policy(**changes: Any) -> Policy:
    usual = {"idle": HOUR, "stop_after": 12 * HOUR, "lifetime": None, "warning": timedelta(minutes=10)}
    return Policy(**usual | changes)


def facts(**changes: Any) -> Facts:
    return Facts(**{"started_at": NOON, "active_at": NOON} | changes)


def test_idle_ones_are_put_to_sleep_after_a_warning() -> None:
    verdict = decide(policy(), facts())
    assert verdict is not None
    assert (verdict.action, verdict.at, verdict.warn_at) == ("sleep", NOON + HOUR, NOON + timedelta(minutes=50))
    assert verdict.reason == "it was not used for 1 hour"


def test_use_puts_it_off() -> None:
    verdict = decide(policy(), facts(active_at=NOON + 5 * HOUR))
    assert verdict is not None
    assert verdict.at == NOON + 6 * HOUR


@pytest.mark.parametrize(("kept", "at"), [(3, 3), (0.5, 1)])
def test_what_is_kept_is_kept(kept: float, at: int) -> None:
    verdict = decide(policy(), facts(kept_until=NOON + kept * HOUR))
    assert verdict is not None
    assert verdict.at == NOON + at * HOUR


def test_sleepers_are_stopped_later() -> None:
    verdict = decide(policy(), facts(asleep_since=NOON + HOUR))
    assert verdict is not None
    assert (verdict.action, verdict.at) == ("stop", NOON + 13 * HOUR)


def test_nothing_outlives_its_lifetime() -> None:
    verdict = decide(policy(lifetime=2 * HOUR), facts(active_at=NOON + 9 * HOUR, kept_until=NOON + 99 * HOUR))
    assert verdict is not None
    assert (verdict.action, verdict.at) == ("stop", NOON + 2 * HOUR)


def test_who_opted_out_is_left_alone() -> None:
    assert decide(policy(idle=None), facts()) is None
