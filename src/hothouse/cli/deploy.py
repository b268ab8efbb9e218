"""`hothouse deploy`: a folder becomes a release that serves. `hothouse init`: a manifest for a folder."""

import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hothouse.cli.apps import PANEL, WaitOption, connect
from hothouse.cli.errors import CliError
from hothouse.cli.output import JsonOption

if TYPE_CHECKING:
    from hothouse.cli.client import Client

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The folder with the app's source.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command(rich_help_panel=PANEL)(deploy)
    app.command(rich_help_panel=PANEL)(init)


def deploy(
    folder: Folder,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Accept a proposed manifest without asking.")] = False,
    wait: WaitOption = True,
    slug: Annotated[str | None, typer.Option(help="Deploy under this slug instead of the manifest's.")] = None,
    message: Annotated[str, typer.Option("--message", "-m", help="What this release is about.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Upload a folder as a new release and make it serve."""
    from hothouse.cli.deployments import conclude

    with connect() as client:
        upload = _upload(client, folder)
        manifest = _settle_manifest(upload, folder, slug, is_accepted=yes)
        body = {"message": message, **({"manifest": manifest} if manifest else {})}
        deployment = client.post(f"uploads/{upload['id']}/deploy", body)
        conclude(client, deployment, wait=wait, as_json=as_json)


def init(
    folder: Folder,
    force: Annotated[bool, typer.Option(help="Replace an existing manifest.json.")] = False,
) -> None:
    """Write a manifest.json proposed from what a folder holds, or imported from an older layout."""
    from hothouse.apps.manifests import SourceTree, propose, read_source

    if not folder.is_dir():
        raise CliError(f"{folder} is not a folder. Give the one that holds the app's source.")
    target = folder / "manifest.json"
    if target.exists() and not force:
        raise CliError(f"{target} exists already. Edit it, or pass --force to replace it.")
    tree = SourceTree(folder.resolve())
    found = read_source(tree)
    proposal = propose(tree) if found.origin == "manifest" else found
    if proposal.manifest is None:
        raise _invalid(folder, [{"pointer": each.pointer, "message": each.message} for each in proposal.problems])
    target.write_text(json.dumps(proposal.manifest, indent=2, ensure_ascii=False) + "\n")
    for remark in proposal.report:
        typer.echo(f"  {remark.level:<8} {remark.pointer or '/'}: {remark.message}", err=True)
    typer.echo(f"Wrote {target}. Read it through, then run `hothouse deploy {folder}`.")


def _upload(client: "Client", folder: Path) -> dict[str, Any]:
    from hothouse.kit.archives import ArchiveRefused, pack

    if not folder.is_dir():
        raise CliError(f"{folder} is not a folder. Give the one that holds the app's source.")
    with tempfile.TemporaryDirectory(prefix="hothouse-deploy-") as scratch:
        archive = Path(scratch) / f"{folder.resolve().name or 'app'}.zip"
        try:
            pack(folder, archive)
        except (ArchiveRefused, OSError) as error:
            raise CliError(f"{folder} cannot be packed: {error}") from error
        upload: dict[str, Any] = client.upload(archive)
    return upload


def _settle_manifest(
    upload: dict[str, Any], folder: Path, slug: str | None, *, is_accepted: bool
) -> dict[str, Any] | None:
    """Return the manifest to deploy with, or `None` for the one in the folder.

    Raises: CliError when it has problems, or when a proposed one is not accepted.
    """
    manifest = dict(upload["manifest"] or {})
    if slug:
        manifest["slug"] = slug
    problems = [each for each in upload["problems"] if not (slug and each["pointer"] == "/slug")]
    if problems:
        raise _invalid(folder, problems)
    if upload["origin"] != "manifest":
        _confirm(upload, manifest, folder, is_accepted=is_accepted)
        return manifest
    return manifest if slug else None


def _confirm(upload: dict[str, Any], manifest: dict[str, Any], folder: Path, *, is_accepted: bool) -> None:
    found = "holds no manifest.json" if upload["origin"] == "proposed" else "has a manifest of an older layout"
    typer.echo(f"{folder} {found}; this one would be used:\n{json.dumps(manifest, indent=2)}", err=True)
    for remark in upload["report"]:
        typer.echo(f"  {remark['level']:<8} {remark['pointer']}: {remark['message']}", err=True)
    if is_accepted:
        return
    if not sys.stdin.isatty():
        raise CliError(f"Pass --yes to accept that manifest, or write it to {folder} with `hothouse init` and edit it.")
    if not typer.confirm("Deploy with this manifest?", err=True):
        raise CliError("Nothing was deployed. Write the manifest with `hothouse init DIR`, edit it, and try again.")


def _invalid(folder: Path, problems: list[dict[str, Any]]) -> CliError:
    lines = [f"  {each['pointer'] or '/'}: {each['message']}" for each in problems]
    text = f"The manifest of {folder} has {len(problems)} problem{'s' if len(problems) > 1 else ''}:"
    problem = {
        "type": "/problems/manifest-invalid",
        "title": "The manifest is not valid",
        "status": 422,
        "detail": "\n".join([text, *lines]),
        "errors": problems,
    }
    return CliError("\n".join([text, *lines]), problem)
