"""Counting what a database is used for."""

import timeit

import pytest

from hothouse.broker.meters import BOUNDS_MS, MAX_SLOW, Meter, Meters


class TestMeter:
    @pytest.mark.parametrize(
        ("milliseconds", "bucket"),
        [(0, 0), (0.25, 0), (0.26, 1), (30_000, len(BOUNDS_MS) - 1), (30_001, len(BOUNDS_MS))],
    )
    def test_bucket(self, milliseconds: float, bucket: int) -> None:
        meter = Meter(200)
        meter.done("find", milliseconds / 1000, 1, 1, False)
        counts = meter.counts()
        assert [place for place, count in enumerate(counts.latency) if count] == [bucket]
        assert counts.operations == 1

    def test_sums(self) -> None:
        meter = Meter(200)
        meter.done("find", 0.001, 100, 2000, False)
        meter.done("insert", 0.003, 50, 30, True)
        meter.refused()
        counts = meter.counts()
        assert (counts.operations, counts.errors, counts.refused) == (2, 1, 1)
        assert (counts.bytes_in, counts.bytes_out) == (150, 2030)
        assert counts.seconds == pytest.approx(0.004)
        assert counts.commands == {"find": 1, "insert": 1}

    def test_says_what_was_slow(self) -> None:
        meter = Meter(200)
        assert not meter.done("find", 0.199, 1, 1, False)
        assert meter.done("find", 0.2, 1, 1, False)

    def test_keeps_the_last_slow_commands(self) -> None:
        meter = Meter(200)
        for number in range(MAX_SLOW + 5):
            meter.slow("find", f"c{number}", ["a"], 0.2504)
        assert meter.counts().slow == MAX_SLOW + 5
        kept = list(meter.slow_commands)
        assert [each["collection"] for each in kept] == [f"c{number}" for number in range(5, MAX_SLOW + 5)]
        assert kept[0]["fields"] == ["a"]
        assert kept[0]["milliseconds"] == 250.4

    def test_costs_next_to_nothing(self) -> None:
        done, calls = Meter(200).done, 20_000
        best = min(timeit.repeat(lambda: done("find", 0.0004, 120, 400, False), number=calls, repeat=7))
        assert best / calls < 2e-6


class TestMeters:
    def test_drains_what_is_new(self) -> None:
        meters = Meters()
        meter = meters.of("hh_a")
        meter.done("find", 0.001, 1, 1, False)
        meter.slow("find", "c", [], 1)
        meter.connections = 3
        first = meters.drain()[0]
        assert (first.database, first.counts.operations, first.connections) == ("hh_a", 1, 3)
        assert len(first.slow_commands) == 1
        meter.done("find", 0.001, 1, 1, False)
        meter.done("insert", 0.001, 1, 1, False)
        second = meters.drain()[0]
        assert second.counts.operations == 2
        assert second.counts.commands == {"find": 1, "insert": 1}
        assert second.slow_commands == []
        assert meters.drain()[0].counts.operations == 0
        assert meter.counts().operations == 3, "who exports wants all"

    def test_forgets_after_draining(self) -> None:
        meters = Meters()
        meter = meters.of("hh_a")
        meter.done("find", 0.001, 1, 1, False)
        meters.forget("hh_a")
        assert meters.drain()[0].counts.operations == 1
        assert meters.drain() == []
        assert meters.of("hh_a") is not meter

    def test_one_who_comes_back_is_not_forgotten(self) -> None:
        meters = Meters()
        meter = meters.of("hh_a")
        meters.forget("hh_a")
        assert meters.of("hh_a") is meter
        meters.drain()
        assert meters.of("hh_a") is meter
