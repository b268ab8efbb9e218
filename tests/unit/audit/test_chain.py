"""The chain names what was altered, removed, added or reordered; nothing else."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from hothouse.audit.chain import GENESIS, MOST_FAULTS, PRUNE, Link, Verifier, canonical, hash_of, seal_of
from hothouse.audit.service.drafts import Draft, clipped

KEY = b"only this installation knows it"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def chain(count: int, *, first: int = 1, prev: str = GENESIS, key: bytes = KEY) -> list[Link]:
    """Make a chain of entries."""
    links = []
    for seq in range(first, first + count):
        links.append(link(Draft(f"apps.start-{seq}"), seq, prev, key))
        prev = links[-1].hash
    return links


def link(draft: Draft, seq: int, prev: str, key: bytes = KEY) -> Link:
    entry = draft.entry(seq, prev, NOW, key)
    return Link(seq, entry["text"], entry["hash"], entry["seal"])


def rewritten(old: Link, key: bytes | None = None, **changes: Any) -> Link:
    """Alter an entry; with a hash that fits, and even a seal if the key is known."""
    text = canonical({**json.loads(old.text), **changes})
    return Link(old.seq, text, hash_of(text), seal_of(key, hash_of(text)) if key else old.seal)


def faults(
    links: list[Link], *, key: bytes | None = KEY, is_whole: bool = True, head: int = 0
) -> list[tuple[int, str]]:
    verifier = Verifier(key, is_whole)
    for one in links:
        verifier.take(one)
    return [(fault.seq, fault.message) for fault in verifier.finish(head)]


def places(links: list[Link], **options: Any) -> list[int]:
    return [seq for seq, _ in faults(links, **options)]


class TestVerify:
    def test_as_written(self) -> None:
        assert faults(chain(5), head=5) == []

    def test_empty(self) -> None:
        assert faults([]) == []

    def test_altered(self) -> None:
        links = chain(5)
        links[2] = Link(3, links[2].text.replace("start-3", "stop-3"), links[2].hash, links[2].seal)
        assert faults(links) == [(3, "was altered: its hash is not that of its content")]

    def test_altered_with_a_fitting_hash(self) -> None:
        links = chain(5)
        links[2] = rewritten(links[2], action="nothing")
        assert places(links) == [3, 4]
        assert places(links, key=None) == [4]

    def test_chain_of_somebody_elses_making(self) -> None:
        assert places(chain(3, key=b"another")) == [1, 2, 3]
        assert places(chain(3, key=b"another"), key=None) == []

    @pytest.mark.parametrize("gone", [1, 3])
    def test_removed(self, gone: int) -> None:
        links = chain(5)
        del links[gone - 1]
        assert faults(links) == [(gone, f"entry {gone} is missing")]

    def test_removed_at_the_end(self) -> None:
        assert faults(chain(5)[:3], head=5) == [(4, "entries 4 to 5 are missing at the end")]

    def test_last_one_replaced(self) -> None:
        links = chain(3)
        verifier = Verifier(KEY)
        for one in [*links[:2], link(Draft("another"), 3, links[1].hash)]:
            verifier.take(one)
        assert [fault.seq for fault in verifier.finish(3, links[2].hash)] == [3]

    def test_reordered(self) -> None:
        links = chain(5)
        links[1], links[2] = links[2], links[1]
        assert 2 in places(links)

    def test_swapped_places(self) -> None:
        links = chain(5)
        links[1], links[2] = (
            Link(2, links[2].text, links[2].hash, links[2].seal),
            Link(3, links[1].text, links[1].hash, links[1].seal),
        )
        assert {2, 3} <= set(places(links))

    def test_twice(self) -> None:
        links = chain(3)
        assert places([*links[:2], links[1], links[2]]) == [2]

    def test_unreadable(self) -> None:
        links = chain(3)
        links[1] = Link(2, "no json", links[1].hash, links[1].seal)
        assert places(links) == [2]

    def test_many_gaps_take_no_more_room_than_few(self) -> None:
        verifier = Verifier(KEY)
        for one in chain(1_000)[::2]:
            verifier.take(one)
        assert len(verifier.gaps) == MOST_FAULTS
        assert [fault.seq for fault in verifier.finish()] == [*range(2, 2 * MOST_FAULTS, 2), 998]


class TestPrune:
    def pruned(self, **after: Any) -> list[Link]:
        """Make a chain whose first three entries were removed in due time."""
        links = chain(5)
        said = {"through_seq": 3, "through_hash": links[2].hash} | after
        return [*links[3:], link(Draft(PRUNE, after=said), 6, links[-1].hash)]

    def test_due_removal_is_no_fault(self) -> None:
        assert faults(self.pruned(), head=6) == []

    def test_more_removed_than_was_due(self) -> None:
        assert places(self.pruned()[1:]) == [1]

    def test_what_follows_must_be_what_followed(self) -> None:
        assert places(self.pruned(through_hash=GENESIS)) == [4]

    def test_forged(self) -> None:
        links = self.pruned()
        links[-1] = rewritten(links[-1], after={"through_seq": 4, "through_hash": links[0].hash})
        assert 1 in places(links[1:])


class TestExport:
    def lines(self, links: list[Link]) -> list[str]:
        return [json.dumps({**json.loads(one.text), "hash": one.hash, "seal": one.seal}) for one in links]

    def test_may_begin_anywhere(self) -> None:
        read = [Link.of_line(line) for line in self.lines(chain(5)[2:])]
        assert faults(read, is_whole=False) == []
        assert places(read) == [1]

    def test_survives_another_layout(self) -> None:
        line = json.dumps(json.loads(self.lines(chain(1))[0]), indent=2)
        assert faults([Link.of_line(line)]) == []

    @pytest.mark.parametrize("line", ["[]", "{}", '{"seq": "1"}', "no json", '"text"'])
    def test_something_else(self, line: str) -> None:
        with pytest.raises(ValueError, match=r".+"):
            Link.of_line(line)


class TestClip:
    def test_long_values_are_cut(self) -> None:
        cut = clipped({"text": "x" * 9_000, "many": list(range(1_000)), "odd": float("nan"), "at": NOW, "raw": b"x"})
        assert (len(cut["text"]), len(cut["many"])) == (501, 200)
        assert canonical(cut)
