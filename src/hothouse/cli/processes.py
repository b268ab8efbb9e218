"""`hothouse up`, and each of the platform's processes alone: `hub`, `gateway`, `broker`, `worker`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hothouse.cli.errors import CliError

if TYPE_CHECKING:
    from hothouse.settings import Settings

PANEL = "Run the platform"
EMBEDDED_SECONDS = 60.0
"""How long a part waits for the embedded MongoDB, beside which it was started."""


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command(rich_help_panel=PANEL)(up)
    app.command(rich_help_panel=PANEL)(hub)
    app.command(rich_help_panel=PANEL)(gateway)
    app.command(rich_help_panel=PANEL)(broker)
    app.command(rich_help_panel=PANEL)(worker)


def load_settings() -> "Settings":
    """Read the settings. Raises: CliError that names each variable that is wrong, and why."""
    from pydantic import ValidationError

    from hothouse.settings import Settings

    try:
        return Settings()
    except ValidationError as error:
        raise CliError(explain_settings(error)) from error


def explain_settings(error: object) -> str:
    """Say which `HOTHOUSE_*` variable is wrong and what is wrong with it, one line each."""
    from pydantic import ValidationError

    assert isinstance(error, ValidationError)  # noqa: S101 - narrows a lazily imported type
    lines = []
    for problem in error.errors(include_url=False):
        name = "HOTHOUSE_" + "_".join(str(step) for step in problem["loc"]).upper()
        given = "" if _is_secret(name) else f" (it is {problem['input']!r})"
        lines.append(f"{name} is not valid: {problem['msg']}{given}.")
    return " ".join(lines) + " Correct it in the environment or in .env."


def _is_secret(name: str) -> bool:
    return any(word in name for word in ("PASSWORD", "KEY", "URI", "TOKEN", "SECRET"))


def up(
    examples: Annotated[
        Path | None, typer.Option(help="Folder of example apps to deploy at the first start.", show_default=False)
    ] = None,
    keep_apps: Annotated[bool, typer.Option("--keep-apps", help="Leave running apps alone when stopping.")] = False,
) -> None:
    """Start the whole platform on this machine and keep it running."""
    import asyncio

    from hothouse.supervisor.errors import StartFailed, SupervisorError
    from hothouse.supervisor.terminal import Terminal
    from hothouse.supervisor.up import UpOptions
    from hothouse.supervisor.up import up as run

    settings = load_settings()
    if examples is not None:
        if not examples.is_dir():
            raise CliError(f"--examples {examples} is not a folder. Give one that holds example apps, or leave it out.")
        settings = settings.model_copy(update={"examples": examples.absolute()})
    try:
        asyncio.run(run(settings, UpOptions(keep_apps=keep_apps), Terminal()))
    except SupervisorError as error:
        tail = error.tail if isinstance(error, StartFailed) else ()
        raise CliError("\n".join([str(error), *(f"  | {line}" for line in tail)])) from error


def hub() -> None:
    """Run the hub alone: the API and the web UI."""
    _serve("hub", module="hub.process")


def gateway() -> None:
    """Run the gateway alone: the public port."""
    _serve("gateway")


def broker() -> None:
    """Run the database broker alone."""
    _serve("broker")


def worker() -> None:
    """Run the worker alone: builds and other background jobs."""
    _serve("worker", module="jobs.process")


def _serve(part: str, *, module: str | None = None) -> None:
    """Run `serve(settings)` of the part until a signal ends it; EXIT_GIVE_UP says: do not retry."""
    import asyncio
    import importlib

    import uvloop

    from hothouse.kit.logs import configure_logging
    from hothouse.supervisor.parts import EXIT_GIVE_UP
    from hothouse.supervisor.probes import wait_for_server

    try:
        settings = load_settings()
    except CliError as error:
        typer.echo(f"hothouse: {error}", err=True)
        sys.exit(EXIT_GIVE_UP)
    configure_logging()
    serve = importlib.import_module(f"hothouse.{module or part}").serve
    if settings.mongodb.embedded and settings.mongodb.uri:
        wait_for_server(settings.mongodb.uri.get_secret_value(), EMBEDDED_SECONDS)
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(serve(settings))
    except KeyboardInterrupt:
        sys.exit(130)
