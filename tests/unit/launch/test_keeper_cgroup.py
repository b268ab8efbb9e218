"""What the keeper reads from and writes to control groups, on plain folders."""

from pathlib import Path

import pytest

from hothouse.launch.backends.local.keeper import cgroup
from hothouse.launch.backends.local.keeper.plan import Group


def group(path: Path, **values: str) -> Group:
    return {"path": str(path), "values": values}


class TestCreate:
    def test_sets_limits(self, tmp_path: Path) -> None:
        (tmp_path / "w").mkdir()
        (tmp_path / "w" / "pids.max").touch()
        assert cgroup.create([group(tmp_path / "w", **{"pids.max": "7"})]) == []
        assert (tmp_path / "w" / "pids.max").read_text() == "7"

    def test_says_what_is_not_in_force(self, tmp_path: Path) -> None:
        problems = cgroup.create([group(tmp_path / "w", **{"memory.max": "1", "?memory.swap.max": "0"})])
        assert problems == ["limit memory.max is not in force (No such file or directory)"]

    def test_group_that_cannot_be_made(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        (problem,) = cgroup.create([group(tmp_path / "file" / "w", **{"pids.max": "7"})])
        assert "could not be made" in problem


class TestOomKills:
    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n"),
            ("memory.events", "low 0\nhigh 0\nmax 5\noom 3\noom_kill 2\noom_group_kill 0\n"),
        ],
    )
    def test_both_versions(self, tmp_path: Path, name: str, text: str) -> None:
        (tmp_path / "cpu").mkdir()
        (tmp_path / name).write_text(text)
        assert cgroup.oom_kills([group(tmp_path / "cpu"), group(tmp_path)]) == 2

    def test_without_a_memory_group(self, tmp_path: Path) -> None:
        assert cgroup.oom_kills([group(tmp_path)]) is None
