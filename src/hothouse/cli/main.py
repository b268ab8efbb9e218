"""The command line's tree. Modules below import what they need when they run: `hothouse --help` stays quick."""

import json
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from hothouse.cli import (
    access,
    admin,
    apps,
    audit,
    config,
    data,
    deploy,
    doctor,
    groups,
    login,
    logs,
    people,
    processes,
    quotas,
    releases,
    secrets,
    tokens,
)
from hothouse.cli.errors import CliError


class Commands(TyperGroup):
    """Prints a CliError as one line (or problem+json with `--json`) and ends with exit code 1."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except CliError as error:
            report(error)
            raise typer.Exit(1) from None
        except BrokenPipeError:  # `hothouse apps | head`: nobody reads any more
            sys.stderr.close()
            raise typer.Exit(1) from None


def report(error: CliError) -> None:
    """Print the error where scripts and people look for it."""
    text = json.dumps(error.problem, ensure_ascii=False) if "--json" in sys.argv else f"hothouse: {error}"
    typer.echo(text, err=True)


app = typer.Typer(
    cls=Commands,
    name="hothouse",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="A self-hosted lab: drop a Python project in, open it as a running app with its own data.",
)


@app.command()
def version(json_output: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Print the version of this command."""
    from importlib.metadata import version as installed

    number = installed("hothouse-lab")
    typer.echo(json.dumps({"version": number}) if json_output else number)


for module in (
    apps,
    deploy,
    releases,
    logs,
    data,
    login,
    tokens,
    people,
    groups,
    quotas,
    access,
    audit,
    secrets,
    admin,
    processes,
    doctor,
    config,
):
    module.register(app)
