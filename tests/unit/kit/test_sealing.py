"""Secrets at rest."""

import os
from pathlib import Path

import pytest

from hothouse.kit.problems import Conflict
from hothouse.kit.sealing import KeyRing


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "secrets.key"


class TestSeal:
    def test_opens_again_with_the_kept_key(self, key_file: Path) -> None:
        sealed = KeyRing.from_file(key_file).seal("gehe\u00efm", "app/KEY")
        assert "gehe" not in sealed
        assert KeyRing.from_file(key_file).open(sealed, "app/KEY") == "gehe\u00efm"
        assert key_file.stat().st_mode & 0o777 == 0o600
        assert [path.name for path in key_file.parent.iterdir()] == ["secrets.key"]

    def test_cannot_be_moved(self, key_file: Path) -> None:
        box = KeyRing.from_file(key_file)
        with pytest.raises(Conflict, match="OTHER cannot be read"):
            box.open(box.seal("x", "app/KEY"), "app/OTHER")

    def test_is_different_each_time(self, key_file: Path) -> None:
        box = KeyRing.from_file(key_file)
        assert box.seal("x", "app/KEY") != box.seal("x", "app/KEY")

    def test_with_another_installation(self, key_file: Path, tmp_path: Path) -> None:
        sealed = KeyRing.from_file(key_file).seal("x", "app/KEY")
        with pytest.raises(Conflict):
            KeyRing.from_file(tmp_path / "other.key").open(sealed, "app/KEY")


class TestKeyFile:
    def test_crash_before_it_was_written(self, key_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A key that was not written completely must not be taken for one."""

        def power_cut(*_: object) -> None:
            raise OSError("no space left on device")

        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", power_cut)
            with pytest.raises(OSError, match="no space"):
                KeyRing.from_file(key_file)
        assert not key_file.exists()
        KeyRing.from_file(key_file)

    def test_made_by_two_at_once(self, key_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        other: list[KeyRing] = []
        real = os.fsync

        def meanwhile(descriptor: int) -> None:
            real(descriptor)
            monkeypatch.setattr(os, "fsync", real)
            other.append(KeyRing.from_file(key_file))

        monkeypatch.setattr(os, "fsync", meanwhile)
        mine = KeyRing.from_file(key_file)
        assert other[0].open(mine.seal("x", "p"), "p") == "x"


class TestDerive:
    def test_repeats_and_differs_by_place_and_key(self, key_file: Path, tmp_path: Path) -> None:
        box = KeyRing.from_file(key_file)
        assert box.derive("a") == KeyRing.from_file(key_file).derive("a")
        assert len({box.derive("a"), box.derive("b"), KeyRing.from_file(tmp_path / "o.key").derive("a")}) == 3
        assert len(box.derive("a")) == 43


class TestRotation:
    def test_both_keys_open_until_the_old_one_is_retired(self, key_file: Path) -> None:
        mine, others = KeyRing.from_file(key_file), KeyRing.from_file(key_file)
        before = mine.seal("x", "p")
        assert mine.is_current(before)
        mine.add_key()
        assert not others.is_current(before)  # another hub's, which read the file again
        after = others.seal("y", "p")
        assert others.is_current(after)
        assert (mine.open(before, "p"), mine.open(after, "p")) == ("x", "y")
        mine.retire()
        assert others.open(after, "p") == "y"
        with pytest.raises(Conflict):
            others.open(before, "p")
        assert key_file.stat().st_mode & 0o777 == 0o600
        assert [path.name for path in key_file.parent.iterdir()] == ["secrets.key"]

    def test_values_and_files_of_before_there_were_several_keys(self, key_file: Path) -> None:
        ring = KeyRing.from_file(key_file)
        old = ring.seal("x", "p").rpartition(".")[2]
        key_file.write_bytes(key_file.read_bytes().strip())
        ring.add_key()
        assert ring.open(old, "p") == "x"
        assert not ring.is_current(old)

    def test_crash_while_the_file_is_replaced(self, key_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        ring = KeyRing.from_file(key_file)
        sealed, before = ring.seal("x", "p"), key_file.read_bytes()

        def power_cut(*_: object) -> None:
            raise OSError("no space left on device")

        monkeypatch.setattr(os, "fsync", power_cut)
        with pytest.raises(OSError, match="no space"):
            ring.add_key()
        assert key_file.read_bytes() == before
        assert ring.open(sealed, "p") == "x"

    def test_ids_tell_nothing_of_keys(self, key_file: Path) -> None:
        ring = KeyRing.from_file(key_file)
        assert ring.key_ids[0].encode() not in key_file.read_bytes()


@pytest.mark.parametrize("content", [b"", b"\n", b"not a key", b"c2hvcnQ=", b"\xff" * 32])
def test_files_that_hold_no_keys(key_file: Path, content: bytes) -> None:
    key_file.parent.mkdir()
    key_file.write_bytes(content)
    with pytest.raises(ValueError, match=r"does not hold keys"):
        KeyRing.from_file(key_file)


@pytest.mark.parametrize("change", ["v1.", "v2.000000000000.", ""])
def test_altered_values(key_file: Path, change: str) -> None:
    ring = KeyRing.from_file(key_file)
    text = ring.seal("x", "p").rpartition(".")[2]
    for altered in (change + text[:-8] + "AAAAAAA=", change + "!", f"{change}AAAA"):
        with pytest.raises(Conflict):
            ring.open(altered, "p")
