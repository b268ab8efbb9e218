"""The table and what is known of a workload, without a server. What must never pass: test_hidden_namespaces.py."""

import uuid

import pytest

from hothouse.broker.commands import COMMANDS, REFUSED_STAGES, STAGES, Policy
from hothouse.broker.errors import RefusedError
from hothouse.broker.sandboxes import MAX_CURSORS, Sandbox

OWN = "hh_own"


class TestTable:
    def test_names_are_in_one_list_only(self) -> None:
        assert not STAGES.keys() & REFUSED_STAGES.keys()

    def test_each_refusal_says_why(self) -> None:
        assert all(rule.note for rule in COMMANDS.values() if rule.policy is not Policy.ALLOWED)


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
