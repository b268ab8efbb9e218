"""Serving the app to its developer, again after each change."""

import argparse
import contextlib
import json
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import uvicorn

from hothouse_sdk import _serve
from hothouse_sdk.database import VARIABLE
from hothouse_sdk.dev.acting import ActingUser, dump, parse_user
from hothouse_sdk.dev.errors import DevError
from hothouse_sdk.dev.scratch import database_for, free_port
from hothouse_sdk.entries import load
from hothouse_sdk.manifest import Manifest, ManifestUnreadable

if TYPE_CHECKING:
    from starlette.types import ASGIApp

_PREFERRED_PORT = 8080
_LEGACY_ENTRY = "hothouse_sdk.legacy:app"
# How the developer's choices reach the process that serves, which is a new one after each change.
_ENTRY, _USER = "HOTHOUSE_SDK_ENTRY", "HOTHOUSE_SDK_USER_HEADERS"


def run(arguments: argparse.Namespace) -> None:
    """Run the app of `hothouse-sdk dev`'s arguments until interrupted. Raises: DevError."""
    folder = arguments.folder.resolve()
    if not folder.is_dir():
        message = f"there is no folder {arguments.folder}"
        raise DevError(message)
    try:
        manifest = Manifest.read(folder)
    except ManifestUnreadable as error:
        raise DevError(str(error)) from error
    user = None if arguments.signed_out else parse_user(arguments.acting or "You <you@example.org>", arguments.groups)
    port = arguments.port or free_port(_PREFERRED_PORT if arguments.port is None else 0, arguments.host)
    environment = {
        _ENTRY: find_entry(folder, manifest, arguments.entry),
        _USER: dump(user),
        "HOTHOUSE_APP": manifest.slug,
        "HOTHOUSE_URL": f"http://{arguments.host}:{port}",
        "HOTHOUSE_SDK_DEBUG": "1",
    }
    environment |= {str(key): str(value) for key, value in (manifest.raw.get("env") or {}).items()}
    # Whenever they come, before, during or after serving: the scratch database is stopped on the way out.
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, lambda *_: sys.exit(0))
    with contextlib.ExitStack() as stack:
        stack.callback(_say, "stopped")
        environment[VARIABLE] = stack.enter_context(database_for(manifest.slug, arguments.data))
        _say(f"{manifest.name} · http://{arguments.host}:{port}")
        _say(f"you are {f'{user.name} <{user.email}>' if user else 'signed out'}")
        _say(f"database {environment[VARIABLE].partition('@')[2] or environment[VARIABLE]}")
        _serve_app(folder, environment, arguments.host, port, reload=not arguments.no_reload)


def _say(text: str) -> None:
    print(f"  {text}", file=sys.stderr, flush=True)


def find_entry(folder: Path, manifest: Manifest, given: str | None) -> str:
    """Return the `module:attribute` to run. Raises: DevError, for kinds that bring a command of their own."""
    if given:
        return given
    entry = manifest.raw.get("entry")
    if manifest.kind == "static":
        message = f"a static app needs no server of its own: python -m hothouse_sdk.serve_static {folder / str(entry)}"
        raise DevError(message)
    if manifest.kind not in {"experiment", "asgi"}:
        message = f'apps of kind "{manifest.kind}" run with their own command, for example `streamlit run {entry}`'
        raise DevError(message)
    if isinstance(entry, str):
        return entry
    if (folder / "__init__.py").is_file():
        return _LEGACY_ENTRY
    message = f'nothing says what to run in {folder}: add "entry": "main:app" to manifest.json, or give --entry'
    raise DevError(message)


def _serve_app(folder: Path, environment: dict[str, str], host: str, port: int, *, reload: bool) -> None:
    os.environ.update(environment)
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    options: dict[str, Any] = {"reload": True, "reload_dirs": [str(folder)]} if reload else {}
    target = f"{__name__}:create_app"
    uvicorn.run(target, factory=True, host=host, port=port, **_serve.options(access_log=True, **options))


def create_app() -> "ASGIApp":
    """Make the app that the environment names, with the acting person; called in the serving process."""
    app = load(os.environ[_ENTRY])
    return ActingUser(app, json.loads(os.environ[_USER]))
