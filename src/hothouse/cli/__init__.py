"""The `hothouse` command: starts the platform's processes, and talks to a running platform."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - said here in words, before a newer syntax fails without any
    version = ".".join(map(str, sys.version_info[:2]))
    sys.exit("Hothouse needs Python 3.11 or newer; this is " + version + ". Install a newer one and try again.")

from hothouse.cli.main import app

__all__ = ["app"]
