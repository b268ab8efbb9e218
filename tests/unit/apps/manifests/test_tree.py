"""Looking at a source that may change while it is looked at."""

import os

from hothouse.apps.manifests import SourceTree


class TestSourceTree:
    def test_paths(self, tmp_path):
        for path in ("b.py", "a/x.py", "a/__pycache__/x.pyc", ".git/HEAD"):
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(path)
        tree = SourceTree(tmp_path)
        assert tree.paths == ("a/x.py", "b.py")
        assert tree.folders == {".", "a"}
        assert tree.text("a/x.py") == "a/x.py"
        assert tree.text("missing.py") is None
        assert tree.label == tmp_path.name

    def test_folder_swapped_for_a_link_after_listing(self, tmp_path):
        source, outside = tmp_path / "source", tmp_path / "outside"
        (source / "keys").mkdir(parents=True)
        (source / "keys/internal.key").write_text("harmless")
        outside.mkdir()
        (outside / "internal.key").write_text("secret")
        tree = SourceTree(source)
        assert tree.has("keys/internal.key")
        (source / "keys").rename(source / "old")
        (source / "keys").symlink_to(outside)
        assert tree.read("keys/internal.key") is None

    def test_file_swapped_for_a_link_or_pipe(self, tmp_path):
        (tmp_path / "a.txt").write_text("x")
        (tmp_path / "b.txt").write_text("x")
        tree = SourceTree(tmp_path)
        assert tree.paths == ("a.txt", "b.txt")
        for name in tree.paths:
            (tmp_path / name).unlink()
        (tmp_path / "a.txt").symlink_to("/etc/passwd")
        os.mkfifo(tmp_path / "b.txt")
        assert tree.read("a.txt") is None
        assert not tree.read("b.txt")

    def test_large_and_binary_files(self, tmp_path):
        (tmp_path / "large").write_bytes(b"x" * (2**20 + 1))
        (tmp_path / "binary").write_bytes(b"\xff\x00")
        tree = SourceTree(tmp_path)
        assert tree.read("large") is None
        assert tree.text("binary") is None
        assert tree.read("binary") == b"\xff\x00"

    def test_no_descriptor_is_left_open(self, tmp_path):
        (tmp_path / "a/b/c").mkdir(parents=True)
        (tmp_path / "a/b/c/d.txt").write_text("x")
        before = len(os.listdir("/proc/self/fd"))
        tree = SourceTree(tmp_path)
        assert tree.text(tree.paths[0]) == "x"
        assert len(os.listdir("/proc/self/fd")) == before
