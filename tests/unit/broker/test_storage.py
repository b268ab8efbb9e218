"""The storage quota, on a clock of its own."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hothouse.broker.limits import Limits
from hothouse.broker.quotas import StorageQuota
from hothouse.broker.storage import StorageGauge, human_size
from hothouse.broker.wire import encode_message

MIB = 2**20
QUOTA = 100 * MIB


class Bench:
    """A gauge, and what it takes to drive it."""

    def __init__(self, allowed: int = QUOTA, stored: dict[str, Any] | None = None) -> None:
        self.time = 1000.0
        self.gauge = StorageGauge(allowed, lambda: self.time)
        self.gauge.load(stored)

    def measure(self, data: int, index: int = 0, *, seconds: float = 0.0) -> None:
        mark = self.gauge.begin()
        self.time += seconds
        self.gauge.finish(mark, data, index, datetime.now(UTC))

    def due_after(self, *, most: float = 10_000) -> float | None:
        """Return after how many seconds it is due; None when that is never."""
        began = self.time
        try:
            for step in range(int(most)):
                self.time = began + step
                if self.gauge.is_due():
                    return step
            return None
        finally:
            self.time = began

    def insert(self, size: int) -> None:
        assert self.gauge.sending("insert", bytes(size)) is None


class TestDue:
    def test_untouched(self) -> None:
        bench = Bench()
        assert bench.due_after() is None
        assert bench.gauge.refusal() is None

    def test_first_write(self) -> None:
        bench = Bench()
        bench.insert(100)
        assert bench.due_after() == 0

    def test_not_before_it_is_known_what_was_kept(self) -> None:
        gauge = StorageGauge(QUOTA, lambda: 0.0)
        gauge.wrote(200 * MIB)
        assert not gauge.is_due()

    def test_small_writes_wait(self) -> None:
        bench = Bench()
        bench.measure(MIB, seconds=1)
        assert bench.due_after() is None
        bench.insert(1000)
        assert bench.due_after() == 3000, "as rarely as it takes long"

    def test_quick_measurements_are_made_more_often(self) -> None:
        bench = Bench()
        bench.measure(MIB, seconds=2**-8)
        bench.insert(1000)
        assert bench.due_after() == 60

    def test_at_least_every_hour(self) -> None:
        bench = Bench()
        bench.measure(MIB, seconds=30)
        bench.insert(1000)
        assert bench.due_after() == 3600

    def test_much_was_written(self) -> None:
        bench = Bench()
        bench.measure(MIB, seconds=1)
        bench.insert(13 * MIB)
        assert bench.due_after() == 100

    def test_near_the_quota(self) -> None:
        bench = Bench()
        bench.measure(85 * MIB)
        assert bench.due_after() is None, "nothing was written since"
        bench.insert(MIB)
        assert bench.due_after() == 60
        bench.insert(MIB)
        assert bench.due_after() == 10, "a good part of what is left"

    def test_over_by_estimate(self) -> None:
        bench = Bench()
        bench.measure(85 * MIB)
        bench.insert(30 * MIB)
        assert bench.due_after() == 2

    def test_not_too_often_when_it_takes_long(self) -> None:
        bench = Bench()
        bench.measure(85 * MIB, seconds=0.5)
        bench.insert(30 * MIB)
        assert bench.due_after() == 10

    def test_over_and_nothing_happens(self) -> None:
        bench = Bench()
        bench.measure(110 * MIB)
        assert bench.due_after() is None

    def test_over_and_something_was_deleted(self) -> None:
        bench = Bench()
        bench.measure(110 * MIB)
        bench.gauge.freed()
        assert bench.due_after() == 2

    def test_over_and_refusing(self) -> None:
        bench = Bench()
        bench.measure(110 * MIB)
        assert bench.gauge.refusal()
        assert bench.due_after() == 30, "documents may expire by themselves"

    def test_over_and_what_makes_room_was_let_through(self) -> None:
        bench = Bench()
        bench.measure(110 * MIB)
        removal = {"findAndModify": "c", "query": {}, "remove": True, "$db": "hh_a"}
        bench.gauge.sending("findAndModify", encode_message(removal))
        assert bench.due_after() == 2

    def test_unknown_size(self) -> None:
        bench = Bench()
        bench.measure(MIB)
        bench.gauge.uncertain()
        assert bench.due_after() == 10

    def test_tries_again_after_a_failure(self) -> None:
        bench = Bench()
        bench.measure(MIB)
        bench.gauge.begin()
        bench.time += 2
        bench.gauge.fail()
        assert bench.due_after() == 200


class TestUse:
    def test_adds_what_is_written(self) -> None:
        bench = Bench()
        bench.measure(10 * MIB)
        bench.insert(MIB)
        assert 11 * MIB <= bench.gauge.used_bytes < 12 * MIB

    def test_indexes_count_as_much_as_they_did(self) -> None:
        bench = Bench()
        bench.measure(10 * MIB, 20 * MIB)
        bench.insert(MIB)
        assert bench.gauge.used_bytes == 33 * MIB

    def test_keeps_what_was_written_while_measuring(self) -> None:
        bench = Bench()
        bench.insert(MIB)
        mark = bench.gauge.begin()
        bench.insert(2 * MIB)
        bench.gauge.finish(mark, MIB - 1, 0, datetime.now(UTC))
        assert 3 * MIB <= bench.gauge.used_bytes < 4 * MIB

    def test_one_change_of_many_documents(self) -> None:
        bench = Bench()
        bench.measure(10 * MIB)
        text = {"$set": {"text": "x" * 1000}}
        frame = encode_message({"update": "c", "updates": [{"q": {}, "u": text, "multi": True}], "$db": "hh_a"})
        spread = bench.gauge.sending("update", frame)
        assert spread is not None
        bench.gauge.answered(spread, encode_message({"n": 10_000, "nModified": 10_000, "ok": 1.0}))
        assert bench.gauge.used_bytes >= 10 * MIB + 10_000 * 1000

    def test_many_small_changes_of_one_document_each(self) -> None:
        """They must not count as if each had gone to all documents, and yet one of them might have."""
        bench = Bench()
        bench.measure(MIB)
        statements = [{"q": {"_id": number}, "u": {"$set": {"a": 1}}, "multi": True} for number in range(1000)]
        frame = encode_message({"update": "c", "updates": statements, "$db": "hh_a"})
        spread = bench.gauge.sending("update", frame)
        assert spread is not None
        bench.gauge.answered(spread, encode_message({"n": 1000, "nModified": 1000, "ok": 1.0}))
        assert bench.gauge.used_bytes < MIB + 3 * len(frame)
        assert bench.due_after() == 10

    def test_lost_reply(self) -> None:
        bench = Bench()
        bench.measure(MIB)
        update = {"q": {}, "u": {"$set": {"a": 1}}, "multi": True}
        spread = bench.gauge.sending("update", encode_message({"update": "c", "updates": [update], "$db": "hh_a"}))
        assert spread is not None
        bench.gauge.answered(spread, None)
        assert bench.due_after() == 10

    def test_new_index_on_little(self) -> None:
        bench = Bench()
        bench.measure(MIB)
        bench.gauge.sending("createIndexes", encode_message({"createIndexes": "c", "indexes": [{"key": {"a": 1}}]}))
        assert bench.due_after() == 60, "an app that makes its indexes at each start is no reason to measure"

    def test_new_indexes_on_much(self) -> None:
        bench = Bench()
        bench.measure(30 * MIB)
        bench.gauge.sending("createIndexes", encode_message({"createIndexes": "c", "indexes": [{"key": {"a": 1}}]}))
        assert bench.due_after() == 10


class TestRefusal:
    def test_says_which_quota_leaves_no_more(self) -> None:
        bench = Bench()
        bench.measure(50 * MIB)
        limits = Limits(storage_bytes=QUOTA).within(StorageQuota(40 * MIB, "the quota of its owner"))
        bench.gauge.allow(limits.storage_bytes, limits.storage_by)
        assert "40.0 MiB are allowed by the quota of its owner." in (bench.gauge.refusal() or "")

    def test_a_wider_quota_changes_nothing(self) -> None:
        own = Limits(storage_bytes=QUOTA)
        assert own.within(StorageQuota(2 * QUOTA, "the quota of its owner")) == own.within(None) == own

    def test_says_sizes_and_what_to_do(self) -> None:
        bench = Bench()
        bench.measure(80 * MIB, 40 * MIB)
        message = bench.gauge.refusal()
        assert message is not None
        assert "takes 120.0 MiB, and 100.0 MiB are allowed" in message
        assert "Delete documents" in message

    def test_estimate_alone_has_some_room(self) -> None:
        bench = Bench()
        bench.measure(99 * MIB)
        bench.insert(5 * MIB)
        assert bench.gauge.used_bytes > QUOTA
        assert bench.gauge.refusal() is None
        bench.insert(9 * MIB)
        assert "about" in (bench.gauge.refusal() or "")

    def test_replacing_is_not_growing(self) -> None:
        bench = Bench()
        bench.measure(50 * MIB)
        for _ in range(100):
            bench.insert(5 * MIB)
            if bench.gauge.is_due():
                bench.measure(50 * MIB)
            bench.time += 1
            assert bench.gauge.refusal() is None

    def test_another_quota(self) -> None:
        bench = Bench()
        bench.measure(50 * MIB)
        bench.gauge.allow(10 * MIB)
        assert bench.gauge.refusal()
        bench.gauge.allow(QUOTA)
        assert bench.gauge.refusal() is None

    def test_room_was_made(self) -> None:
        bench = Bench()
        bench.measure(110 * MIB)
        bench.gauge.freed()
        bench.measure(10 * MIB)
        assert bench.gauge.refusal() is None


class TestKept:
    def test_goes_on_after_a_restart(self) -> None:
        before = Bench()
        before.measure(110 * MIB)
        state = before.gauge.state()
        assert state is not None
        after = Bench(stored=state)
        assert after.gauge.refusal()
        assert after.gauge.state() == state

    def test_what_was_written_since_counts(self) -> None:
        measured_at = datetime.now(UTC) - timedelta(seconds=50)
        bench = Bench(stored={"bytes": MIB, "measured_at": measured_at, "written_since": 4000})
        assert bench.gauge.used_bytes == MIB + 4000
        assert bench.due_after() == 10, "as long after the last time as ever"

    @pytest.mark.parametrize("stored", [None, {}, {"bytes": 0, "measured_at": None, "written_since": 5}])
    def test_nothing_was_kept(self, stored: dict[str, Any] | None) -> None:
        bench = Bench(stored=stored)
        assert bench.gauge.state() is None
        assert bench.due_after() is None


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 bytes"), (1023, "1,023 bytes"), (1536, "1.5 KiB"), (2 * 2**30, "2.0 GiB"), (2**41, "2,048.0 GiB")],
)
def test_human_size(size: int, text: str) -> None:
    assert human_size(size) == text
