"""`hothouse admin`: what is done on the machine of the platform, with its files, when nobody can sign in to do it."""

from typing import TYPE_CHECKING

import typer

from hothouse.cli.errors import CliError
from hothouse.cli.output import JsonOption, print_json
from hothouse.cli.people import Email
from hothouse.cli.processes import load_settings

if TYPE_CHECKING:
    from hothouse.settings import Settings

admin = typer.Typer(help="Get in again, on the machine of the platform.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(admin, name="admin", rich_help_panel="Administration")


@admin.callback()
def group() -> None:
    """Get in again, on the machine of the platform, with its settings and its files; no sign-in is asked for."""


@admin.command()
def reset_second_factor(email: Email, as_json: JsonOption = False) -> None:
    """Take the second factor of an account away; its sessions end, and its password alone signs in.

    For the only admin, whom nobody else can help. Run it while the platform runs. It is on record.
    """
    import asyncio

    from pymongo.errors import PyMongoError

    from hothouse.database.connection import DatabaseUnreachable
    from hothouse.hub.recovering import reset_second_factor as reset
    from hothouse.kit.problems import Problem
    from hothouse.secrets.errors import KeysDoNotFit

    try:
        user = asyncio.run(reset(_with_database(load_settings()), email))
    except Problem as error:
        raise CliError(error.detail) from error
    except (DatabaseUnreachable, KeysDoNotFit, PyMongoError) as error:
        raise CliError(str(error)) from error
    if as_json:
        print_json({"id": user.id, "email": user.email})
    else:
        typer.echo(f"{user.email} has no second factor any more. Sign in, and set one up anew.")


def _with_database(settings: "Settings") -> "Settings":
    """Return the settings with the address of the embedded MongoDB, where they name no other.

    Raises: CliError when the platform does not run.
    """
    from pydantic import SecretStr

    from hothouse.database.embedded import EmbeddedMongo
    from hothouse.supervisor.ports import StablePorts

    if settings.mongodb.uri is not None:
        return settings
    server = EmbeddedMongo(
        settings.home / "database", settings.keys_dir, StablePorts(settings.home / "ports.json").kept("mongodb")
    )
    if server.owner() is None:
        raise CliError(f"No platform runs on {settings.home}. Start it, or set HOTHOUSE_HOME to its folder.")
    mongodb = settings.mongodb.model_copy(update={"uri": SecretStr(server.uri)})
    return settings.model_copy(update={"mongodb": mongodb})
