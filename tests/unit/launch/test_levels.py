"""Levels of isolation: what makes them, and what may run at them."""

import pytest
from pydantic import ValidationError

from hothouse.launch import levels
from hothouse.launch.errors import IsolationMissingError
from hothouse.launch.interfaces import Minimum
from hothouse.settings import CodeKind, LaunchSettings, Settings


class TestGrade:
    def test_strong_is_a_sandbox_with_everything(self) -> None:
        isolation = levels.grade("bubblewrap", levels.MISSING)
        assert (isolation.level, isolation.reasons) == ("strong", ())

    @pytest.mark.parametrize("missing", levels.MISSING)
    def test_anything_missing_makes_it_good(self, missing: str) -> None:
        isolation = levels.grade("bubblewrap", [layer for layer in levels.MISSING if layer != missing])
        assert isolation.level == "good"
        assert isolation.reasons == (levels.MISSING[missing],)  # type: ignore[index]

    def test_plain_processes_are_weak(self) -> None:
        assert levels.grade("process", levels.MISSING, why=["no bubblewrap"]).level == "weak"
        assert levels.grade("process", levels.MISSING).level == "weak"


class TestRequire:
    @pytest.mark.parametrize(("minimum", "is_refused"), [("weak", False), ("good", False), ("strong", True)])
    def test_against_good(self, minimum: levels.Level, *, is_refused: bool) -> None:
        isolation = levels.grade("bubblewrap", ["network"])
        if is_refused:
            with pytest.raises(
                IsolationMissingError, match=r"apps may .*HOTHOUSE_LAUNCH_MINIMUM_LEVEL.*reaches good: "
            ):
                levels.require(isolation, Minimum(level=minimum, code="apps"))
        else:
            levels.require(isolation, Minimum(level=minimum))


class TestMinimumOfEachKind:
    def test_of_all_unless_one_has_its_own(self) -> None:
        launch = LaunchSettings(minimum_level="good", minimum_levels={"environments": "strong", "builds": "weak"})
        kinds: tuple[CodeKind, ...] = ("apps", "environments", "builds")
        assert [launch.minimum_for(kind) for kind in kinds] == ["good", "strong", "weak"]

    def test_builds_are_never_strong(self) -> None:
        found = [LaunchSettings(minimum_level=level).minimum_for("builds") for level in levels.ORDER]
        assert found == ["weak", "container", "good", "good"]
        with pytest.raises(ValidationError, match="good"):
            LaunchSettings(minimum_levels={"builds": "strong"})

    def test_is_read_from_the_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HOTHOUSE_LAUNCH_MINIMUM_LEVELS", '{"apps": "container"}')
        assert Settings().launch.minimum_for("apps") == "container"
