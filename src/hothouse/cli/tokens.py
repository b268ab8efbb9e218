"""`hothouse tokens`: API tokens, for scripts and this command."""

from typing import Annotated

import typer

from hothouse.cli.apps import connect
from hothouse.cli.output import JsonOption, ago, print_json, print_table

tokens = typer.Typer(help="List, make and revoke API tokens.")


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(tokens, name="tokens", rich_help_panel="Account")


@tokens.callback(invoke_without_command=True)
def list_tokens(context: typer.Context, as_json: JsonOption = False) -> None:
    """List, make and revoke API tokens; without a command: list them."""
    if context.invoked_subcommand:
        return
    with connect() as client:
        found = list(client.items("tokens", limit=100))
    if as_json:
        print_json(found)
        return
    rows = [
        (
            each["id"],
            each["name"],
            ", ".join(each["scopes"] or ["everything"]),
            (each["expires_at"] or "never")[:10],
            ago(each["last_used_at"]),
        )
        for each in found
    ]
    columns = ("ID", "NAME", "GOOD FOR", "ENDS", "USED")
    print_table(columns, rows, empty="No API tokens. Make one with `hothouse tokens create NAME`.")


@tokens.command()
def create(
    name: Annotated[str, typer.Argument(help="What it is for.")],
    scopes: Annotated[
        list[str] | None,
        typer.Option(
            "--scope",
            metavar="S",
            help="Only for this: `read`, `apps:open`, `apps:write`, `admin`; repeat it for more. Else for everything.",
        ),
    ] = None,
    days: Annotated[int | None, typer.Option(min=1, max=3650, help="How long it works; else until revoked.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Make a token and print it; it is never shown again."""
    with connect() as client:
        made = client.post("tokens", {"name": name, "scopes": scopes or None, "expires_in_days": days})
    if as_json:
        print_json(made)
    else:
        typer.echo(made["token"])


@tokens.command()
def revoke(token_id: Annotated[str, typer.Argument(metavar="ID", help="As `hothouse tokens` lists it.")]) -> None:
    """Make a token useless."""
    with connect() as client:
        client.delete(f"tokens/{token_id}")
    typer.echo(f"Token {token_id} is revoked.", err=True)
