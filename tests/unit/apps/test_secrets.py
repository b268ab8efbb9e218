"""Secrets at rest."""

import os
from pathlib import Path

import pytest

from hothouse.apps.secrets import SecretBox
from hothouse.kit.problems import Conflict


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "secrets.key"


class TestSeal:
    def test_opens_again_with_the_kept_key(self, key_file: Path) -> None:
        sealed = SecretBox.from_file(key_file).seal("gehe\u00efm", "app/KEY")
        assert "gehe" not in sealed
        assert SecretBox.from_file(key_file).open(sealed, "app/KEY") == "gehe\u00efm"
        assert key_file.stat().st_mode & 0o777 == 0o600
        assert [path.name for path in key_file.parent.iterdir()] == ["secrets.key"]

    def test_cannot_be_moved(self, key_file: Path) -> None:
        box = SecretBox.from_file(key_file)
        with pytest.raises(Conflict, match="OTHER cannot be read"):
            box.open(box.seal("x", "app/KEY"), "app/OTHER")

    def test_is_different_each_time(self, key_file: Path) -> None:
        box = SecretBox.from_file(key_file)
        assert box.seal("x", "app/KEY") != box.seal("x", "app/KEY")

    def test_with_another_installation(self, key_file: Path, tmp_path: Path) -> None:
        sealed = SecretBox.from_file(key_file).seal("x", "app/KEY")
        with pytest.raises(Conflict):
            SecretBox.from_file(tmp_path / "other.key").open(sealed, "app/KEY")


class TestKeyFile:
    def test_crash_before_it_was_written(self, key_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A key that was not written completely must not be taken for one."""

        def power_cut(*_: object) -> None:
            raise OSError("no space left on device")

        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", power_cut)
            with pytest.raises(OSError, match="no space"):
                SecretBox.from_file(key_file)
        assert not key_file.exists()
        SecretBox.from_file(key_file)

    def test_made_by_two_at_once(self, key_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        other: list[SecretBox] = []
        real = os.fsync

        def meanwhile(descriptor: int) -> None:
            real(descriptor)
            monkeypatch.setattr(os, "fsync", real)
            other.append(SecretBox.from_file(key_file))

        monkeypatch.setattr(os, "fsync", meanwhile)
        mine = SecretBox.from_file(key_file)
        assert other[0].open(mine.seal("x", "p"), "p") == "x"


class TestDerive:
    def test_repeats_and_differs_by_place_and_key(self, key_file: Path, tmp_path: Path) -> None:
        box = SecretBox.from_file(key_file)
        assert box.derive("a") == SecretBox.from_file(key_file).derive("a")
        assert len({box.derive("a"), box.derive("b"), SecretBox.from_file(tmp_path / "o.key").derive("a")}) == 3
        assert len(box.derive("a")) == 43
