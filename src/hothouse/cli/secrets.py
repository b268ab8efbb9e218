"""`hothouse secrets`: the key under which the database's secrets are sealed."""

import typer

from hothouse.cli.apps import connect
from hothouse.cli.output import JsonOption, print_json

secrets = typer.Typer(help="Change the key under which secrets are kept.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(secrets, name="secrets", rich_help_panel="Administration")


@secrets.callback()
def group() -> None:
    """Change the key under which secrets are kept."""


@secrets.command()
def rotate(as_json: JsonOption = False) -> None:
    """Make a new key, seal all secrets with it, and forget the key of before.

    If it was broken off, repeat it: it goes on where it was. Back up keys/ afterwards.
    """
    with connect() as client:
        result = client.post("secrets/rotate")
    if as_json:
        print_json(result)
        return
    typer.echo(f"{result['resealed']} secrets are sealed with the new key {result['key_id']}. Back up keys/ now.")
    for place in result["unreadable"]:
        typer.echo(f"No key opens this one, set it again: {place}", err=True)
