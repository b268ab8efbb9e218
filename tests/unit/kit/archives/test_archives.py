"""Unpacking, canonical archives and packing of ordinary sources."""

import os
import zipfile

import pytest

from hothouse.kit.archives import ArchiveRefused, Limits, extract, inspect, normalise, pack


def make(path, files, order=1, date=(2024, 1, 2, 3, 4, 6), method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in list(files.items())[::order]:
            info = zipfile.ZipInfo(name, date)
            info.create_system = 3
            info.compress_type = method
            info.external_attr = (0o100755 if name.endswith(".sh") else 0o100600) << 16
            archive.writestr(info, content)
    return path


@pytest.fixture
def folder(tmp_path):
    root = tmp_path / "source"
    (root / "static").mkdir(parents=True)
    (root / "main.py").write_text("app = 1")
    (root / "static/a.js").write_text("1")
    (root / "run.sh").write_text("#!/bin/sh")
    (root / "run.sh").chmod(0o755)
    return root


class TestExtract:
    def test_modes_and_content(self, tmp_path):
        archive = make(tmp_path / "a.zip", {"main.py": "x", "bin/run.sh": "y", "empty/": ""})
        old = os.umask(0o077)
        try:
            extract(archive, tmp_path / "target")
        finally:
            os.umask(old)
        modes = {
            str(p.relative_to(tmp_path / "target")): p.stat().st_mode & 0o7777 for p in (tmp_path / "target").rglob("*")
        }
        assert modes == {"main.py": 0o644, "bin": 0o755, "bin/run.sh": 0o755, "empty": 0o755}
        assert (tmp_path / "target").stat().st_mode & 0o777 == 0o755
        assert (tmp_path / "target/bin/run.sh").read_text() == "y"

    def test_set_id_bits_are_dropped(self, tmp_path):
        info = zipfile.ZipInfo("x")
        info.external_attr = 0o106755 << 16
        with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
            archive.writestr(info, "1")
        extract(tmp_path / "a.zip", tmp_path / "target")
        assert (tmp_path / "target/x").stat().st_mode & 0o7777 == 0o755

    @pytest.mark.parametrize("make_target", [os.mkdir, lambda path: os.symlink("/", path)])
    def test_existing_target(self, tmp_path, make_target):
        archive = make(tmp_path / "a.zip", {"main.py": "x"})
        make_target(tmp_path / "target")
        with pytest.raises(FileExistsError, match="exists already"):
            extract(archive, tmp_path / "target")


class TestInspect:
    def test_files_and_total(self, tmp_path):
        info = inspect(make(tmp_path / "a.zip", {"b.py": "12", "a.sh": "345"}))
        assert [(file.path, file.size, file.is_executable) for file in info.files] == [
            ("a.sh", 3, True),
            ("b.py", 2, False),
        ]
        assert info.total == 5

    def test_digest_ignores_order_times_and_method(self, tmp_path):
        files = {"b.py": "12", "a.sh": "345"}
        first = inspect(make(tmp_path / "a.zip", files))
        second = inspect(make(tmp_path / "b.zip", files, -1, (2001, 1, 1, 0, 0, 0), zipfile.ZIP_STORED))
        assert first == second

    @pytest.mark.parametrize("other", [{"b.py": "13"}, {"c.py": "12"}, {"b.py": "12", "c": ""}, {"b.py.sh": "12"}])
    def test_digest_sees_content(self, tmp_path, other):
        first = inspect(make(tmp_path / "a.zip", {"b.py": "12"}))
        assert inspect(make(tmp_path / "b.zip", other)).digest != first.digest

    def test_digest_sees_the_executable_bit(self, tmp_path, folder):
        first = pack(folder, tmp_path / "a.zip").digest
        (folder / "main.py").chmod(0o755)
        assert pack(folder, tmp_path / "b.zip").digest != first


class TestNormalise:
    def test_same_source_is_one_archive(self, tmp_path):
        files = {"main.py": "1", "static/a.js": "2", "run.sh": "3"}
        wrapped = {f"project-main/{name}": content for name, content in files.items()}
        first = normalise(make(tmp_path / "a.zip", files), tmp_path / "a.norm")
        second = normalise(make(tmp_path / "b.zip", wrapped, -1, (1999, 1, 1, 0, 0, 0)), tmp_path / "b.norm")
        assert first == second
        assert (tmp_path / "a.norm").read_bytes() == (tmp_path / "b.norm").read_bytes()
        assert inspect(tmp_path / "a.norm") == first

    def test_junk_is_dropped(self, tmp_path):
        junk = [
            "__MACOSX/._main.py",
            "p/.DS_Store",
            "p/.git/config",
            "p/__pycache__/main.pyc",
            "p/.venv/bin/python",
            "p/web/node_modules/x/index.js",
            "p/myenv/pyvenv.cfg",
            "p/myenv/lib/x.py",
            "p/._main.py",
        ]
        archive = make(tmp_path / "a.zip", dict.fromkeys(junk, "x") | {"p/main.py": "1", "p/.env.example": "2"})
        info = normalise(archive, tmp_path / "normal.zip")
        assert [file.path for file in info.files] == [".env.example", "main.py"]

    def test_two_top_folders_stay(self, tmp_path):
        info = normalise(make(tmp_path / "a.zip", {"a/x": "1", "ab/y": "2"}), tmp_path / "normal.zip")
        assert [file.path for file in info.files] == ["a/x", "ab/y"]

    def test_one_level_is_taken_off(self, tmp_path):
        info = normalise(make(tmp_path / "a.zip", {"a/b/x": "1", "a/b/y": "2"}), tmp_path / "normal.zip")
        assert [file.path for file in info.files] == ["b/x", "b/y"]


class TestPack:
    def test_is_deterministic_and_canonical(self, tmp_path, folder):
        info = pack(folder, tmp_path / "a.zip")
        os.utime(folder / "main.py", (1, 1))
        pack(folder, tmp_path / "b.zip")
        assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
        assert normalise(tmp_path / "a.zip", tmp_path / "c.zip") == info == inspect(tmp_path / "a.zip")
        assert [(file.path, file.is_executable) for file in info.files] == [
            ("main.py", False),
            ("run.sh", True),
            ("static/a.js", False),
        ]

    def test_ignores(self, tmp_path, folder):
        (folder / ".hothouseignore").write_text("# data\n*.csv\n!keep.csv\n/static/\nnotes/**/draft?.[mt]d\n\n")
        for name in (
            "a.csv",
            "keep.csv",
            "notes/x/y/draft1.md",
            "notes/x/final.md",
            ".git/HEAD",
            "env/pyvenv.cfg",
            "env/x",
        ):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text("x")
        paths = [file.path for file in pack(folder, tmp_path / "a.zip").files]
        assert paths == [".hothouseignore", "keep.csv", "main.py", "notes/x/final.md", "run.sh"]

    def test_archive_inside_its_own_folder(self, folder):
        pack(folder, folder / "out.zip")
        assert "out.zip" not in [file.path for file in pack(folder, folder / "out.zip").files]

    def test_link(self, tmp_path, folder):
        (folder / "secret").symlink_to("/etc/passwd")
        with pytest.raises(ArchiveRefused, match=r'"secret": this is a link.*\.hothouseignore'):
            pack(folder, tmp_path / "a.zip")
        assert not (tmp_path / "a.zip").exists()

    def test_ignored_link(self, tmp_path, folder):
        (folder / "secret").symlink_to("/etc")
        (folder / ".hothouseignore").write_text("secret\n")
        assert "secret" not in str(pack(folder, tmp_path / "a.zip").files)

    def test_pipe(self, tmp_path, folder):
        os.mkfifo(folder / "pipe")
        with pytest.raises(ArchiveRefused, match="pipe"):
            pack(folder, tmp_path / "a.zip")

    def test_limits(self, tmp_path, folder):
        with pytest.raises(ArchiveRefused, match="3 files; 2 are allowed"):
            pack(folder, tmp_path / "a.zip", Limits(files=2))
        with pytest.raises(ArchiveRefused, match="MiB are allowed"):
            pack(folder, tmp_path / "a.zip", Limits(total_bytes=5))
        assert sorted(tmp_path.iterdir()) == [folder]

    def test_nothing_to_pack(self, tmp_path):
        (tmp_path / "empty").mkdir()
        with pytest.raises(ArchiveRefused, match="no files"):
            pack(tmp_path / "empty", tmp_path / "a.zip")
        with pytest.raises(NotADirectoryError):
            pack(tmp_path / "missing", tmp_path / "a.zip")
