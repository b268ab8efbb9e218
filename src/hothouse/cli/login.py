"""`hothouse login`, `logout` and `whoami`: signing this machine in by way of a browser."""

import os
import socket
import sys
import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hothouse.cli.errors import ApiProblem, CliError
from hothouse.cli.output import JsonOption, print_fields, print_json

if TYPE_CHECKING:
    from hothouse.cli.client import Client

PANEL = "Account"
SLOWER_BY_SECONDS = 5
UrlOption = Annotated[str | None, typer.Option("--url", help="Address of the platform; else HOTHOUSE_URL.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    for command in (login, logout, whoami):
        app.command(rich_help_panel=PANEL)(command)


def login(
    url: UrlOption = None,
    name: Annotated[str | None, typer.Option(help="What to call this machine; else its host name.")] = None,
    scopes: Annotated[
        list[str] | None,
        typer.Option(
            "--scope",
            metavar="S",
            help="Ask only for this: `read`, `apps:open`, `apps:write`, `admin`; repeat it for more.",
        ),
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=3650, help="How long it is to last.")] = 90,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the address in a browser.")] = True,
) -> None:
    """Sign this machine in: approve it in a browser, on this machine or another."""
    from hothouse.cli.client import DEFAULT_URL, Client
    from hothouse.cli.credentials import CredentialsFile, Stored

    file = CredentialsFile()
    url = (url or os.environ.get("HOTHOUSE_URL") or (known.url if (known := file.get(None)) else DEFAULT_URL)).rstrip(
        "/"
    )
    former = file.get(url)
    with Client(url, None) as client:
        asked = {"device_name": (name or socket.gethostname())[:100], "scopes": scopes or None, "expires_in_days": days}
        got = _wait(client, _begin(client, asked, is_opened=browser))
    user = got["user"]
    file.put(Stored(url, got["access_token"], got["token"]["id"], user["email"]))
    if former:
        _revoke(former)
    typer.echo(f"Signed in at {url} as {user['name']} ({user['email']}).")
    if os.environ.get("HOTHOUSE_TOKEN"):
        typer.echo("HOTHOUSE_TOKEN is set, and commands go on using it. Unset it to use this sign-in.", err=True)


def _begin(client: "Client", asked: dict[str, Any], *, is_opened: bool) -> dict[str, Any]:
    """Show the person where to go with which code."""
    import webbrowser

    begun: dict[str, Any] = client.post("device/code", asked)
    minutes = begun["expires_in"] // 60
    typer.echo(f"Open  {begun['verification_uri']}")
    typer.echo(f"Code  {typer.style(begun['user_code'], bold=True)}\n")
    typer.echo(f"Check that the page shows this code, and approve within {minutes} minutes. Tell the code to nobody.")
    if is_opened and sys.stdout.isatty() and not os.environ.get("SSH_CONNECTION"):
        webbrowser.open(begun["verification_uri_complete"])
    return begun


def _wait(client: "Client", begun: dict[str, Any]) -> Any:
    """Ask until it is decided. Raises: CliError when it was refused, or took too long."""
    interval, deadline = float(begun["interval"]), time.monotonic() + begun["expires_in"]
    while time.monotonic() < deadline:
        time.sleep(interval)
        try:
            return client.patiently(lambda: client.post("device/token", {"device_code": begun["device_code"]}))
        except ApiProblem as problem:
            error = problem.problem.get("error")
            if error == "slow_down":
                interval += SLOWER_BY_SECONDS
            elif error == "access_denied":
                raise CliError("The sign-in was refused in the browser. Nothing was changed.") from None
            elif error == "expired_token":
                break
            elif error != "authorization_pending":
                raise
    raise CliError("Nobody approved it in time. Run `hothouse login` again.")


def logout(url: UrlOption = None) -> None:
    """Sign this machine out: its API token is revoked, and removed from here."""
    from hothouse.cli.credentials import CredentialsFile

    file = CredentialsFile()
    stored = file.get(url or os.environ.get("HOTHOUSE_URL"))
    if stored is None:
        raise CliError("This machine is not signed in there. See where it is: `hothouse whoami`.")
    is_revoked = _revoke(stored)
    file.remove(stored.url)
    typer.echo(f"Signed out at {stored.url}.")
    if not is_revoked:
        typer.echo(
            f"The platform did not answer: revoke the token at {stored.url}/account yourself if it matters.", err=True
        )


def _revoke(stored: Any) -> bool:
    """Revoke the token of a sign-in; true also when it was worth nothing any more."""
    from hothouse.cli.client import Client

    try:
        with Client(stored.url, stored.token) as client:
            client.delete("tokens/current")
    except ApiProblem as problem:
        return problem.status == 401
    except CliError:
        return False
    return True


def whoami(as_json: JsonOption = False) -> None:
    """Say who commands act as, and where."""
    from hothouse.cli.apps import connect

    with connect() as client:
        user = client.get("auth/me")["user"]
        found = {"platform": client.url, "signed in by": client.proof, **user}
    if as_json:
        print_json({"url": found["platform"], "via": found["signed in by"], "user": user})
        return
    shown = ("name", "email", "role", "platform", "signed in by")
    print_fields({key: found[key] for key in shown})
