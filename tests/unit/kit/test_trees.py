"""Going through hostile trees: deep ones, linked ones, ones that somebody writes in."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from hothouse.kit import beneath, trees

DEPTH = 3_000


@pytest.fixture
def root(tmp_path: Path) -> Iterator[int]:
    (tmp_path / "files").mkdir()
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "kept").write_bytes(b"x" * 100_000)
    descriptor = os.open(tmp_path / "files", beneath.FOLDER)
    yield descriptor
    os.close(descriptor)


def dig(root: int, depth: int) -> None:
    """Make folders in folders, far deeper than any path can say."""
    inner = os.dup(root)
    for _ in range(depth):
        os.mkdir("d", dir_fd=inner)
        outer, inner = inner, os.open("d", beneath.FOLDER, dir_fd=inner)
        os.close(outer)
    os.close(os.open("bottom", os.O_CREAT | os.O_WRONLY, dir_fd=inner))
    os.close(inner)


class TestMeasure:
    def test_links_and_second_names_do_not_count(self, root: int, tmp_path: Path) -> None:
        (tmp_path / "files" / "a").write_bytes(b"x" * 8192)
        (tmp_path / "files" / "b").hardlink_to(tmp_path / "files" / "a")
        (tmp_path / "files" / "out").symlink_to(tmp_path / "outside")
        size = trees.measure(root)
        assert size.is_whole
        assert 8192 <= size.bytes < 20_000

    def test_is_bounded(self, root: int, tmp_path: Path) -> None:
        for number in range(20):
            (tmp_path / "files" / str(number)).write_text("")
        assert trees.measure(root, most_files=10) == trees.Size(0, 10, is_whole=False)

    def test_depth_is_bounded(self, root: int) -> None:
        dig(root, DEPTH)
        try:
            assert trees.measure(root).files == trees.MAX_DEPTH
        finally:
            trees.remove(root, b"d")


class TestRemove:
    def test_any_depth(self, root: int) -> None:
        dig(root, DEPTH)
        trees.remove(root, b"d")
        assert beneath.names(root) == []

    def test_links_are_not_followed(self, root: int, tmp_path: Path) -> None:
        inner = tmp_path / "files" / "in"
        inner.mkdir()
        (inner / "out").symlink_to(tmp_path / "outside")
        (inner / "up").symlink_to("..")
        os.mkfifo(inner / "pipe")
        trees.remove(root, b"in")
        assert (tmp_path / "outside" / "kept").exists()
        assert beneath.names(root) == []

    def test_a_link_itself(self, root: int, tmp_path: Path) -> None:
        (tmp_path / "files" / "out").symlink_to(tmp_path / "outside")
        trees.remove(root, b"out")
        assert (tmp_path / "outside" / "kept").exists()

    def test_what_may_not_be_read(self, root: int, tmp_path: Path) -> None:
        (tmp_path / "files" / "in" / "shut").mkdir(parents=True)
        (tmp_path / "files" / "in" / "shut" / "a").write_text("a")
        (tmp_path / "files" / "in" / "shut").chmod(0)
        trees.remove(root, b"in")
        assert beneath.names(root) == []

    def test_names_that_it_uses_itself(self, root: int, tmp_path: Path) -> None:
        for name in (".gone-1", ".gone-2", "a"):
            (tmp_path / "files" / "in" / name / "deeper" / "still").mkdir(parents=True)
            (tmp_path / "files" / "in" / name / "file").write_text(name)
        trees.remove(root, b"in")
        assert beneath.names(root) == []

    def test_what_is_not_there(self, root: int) -> None:
        trees.remove(root, b"nothing")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
class TestGive:
    def test_all_but_what_links_lead_to(self, root: int, tmp_path: Path) -> None:
        (tmp_path / "files" / "in").mkdir()
        (tmp_path / "files" / "in" / "out").symlink_to(tmp_path / "outside" / "kept")
        trees.give(root, 210_007)
        assert (tmp_path / "files" / "in" / "out").lstat().st_uid == 210_007
        assert os.fstat(root).st_uid == 210_007
        assert (tmp_path / "outside" / "kept").stat().st_uid == 0
