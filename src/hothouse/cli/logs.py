"""`hothouse logs`: what an app, or the build of a release, printed."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hothouse.cli.apps import PANEL, Slug, connect
from hothouse.cli.output import JsonOption

if TYPE_CHECKING:
    from hothouse.cli.client import Client


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command(rich_help_panel=PANEL)(logs)


def logs(
    slug: Slug,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on as lines are written; Ctrl-C ends it.")] = False,
    tail: Annotated[int, typer.Option("--tail", "-n", min=0, help="How many of the last lines.")] = 200,
    build: Annotated[int | None, typer.Option(metavar="RELEASE", help="The build log of this release instead.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Print an app's log."""
    path = f"apps/{slug}/logs" if build is None else f"apps/{slug}/releases/{build}/log"
    with connect() as client:
        try:
            for line in _lines(client, path, follow, tail if build is None else None):
                typer.echo(json.dumps(line, ensure_ascii=False) if as_json else line["text"])
        except KeyboardInterrupt:
            return


def _lines(client: "Client", path: str, follow: bool, tail: int | None) -> Iterator[dict[str, Any]]:
    if follow:
        yield from client.follow(path, tail=tail)
    else:
        yield from ({"text": text} for text in client.text_lines(path, tail=tail))
