"""Choosing control groups, on folders laid out like both versions of the kernel's interface."""

from pathlib import Path

import pytest

from hothouse.launch.backends.local import cgroups
from hothouse.launch.interfaces import Limits, Usage

LIMITS = Limits(cpu=0.5, memory_bytes=2**20, processes=10)


def v1(root: Path, *controllers: str) -> Path:
    for controller in controllers:
        (root / controller / "own").mkdir(parents=True)
        for folder in (root / controller, root / controller / "own"):
            (folder / "cgroup.procs").touch()
    membership = root.parent / "membership"
    membership.write_text("4:memory:/own\n3:cpu,cpuacct:/own\n2:pids:/elsewhere\n0::/\n")
    return membership


def v2(root: Path, own: str, control: dict[str, str]) -> Path:
    """Lay out a unified hierarchy; `control` says what each group hands down."""
    for folder, granted in control.items():
        (root / folder).mkdir(parents=True, exist_ok=True)
        (root / folder / "cgroup.controllers").write_text("")
        (root / folder / "cgroup.subtree_control").write_text(granted)
    membership = root.parent / "membership"
    membership.write_text(f"0::{own}\n")
    return membership


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "cgroup"


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Leave `subtree_control` as the test wrote it: a plain file would take any wish, the kernel does not."""
    asked: list[Path] = []
    monkeypatch.setattr(cgroups, "_ask_for_controllers", asked.append)
    return asked


class TestFind:
    def test_version_1(self, root: Path) -> None:
        membership = v1(root, "memory", "cpu", "cpuacct", "pids")
        found = cgroups.find(root, membership)
        assert found is not None
        assert found.version == 1
        assert found.missing() == []
        assert found.folders["memory"] == root / "memory" / "own"
        assert found.folders["pids"] == root / "pids", "a group outside our view: the hierarchy's top"

    def test_version_1_in_part(self, root: Path) -> None:
        found = cgroups.find(root, v1(root, "pids"))
        assert found is not None
        assert found.missing() == ["memory", "cpu"]

    def test_version_2_own_group(self, root: Path, ask: list[Path]) -> None:
        membership = v2(root, "/app", {"": "memory pids", "app": "cpu memory pids"})
        found = cgroups.find(root, membership)
        assert found is not None
        assert found.version == 2
        assert set(found.folders.values()) == {root / "app"}
        assert found.missing() == []

    def test_version_2_group_above(self, root: Path, ask: list[Path]) -> None:
        """Our own group holds processes and so may not hand controllers down; the one above does."""
        membership = v2(root, "/slice/scope", {"": "", "slice": "memory pids", "slice/scope": ""})
        found = cgroups.find(root, membership)
        assert found is not None
        assert set(found.folders.values()) == {root / "slice"}
        assert found.missing() == ["cpu"]
        assert ask == [root / "slice/scope", root / "slice"]

    def test_version_2_without_memory(self, root: Path, ask: list[Path]) -> None:
        assert cgroups.find(root, v2(root, "/", {"": "hugetlb"})) is None

    def test_none(self, root: Path) -> None:
        assert cgroups.find(root, root / "nothing") is None


class TestGroups:
    def test_version_1(self, root: Path) -> None:
        found = cgroups.find(root, v1(root, "memory", "cpu", "cpuacct", "pids"))
        assert found is not None
        assert {group["path"]: group["values"] for group in found.groups("w", LIMITS)} == {
            f"{root}/memory/own/w": {
                "memory.limit_in_bytes": str(2**20),
                "?memory.memsw.limit_in_bytes": str(2**20),
            },
            f"{root}/cpu/own/w": {"cpu.cfs_quota_us": "50000"},
            f"{root}/cpuacct/own/w": {},
            f"{root}/pids/w": {"pids.max": "13"},
        }

    def test_version_2_is_one_group(self, root: Path, ask: list[Path]) -> None:
        found = cgroups.find(root, v2(root, "/", {"": "cpu memory pids"}))
        assert found is not None
        (group,) = found.groups("w", LIMITS)
        assert group == {
            "path": f"{root}/w",
            "values": {
                "memory.max": str(2**20),
                "?memory.swap.max": "0",
                "cpu.max": "50000 100000",
                "pids.max": "13",
            },
        }

    def test_without_limits(self, root: Path, ask: list[Path]) -> None:
        found = cgroups.find(root, v2(root, "/", {"": "cpu memory pids"}))
        assert found is not None
        assert found.groups("w", Limits()) == [{"path": f"{root}/w", "values": {}}]

    def test_names_differ_between_installations(self) -> None:
        assert cgroups.group_name(Path("/a"), "w") != cgroups.group_name(Path("/b"), "w")


class TestUsage:
    def test_version_2(self, tmp_path: Path) -> None:
        (tmp_path / "cpu.stat").write_text("usage_usec 1500000\nuser_usec 1\n")
        (tmp_path / "memory.current").write_text("5000\n")
        (tmp_path / "memory.stat").write_text("anon 1\ninactive_file 2000\n")
        (tmp_path / "pids.current").write_text("3\n")
        assert cgroups.usage([tmp_path]) == Usage(cpu_seconds=1.5, memory_bytes=3000, processes=3)

    def test_incomplete(self, tmp_path: Path) -> None:
        (tmp_path / "pids.current").write_text("3\n")
        assert cgroups.usage([tmp_path]) is None
