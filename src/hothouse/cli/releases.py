"""`hothouse releases` and `hothouse rollback`."""

from typing import Annotated

import typer

from hothouse.cli.apps import PANEL, Slug, WaitOption, connect
from hothouse.cli.output import JsonOption, ago, print_json, print_table


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command(rich_help_panel=PANEL)(releases)
    app.command(rich_help_panel=PANEL)(rollback)


def releases(slug: Slug, as_json: JsonOption = False) -> None:
    """List an app's releases, newest first."""
    with connect() as client:
        found = list(client.items(f"apps/{slug}/releases", limit=100))
    if as_json:
        print_json(found)
        return
    rows = [
        (
            each["number"],
            "serving" if each["serving"] else each["state"],
            ago(each["created_at"]),
            (each["created_by"] or {}).get("email"),
            each["message"] or each["error"],
        )
        for each in found
    ]
    columns = ("RELEASE", "STATE", "MADE", "BY", "MESSAGE")
    print_table(columns, rows, empty=f"{slug} has no releases.")


def rollback(
    slug: Slug,
    to: Annotated[int | None, typer.Option(metavar="RELEASE", help="This release instead of the one before.")] = None,
    wait: WaitOption = True,
    as_json: JsonOption = False,
) -> None:
    """Go back to the release that served before, or to any other."""
    from hothouse.cli.deployments import conclude

    with connect() as client:
        if to is None:
            deployment = client.post(f"apps/{slug}/rollback")
        else:
            deployment = client.post(f"apps/{slug}/deploy", {"release": to})
        conclude(client, deployment, wait=wait, as_json=as_json)
