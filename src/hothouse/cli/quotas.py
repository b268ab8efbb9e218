"""`hothouse quotas`: how much people, and groups together, may have of everything."""

import math
from collections.abc import Callable
from typing import Annotated, Any

import typer

from hothouse.cli.access import subject_of
from hothouse.cli.apps import connect
from hothouse.cli.data import size
from hothouse.cli.output import JsonOption, print_json, print_table

quotas = typer.Typer(help="List quotas, set them, take them away, and see what you use.")
Whom = Annotated[
    str, typer.Argument(metavar="WHOM", help="An e-mail address, the name of a group, or `signed-in`: everyone.")
]
LIFTED = "none"


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(quotas, name="quotas", rich_help_panel="Account")


@quotas.callback(invoke_without_command=True)
def overview(context: typer.Context) -> None:
    """List quotas, set them, take them away, and see what you use; without a command: list them."""
    if not context.invoked_subcommand:
        list_quotas()


@quotas.command("list")
def list_quotas(as_json: JsonOption = False) -> None:
    """List all quotas, with what is used of them."""
    with connect() as client:
        found = list(client.items("quotas"))
    if as_json:
        print_json(found)
        return
    print_table(("WHOSE", "WHAT", "USED", "ALLOWED"), _rows(found), empty="Nobody has a quota.")


@quotas.command()
def mine(as_json: JsonOption = False) -> None:
    """Show what you have, and may have."""
    with connect() as client:
        found = client.get("quotas/mine")
    if as_json:
        print_json(found)
        return
    rows = [("you", one, _words(one, found["used"][one]), "-") for one in found["used"] if not found["quotas"]]
    print_table(("WHOSE", "WHAT", "USED", "ALLOWED"), [*_rows(found["quotas"]), *rows], empty="Nothing limits you.")


@quotas.command()
def show(whom: Whom, as_json: JsonOption = False) -> None:
    """Show somebody's quota, and what takes it."""
    with connect() as client:
        found = client.get(f"quotas/{subject_of(client, whom)}")
    if as_json:
        print_json(found)
        return
    print_table(("WHOSE", "WHAT", "USED", "ALLOWED"), _rows([found]), empty=f"{whom} has no quota.")
    for held in found["holdings"]:
        amounts = ", ".join(f"{name} {_words(name, amount)}" for name, amount in held["used"].items() if amount)
        typer.echo(f"{held['kind']} {held['name']}: {amounts or 'nothing'}")


def _bytes(value: str) -> int | str:
    from hothouse.apps.manifests.quantities import parse_size

    if value in (LIFTED, "0"):
        return LIFTED if value == LIFTED else 0
    try:
        return parse_size(value)
    except ValueError as error:
        raise typer.BadParameter(f"{error} Or lift the limit: {LIFTED}.") from error


def _number(kind: type[int | float]) -> Callable[[str], float | str]:
    def read(value: str) -> float | str:
        try:
            number = None if value == LIFTED else kind(value)
        except ValueError:
            number = -1
        if number is not None and not 0 <= number < math.inf:
            raise typer.BadParameter(f"{value} is neither a number nor {LIFTED}.")
        return LIFTED if number is None else number

    return read


@quotas.command("set")
def set_quota(
    whom: Whom,
    apps: Annotated[
        Any, typer.Option(parser=_number(int), metavar="NUMBER|none", help="How many apps there may be.")
    ] = None,
    apps_running: Annotated[
        Any, typer.Option(parser=_number(int), metavar="NUMBER|none", help="How many apps may run at once.")
    ] = None,
    environments: Annotated[
        Any,
        typer.Option(
            parser=_number(int), metavar="NUMBER|none", help="How many environments may run, or be asleep, at once."
        ),
    ] = None,
    cpu: Annotated[
        Any, typer.Option(parser=_number(float), metavar="NUMBER|none", help="Cores of everything that runs.")
    ] = None,
    memory: Annotated[
        Any, typer.Option(parser=_bytes, metavar="SIZE|none", help="Memory of everything that runs.")
    ] = None,
    disk: Annotated[
        Any, typer.Option(parser=_bytes, metavar="SIZE|none", help="Workspaces, and files of apps.")
    ] = None,
    databases: Annotated[Any, typer.Option(parser=_bytes, metavar="SIZE|none", help="All databases.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Limit what somebody may have; what is not named stays as it is, and `none` lifts a limit.

    A person's quota is for that person alone, and takes the place of everyone's; a group's is for its members together;
    that of `signed-in` for each person without one of their own. Sizes are written like 32GiB.
    """
    asked = {
        "apps": apps,
        "apps_running": apps_running,
        "environments": environments,
        "cpu": cpu,
        "memory_bytes": memory,
        "disk_bytes": disk,
        "database_bytes": databases,
    }
    changed = {name: None if limit == LIFTED else limit for name, limit in asked.items() if limit is not None}
    with connect() as client:
        path = f"quotas/{subject_of(client, whom)}"
        found = client.put(path, {**client.get(path)["limits"], **changed})
    if as_json:
        print_json(found)
        return
    print_table(("WHOSE", "WHAT", "USED", "ALLOWED"), _rows([found]), empty=f"Nothing limits {whom} any more.")


@quotas.command()
def remove(whom: Whom) -> None:
    """Take a quota away; a person has everyone's again, if there is one."""
    with connect() as client:
        client.delete(f"quotas/{subject_of(client, whom)}")
    typer.echo(f"{whom} has no quota of their own any more.", err=True)


def _rows(found: list[dict[str, Any]]) -> list[tuple[str, str, str, str]]:
    return [
        (
            one["subject"]["email"] or one["subject"]["name"],
            name,
            _words(name, one["used"][name]) if one["used"] else "each their own",
            _words(name, limit),
        )
        for one in found
        for name, limit in one["limits"].items()
        if limit is not None
    ]


def _words(name: str, amount: float) -> str:
    return size(int(amount)) if name.endswith("_bytes") else f"{amount:g}"
