import errno
import io
from pathlib import Path

import pytest
from rich.console import Console

from hothouse.supervisor.terminal import PatientConsole, Terminal


class Words:
    def __init__(self) -> None:
        self.now = 100.0
        self._file = io.StringIO()
        console = Console(file=self._file, highlight=False, soft_wrap=True, width=40)
        self.terminal = Terminal(console, lambda: self.now)

    @property
    def text(self) -> str:
        return self._file.getvalue()


class TestTerminal:
    def test_a_first_start_reads_as_plain_lines(self):
        words = Words()
        words.terminal.starting("0.1.0", Path.cwd() / "var", ["mongodb", "hub"])
        words.terminal.came_up("mongodb", 1.26)
        words.terminal.came_up("hub", 0.44)
        words.terminal.ready("http://localhost:8000", 1.7, "http://localhost:8000/set-up?code=abc")

        assert words.text.splitlines() == [
            "Hothouse 0.1.0 · data in ./var",
            "",
            "  ✓ mongodb  1.3 s",
            "  ✓ hub      0.4 s",
            "",
            "  Ready in 1.7 s at http://localhost:8000",
            "",
            "  First time here: open this link to create your account. It works once.",
            "  http://localhost:8000/set-up?code=abc",
            "",
            "  Press Ctrl-C to stop.",
        ]

    def test_problems_of_one_part_come_at_most_every_ten_seconds(self):
        words = Words()
        for seconds in (0, 5, 9, 11):
            words.now = 100.0 + seconds
            words.terminal.problem("hub", f"trouble {seconds}")
        words.terminal.problem("gateway", "other")

        assert [line.split(" ", 3)[3] for line in words.text.splitlines()] == [
            "hub: trouble 0",
            "hub: trouble 11",
            "gateway: other",
        ]

    def test_brackets_are_shown_as_they_are(self):
        words = Words()
        words.terminal.crashed("hub", "exited with code 1: [Errno 98] [bold]in use", 0.2)

        assert "hub exited with code 1: [Errno 98] [bold]in use; starting it again" in words.text

    @pytest.mark.parametrize("error", [BrokenPipeError(errno.EPIPE, "Broken pipe"), OSError(errno.EIO, "gone")])
    def test_a_terminal_that_is_gone_ends_nothing(self, error):
        class Gone(io.StringIO):
            def write(self, text: str) -> int:
                raise error

        terminal = Terminal(PatientConsole(file=Gone()))
        terminal.came_up("hub", 1)
        terminal.crashed("hub", "exited with code 1", 0.2)
