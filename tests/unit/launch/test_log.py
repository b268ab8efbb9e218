"""The keeper's log writer and the launcher's reader of the same files."""

from pathlib import Path

import pytest

from hothouse.launch.backends.local.keeper.log import MAX_LINE_BYTES, Budget, LogFile, Pump
from hothouse.launch.backends.local.logs import LogReader


def texts(folder: Path, offset: int = 0) -> list[str]:
    reader = LogReader(folder, offset)
    found = []
    while lines := reader.read():
        found += [line.text for line in lines]
    return found


def pump(folder: Path, *, log_bytes: int = 2**20, burst_bytes: int = 2**20) -> Pump:
    return Pump(LogFile(str(folder), log_bytes), b"o", Budget(burst_bytes, clock=lambda: 0.0))


class TestLogFile:
    def test_one_write_spans_many_files(self, tmp_path: Path) -> None:
        LogFile(str(tmp_path), 4096).write(b"o", [b"%05d" % number for number in range(1000)])
        assert len(list(tmp_path.iterdir())) == 2
        assert all(path.stat().st_size <= 4096 for path in tmp_path.iterdir())
        kept = texts(tmp_path)
        assert kept == [f"{number:05d}" for number in range(1000 - len(kept), 1000)]

    def test_names_tell_offsets(self, tmp_path: Path) -> None:
        log = LogFile(str(tmp_path), 4096)
        total = sum(log.write(b"o", [b"x" * 100]) for _ in range(200))
        newest = max(tmp_path.iterdir())
        assert int(newest.name.removeprefix("log-")) + newest.stat().st_size == total

    def test_full_disk(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(*_: object) -> int:
            raise OSError(28, "No space left on device")

        log = LogFile(str(tmp_path), 4096)
        with monkeypatch.context() as patched:
            patched.setattr("os.write", full)
            assert log.write(b"o", [b"lost"]) == 0
        assert log.write(b"o", [b"kept"]) > 0
        assert texts(tmp_path) == ["kept"]


class TestPump:
    def test_lines_across_chunks(self, tmp_path: Path) -> None:
        one = pump(tmp_path)
        for chunk in (b"fir", b"st\nsec", b"ond\n", b"\nlast"):
            one.feed(chunk)
        one.finish()
        assert texts(tmp_path) == ["first", "second", "", "last"]
        assert one.last_line == b"last"

    def test_unfinished_line_stays_small(self, tmp_path: Path) -> None:
        one = pump(tmp_path)
        for _ in range(10):
            one.feed(b"x" * MAX_LINE_BYTES)
        assert len(texts(tmp_path)) == 9
        one.finish()
        assert [len(text) for text in texts(tmp_path)] == [MAX_LINE_BYTES] * 10

    def test_progress_bar_does_not_pile_up(self, tmp_path: Path) -> None:
        one = pump(tmp_path)
        for percent in range(100):
            one.feed(b"\r%d%%" % percent)
        one.feed(b"\n")
        assert texts(tmp_path) == ["99%"]

    def test_flood_is_left_out_and_said(self, tmp_path: Path) -> None:
        one = pump(tmp_path, burst_bytes=1000)
        assert one.feed(b"x" * 998 + b"\n" + b"partial")
        assert not one.feed(b"more\nand more\n")
        one.finish()
        kept = texts(tmp_path)
        assert kept[0] == "x" * 998
        assert kept[1:] == ["2 lines (21 bytes) left out: the output came faster than 2 MiB per second"]

    def test_budget_refills(self) -> None:
        now = [0.0]
        budget = Budget(1000, clock=lambda: now[0])
        budget.spend(1000)
        assert not budget.allows()
        now[0] += 0.001
        assert budget.allows()


class TestLogReader:
    def test_half_written_line_waits(self, tmp_path: Path) -> None:
        path = tmp_path / "log-0000000000000000"
        path.write_bytes(b"1000 o whole\n1000 o ha")
        reader = LogReader(tmp_path)
        assert [line.text for line in reader.read()] == ["whole"]
        assert reader.read() == []
        with path.open("ab") as file:
            file.write(b"lf\n")
        assert [line.text for line in reader.read()] == ["half"]

    def test_offset_inside_a_line(self, tmp_path: Path) -> None:
        (tmp_path / "log-0000000000000000").write_bytes(b"1000 o first\n1000 o second\n")
        for offset in (1, 3, 7, 12):
            assert texts(tmp_path, offset=offset) == ["second"]
        assert texts(tmp_path, offset=14) == []

    def test_offset_past_the_end(self, tmp_path: Path) -> None:
        (tmp_path / "log-0000000000000000").write_bytes(b"1000 o first\n")
        assert texts(tmp_path, offset=10_000) == []

    def test_offset_that_rotation_dropped(self, tmp_path: Path) -> None:
        (tmp_path / "log-0000000000000500").write_bytes(b"1000 o old\n")
        (tmp_path / "log-0000000000000511").write_bytes(b"1000 e new\n")
        lines = LogReader(tmp_path, 20).read()
        assert [(line.text, line.offset) for line in lines] == [("old", 511)]
        assert texts(tmp_path, offset=511) == ["new"]
        assert texts(tmp_path, offset=522) == []

    def test_long_history_comes_in_parts(self, tmp_path: Path) -> None:
        record = b"1000 o " + b"x" * 90 + b"\n"
        (tmp_path / "log-0000000000000000").write_bytes(record * 10_000)
        reader = LogReader(tmp_path)
        assert 0 < len(reader.read()) < 10_000
        assert len(texts(tmp_path)) == 10_000
