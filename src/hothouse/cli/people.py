"""`hothouse people`: everybody's accounts, for admins."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from hothouse.cli.apps import connect
from hothouse.cli.errors import CliError
from hothouse.cli.output import JsonOption, ago, print_json, print_table

if TYPE_CHECKING:
    from hothouse.cli.client import Client

people = typer.Typer(help="List people, invite them, close and open their accounts.")
Email = Annotated[str, typer.Argument(metavar="EMAIL", help="The address of the account.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(people, name="people", rich_help_panel="Account")


@people.callback(invoke_without_command=True)
def overview(context: typer.Context) -> None:
    """List people, invite them, close and open their accounts; without a command: list them."""
    if not context.invoked_subcommand:
        list_people()


@people.command("list")
def list_people(
    query: Annotated[
        str | None, typer.Option("--search", "-q", help="Only people whose name or address begins like this.")
    ] = None,
    role: Annotated[str | None, typer.Option(help="Only `admin`, only `developer` or only `member`.")] = None,
    state: Annotated[str | None, typer.Option(help="Only `active` or only `deactivated`.")] = None,
    as_json: JsonOption = False,
) -> None:
    """List accounts, the newest first."""
    with connect() as client:
        found = list(client.items("users", q=query, role=role, state=state, limit=200))
    if as_json:
        print_json(found)
        return
    rows = [(one["email"], one["name"], one["role"], _state(one), ago(one["created_at"])) for one in found]
    print_table(("E-MAIL", "NAME", "ROLE", "STATE", "MADE"), rows, empty="Nobody fits that.")


@people.command()
def invite(
    email: Annotated[
        str | None, typer.Argument(metavar="[EMAIL]", help="Only for this address; else for whoever has the link.")
    ] = None,
    role: Annotated[str, typer.Option(help="`admin`, `developer` or `member`.")] = "developer",
    hours: Annotated[int, typer.Option(min=1, max=720, help="How long the link works.")] = 168,
    as_json: JsonOption = False,
) -> None:
    """Make a single-use link by which somebody makes an account, and print it."""
    body = {"email": email, "role": role, "expires_in_hours": hours}
    with connect() as client:
        _print_link(client.post("invitations", body), as_json)


@people.command()
def deactivate(email: Email, as_json: JsonOption = False) -> None:
    """Close an account, which ends its sessions and API tokens; what it owns stays."""
    with connect() as client:
        changed = client.post(f"users/{_id(client, email)}/deactivate")
    _say(changed, as_json, f"{email} is deactivated.")


@people.command()
def reactivate(email: Email, as_json: JsonOption = False) -> None:
    """Open an account again; its sessions and API tokens stay ended."""
    with connect() as client:
        changed = client.post(f"users/{_id(client, email)}/reactivate")
    _say(changed, as_json, f"{email} is active again.")


@people.command()
def role(
    email: Email,
    new_role: Annotated[str, typer.Argument(metavar="ROLE", help="`admin`, `developer` or `member`.")],
    as_json: JsonOption = False,
) -> None:
    """Make somebody an admin, a developer, who may publish apps, or a member, who may use them."""
    with connect() as client:
        changed = client.patch(f"users/{_id(client, email)}", {"role": new_role})
    _say(changed, as_json, f"{email} has the role {changed['role']}.")


@people.command()
def reset_link(email: Email, as_json: JsonOption = False) -> None:
    """Make a single-use link by which somebody chooses a new password, and print it."""
    with connect() as client:
        _print_link(client.post(f"users/{_id(client, email)}/reset-link"), as_json)


@people.command()
def reset_second_factor(email: Email) -> None:
    """Take away a second factor that somebody lost; all their sessions end."""
    with connect() as client:
        client.delete(f"users/{_id(client, email)}/second-factor")
    typer.echo(f"{email} signs in by password alone until a new second factor is set up.", err=True)


def _id(client: "Client", email: str) -> str:
    """Return the id of an account. Raises: CliError when there is none with that address."""
    for one in client.items("users", q=email[:100], limit=200):
        if one["email"] == email.lower():
            return str(one["id"])
    raise CliError(f"There is no account for {email}. See who has one: `hothouse people`.")


def _state(account: dict[str, Any]) -> str:
    return "active" if account["is_active"] else "deactivated"


def _print_link(made: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(made)
        return
    typer.echo(made["url"])
    sent = " It was also sent by mail." if made["is_mailed"] else ""
    typer.echo(f"The link works once, until {made['expires_at']}.{sent}", err=True)


def _say(changed: dict[str, Any], as_json: bool, sentence: str) -> None:
    if as_json:
        print_json(changed)
    else:
        typer.echo(sentence, err=True)
