"""`hothouse audit`: who did what, and whether the record of it is as it was written."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer

from hothouse.cli.apps import connect
from hothouse.cli.errors import ApiProblem, CliError
from hothouse.cli.output import JsonOption, Told, ago, print_json, print_table, progress

if TYPE_CHECKING:
    from hothouse.cli.client import Client

PANEL = "Administration"
POLL_SECONDS = 0.2
audit = typer.Typer(help="Show, export and verify the record of who did what.", no_args_is_help=True)

Person = Annotated[str | None, typer.Option(help="Only what this person did: id or e-mail address.")]
Action = Annotated[str | None, typer.Option(help="Only this operation, e.g. apps.deploy.")]
About = Annotated[str | None, typer.Option(help="Only about this thing: a name or id, or e.g. app:my-app.")]
Result = Annotated[str | None, typer.Option(help="done, denied, failed or unknown.")]
Since = Annotated[str | None, typer.Option(help="Only from this time on, e.g. 2026-11-21T08:00:00Z.")]
Until = Annotated[str | None, typer.Option(help="Only before this time.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(audit, name="audit", rich_help_panel=PANEL)


@audit.command("list")
def list_entries(
    person: Person = None,
    action: Action = None,
    about: About = None,
    result: Result = None,
    since: Since = None,
    until: Until = None,
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many at most.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """List who did what, and what was denied to whom, newest first."""
    wanted = {"person": person, "action": action, "about": about, "result": result, "since": since, "until": until}
    with connect() as client:
        found = client.get("audit", limit=limit, **wanted)["items"]
    if as_json:
        print_json(found)
        return
    columns = ("#", "WHEN", "WHO", "ACTION", "ABOUT", "RESULT", "FROM")
    print_table(columns, [row(entry) for entry in found], empty="Nothing on record matches.")


def row(entry: dict[str, Any]) -> tuple[Any, ...]:
    """Choose what of an entry fits into a line."""
    who = entry["who"]["email"] or entry["who"]["name"] or None
    if by := entry["who"].get("impersonator"):
        who = f"{who} (by {by['email']})"
    about = ", ".join(f"{thing['kind']}:{thing['name'] or thing['id']}" for thing in entry["about"])
    return (entry["seq"], ago(entry["at"]), who, entry["action"], about or None, entry["result"], entry["address"])


@audit.command()
def export(
    output: Annotated[Path | None, typer.Option("--output", "-o", help="File to write; else standard output.")] = None,
    person: Person = None,
    action: Action = None,
    about: About = None,
    result: Result = None,
    since: Since = None,
    until: Until = None,
) -> None:
    """Write entries as lines of JSON, oldest first."""
    wanted = {"person": person, "action": action, "about": about, "result": result, "since": since, "until": until}
    with connect() as client:
        lines = client.text_lines("audit/export", **wanted)
        if output is None:
            for line in lines:
                typer.echo(line)
            return
        with output.open("w", encoding="utf-8") as file:
            count = sum(1 for line in lines if file.write(f"{line}\n"))
    typer.echo(f"{count} entries in {output}.", err=True)


@audit.command()
def verify(
    file: Annotated[Path | None, typer.Argument(help="An export, checked here; else the platform's record.")] = None,
    key: Annotated[Path | None, typer.Option(help="The installation's keys/audit.key, to check seals, too.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Check that nothing was altered, removed, added or reordered; ends with exit code 1 if anything was."""
    if file is None:
        with connect() as client:
            verdict = verdict_of(client)
    else:
        verdict = verdict_on(file, key)
    if as_json:
        print_json(verdict)
    else:
        say(verdict)
    if not verdict["is_intact"]:
        raise typer.Exit(1)


def verdict_of(client: "Client") -> dict[str, Any]:
    """Have the platform check its record, or wait for a check that is going on. Raises: CliError if it is cut short."""
    try:
        client.post("audit/verification")
    except ApiProblem as problem:
        if problem.type != "/problems/already-verifying":
            raise
    with progress("Entries verified") as told:
        while (run := client.get("audit/state")["verification"])["state"] == "running":
            told(run["checked"], run["total"])
            time.sleep(POLL_SECONDS)
    if run["verdict"] is None:
        raise CliError(f"Hothouse ended, or lost its database, after {run['checked']} entries. Verify again.")
    verdict: dict[str, Any] = run["verdict"]
    return verdict


def verdict_on(file: Path, key: Path | None) -> dict[str, Any]:
    """Check an export without a platform. Raises: CliError for a file that is none."""
    from hothouse.audit.chain import Link, Verifier
    from hothouse.audit.keys import read_key

    try:
        verifier = Verifier(read_key(key) if key else None, is_whole=False)
    except (OSError, ValueError) as error:
        raise CliError(f"{key} is not readable as a key: {error}. Name keys/audit.key of the installation.") from error
    try:
        with file.open(encoding="utf-8") as lines, progress("Bytes verified") as told:
            for line in counted(lines, file.stat().st_size, told):
                verifier.take(Link.of_line(line))
    except (OSError, ValueError) as error:
        raise CliError(f"{file} is not an export of the audit record: {error}. Make one anew.") from error
    faults = [{"seq": fault.seq, "message": fault.message} for fault in verifier.finish()]
    last = verifier.last
    return {
        "is_intact": not faults,
        "entries": verifier.entries,
        "first_seq": verifier.first,
        "last_seq": last.seq if last else None,
        "last_hash": last.hash if last else None,
        "faults": faults,
    }


def counted(lines: TextIO, size: int, told: Told) -> Iterator[str]:
    """Yield the lines of a file of `size` bytes, telling how many were read."""
    read = 0
    for line in lines:
        yield line
        read += len(line.encode())
        told(read, size)


def say(verdict: dict[str, Any]) -> None:
    """Print what was found: faults one a line, where errors go."""
    for fault in verdict["faults"]:
        typer.echo(f"Entry {fault['seq']}: {fault['message']}", err=True)
    if not verdict["entries"]:
        typer.echo("There are no entries.")
        return
    span = f"{verdict['entries']} entries, {verdict['first_seq']} to {verdict['last_seq']}"
    state = "intact" if verdict["is_intact"] else f"NOT intact, {len(verdict['faults'])} faults"
    typer.echo(f"{span}: {state}. Hash of the last: {verdict['last_hash']}")
