"""`hothouse apps`, and what is done to one app: show, open, start, stop, restart, rename, delete."""

import sys
import time
from collections.abc import Collection
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hothouse.cli.errors import CliError
from hothouse.cli.output import JsonOption, ago, print_fields, print_json, print_table

if TYPE_CHECKING:
    from hothouse.cli.client import Client

PANEL = "Apps"
POLL_SECONDS = 0.25
WAIT_SECONDS = 180.0
Slug = Annotated[str, typer.Argument(metavar="SLUG", help="The app's slug, the first word of its address.")]
WaitOption = Annotated[bool, typer.Option("--wait/--no-wait", help="Return when it is done, or at once.")]


apps = typer.Typer(help="List the apps you may see, and rename them.")


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(apps, name="apps", rich_help_panel=PANEL)
    for command in (show, open_app, start, stop, restart, delete):
        app.command(command.__name__.removesuffix("_app"), rich_help_panel=PANEL)(command)


def connect() -> "Client":
    """Return a client of the platform that HOTHOUSE_URL names."""
    from hothouse.cli.client import Client

    return Client.from_environment()


@apps.callback(invoke_without_command=True)
def list_apps(
    context: typer.Context,
    query: Annotated[str | None, typer.Option("--search", "-q", help="Only apps with these words.")] = None,
    state: Annotated[str | None, typer.Option(help="Only apps in this state.")] = None,
    as_json: JsonOption = False,
) -> None:
    """List the apps you may see, and rename them; without a command: list them."""
    if context.invoked_subcommand:
        return
    with connect() as client:
        found = list(client.items("apps", q=query, state=state, limit=100))
    if as_json:
        print_json(found)
        return
    rows = [
        (app["slug"], app["state"], app["kind"], app["release"], app["url"], ago(app["last_activity_at"]))
        for app in found
    ]
    columns = ("SLUG", "STATE", "KIND", "RELEASE", "ADDRESS", "ACTIVE")
    print_table(columns, rows, empty="No apps yet. Deploy one with `hothouse deploy DIR`.")


@apps.command()
def rename(
    slug: Slug,
    new: Annotated[str, typer.Argument(metavar="NEW", help="The slug it is to have; also one that it had before.")],
    as_json: JsonOption = False,
) -> None:
    """Give an app another slug, and so another address; its former addresses lead there."""
    with connect() as client:
        app = client.patch(f"apps/{slug}", {"slug": new})
    if as_json:
        print_json(app)
    else:
        typer.echo(f"{slug} is {app['slug']} now: {app['url']}")


def show(slug: Slug, as_json: JsonOption = False) -> None:
    """Show one app."""
    with connect() as client:
        app = client.get(f"apps/{slug}")
    if as_json:
        print_json(app)
    else:
        print_fields(summary(app))


def summary(app: dict[str, Any]) -> dict[str, Any]:
    """Choose what of an app a person wants to know first."""
    deployment = app.get("deployment") or {}
    owner = app.get("owner") or {}
    usage = app.get("usage") or {}
    memory = usage.get("memory_bytes")
    return {
        "name": app["name"],
        "address": app["url"],
        "former slugs": app.get("former_slugs"),
        "state": app["state"],
        "reason": app["reason"],
        "kind": app["kind"],
        "release": app["release"],
        "deployment": f"release {deployment['release']} {deployment['state']}" if deployment else None,
        "deployment reason": deployment.get("reason"),
        "owner": owner.get("email"),
        "access": app["access"],
        "secrets missing": app.get("secrets_missing"),
        "memory": f"{memory / 2**20:.0f} MiB" if memory else None,
        "last activity": ago(app["last_activity_at"]),
    }


def open_app(slug: Slug) -> None:
    """Open an app in the browser, and print its address."""
    import webbrowser

    with connect() as client:
        url = client.get(f"apps/{slug}")["url"]
    typer.echo(url)
    if sys.stdout.isatty():
        webbrowser.open(url)


def start(slug: Slug, wait: WaitOption = True, as_json: JsonOption = False) -> None:
    """Start a stopped app."""
    with connect() as client:
        app = client.post(f"apps/{slug}/start")
        if wait:
            app = wait_for_state(client, slug, {"running", "sleeping", "failed"})
    if app["state"] == "failed":
        raise CliError(f"{slug} did not start: {app['reason']}. Its log: `hothouse logs {slug}`.")
    _say(app, as_json)


def stop(slug: Slug, wait: WaitOption = True, as_json: JsonOption = False) -> None:
    """Stop an app; its data and releases stay."""
    with connect() as client:
        app = client.post(f"apps/{slug}/stop")
        if wait:
            app = wait_for_state(client, slug, {"stopped"})
    _say(app, as_json)


def restart(slug: Slug, wait: WaitOption = True, as_json: JsonOption = False) -> None:
    """Replace an app's process by a fresh one."""
    from hothouse.cli.deployments import conclude

    with connect() as client:
        conclude(client, client.post(f"apps/{slug}/restart"), wait=wait, as_json=as_json)


def delete(slug: Slug, yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False) -> None:
    """Delete an app for good: its process, data, files and releases."""
    if not yes:
        if not sys.stdin.isatty():
            raise CliError(f"Deleting {slug} cannot be undone and there is nobody to ask: pass --yes.")
        if typer.prompt(f"This deletes {slug} with all its data. Type its slug to confirm") != slug:
            raise CliError(f"That is not the slug: {slug} was left as it is.")
    with connect() as client:
        client.delete(f"apps/{slug}", confirm=slug)
    typer.echo(f"{slug} is deleted.", err=True)


def wait_for_state(client: "Client", slug: str, states: Collection[str]) -> Any:
    """Ask for the app until it is in one of `states`. Raises: CliError after WAIT_SECONDS."""
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        app = client.patiently(lambda: client.get(f"apps/{slug}"))
        if app["state"] in states:
            return app
        if time.monotonic() > deadline:
            raise CliError(f"{slug} is still {app['state']} after {WAIT_SECONDS:.0f} s. See `hothouse logs {slug}`.")
        time.sleep(POLL_SECONDS)


def _say(app: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(app)
    else:
        typer.echo(f"{app['slug']} is {app['state']}.")
