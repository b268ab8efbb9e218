"""Canonical form and differences of manifests."""

from hothouse.apps.manifests import Change, canonical, compact, diff, parse

ECHO = {"schema_version": "1", "slug": "echo", "name": "Echo", "kind": "asgi", "entry": "main:app"}


class TestCanonical:
    def test_defaults_and_units_do_not_matter(self):
        plain = parse(ECHO | {"resources": {"memory": "1GiB"}})
        spelled_out = parse(
            {"$schema": "x"} | ECHO | {"access": "private", "resources": {"memory": 2**30, "cpu": None}}
        )
        assert canonical(plain) == canonical(spelled_out)

    def test_can_be_parsed_again(self):
        manifest = parse(ECHO | {"data": {"indexes": {"c": [{"keys": {"b": 1, "a": -1}}]}}})
        assert parse(canonical(manifest)) == manifest
        assert parse(compact(manifest)) == manifest


class TestCompact:
    def test_as_written(self):
        assert compact(parse(ECHO)) == ECHO


class TestDiff:
    def test_same(self):
        assert diff(parse(ECHO), parse(ECHO | {"tags": []})) == []

    def test_changes(self):
        before = parse(ECHO | {"tags": ["a", "b"], "env": {"X": "1", "Y": "2"}, "requirements": "r.txt"})
        after = parse(
            ECHO | {"name": "Echo 2", "tags": ["b", "c"], "env": {"X": "9", "Z": "3"}, "resources": {"memory": "1GiB"}}
        )
        assert diff(before, after) == [
            Change("replace", "/name", "Echo", "Echo 2"),
            Change("remove", "/tags/0", "a", None),
            Change("add", "/tags/1", None, "c"),
            Change("remove", "/requirements", "r.txt", None),
            Change("add", "/resources/memory", None, "1GiB"),
            Change("replace", "/env/X", "1", "9"),
            Change("remove", "/env/Y", "2", None),
            Change("add", "/env/Z", None, "3"),
        ]

    def test_order_of_a_command_matters(self):
        before = parse(ECHO | {"kind": "command", "entry": ["a", "b"]})
        after = parse(ECHO | {"kind": "command", "entry": ["b", "a"]})
        assert diff(before, after) == [Change("replace", "/entry", ["a", "b"], ["b", "a"])]
