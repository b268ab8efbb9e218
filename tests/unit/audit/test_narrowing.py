"""A search reads little of a long record: it widens where little is found, and asks for what is rarest."""

from typing import Any

import pytest

from hothouse.audit.narrowing import FIRST_WINDOW, WIDEST_WINDOW, Narrowing

Entry = dict[str, Any]


def entry(seq: int) -> Entry:
    """Return an entry by one of two people, about one of four apps; only the first four were denied."""
    return {
        "seq": seq,
        "who": [f"u{seq % 2}"],
        "about": [f"app:a{seq % 4}", f"a{seq % 4}"],
        "action": "apps.start",
        "result": "denied" if seq <= 4 else "done",
    }


RECORD = [entry(seq) for seq in range(1, 40_001)]


def searched(**only: Any) -> tuple[list[int], int]:
    """Return the places of the entries that meet all conditions, newest first, and how many were read for that."""
    search, last, read = Narrowing(only), len(RECORD), 0
    met: list[int] = []
    while last:
        first = max(1, last - search.width + 1)
        [(key, value)] = search.query.items() or [("seq", None)]
        found = [one for one in RECORD[first - 1 : last] if value is None or value == one[key] or value in one[key]]
        met += [one["seq"] for one in reversed(search.learn(found, last - first + 1))]
        read += len(found)
        last = first - 1
    return met, read


@pytest.mark.parametrize(
    "only",
    [{}, {"who": "u1"}, {"who": "u1", "about": "a3"}, {"who": "u1", "about": "a2"}, {"action": "none"}],
)
def test_finds_what_meets_all_conditions(only: Entry) -> None:
    expected = [
        one["seq"]
        for one in reversed(RECORD)
        if all(value == one[key] or (isinstance(one[key], list) and value in one[key]) for key, value in only.items())
    ]
    assert searched(**only)[0] == expected


def test_reads_what_is_rarest_whichever_condition_it_is() -> None:
    met, read = searched(who="u1", about="a1", result="denied")
    assert met == [1]
    assert read < FIRST_WINDOW + 10


def test_asks_for_another_condition_once_the_first_is_no_longer_rare() -> None:
    search = Narrowing({"who": "u1", "result": "denied"})
    search.learn([entry(seq) for seq in range(5, 5 + FIRST_WINDOW)], FIRST_WINDOW)
    assert search.query == {"result": "denied"}
    search.learn([{**entry(seq), "result": "denied"} for seq in range(search.width)], search.width)
    assert search.query == {"who": "u1"}


def test_widens_only_where_little_is_found() -> None:
    search = Narrowing({"who": "u1"})
    search.learn([entry(seq) for seq in range(1, FIRST_WINDOW, 2)], FIRST_WINDOW)
    assert search.width == FIRST_WINDOW
    for _ in range(9):
        search.learn([], search.width)
    assert search.width == WIDEST_WINDOW
