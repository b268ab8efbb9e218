"""How much a command may add, judged from its bytes."""

from typing import Any

import pytest

from hothouse.broker.growth import LONGEST_REPLY, Growth, changed_in, judge
from hothouse.broker.wire import encode_message

END = {"$db": "hh_a"}


def judged(command: dict[str, Any]) -> Growth:
    return judge(next(iter(command)), encode_message({**command, **END}))


def update(change: Any, **options: Any) -> dict[str, Any]:
    return {"update": "c", "updates": [{"q": {"a": 1}, "u": change, **options}]}


class TestJudge:
    def test_insert(self) -> None:
        command = {"insert": "c", "documents": [{"multi": True, "text": "$[] u"}]}
        assert judged(command) == Growth(len(encode_message({**command, **END})))

    @pytest.mark.parametrize("options", [{}, {"multi": False}, {"upsert": True, "multi": False}])
    def test_update_of_one(self, options: dict[str, Any]) -> None:
        growth = judged(update({"$set": {"b": 1}}, **options))
        assert growth.frame_bytes
        assert growth.spread is None
        assert not growth.is_unknown

    @pytest.mark.parametrize("multi", [True, 1, 1.0])
    def test_update_of_many(self, multi: Any) -> None:
        growth = judged(update({"$set": {"b": 1}}, multi=multi))
        assert growth.spread is not None
        assert growth.spread.statements == 1
        assert growth.spread.frame_bytes == growth.frame_bytes

    def test_some_of_many_update_many(self) -> None:
        statements = [{"q": {}, "u": {"$set": {"b": 1}}, "multi": number == 3} for number in range(5)]
        growth = judged({"update": "c", "updates": statements})
        assert growth.spread is not None
        assert growth.spread.statements == 5

    @pytest.mark.parametrize(
        "command",
        [
            update([{"$set": {"b": {"$concat": ["$b", "$b"]}}}]),
            update({"$set": {"b.$[]": "long"}}),
            update({"$set": {"b.$[each].c": "long"}}, arrayFilters=[{"each.d": 1}]),
            {"findAndModify": "c", "query": {}, "update": [{"$set": {"b": ["$b", "$b"]}}]},
            {"findandmodify": "c", "query": {}, "update": [{"$set": {"b": ["$b", "$b"]}}]},
            {"bulkWrite": 1, "ops": [{"update": 0, "filter": {}, "updateMods": [{"$set": {"b": 1}}]}], "nsInfo": []},
            {"aggregate": "c", "pipeline": [{"$out": "d"}], "cursor": {}},
        ],
        ids=lambda command: str(command)[:60],
    )
    def test_what_its_bytes_do_not_tell(self, command: dict[str, Any]) -> None:
        assert judged(command).is_unknown

    def test_indexes(self) -> None:
        indexes = [{"key": {name: 1}, "name": name} for name in "ab"]
        assert judged({"createIndexes": "c", "indexes": indexes}).indexes == 2


class TestReply:
    def test_counts(self) -> None:
        assert changed_in(encode_message({"n": 7, "nModified": 5, "ok": 1.0})) == 5
        assert changed_in(encode_message({"n": 7, "ok": 1.0})) == 7

    def test_says_nothing(self) -> None:
        assert changed_in(encode_message({"ok": 0.0, "errmsg": "no"})) is None
        assert changed_in(b"\x00" * 40) is None
        assert changed_in(bytes(LONGEST_REPLY + 1)) is None
