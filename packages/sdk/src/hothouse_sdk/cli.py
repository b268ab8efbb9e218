"""The `hothouse-sdk` command."""

import argparse
from collections.abc import Sequence
from pathlib import Path


def main(argv: Sequence[str] | None = None) -> None:
    """Parse the command line and run the command."""
    parser = argparse.ArgumentParser(prog="hothouse-sdk", description="Write and try out Hothouse apps.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    dev = commands.add_parser(
        "dev",
        help="run one app alone, with autoreload and a scratch database",
        description="Run the app in a folder alone: it reloads when its code changes, and has a database of its own "
        "(HOTHOUSE_DATABASE_URI where set, otherwise a scratch one that is gone when you stop).",
    )
    dev.add_argument("folder", nargs="?", type=Path, default=Path(), help="folder of the app (default: this one)")
    dev.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    dev.add_argument("--port", type=int, default=None, help="port to listen on (default: 8080, or a free one)")
    dev.add_argument("--entry", help='"module:attribute" (default: "entry" of manifest.json)')
    dev.add_argument("--as", dest="acting", metavar="USER", help='who you are, as "Ada <ada@example.org>"')
    dev.add_argument("--group", action="append", default=[], dest="groups", help="a group you are in; repeatable")
    dev.add_argument("--signed-out", action="store_true", help="try the app as a visitor who is not signed in")
    dev.add_argument("--data", type=Path, help="folder that keeps the database for the next time")
    dev.add_argument("--no-reload", action="store_true", help="do not watch the code for changes")
    arguments = parser.parse_args(argv)

    from hothouse_sdk.dev import DevError, run  # noqa: PLC0415 - `--help` answers without loading a server

    try:
        run(arguments)
    except DevError as error:
        raise SystemExit(f"error: {error}") from None


if __name__ == "__main__":
    main()
