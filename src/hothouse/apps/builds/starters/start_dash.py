"""Serve a Dash app: `start_dash.py ENTRY HOST PORT`. ENTRY is a file that makes a `Dash`, or `module:attribute`.

Runs inside the app's environment, where of Hothouse nothing but this file is installed.
"""

import importlib
import runpy
import sys
from pathlib import Path
from typing import Any


def _load(entry: str) -> Any:
    module, colon, attribute = entry.partition(":")
    if colon:
        found: Any = importlib.import_module(module)
        for name in attribute.removesuffix("()").split("."):
            found = getattr(found, name)
        return found() if attribute.endswith("()") else found
    dash = importlib.import_module("dash")
    # A file made to be run directly starts a server of its own; here it only has to make the app.
    dash.Dash.run = dash.Dash.run_server = lambda *_arguments, **_options: None
    names = runpy.run_path(entry, run_name="__main__")
    apps = [value for value in names.values() if isinstance(value, dash.Dash)]
    if not apps:
        raise SystemExit(f'error: {entry} makes no Dash app; bind one to a name, for example "app = Dash(__name__)"')
    return apps[0]


def main() -> None:
    entry, host, port = sys.argv[1:4]
    sys.argv[1:] = []
    sys.path[0] = str(Path.cwd())
    app = _load(entry)
    headers = {"x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-forwarded-port"}
    print(f"Serving {entry} on {host}:{port}", flush=True)
    importlib.import_module("waitress").serve(
        getattr(app, "server", app),
        host=host,
        port=int(port),
        threads=16,
        trusted_proxy=host,
        trusted_proxy_headers=headers,
        ident=None,
    )


if __name__ == "__main__":
    main()
