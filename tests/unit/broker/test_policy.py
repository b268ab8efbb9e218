"""The table, the walker and the shapes, without a server."""

import uuid
from typing import Any

import pytest
from bson import Binary, Int64, Timestamp
from hypothesis import given
from hypothesis import strategies as st

from hothouse.broker import policy, walker, wire
from hothouse.broker.commands import COMMANDS, REFUSED_STAGES, STAGES, Policy
from hothouse.broker.errors import RefusedError
from hothouse.broker.sandboxes import MAX_CURSORS, Sandbox

OWN = "hh_own"
FOREIGN = "hh_foreign"

foreign_stages = st.sampled_from(
    [
        {"$lookup": {"from": {"db": FOREIGN, "coll": "a"}, "pipeline": [], "as": "x"}},
        {"$graphLookup": {"from": {"db": FOREIGN, "coll": "a"}, "as": "x"}},
        {"$unionWith": {"db": FOREIGN, "coll": "a"}},
        {"$out": {"db": FOREIGN, "coll": "a"}},
        {"$merge": {"into": {"db": FOREIGN, "coll": "a"}}},
        {"$merge": {"into": {"coll": "a", "db": FOREIGN}, "whenMatched": [{"$set": {"a": 1}}]}},
    ]
)
innocent_stages = st.sampled_from(
    [
        {"$match": {"a": 1}},
        {"$limit": 3},
        {"$lookup": {"from": "b", "as": "x"}},
        {"$unionWith": "c"},
        {"$sort": {"a": 1}},
    ]
)
wrappers = st.sampled_from(
    [
        lambda inner: {"$lookup": {"from": "b", "pipeline": inner, "as": "x"}},
        lambda inner: {"$unionWith": {"coll": "b", "pipeline": inner}},
        lambda inner: {"$facet": {"one": [{"$limit": 1}], "two": inner}},
        lambda inner: {"$rankFusion": {"input": {"pipelines": {"p": inner}}}},
        lambda inner: {"$set": {"x": {"$literal": {"anything": inner}}}},
        lambda inner: {"$match": {"$or": [{"a": inner}]}},
    ]
)


@st.composite
def hidden(draw: st.DrawFn) -> list[dict[str, Any]]:
    """A pipeline that has one foreign stage somewhere in it."""
    pipeline = [draw(foreign_stages)]
    for _ in range(draw(st.integers(0, 5))):
        pipeline = [*draw(st.lists(innocent_stages, max_size=2)), draw(wrappers)(pipeline)]
    return [*draw(st.lists(innocent_stages, max_size=2)), *pipeline]


def decide(command: dict[str, Any], sandbox: Sandbox | None = None) -> policy.Plan:
    message = wire.parse(wire.encode_message(command))
    return policy.plan(message, policy.rule_for(message), sandbox or Sandbox("w-1", OWN))


class TestPipelines:
    @given(hidden())
    def test_hidden_foreign_namespace(self, pipeline: list[dict[str, Any]]) -> None:
        aggregate = {"aggregate": "a", "pipeline": pipeline, "cursor": {}}
        for command in (
            aggregate,
            {"explain": aggregate},
            {"create": "v", "viewOn": "a", "pipeline": pipeline},
            {"collMod": "v", "viewOn": "a", "pipeline": pipeline},
            {"update": "a", "updates": [{"q": {}, "u": pipeline}]},
            {"findAndModify": "a", "query": {}, "update": pipeline},
        ):
            with pytest.raises(RefusedError):
                decide({**command, "$db": OWN})

    @given(st.lists(innocent_stages, max_size=5))
    def test_innocent(self, pipeline: list[dict[str, Any]]) -> None:
        assert decide({"aggregate": "a", "pipeline": pipeline, "cursor": {}, "$db": OWN}).payload

    @pytest.mark.parametrize("name", sorted(walker.JAVASCRIPT_OPERATORS))
    def test_javascript_anywhere(self, name: str) -> None:
        for command in (
            {"find": "a", "filter": {"$and": [{"b": {"c": [{name: "x"}]}}]}},
            {"count": "a", "query": {name: "x"}},
            {"distinct": "a", "key": "x", "query": {name: "x"}},
            {"delete": "a", "deletes": [{"q": {name: "x"}, "limit": 1}]},
            {"update": "a", "updates": [{"q": {}, "u": [{"$set": {"a": {name: "x"}}}]}]},
            {"listCollections": 1, "filter": {name: "x"}},
            {"create": "a", "validator": {"$expr": {name: "x"}}},
        ):
            with pytest.raises(RefusedError, match="JavaScript"):
                decide({**command, "$db": OWN})


