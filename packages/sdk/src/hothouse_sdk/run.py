"""Run one app: `python -m hothouse_sdk.run module:attribute --host 127.0.0.1 --port 8080`.

Works for any ASGI app. The working directory is importable.
"""

import argparse
from collections.abc import Sequence

from hothouse_sdk import _serve
from hothouse_sdk.entries import EntryNotFound, load


def main(argv: Sequence[str] | None = None) -> None:
    """Parse the command line and serve."""
    parser = argparse.ArgumentParser(prog="python -m hothouse_sdk.run", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("entry", help='"module:attribute" of the app')
    _serve.add_address(parser)
    parser.add_argument("--fd", type=int, help="descriptor of a socket that listens already, to serve on instead")
    arguments = parser.parse_args(argv)
    try:
        app = load(arguments.entry)
    except EntryNotFound as error:
        raise SystemExit(f"error: {error}") from None
    _serve.serve(app, arguments.host, arguments.port, **_serve.on_socket(arguments.fd))


if __name__ == "__main__":
    main()
