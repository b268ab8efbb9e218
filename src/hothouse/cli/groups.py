"""`hothouse groups`: people who are given rights together."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from hothouse.cli.access import subject_of
from hothouse.cli.apps import connect
from hothouse.cli.output import JsonOption, ago, print_json, print_table

if TYPE_CHECKING:
    from hothouse.cli.client import Client

groups = typer.Typer(help="List groups, make them, and say who is in them.")
Group = Annotated[str, typer.Argument(metavar="GROUP", help="Name of the group.")]
Whom = Annotated[str, typer.Argument(metavar="WHOM", help="An e-mail address, or the name of another group.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(groups, name="groups", rich_help_panel="Account")


@groups.callback(invoke_without_command=True)
def overview(context: typer.Context) -> None:
    """List groups, make them, and say who is in them; without a command: list them."""
    if not context.invoked_subcommand:
        list_groups()


@groups.command("list")
def list_groups(
    query: Annotated[
        str | None, typer.Option("--search", "-q", help="Only groups a word of whose name begins so.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List groups by name."""
    with connect() as client:
        found = list(client.items("groups", q=query, limit=200))
    if as_json:
        print_json(found)
        return
    rows = [(one["name"], one["member_count"], one["origin"], ago(one["created_at"])) for one in found]
    print_table(("NAME", "MEMBERS", "FROM", "MADE"), rows, empty="There are no such groups.")


@groups.command()
def create(
    name: Group,
    description: Annotated[str, typer.Option(help="What it is for.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Make a group, whose manager you are."""
    with connect() as client:
        made = client.post("groups", {"name": name, "description": description})
    _say(made, as_json, f"{name} is there, and you manage it.")


@groups.command()
def members(name: Group, as_json: JsonOption = False) -> None:
    """List who is in a group."""
    with connect() as client:
        found = list(client.items(f"groups/{_id(client, name)}/members", limit=200))
    if as_json:
        print_json(found)
        return
    rows = [
        (one["member"]["email"] or one["member"]["name"], "manager" if one["is_manager"] else "member", one["via"])
        for one in found
    ]
    print_table(("WHO", "AS", "BY"), rows, empty="Nobody is in it.")


@groups.command()
def add(
    name: Group,
    whom: Whom,
    manager: Annotated[bool, typer.Option("--manager", help="Let them change the group.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Add somebody, or another group, to a group."""
    with connect() as client:
        path = f"groups/{_id(client, name)}/members/{subject_of(client, whom)}"
        added = client.put(path, {"is_manager": manager})
    _say(added, as_json, f"{whom} is in {name}.")


@groups.command()
def remove(name: Group, whom: Whom) -> None:
    """Take somebody out of a group; what they had open because of it ends at once."""
    with connect() as client:
        client.delete(f"groups/{_id(client, name)}/members/{subject_of(client, whom)}")
    typer.echo(f"{whom} is not in {name} any more.", err=True)


@groups.command()
def delete(name: Group, yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False) -> None:
    """Delete a group, and with it all that it was granted."""
    if not yes:
        typer.confirm(f"Delete the group {name} and all that it was granted?", abort=True)
    with connect() as client:
        client.delete(f"groups/{_id(client, name)}", confirm=name)
    typer.echo(f"{name} is gone.", err=True)


def _id(client: "Client", name: str) -> str:
    return subject_of(client, name).removeprefix("group:")


def _say(found: dict[str, Any], as_json: bool, sentence: str) -> None:
    if as_json:
        print_json(found)
        return
    typer.echo(sentence, err=True)
