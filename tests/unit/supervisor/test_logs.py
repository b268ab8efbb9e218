import json
from pathlib import Path

import pytest

from hothouse.supervisor.logs import LogFile, PartLog


class TestLogFile:
    def test_keeps_within_two_generations(self, tmp_path: Path):
        path = tmp_path / "hub.log"
        file = LogFile(path, max_bytes=100)
        for number in range(100):
            file.write(f"line {number:03}\n".encode())
        file.close()

        older = path.with_name("hub.log.1")
        assert path.stat().st_size <= 100
        assert older.stat().st_size <= 100
        assert (older.read_text() + path.read_text()).endswith("line 097\nline 098\nline 099\n")

    def test_goes_on_where_an_earlier_start_ended(self, tmp_path: Path):
        path = tmp_path / "hub.log"
        for text in ("first\n", "second\n"):
            file = LogFile(path)
            file.write(text.encode())
            file.close()

        assert path.read_text() == "first\nsecond\n"

    def test_a_full_disk_is_counted_and_not_raised(self):
        file = LogFile(Path("/dev/full"))
        file.write(b"12345")
        file.close()

        assert file.lost_bytes == 5


class TestPartLog:
    @pytest.fixture
    def problems(self) -> list[str]:
        return []

    @pytest.fixture
    def log(self, tmp_path, problems):
        file = LogFile(tmp_path / "hub.log")
        yield PartLog(file, problems.append)
        file.close()

    def test_notices_readiness_across_pieces(self, log):
        line = json.dumps({"event": "ready", "level": "info"}).encode() + b"\n"

        log.feed(line[:10])
        assert not log.said_ready
        log.feed(line[10:])
        assert log.said_ready

    def test_a_new_process_is_not_ready(self, log):
        log.feed(b'{"event": "ready"}\n')
        log.restart()

        assert not log.said_ready

    def test_reports_errors_only(self, log, problems):
        log.feed(b'{"event": "fine", "level": "info"}\n{"event": "boom", "level": "error", "error": "why"}\n')
        log.feed(b'plain error text\n{"event": "oops", "level": "critical", "exception": ')
        log.feed(b'"Traceback (most recent call last):\\nKeyError: 1"}\n')
        log.feed(b'{"event": "Traceback (most recent call last):\\n  File x\\nValueError: 2\\n", "level": "error"}\n')
        log.feed(b'{"event": "first\\nsecond", "level": "error"}\n')

        assert problems == ["boom: why", "oops: KeyError: 1", "ValueError: 2", "first"]

    def test_keeps_the_last_lines_readable(self, log):
        log.feed(b'one\n{"event": "two", "level": "info"}\n\n["three"]\n{broken\n')

        assert list(log.tail) == ["one", "two", '["three"]', "{broken"]

    def test_survives_an_endless_line(self, log):
        for _ in range(100):
            log.feed(b"x" * 10_000)
        log.feed(b"\n")

        assert len(log.tail[-1]) <= 16 * 1024
