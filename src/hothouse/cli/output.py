"""How commands print: tables for people, JSON for scripts."""

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]

COLOURS = {
    "running": "green",
    "serving": "green",
    "built": "green",
    "ok": "green",
    "granted": "green",
    "failed": "red",
    "missing": "red",
    "refused": "red",
    "taken-back": "red",
    "asked": "yellow",
    "starting": "yellow",
    "building": "yellow",
    "queued": "yellow",
    "partial": "yellow",
    "stopping": "yellow",
    "sleeping": "blue",
}
"""Colours of the words that states are called by."""


def print_json(value: Any) -> None:
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False))


def print_table(columns: Sequence[str], rows: Iterable[Sequence[Any]], *, empty: str) -> None:
    """Print rows in aligned columns, or the sentence `empty`, which says what to do."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    lines = [[str(cell) if cell is not None else "-" for cell in row] for row in rows]
    if not lines:
        typer.echo(empty)
        return
    table = Table(*columns, box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for line in lines:
        table.add_row(*(Text(cell, style=COLOURS.get(cell, ""), overflow="fold") for cell in line))
    Console(highlight=False, width=None if sys.stdout.isatty() else 1000).print(table)


def print_fields(fields: Mapping[str, Any]) -> None:
    """Print names and values below each other, leaving out what has no value."""
    shown = {name: value for name, value in fields.items() if value not in (None, "", [])}
    width = max(map(len, shown), default=0)
    for name, value in shown.items():
        text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        typer.echo(f"{name:<{width}}  {typer.style(text, fg=COLOURS.get(text))}")


Told = Callable[[int, int], None]
"""Is told how much is done, of how much."""
QUIET_SECONDS, EVERY_SECONDS = 1.0, 0.1


@contextmanager
def progress(what: str) -> Iterator[Told]:
    """Show on the terminal how far something got once it takes over a second; nothing is left of it at the end."""
    began = shown_at = time.monotonic()
    is_shown = False

    def told(done: int, total: int) -> None:
        nonlocal is_shown, shown_at
        now = time.monotonic()
        if not sys.stderr.isatty() or now - began < QUIET_SECONDS or now - shown_at < EVERY_SECONDS:
            return
        is_shown, shown_at = True, now
        share = f" ({100 * done // total} %)" if total else ""
        typer.echo(f"\r{what}: {done:,} of {total:,}{share}\033[K", err=True, nl=False)

    try:
        yield told
    finally:
        if is_shown:
            typer.echo("\r\033[K", err=True, nl=False)


def ago(moment: str | None) -> str:
    """Say how long ago an ISO 8601 time was, roughly."""
    if not moment:
        return "never"
    seconds = (datetime.now(UTC) - datetime.fromisoformat(moment)).total_seconds()
    for size, unit in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit} ago"
    return "just now"
