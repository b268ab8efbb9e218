"""What is asked for and what waits, over all manifests and decisions there can be."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hothouse.apps.manifests import parse
from hothouse.data.service.asks import excess, meant_by, state_of, waiting_for, wanted_of

NAMES = st.lists(st.sampled_from(["a", "b", "c", "*"]), unique=True)


def manifest_asking(*wishes: tuple[str, list[str]]) -> Any:
    base = {"schema_version": "1", "slug": "reader", "name": "Reader", "kind": "static", "entry": "."}
    return parse({**base, "data": {"read_from": [{"app": app, "collections": names} for app, names in wishes]}})


class TestWanted:
    def test_by_any_of_its_slugs(self) -> None:
        manifest = manifest_asking(("old", ["a", "b"]), ("other", ["x"]), ("new", ["b", "c"]))
        assert wanted_of(manifest, ["new", "old"]) == ["a", "b", "c"]
        assert wanted_of(manifest, ["other"]) == ["x"]
        assert wanted_of(manifest, ["nobody"]) == []

    def test_without_a_manifest(self) -> None:
        assert wanted_of(None, ["new"]) == []


def decision(collections: list[str], considered: list[str]) -> dict[str, Any]:
    return {"collections": collections, "considered": considered, "state": "granted" if collections else "refused"}


class TestWaiting:
    @pytest.mark.parametrize(
        ("wanted", "grant", "waits"),
        [
            (["a", "b"], None, ["a", "b"]),
            (["a", "b"], decision(["a"], ["a", "b"]), []),
            (["a", "b"], decision(["a"], ["a"]), ["b"]),
            (["a"], decision([], ["a"]), []),
            (["a", "*"], decision(["*"], ["a"]), []),
            (["*"], decision(["a"], ["a"]), ["*"]),
            (["a"], decision(["a"], ["*"]), []),
            (["b"], decision(["a"], ["*"]), ["b"]),
        ],
    )
    def test_is_what_nobody_has_looked_at(self, wanted: list[str], grant: Any, waits: list[str]) -> None:
        assert waiting_for(wanted, grant) == waits

    def test_state(self) -> None:
        assert [state_of(None), state_of(decision(["a"], [])), state_of(decision([], []))] == [
            "asked",
            "granted",
            "refused",
        ]


class TestExcess:
    @given(NAMES, NAMES, NAMES, st.lists(st.sampled_from(["a", "b", "c"]), unique=True))
    def test_nobody_gets_more_than_is_asked_offered_or_had(
        self, given_now: list[str], wanted: list[str], granted: list[str], offered: list[str]
    ) -> None:
        """Whatever passes is within what was asked for, read as `*` is meant: what is offered, or else everything."""
        if excess(given_now, wanted, granted, offered):
            return
        if "*" in granted or ("*" in wanted and not offered):
            return
        may = {*wanted, *granted, *(offered if "*" in wanted else [])} - {"*"}
        assert set(meant_by(given_now, granted, offered)) <= may

    @given(NAMES, NAMES, st.lists(st.sampled_from(["a", "b", "c"]), unique=True))
    def test_what_is_asked_for_or_had_may_be_given(
        self, wanted: list[str], granted: list[str], offered: list[str]
    ) -> None:
        named = [name for name in wanted if name != "*"]
        assert excess([*named, *granted], wanted, granted, offered) == []
        if "*" in wanted:
            assert excess([*offered, "*"], wanted, granted, offered) == []

    def test_says_what_can_be_granted(self) -> None:
        (problem,) = excess(["a", "x"], ["a", "b"], ["c"], ["x"])
        assert problem.pointer == "/collections/1"
        assert problem.message == '"x" was not asked for. What can be granted: "c", "a", "b".'
        (problem,) = excess(["*"], ["a"], [], [])
        assert problem.message == "The app does not ask for everything. Name the collections to grant."
        (problem,) = excess(["system.js"], ["*"], [], [])
        assert "cannot be the name of a collection" in problem.message


class TestMeant:
    @pytest.mark.parametrize(
        ("said", "granted", "offered", "meant"),
        [
            (["a", "b", "a"], [], ["c"], ["a", "b"]),
            (["*"], [], [], ["*"]),
            (["*"], [], ["c", "d"], ["c", "d"]),
            (["d", "*"], ["a"], ["c", "d"], ["d", "c"]),
            (["*"], ["*"], ["c"], ["*"]),
            ([], ["*"], ["c"], []),
        ],
    )
    def test_everything_is_what_is_offered(
        self, said: list[str], granted: list[str], offered: list[str], meant: list[str]
    ) -> None:
        assert meant_by(said, granted, offered) == meant

    @given(NAMES, NAMES, NAMES, st.lists(st.sampled_from(["a", "b", "c"]), unique=True))
    def test_everything_is_granted_only_where_it_is_asked_for(
        self, said: list[str], wanted: list[str], granted: list[str], offered: list[str]
    ) -> None:
        if not excess(said, wanted, granted, offered) and "*" in meant_by(said, granted, offered):
            assert "*" in granted or ("*" in wanted and not offered)
