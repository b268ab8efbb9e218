"""Cursors that this platform did not make."""

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from hothouse.kit.paging import PageRequest, decode_cursor, encode_cursor
from hothouse.kit.problems import Invalid

KINDS = ("after_text", "after_number", "after_time")


@pytest.mark.parametrize("cursor", ["!", "AAA", base64.urlsafe_b64encode(b"[" * 100_000).decode(), "\u00e9", "e30=="])
def test_unreadable(cursor: str) -> None:
    try:
        after = decode_cursor(cursor)
    except Invalid:
        return
    for kind in KINDS:
        with pytest.raises(Invalid):
            getattr(PageRequest(limit=1, after=after), kind)


@pytest.mark.parametrize(
    "after", [{}, [], {"$gt": ""}, True, 1.5, 2**63, -(2**70), "10000-01-01", "9999-99-99T00:00:00"]
)
def test_of_no_list(after: Any) -> None:
    request = PageRequest(limit=1, after=json.loads(json.dumps(after)))
    kinds = KINDS[1:] if isinstance(after, str) else KINDS
    for kind in kinds:
        with pytest.raises(Invalid, match="not one this platform gave out"):
            getattr(request, kind)


def test_of_ours() -> None:
    now = datetime(2026, 11, 28, 12, tzinfo=UTC)
    for kind, value, key in (
        ("after_text", "a", "a"),
        ("after_number", 7, 7),
        ("after_time", now, now.isoformat()),
    ):
        assert getattr(PageRequest(limit=1, after=decode_cursor(encode_cursor(key))), kind) == value
        assert getattr(PageRequest(limit=1), kind) is None
