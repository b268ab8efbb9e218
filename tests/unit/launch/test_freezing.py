"""Freezing and thawing by control groups, on folders laid out like both versions of the kernel's interface."""

import os
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from hothouse.launch.backends.local import cgroups, freezing, paging
from hothouse.launch.errors import LaunchError


def record(*groups: Path) -> dict[str, Any]:
    return {"workload_id": "w", "keeper": 2**22 + 1, "pid": None, "groups": [str(group) for group in groups]}


class TestVersion1:
    def test_waits_until_the_kernel_is_done(self, tmp_path: Path) -> None:
        """A plain file says what was written to it, and so the state is reached at once."""
        (tmp_path / "freezer.state").write_text("THAWED\n")
        freezing.freeze(record(tmp_path), tmp_path)
        assert (tmp_path / "freezer.state").read_text() == "FROZEN"
        assert freezing.is_frozen(record(tmp_path), tmp_path)

    def test_on_the_way_is_not_yet_frozen(self, tmp_path: Path) -> None:
        (tmp_path / "freezer.state").write_text("FREEZING\n")
        assert not freezing.is_frozen(record(tmp_path), tmp_path)

    def test_thaw(self, tmp_path: Path) -> None:
        (tmp_path / "freezer.state").write_text("FROZEN\n")
        freezing.thaw(record(tmp_path), tmp_path)
        assert (tmp_path / "freezer.state").read_text().startswith("THAWED")
        assert not (tmp_path / "cgroup.freeze").exists(), "no file is made where the kernel has none"


class TestVersion2:
    def test_waits_until_the_kernel_is_done(self, tmp_path: Path) -> None:
        (tmp_path / "cgroup.freeze").write_text("0\n")
        (tmp_path / "cgroup.events").write_text("populated 1\nfrozen 0\n")

        def kernel() -> None:
            deadline = time.monotonic() + 10
            while (tmp_path / "cgroup.freeze").read_text() != "1" and time.monotonic() < deadline:
                time.sleep(0.001)
            (tmp_path / "cgroup.events").write_text("populated 1\nfrozen 1\n")

        thread = threading.Thread(target=kernel)
        thread.start()
        freezing.freeze(record(tmp_path), tmp_path)
        assert freezing.is_frozen(record(tmp_path), tmp_path)
        thread.join()

    def test_that_never_rests_goes_on(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(freezing, "FREEZE_SECONDS", 0.01)
        (tmp_path / "cgroup.freeze").write_text("0\n")
        (tmp_path / "cgroup.events").write_text("populated 1\nfrozen 0\n")
        with pytest.raises(LaunchError, match="did not come to a stand"):
            freezing.freeze(record(tmp_path), tmp_path)
        assert (tmp_path / "cgroup.freeze").read_text().startswith("0")


class TestPaging:
    def test_swap_is_allowed_only_for_the_while(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        limit = tmp_path / "memory.swap.max"
        limit.write_text("0\n")
        seen: list[str] = []
        monkeypatch.setattr(paging, "has_swap", lambda: True)
        monkeypatch.setattr(paging, "_page_out", lambda pid: seen.append(f"{pid} {limit.read_text()}"))
        paging.page_out([7], [tmp_path])
        assert (seen, limit.read_text()) == (["7 max"], "0\n")

    def test_without_swap_nothing_happens(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(paging, "has_swap", lambda: False)
        monkeypatch.setattr(paging, "_page_out", lambda pid: pytest.fail("asked for nothing"))
        paging.page_out([7], [tmp_path])

    def test_only_private_writable_memory(self) -> None:
        own = Path("/proc/self/maps")
        if not own.exists():
            pytest.skip("only Linux tells what a process has mapped")
        total = sum(each.size for each in paging._ranges(os.getpid()))
        assert 2**20 < total < 8 * 2**30


class TestHierarchy:
    @pytest.mark.parametrize(
        ("version", "folders", "expected"),
        [(1, {"pids": Path("/x")}, False), (1, {"freezer": Path("/x")}, True), (2, {"memory": Path("/x")}, True)],
    )
    def test_can_freeze(self, version: Any, folders: dict[str, Path], *, expected: bool) -> None:
        assert cgroups.Hierarchy(version=version, folders=folders).can_freeze() is expected
