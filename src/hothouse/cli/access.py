"""`hothouse access`: who has which rights on an app, or another thing, and why; and who decides that."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hothouse.cli.apps import connect
from hothouse.cli.errors import CliError
from hothouse.cli.output import JsonOption, print_fields, print_json, print_table
from hothouse.cli.processes import load_settings

if TYPE_CHECKING:
    from hothouse.cli.client import Client

access = typer.Typer(help="See and change who may do what with an app, and why.", no_args_is_help=True)
Thing = Annotated[str, typer.Argument(metavar="APP", help="Slug of an app; or `group:<id>`, or `platform`.")]
Whom = Annotated[str, typer.Argument(metavar="WHOM", help="An e-mail address, the name of a group, or `signed-in`.")]
Action = Annotated[str, typer.Option(help="What is to be done.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(access, name="access", rich_help_panel="Apps")


@access.command()
def show(thing: Thing, as_json: JsonOption = False) -> None:
    """Show who has which role."""
    with connect() as client:
        sharing = client.get(_path(thing))
    if as_json:
        print_json(sharing)
        return
    owner = sharing["owner"] or {}
    print_fields({"owner": owner.get("email"), "access": sharing["openness"]})
    rows = [
        (_name(one["subject"]), one["role"], _until(one), one["origin"], one["note"] or None)
        for one in sharing["grants"]
    ]
    print_table(("WHO", "ROLE", "UNTIL", "BY", "NOTE"), rows, empty="Nobody else was given anything.")


@access.command()
def grant(
    thing: Thing,
    whom: Whom,
    role: Annotated[str, typer.Argument(metavar="ROLE", help="`viewer`, `editor`, `denied`, or one made here.")],
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M"], help="When it ends, by this clock.")
    ] = None,
    note: Annotated[str, typer.Option(help="What it is for.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Give somebody a role, in place of the one they had; `denied` keeps them out."""
    ends = until.astimezone().isoformat() if until else None
    with connect() as client:
        path = f"{_path(thing)}/grants/{subject_of(client, whom)}"
        given = client.put(path, {"role": role, "expires_at": ends, "note": note})
    if as_json:
        print_json(given)
        return
    typer.echo(f"{_name(given['subject'])} has the role {given['role']}, until {_until(given)}.", err=True)


@access.command()
def revoke(thing: Thing, whom: Whom) -> None:
    """Take away what somebody was given; what they had open because of it ends at once."""
    with connect() as client:
        client.delete(f"{_path(thing)}/grants/{subject_of(client, whom)}")
    typer.echo(f"{whom} has no role of their own there any more.", err=True)


@access.command()
def explain(thing: Thing, whom: Whom, action: Action = "app.open", as_json: JsonOption = False) -> None:
    """Say whether somebody may do something, and why; ends with 1 if they may not."""
    with connect() as client:
        why = client.get(f"{_path(thing)}/explain", subject=subject_of(client, whom), action=action)
    if as_json:
        print_json(why)
    else:
        typer.echo(f"{'Yes' if why['is_allowed'] else 'No'}: {why['reason']}.")
        for link in why["chain"]:
            typer.echo(f"  {link['text']}")
    if not why["is_allowed"]:
        raise typer.Exit(1)


@access.command()
def who(thing: Thing, action: Action = "app.open", as_json: JsonOption = False) -> None:
    """List the people who may do something."""
    with connect() as client:
        found = list(client.items(f"{_path(thing)}/people", action=action, limit=200))
    if as_json:
        print_json(found)
        return
    rows = [(one["person"]["email"], one["person"]["name"], one["how"]) for one in found]
    print_table(("E-MAIL", "NAME", "HOW"), rows, empty="Nobody may do that.")


@access.command()
def sync(as_json: JsonOption = False) -> None:
    """Compare OpenFGA with the database, and mend it; run it where the hub runs, with its settings.

    Hubs do this themselves at each start, and after each outage.
    """
    import asyncio

    from pymongo.errors import PyMongoError

    from hothouse.access.errors import AccessUndecided
    from hothouse.database.connection import DatabaseUnreachable
    from hothouse.hub.authorizing import compare

    try:
        compared = asyncio.run(compare(load_settings()))
    except AccessUndecided as error:
        raise CliError(
            f"OpenFGA could not be mended: {error.why}. Check the settings HOTHOUSE_ACCESS_OPENFGA_*."
        ) from error
    except (DatabaseUnreachable, PyMongoError) as error:
        raise CliError(str(error)) from error
    if compared is None:
        raise CliError("There is nothing to compare: the hub decides by itself. Set HOTHOUSE_ACCESS_BACKEND=openfga.")
    if as_json:
        print_json({"known": compared.known, "added": compared.added, "removed": compared.removed})
    else:
        typer.echo(f"{compared.known} tuples; {compared.added} were added, {compared.removed} removed.")


def subject_of(client: "Client", whom: str) -> str:
    """Return the subject that an address, a name, or a subject stands for. Raises: CliError."""
    if ":" in whom or whom in ("signed-in", "anyone"):
        return whom
    kind = "user" if "@" in whom else "group"
    found = client.get("subjects", q=whom[:100], kinds=kind)["items"]
    wanted = [one for one in found if whom.casefold() in (str(one["email"]).casefold(), one["name"].casefold())]
    if not wanted:
        raise CliError(f"There is no {'account' if kind == 'user' else 'group'} {whom}.")
    return str(wanted[0]["subject"])


def _path(thing: str) -> str:
    kind, _, identity = thing.rpartition(":")
    if thing == "platform":
        return "access/platform/platform"
    return f"access/{kind or 'app'}/{identity}"


def _name(subject: dict[str, Any]) -> str:
    return str(subject["email"] or subject["name"])


def _until(given: dict[str, Any]) -> str:
    ends = "it is taken away" if given["expires_at"] is None else str(given["expires_at"])[:16].replace("T", " ")
    return f"{ends} (over)" if given["is_expired"] else ends
