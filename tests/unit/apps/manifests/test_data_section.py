"""The `data` part of a manifest: limits, and what is wanted of other apps."""

from typing import Any

import pytest

from hothouse.apps.manifests import Manifest, canonical, diff, parse, problems
from hothouse.apps.service.deploy import effective

BASE = {"schema_version": "1", "slug": "reader", "name": "Reader", "kind": "static", "entry": "."}


def messages(**data: Any) -> dict[str, str]:
    return {problem.pointer: problem.message for problem in problems({**BASE, "data": data})}


class TestLimits:
    def test_sizes_as_people_write_them(self) -> None:
        limits = parse({**BASE, "data": {"limits": {"max_time_ms": 5_000, "storage": "512MiB"}}}).data.limits
        assert (limits.max_time_ms, limits.storage) == (5_000, 512 * 2**20)
        assert parse(BASE).data.limits.storage is None

    @pytest.mark.parametrize(
        ("limits", "pointer", "message"),
        [
            ({"storage": "much"}, "/data/limits/storage", '"much" is not a size'),
            ({"storage": 0}, "/data/limits/storage", "more than zero"),
            ({"max_time_ms": 0}, "/data/limits/max_time_ms", "1 or more"),
            ({"max_time_ms": 10**9}, "/data/limits/max_time_ms", "600000 or less"),
            ({"max_time_ms": "5s"}, "/data/limits/max_time_ms", "a whole number"),
            ({"max_time": 5}, "/data/limits/max_time", 'Did you mean "max_time_ms"?'),
        ],
    )
    def test_what_is_none(self, limits: dict[str, Any], pointer: str, message: str) -> None:
        found = messages(limits=limits)
        assert list(found) == [pointer]
        assert message in found[pointer]

    def test_a_change_is_told(self) -> None:
        before, after = parse(BASE), parse({**BASE, "data": {"limits": {"storage": "1GiB"}}})
        assert [(change.pointer, change.after) for change in diff(before, after)] == [("/data/limits/storage", "1GiB")]


class TestReadFrom:
    def test_itself(self) -> None:
        found = messages(read_from=[{"app": "reader", "collections": ["a"]}])
        assert found == {
            "/data/read_from/0/app": '"reader" is this app itself, whose data needs no grant; remove this entry.'
        }

    def test_twice(self) -> None:
        wish = {"app": "other", "collections": ["a"]}
        assert messages(read_from=[wish, {**wish, "collections": ["b"]}]) == {
            "/data/read_from/1/app": '"other" is listed twice; write its collections in one entry.'
        }

    @pytest.mark.parametrize("wishes", [None, 5, [5], [None, None], [{}], [{"app": ["x"]}, {"app": ["x"]}]])
    def test_nonsense_is_judged_and_not_tripped_over(self, wishes: Any) -> None:
        assert messages(read_from=wishes)

    def test_releases_of_before_are_still_read(self) -> None:
        data = {"read_from": [{"app": "reader", "collections": ["a"]}]}
        assert Manifest.model_validate({**BASE, "data": data}).data.read_from[0].app == "reader"


class TestEffective:
    def test_apps_remember_whose_data_they_want(self) -> None:
        wishes = [{"app": name, "collections": ["a"]} for name in ("b", "a")]
        assert effective(parse({**BASE, "data": {"read_from": wishes}}), {})["reads_from"] == ["a", "b"]
        assert effective(parse(BASE), {})["reads_from"] == []


def test_limits_are_written_down() -> None:
    assert canonical(parse(BASE))["data"]["limits"] == {"max_time_ms": None, "storage": None}
