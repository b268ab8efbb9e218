"""`hothouse doctor`: what this machine offers, and what to install for more."""

import typer

from hothouse.cli.output import JsonOption, print_json, print_table
from hothouse.cli.processes import PANEL, load_settings


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command(rich_help_panel=PANEL)(doctor)


def doctor(as_json: JsonOption = False) -> None:
    """Say what this machine offers to the platform and its apps."""
    from dataclasses import asdict

    from hothouse.doctor import examine

    report = examine(load_settings())
    if as_json:
        print_json(asdict(report))
    else:
        typer.echo(f"Apps are isolated at level {report.isolation.level} ({report.isolation.mechanism}).")
        for reason in report.isolation.reasons:
            typer.echo(f"  not higher because: {reason}")
        typer.echo("")
        rows = [(finding.name, finding.state, finding.found, finding.advice) for finding in report.findings]
        print_table(("PART", "STATE", "FOUND", "FOR MORE"), rows, empty="Nothing was found.")
    if not report.is_usable:
        raise typer.Exit(1)
