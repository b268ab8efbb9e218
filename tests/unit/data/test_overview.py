"""Numbers of the broker, made into what a page shows."""

from datetime import UTC, datetime, timedelta

import pytest

from hothouse.broker.limits import Limits
from hothouse.broker.meters import BOUNDS_MS
from hothouse.data.service.overview import last_minutes, latency_of, storage_of

NOON = datetime(2026, 1, 2, 12, 0, tzinfo=UTC)


class TestStorage:
    @pytest.mark.parametrize("measured", [None, {}, {"bytes": None, "written_since": 5}])
    def test_not_measured(self, measured: dict[str, int] | None) -> None:
        shown = storage_of(measured, Limits(storage_bytes=100))
        assert (shown.used_bytes, shown.is_estimate, shown.measured_at, shown.allowed_bytes) == (None, False, None, 100)

    def test_measured(self) -> None:
        shown = storage_of({"bytes": 7, "measured_at": NOON, "written_since": 0}, Limits(storage_bytes=100))
        assert (shown.used_bytes, shown.is_estimate, shown.measured_at) == (7, False, NOON)

    def test_written_to_since(self) -> None:
        shown = storage_of({"bytes": 7, "measured_at": NOON, "written_since": 4}, Limits(storage_bytes=100))
        assert (shown.used_bytes, shown.is_estimate) == (11, True)


class TestLatency:
    def test_every_bucket_has_its_bound(self) -> None:
        shown = latency_of({"0": 3, str(len(BOUNDS_MS)): 1})
        assert [one.up_to_ms for one in shown] == [*BOUNDS_MS, None]
        assert (shown[0].count, shown[1].count, shown[-1].count) == (3, 0, 1)


class TestMinutes:
    def test_gaps_are_zeros(self) -> None:
        measured = [
            {"at": NOON - timedelta(minutes=59), "operations": 1, "errors": 0, "milliseconds": 0.5},
            {"at": NOON, "operations": 2},
            {"at": NOON - timedelta(minutes=60), "operations": 9},
        ]
        shown = last_minutes(measured, NOON)
        assert [one.at for one in shown] == [NOON - timedelta(minutes=59 - index) for index in range(60)]
        assert (shown[0].operations, shown[0].milliseconds) == (1, 0.5)
        assert (shown[-1].operations, shown[-1].errors) == (2, 0)
        assert sum(one.operations for one in shown) == 3
