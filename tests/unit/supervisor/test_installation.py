import errno
import os
import socket
from pathlib import Path

import pytest

from hothouse.supervisor.errors import StartRefused
from hothouse.supervisor.installation import Installation, explain, private_folder


def make(folder: Path) -> Installation:
    return Installation(folder / "home", folder / "run")


class TestPrepare:
    def test_makes_private_folders(self, tmp_path):
        installation = make(tmp_path)
        installation.prepare()

        for folder in (installation.keys, tmp_path / "home" / "logs", tmp_path / "run"):
            assert folder.stat().st_mode & 0o777 == 0o700
        assert sorted(path.name for path in (tmp_path / "home").iterdir()) == ["database", "keys", "logs", "objects"]

    def test_shuts_a_folder_that_stands_open(self, tmp_path):
        (tmp_path / "home" / "keys").mkdir(parents=True, mode=0o755)
        make(tmp_path).prepare()

        assert (tmp_path / "home" / "keys").stat().st_mode & 0o777 == 0o700

    def test_a_file_in_the_way(self, tmp_path):
        (tmp_path / "home").write_text("not a folder")

        with pytest.raises(StartRefused, match=r"is not a folder. Choose another one with HOTHOUSE_HOME="):
            make(tmp_path).prepare()

    def test_a_planted_run_directory(self, tmp_path):
        (tmp_path / "elsewhere").mkdir()
        (tmp_path / "run").symlink_to(tmp_path / "elsewhere")

        with pytest.raises(StartRefused, match="TMPDIR"):
            make(tmp_path).prepare()

    def test_a_system_folder(self):
        with pytest.raises(StartRefused, match="HOTHOUSE_HOME"):
            Installation(Path("/proc/hothouse"), Path("/proc/hothouse-run")).prepare()


class TestLock:
    def test_a_second_one_is_refused_and_told_who_has_it(self, tmp_path):
        first, second = make(tmp_path), make(tmp_path)
        first.prepare()
        first.lock()

        with pytest.raises(
            StartRefused, match=f"already running .*process {os.getpid()}.*HOTHOUSE_HOME.*HOTHOUSE_PORT"
        ):
            second.lock()
        first.unlock()
        second.lock()
        second.unlock()

    def test_its_end_takes_the_sockets_of_killed_parts_away(self, tmp_path):
        installation = make(tmp_path)
        installation.prepare()
        installation.lock()
        with socket.socket(socket.AF_UNIX) as hub:
            hub.bind(str(tmp_path / "run" / "hub.sock"))
        installation.unlock()

        assert not (tmp_path / "run").exists()


class TestKey:
    def test_is_made_once_and_private(self, tmp_path):
        installation = make(tmp_path)
        installation.prepare()
        key = installation.key("internal.key")

        assert len(key) >= 32
        assert make(tmp_path).key("internal.key") == key
        assert (installation.keys / "internal.key").stat().st_mode & 0o777 == 0o600


class TestPrivateFolder:
    def test_refuses_what_belongs_to_somebody_else(self, tmp_path, monkeypatch):
        monkeypatch.setattr(os, "getuid", lambda: 12345)

        with pytest.raises(PermissionError):
            private_folder(tmp_path)


class TestExplain:
    @pytest.mark.parametrize(
        ("number", "words"),
        [
            (errno.ENOSPC, "is full. Free some space"),
            (errno.EACCES, "cannot be written by this user"),
            (errno.EROFS, "is read-only"),
            (errno.ENOTDIR, "is not a folder"),
            (errno.ENAMETOOLONG, "File name too long"),
        ],
    )
    def test_says_what_is_wrong_and_what_to_do(self, number, words):
        text = explain(OSError(number, os.strerror(number)), Path("/data"))

        assert words in text
        assert "/data" in text
        assert "HOTHOUSE_HOME=" in text
