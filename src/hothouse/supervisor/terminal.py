"""What `hothouse up` says: short and calm on a terminal, plain lines elsewhere."""

import contextlib
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.status import Status

PROBLEM_SECONDS = 10.0
"""At most one logged error per part is repeated on the terminal within this time."""


class PatientConsole(Console):
    """Falls silent when nobody reads any more, where rich would end the process."""

    def on_broken_pipe(self) -> None:
        self.quiet = True


class Terminal:
    """Writes the progress of the platform for a person; never raises, whatever became of the terminal."""

    def __init__(self, console: Console | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._console = console or PatientConsole(highlight=False, soft_wrap=True)
        self._clock = clock
        self._waiting: dict[str, None] = {}
        self._status: Status | None = None
        self._quiet_until: dict[str, float] = {}
        self._width = 0

    def starting(self, version: str, home: Path, parts: list[str]) -> None:
        """Open with the version, the data folder and the parts that are about to come up."""
        self._line(f"[bold green]Hothouse[/] {version} [dim]·[/] data in {_short(home)}")
        self._line("")
        self._waiting = dict.fromkeys(parts)
        self._width = max(map(len, parts), default=0)
        if self._console.is_terminal:
            self._status = self._console.status("")
            self._refresh()
            self._status.start()

    def came_up(self, part: str, seconds: float) -> None:
        self._line(f"  [green]✓[/] {part:<{self._width}}  [dim]{seconds:.1f} s[/]")
        self._waiting.pop(part, None)
        self._refresh()

    def ready(self, url: str, seconds: float, setup_link: str | None) -> None:
        """Close the start with the address and, the first time, the link to set up the first account."""
        self._end_status()
        self._line("")
        self._line(f"  Ready in {seconds:.1f} s at [bold cyan]{url}[/]")
        if setup_link:
            self._line("")
            self._line("  First time here: open this link to create your account. It works once.")
            self._line(f"  [bold cyan]{setup_link}[/]")
        self._line("")
        self._line("  [dim]Press Ctrl-C to stop.[/]")

    def note(self, text: str) -> None:
        """Say something worth knowing that needs no action."""
        self._line(f"  [dim]{text}[/]")

    def crashed(self, part: str, reason: str, delay: float) -> None:
        again = f"starting it again in {delay:.1f} s" if delay >= 1 else "starting it again"
        self._event(f"[yellow]{part} {_escape(reason)}[/]; {again}")

    def is_back(self, part: str, seconds: float) -> None:
        self._event(f"[green]{part} is back[/] after {seconds:.1f} s")

    def problem(self, part: str, text: str) -> None:
        now = self._clock()
        if now >= self._quiet_until.get(part, 0):
            self._quiet_until[part] = now + PROBLEM_SECONDS
            self._event(f"[yellow]{part}:[/] {_escape(text)}")

    def stopping(self, *, keep_apps: bool) -> None:
        self._end_status()
        self._line("")
        what = "the platform, apps stay running" if keep_apps else "apps and platform"
        self._line(f"  Stopping {what}… [dim](Ctrl-C again ends everything at once)[/]")

    def stopped(self, seconds: float, home: Path) -> None:
        self._line(f"  Stopped in {seconds:.1f} s. Your data is in {_short(home)}.")

    def killed(self) -> None:
        self._end_status()
        self._line("  Ended at once.")

    def failed(self) -> None:
        """End the display of what is awaited; the error itself is the caller's to print."""
        self._end_status()

    def _event(self, text: str) -> None:
        self._line(f"  [dim]{time.strftime('%H:%M:%S')}[/] {text}")

    def _line(self, text: str) -> None:
        with contextlib.suppress(OSError):  # the terminal is gone
            self._console.print(text)

    def _refresh(self) -> None:
        if self._status is not None:
            self._status.update(f"[dim]starting {', '.join(self._waiting)}[/]")
            if not self._waiting:
                self._end_status()

    def _end_status(self) -> None:
        if self._status is not None:
            self._status.stop()
            self._status = None


def _escape(text: str) -> str:
    return text.replace("[", r"\[")


def _short(path: Path) -> str:
    """Write a path relative to where we are, when it lies below."""
    here = Path.cwd()
    return f"./{path.relative_to(here)}" if path.is_relative_to(here) and path != here else str(path)
