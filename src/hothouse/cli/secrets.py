"""`hothouse secrets`: one's own secrets, and the key under which all of the database's are sealed."""

import base64
import sys
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import typer

from hothouse.cli.apps import connect
from hothouse.cli.errors import CliError
from hothouse.cli.output import JsonOption, ago, print_json, print_table

secrets = typer.Typer(
    help="Keep secrets for your environments, and change the key that seals all.", no_args_is_help=True
)
Name = Annotated[str, typer.Argument(metavar="NAME", help="Of the environment variable; of a file, what you call it.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(secrets, name="secrets", rich_help_panel="Account")


@secrets.callback()
def group() -> None:
    """Keep secrets for your environments, and change the key that seals all."""


@secrets.command("set")
def set_secret(
    name: Name,
    path: Annotated[
        str | None,
        typer.Option(help="Make it a file there, from your home folder on: `.aws/credentials`. Else a variable."),
    ] = None,
    file: Annotated[
        Path | None, typer.Option(help="Take the value from this file.", exists=True, dir_okay=False, readable=True)
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Keep a secret, in the place of one of the same name.

    The value is read from `--file`, or else from what is piped in, or else asked for without showing it. It is never an
    argument, which others on this machine could see. A variable loses the line end after it.
    """
    value = _value(name, file)
    if path is None:
        value = value.removesuffix(b"\n").removesuffix(b"\r")
    body = {
        "kind": "variable" if path is None else "file",
        "path": path,
        "value": base64.b64encode(value).decode(),
        "encoding": "base64",
    }
    with connect() as client:
        kept = client.put(f"account/secrets/{quote(name, safe='')}", body)
    if as_json:
        print_json(kept)
    else:
        typer.echo(f"{kept['name']} is kept ({kept['size']} bytes). Environments have it from their next start on.")


@secrets.command("list")
def list_secrets(as_json: JsonOption = False) -> None:
    """List your secrets, without their values."""
    with connect() as client:
        found = list(client.items("account/secrets", limit=100))
    if as_json:
        print_json(found)
        return
    rows = [
        (
            one["name"],
            f"file ~/{one['path']}" if one["kind"] == "file" else one["kind"],
            f"{one['size']} B",
            ago(one["changed_at"]),
            ago(one["last_read_at"]),
        )
        for one in found
    ]
    columns = ("NAME", "KIND", "SIZE", "CHANGED", "READ")
    print_table(columns, rows, empty="No secrets. Keep one with `hothouse secrets set NAME`.")


@secrets.command()
def delete(name: Name) -> None:
    """Forget one of your secrets; environments that run keep what they were given."""
    with connect() as client:
        client.delete(f"account/secrets/{quote(name, safe='')}")
    typer.echo(f"{name} is deleted.", err=True)


@secrets.command()
def rotate(as_json: JsonOption = False) -> None:
    """Make a new key, seal all secrets with it, and forget the key of before; for admins.

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


def _value(name: str, file: Path | None) -> bytes:
    if file is not None:
        try:
            return file.read_bytes()
        except OSError as error:
            raise CliError(f"{file} cannot be read: {error.strerror}.") from error
    if sys.stdin.isatty():
        asked: str = typer.prompt(f"Value of {name}", hide_input=True, err=True)
        return asked.encode()
    return sys.stdin.buffer.read()
