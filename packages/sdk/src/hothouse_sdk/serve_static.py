"""Serve a folder of files: `python -m hothouse_sdk.serve_static site --host 127.0.0.1 --port 8080`."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount

from hothouse_sdk import _serve
from hothouse_sdk.files import AppFiles


def create_app(folder: Path) -> Starlette:
    """Make the app that serves `folder`, with `index.html` for folders and `404.html` for what is missing."""
    return Starlette(
        routes=[Mount("/", AppFiles(directory=folder, html=True))],
        exception_handlers={HTTPException: _plain_error},
    )


async def _plain_error(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    text = "There is nothing at this address.\n" if status == 404 else f"{status}\n"
    return PlainTextResponse(text, status, headers=getattr(error, "headers", None))


def main(argv: Sequence[str] | None = None) -> None:
    """Parse the command line and serve."""
    parser = argparse.ArgumentParser(prog="python -m hothouse_sdk.serve_static", description=__doc__)
    parser.add_argument("folder", type=Path, help="the folder to serve")
    _serve.add_address(parser)
    arguments = parser.parse_args(argv)
    if not arguments.folder.is_dir():
        raise SystemExit(f'error: there is no folder {arguments.folder}; check "entry" in manifest.json')
    _serve.serve(create_app(arguments.folder), arguments.host, arguments.port)


if __name__ == "__main__":
    main()
