"""`hothouse access`: who may do what, where another server decides it."""

import typer

from hothouse.cli.errors import CliError
from hothouse.cli.output import JsonOption, print_json
from hothouse.cli.processes import load_settings

PANEL = "Administration"
access = typer.Typer(help="Look after the server that decides who may do what.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(access, name="access", rich_help_panel=PANEL)


@access.callback()
def group() -> None:
    """Keep `sync` a command of its own, though it is the only one."""


@access.command()
def sync(as_json: JsonOption = False) -> None:
    """Compare OpenFGA with the database, and mend it; run it where the hub runs, with the hub's settings.

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