class TestTable:
    def test_names_are_in_one_list_only(self) -> None:
        assert not STAGES.keys() & REFUSED_STAGES.keys()

    def test_each_refusal_says_why(self) -> None:
        assert all(rule.note for rule in COMMANDS.values() if rule.policy is not Policy.ALLOWED)

    @pytest.mark.parametrize("name", sorted(name for name, rule in COMMANDS.items() if rule.policy is Policy.ALLOWED))
    def test_allowed_commands_refuse_other_databases(self, name: str) -> None:
        with pytest.raises(RefusedError, match="reaches only"):
            decide({name: "a", "$db": FOREIGN})

    def test_internal_fields(self) -> None:
        for field in ("fromMongos", "shardVersion", "exchange", "$audit", "$_internalX"):
            with pytest.raises(RefusedError):
                decide({"find": "a", field: 1, "$db": OWN})


class TestSessions:
    def test_ids_differ_by_workload_and_are_stable(self) -> None:
        one, two, again = Sandbox("w-1", OWN), Sandbox("w-2", OWN), Sandbox("w-1", OWN)
        session = uuid.UUID(int=1).bytes
        assert one.own_session(session) == again.own_session(session)
        assert len({one.own_session(session), two.own_session(session), session}) == 3


class TestSandbox:
    def test_connections_are_limited(self) -> None:
        class Open:
            def revoke(self) -> None: ...
            def is_reading(self, databases: frozenset[str]) -> bool:
                return not databases

        sandbox = Sandbox("w-1", OWN)
        for _ in range(sandbox.limits.connections):
            sandbox.join(Open(), "v")
        with pytest.raises(RefusedError, match="maxPoolSize"):
            sandbox.join(Open(), "v")

    def test_the_longest_unused_cursor_is_forgotten(self) -> None:
        sandbox = Sandbox("w-1", OWN)
        for cursor_id in range(MAX_CURSORS):
            sandbox.opened_cursor(cursor_id, sandbox.own)
        sandbox.opened_cursor(0, sandbox.own)
        sandbox.opened_cursor(-1, sandbox.own)
        assert 0 in sandbox.cursors
        assert 1 not in sandbox.cursors


class TestShapes:
    SESSION = Binary.from_uuid(uuid.UUID(int=5))
    TIME = {"clusterTime": Timestamp(9, 9), "signature": {"hash": b"h" * 20, "keyId": Int64(1)}}  # noqa: RUF012

    def command(self, **changes: Any) -> dict[str, Any]:
        found = {"find": "a", "filter": {"x": 1}, "lsid": {"id": self.SESSION}, "$clusterTime": self.TIME, "$db": OWN}
        return found | changes

    def taught(self) -> Sandbox:
        sandbox = Sandbox("w-1", OWN)
        for _ in range(20):
            message = wire.parse(wire.encode_message(self.command()))
            rule = policy.rule_for(message)
            sandbox.shapes.consider(message, rule, policy.plan(message, rule, sandbox), 10_000)
        return sandbox

    @given(st.integers(-(2**31), 2**31 - 1), st.uuids())
    def test_does_what_the_long_way_does(self, value: int, session: uuid.UUID) -> None:
        sandbox = self.taught()
        frame = wire.encode_message(self.command(filter={"x": value}, lsid={"id": Binary.from_uuid(session)}))
        shape = sandbox.shapes.find(frame)
        assert shape is not None
        message = wire.parse(frame)
        expected = policy.plan(message, policy.rule_for(message), sandbox).payload
        assert bytes(shape.rewrite(frame, sandbox.own_session)) == bytes(expected)

    @given(st.data())
    def test_what_fits_would_be_allowed(self, data: st.DataObject) -> None:
        """Change bytes of a good frame at random: whatever still fits passes the long way too, with the same result."""
        sandbox = self.taught()
        frame = bytearray(wire.encode_message(self.command()))
        for _ in range(data.draw(st.integers(1, 4))):
            frame[data.draw(st.integers(0, len(frame) - 1))] = data.draw(st.integers(0, 255))
        changed = bytes(frame)
        shape = sandbox.shapes.find(changed)
        if shape is not None:
            message = wire.parse(changed)
            expected = policy.plan(message, policy.rule_for(message), sandbox).payload
            assert bytes(shape.rewrite(changed, sandbox.own_session)) == bytes(expected)
