"""What is shown of a slow command."""

import uuid
from typing import Any

import pytest
from bson import Binary
from hypothesis import given
from hypothesis import strategies as st

from hothouse.broker.description import MAX_FIELDS, MAX_FRAME_BYTES, describe
from hothouse.broker.wire import encode_message

SECRET = "a value that nobody may see"
LSID = {"id": Binary.from_uuid(uuid.UUID(int=5))}


@pytest.mark.parametrize(
    ("command", "collection", "fields"),
    [
        ({"find": "c", "filter": {"a": SECRET, "b.c": {"$gt": SECRET}}, "sort": {"at": -1}}, "c", ["a", "b.c", "at"]),
        ({"find": "c", "filter": {"$or": [{"a": SECRET}, {"$and": [{"b": SECRET}]}]}}, "c", ["a", "b"]),
        ({"find": "c", "filter": {"$expr": {"$eq": ["$a", SECRET]}}}, "c", ["$expr"]),
        ({"find": "c"}, "c", []),
        (
            {
                "aggregate": "c",
                "pipeline": [{"$match": {"a": SECRET}}, {"$group": {"_id": SECRET}}, {"$sort": {"n": 1}}],
            },
            "c",
            ["$match", "a", "$group", "$sort", "n"],
        ),
        ({"aggregate": 1, "pipeline": [{"$documents": [{"a": SECRET}]}]}, "", ["$documents"]),
        ({"update": "c", "updates": [{"q": {"a": SECRET}, "u": {"$set": {"b": SECRET}}}]}, "c", ["a"]),
        ({"delete": "c", "deletes": [{"q": {"a": SECRET}, "limit": 0}]}, "c", ["a"]),
        ({"insert": "c", "documents": [{"a": SECRET}]}, "c", []),
        ({"findAndModify": "c", "query": {"a": SECRET}, "update": {"b": SECRET}}, "c", ["a"]),
        ({"distinct": "c", "key": "tags", "query": {"a": SECRET}}, "c", ["a", "tags"]),
        ({"count": "c", "query": {"a": SECRET}}, "c", ["a"]),
        ({"getMore": 5, "collection": "c"}, "c", []),
        ({"explain": {"find": "c", "filter": {"a": SECRET}}}, "c", ["a"]),
        ({"createIndexes": "c", "indexes": [{"key": {"a": 1}}]}, "c", []),
        ({"bulkWrite": 1, "ops": [{"update": 0, "filter": {"a": SECRET}}], "nsInfo": [{"ns": "hh_a.c"}]}, "", []),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else None,
)
def test_names_and_no_values(command: dict[str, Any], collection: str, fields: list[str]) -> None:
    found = describe(encode_message({**command, "lsid": LSID, "$db": "hh_a"}))
    assert found == (collection, fields)
    assert SECRET not in str(found)


def test_bounded() -> None:
    wide = {f"{number}-{'x' * 500}": 1 for number in range(100)}
    _, fields = describe(encode_message({"find": "c", "filter": wide, "$db": "hh_a"}))
    assert len(fields) == MAX_FIELDS
    assert max(map(len, fields)) <= 80
    assert describe(bytes(MAX_FRAME_BYTES + 1)) == ("", [])


def test_deeply_nested() -> None:
    nested: dict[str, Any] = {"a": 1}
    for _ in range(60):
        nested = {"$or": [nested]}
    assert describe(encode_message({"find": "c", "filter": nested, "$db": "hh_a"})) == ("c", [])


@given(st.binary(max_size=200))
def test_garbage(tail: bytes) -> None:
    whole = encode_message({"find": "c", "filter": {"a": 1}, "$db": "hh_a"})
    assert describe(tail) == ("", [])
    describe(whole[:30] + tail)
    describe(whole + tail)


BSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "$or", "q"]), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.sampled_from(["find", "aggregate", "update", "explain", "getMore"]),
    st.dictionaries(st.sampled_from(["filter", "pipeline", "updates", "q", "sort", "key", "collection"]), BSON),
    BSON,
)
def test_whatever_a_command_holds(name: str, fields: dict[str, Any], first: Any) -> None:
    collection, names = describe(encode_message({name: first, **fields, "$db": "hh_a"}))
    assert isinstance(collection, str)
    assert all(isinstance(each, str) for each in names)
