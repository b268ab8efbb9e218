"""Opening beneath a folder, by the kernel's help and without it: nothing leads out, and nothing is waited for."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from hothouse.kit import beneath

ROUNDS = 3_000


@pytest.fixture(params=[True, False], ids=["openat2", "walk"])
def root(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """An open folder `files`, beside which lies what must not be reached."""
    if request.param and not beneath.HAS_OPENAT2:
        pytest.skip("this kernel has no openat2")
    monkeypatch.setattr(beneath, "HAS_OPENAT2", request.param)
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "files" / "in").mkdir(parents=True)
    (tmp_path / "files" / "in" / "a").write_text("a")
    descriptor = os.open(tmp_path / "files", beneath.FOLDER)
    yield descriptor
    os.close(descriptor)


def read(root: int, path: bytes) -> bytes:
    descriptor = beneath.open_file(root, path)
    try:
        return os.read(descriptor, 100)
    finally:
        os.close(descriptor)


class TestOpen:
    def test_a_file(self, root: int) -> None:
        assert read(root, b"in/a") == b"a"

    @pytest.mark.parametrize(
        "path",
        [
            b"../secret",
            b"in/../../secret",
            b"/etc/passwd",
            b"in//a",
            b".",
            b"in/.",
            b"a\0b",
            b"x" * 256,
            b"a/" * 2000 + b"a",
        ],
    )
    def test_what_is_no_path_inside(self, root: int, path: bytes) -> None:
        with pytest.raises(ValueError, match="path"):
            read(root, path)

    @pytest.mark.parametrize("target", ["../secret", "/etc/passwd", "in/a", "/proc/self/root/etc/passwd"])
    def test_a_link_at_the_end(self, root: int, tmp_path: Path, target: str) -> None:
        (tmp_path / "files" / "link").symlink_to(target)
        with pytest.raises(OSError, match="symbolic"):
            read(root, b"link")

    @pytest.mark.parametrize("target", ["..", "/etc", "in", "/proc/self/cwd"])
    def test_a_link_on_the_way(self, root: int, tmp_path: Path, target: str) -> None:
        (tmp_path / "files" / "link").symlink_to(target)
        with pytest.raises(OSError):  # noqa: PT011 -- which of ELOOP and ENOTDIR depends on the way taken
            read(root, b"link/a")

    def test_a_pipe_is_not_waited_for(self, root: int, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "files" / "pipe")
        with pytest.raises(beneath.NotPlain):
            read(root, b"pipe")

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root makes devices")
    def test_a_device(self, root: int, tmp_path: Path) -> None:
        os.mknod(tmp_path / "files" / "null", 0o600 | 0o020000, os.makedev(1, 3))
        with pytest.raises(beneath.NotPlain):
            read(root, b"null")

    def test_a_folder_that_becomes_a_link_in_a_loop(self, root: int, tmp_path: Path) -> None:
        files = tmp_path / "files"
        (tmp_path / "outside").mkdir()
        (tmp_path / "outside" / "a").write_text("secret")
        over = threading.Event()

        def swap() -> None:
            (files / "trap").symlink_to("../outside")
            while not over.is_set():
                beneath.exchange(root, b"in", root, b"trap")

        racing = threading.Thread(target=swap)
        racing.start()
        try:
            seen = set()
            for _ in range(ROUNDS):
                try:
                    seen.add(read(root, b"in/a"))
                except OSError:
                    seen.add(b"refused")
        finally:
            over.set()
            racing.join()
        assert seen <= {b"a", b"refused"}
        assert b"refused" in seen, "the race never happened"


class TestMove:
    def test_never_replaces(self, root: int, tmp_path: Path) -> None:
        (tmp_path / "files" / "b").write_text("b")
        (tmp_path / "files" / "c").write_text("c")
        with pytest.raises(FileExistsError):
            beneath.move(root, b"b", root, b"c")
        assert (tmp_path / "files" / "c").read_text() == "c"

    def test_where_the_system_cannot(self, root: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(beneath, "_renameat2", None)
        self.test_never_replaces(root, tmp_path)
        beneath.exchange(root, b"b", root, b"c")
        assert (tmp_path / "files" / "c").read_text() == "b"
        beneath.move(root, b"b", root, b"d")
        assert (tmp_path / "files" / "d").read_text() == "c"

    def test_into_itself(self, root: int) -> None:
        with beneath.folder(root, b"in") as inner, pytest.raises(OSError, match="Invalid"):
            beneath.move(root, b"in", inner, b"in")
