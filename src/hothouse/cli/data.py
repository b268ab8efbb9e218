"""`hothouse data`: what an app uses of its database, and which apps may read whose data."""

from typing import Annotated, Any

import typer

from hothouse.cli.apps import PANEL, connect
from hothouse.cli.errors import CliError
from hothouse.cli.output import JsonOption, ago, print_fields, print_json, print_table

data = typer.Typer(
    help="Show what an app uses of its database, and decide which apps may read its data.", no_args_is_help=True
)

App = Annotated[str, typer.Argument(metavar="APP", help="Slug of the app whose data it is.")]
Reader = Annotated[str, typer.Argument(metavar="READER", help="Slug of the app that asks to read it.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(data, name="data", rich_help_panel=PANEL)


@data.command()
def show(app: App, as_json: JsonOption = False) -> None:
    """Show what an app uses of its database, what it reads of other apps, and which apps read it."""
    with connect() as client:
        found = client.get(f"apps/{app}/data")
    if as_json:
        print_json(found)
        return
    print_fields(summary(found))
    if found["reads"]:
        typer.echo("")
        print_table(("READS", *COLUMNS), [(one["app"], *_standing(one)) for one in found["reads"]], empty="")
    if found["readers"]:
        typer.echo("")
        rows = [(one["app"]["slug"], *_standing(one)) for one in found["readers"]]
        print_table(("READER", *COLUMNS), rows, empty="")


COLUMNS = ("STATE", "MAY READ", "WAITING", "DECIDED")


def summary(found: dict[str, Any]) -> dict[str, Any]:
    """Choose what of a data sandbox a person wants to know first."""
    storage, limits, totals = found["storage"], found["limits"], found["totals"]
    used = "not measured yet" if storage["used_bytes"] is None else size(storage["used_bytes"])
    about = "about " if storage["is_estimate"] else ""
    return {
        "database": found["database"],
        "storage": f"{about}{used}, of {size(storage['allowed_bytes'])}",
        "connections": f"{found['connections']}, of {limits['connections']}",
        "longest command": f"{limits['max_time_ms'] / 1000:g} s",
        "operations": totals["operations"],
        "errors": totals["errors"],
        "refused": totals["refused"],
        "slow": totals["slow"],
        "offers": found["offered"]["collections"],
    }


def size(count: int) -> str:
    """Write a number of bytes for people.

    >>> size(512), size(3 * 2**20 // 2), size(2 * 2**30)
    ('512 bytes', '1.5 MiB', '2.0 GiB')
    """
    for unit, name in ((2**40, "TiB"), (2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB")):
        if count >= unit:
            return f"{count / unit:.1f} {name}"
    return f"{count} bytes"


def _standing(one: dict[str, Any]) -> tuple[str, str, str, str | None]:
    decided = ago(one["decided_at"]) if one["decided_at"] else None
    return one["state"], ", ".join(one["granted"]) or "-", ", ".join(one["waiting"]) or "-", decided


@data.command()
def requests(as_json: JsonOption = False) -> None:
    """List what waits for you to decide."""
    with connect() as client:
        found = list(client.items("data/requests", limit=100))
    if as_json:
        print_json(found)
        return
    rows = [
        (
            one["app"]["slug"],
            one["reader"]["app"]["slug"],
            ", ".join(one["reader"]["waiting"]),
            (one["reader"]["owner"] or {}).get("email"),
        )
        for one in found
    ]
    columns = ("APP", "READER", "ASKS FOR", "OWNER OF THE READER")
    print_table(columns, rows, empty="Nothing waits for you. Apps ask by `data.read_from` in their manifests.")


@data.command()
def grant(
    app: App,
    reader: Reader,
    collection: Annotated[
        list[str] | None,
        typer.Option("--collection", metavar="C", help="Only this collection; repeat it for more."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Let another app read what it asks for, or only some of it; what it had beyond that is taken back."""
    with connect() as client:
        collections = collection or _asked(client.get(f"apps/{app}/data"), app, reader)
        decided = client.put(f"apps/{app}/data/readers/{reader}", {"collections": collections})
    _say(decided, as_json, f"{reader} may read {', '.join(decided['granted'])} of {app}.")


@data.command()
def refuse(app: App, reader: Reader, as_json: JsonOption = False) -> None:
    """Let another app read nothing of what it asks for."""
    with connect() as client:
        decided = client.put(f"apps/{app}/data/readers/{reader}", {"collections": []})
    _say(decided, as_json, f"{reader} is refused; it reads nothing of {app}.")


@data.command()
def take_back(app: App, reader: Reader) -> None:
    """Take back what another app may read; at the latest after two seconds it reads nothing any more."""
    with connect() as client:
        client.delete(f"apps/{app}/data/readers/{reader}")
    typer.echo(f"{reader} reads nothing of {app} any more.", err=True)


def _asked(found: dict[str, Any], app: str, reader: str) -> list[str]:
    """Return the collections that a reader asks for.

    Raises: CliError for an app that does not ask.
    """
    wanted: list[str] = next((one["wanted"] for one in found["readers"] if one["app"]["slug"] == reader), [])
    if not wanted:
        raise CliError(f"{reader} does not ask to read the data of {app}. See who does: `hothouse data show {app}`.")
    return wanted


def _say(decided: dict[str, Any], as_json: bool, sentence: str) -> None:
    if as_json:
        print_json(decided)
    else:
        typer.echo(sentence)
