"""Waiting for a deployment: the build log as it is written, then how it ended."""

import sys
import time
from typing import TYPE_CHECKING, Any

import typer

from hothouse.cli.errors import CliError

if TYPE_CHECKING:
    from hothouse.cli.client import Client

FINAL = frozenset({"serving", "failed", "superseded"})
POLL_SECONDS = 0.25


def conclude(client: "Client", deployment: dict[str, Any], *, wait: bool, as_json: bool) -> None:
    """Wait for a deployment if asked to, and print `{"slug", "release", "state", "url"}` or a sentence.

    `state` is the app's once the release serves, before that the deployment's.

    `state` is the app's, as `GET /api/v1/apps/{slug}` tells it: `running` once the release serves.

    Raises: CliError with the reason and last log lines when the release does not serve in the end.
    """
    if wait:
        deployment = _wait(client, deployment, is_quiet=as_json and not sys.stderr.isatty())
    app = client.patiently(lambda: client.get(f"apps/{deployment['app']}"))
    result = {
        "slug": deployment["app"],
        "release": deployment["release"],
        "state": app["state"] if deployment["state"] == "serving" else deployment["state"],
        "url": app["url"],
    }
    if wait and deployment["state"] != "serving":
        raise failure(deployment, app, result)
    result["state"] = app["state"]
    if as_json:
        import json

        typer.echo(json.dumps(result))
    elif wait:
        typer.echo(f"{app['name']} release {result['release']} serves at {app['url']}")
    else:
        typer.echo(f"{app['name']} release {result['release']} is {result['state']}; it will be at {app['url']}")


def failure(deployment: dict[str, Any], app: dict[str, Any], result: dict[str, Any]) -> CliError:
    """Describe a deployment that did not come to serve, as a line for people and problem+json for scripts."""
    tail = list(deployment.get("log_tail") or ())
    if deployment["state"] == "superseded":
        kind, title = "deployment-superseded", "A newer deployment took its place"
    else:
        kind, title = "deployment-failed", "The deployment failed"
    reason = deployment.get("reason") or title
    text = f"Release {result['release']} of {result['slug']} does not serve: {reason}"
    if app["release"] and app["release"] != result["release"]:
        text += f"\nRelease {app['release']} stays in place."
    detail = "\n".join([text, *tail])
    problem = {
        "type": f"/problems/{kind}",
        "title": title,
        "status": 409 if kind.endswith("superseded") else 422,
        "detail": detail,
        **result,
        "log_tail": tail,
    }
    return CliError("\n".join([text, *(f"  | {line}" for line in tail)]), problem)


def _wait(client: "Client", deployment: dict[str, Any], *, is_quiet: bool) -> dict[str, Any]:
    """Follow the deployment to its end, showing the build log and each new state on standard error."""
    path = f"deployments/{deployment['id']}"
    shown = None
    while deployment["state"] not in FINAL:
        if deployment["state"] != shown and not is_quiet:
            shown = deployment["state"]
            typer.echo(f"release {deployment['release']}: {shown}", err=True)
            if shown == "building":
                _show_build_log(client, deployment)
        time.sleep(POLL_SECONDS)
        deployment = client.patiently(lambda: client.get(path))
    return deployment


def _show_build_log(client: "Client", deployment: dict[str, Any]) -> None:
    for line in client.follow(f"apps/{deployment['app']}/releases/{deployment['release']}/log"):
        typer.echo(f"  {line['text']}", err=True)
