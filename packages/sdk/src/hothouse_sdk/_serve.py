"""The web server settings that every way of running an app shares."""

import argparse
import os
import signal
from typing import TYPE_CHECKING, Any

import uvicorn

if TYPE_CHECKING:
    from starlette.types import ASGIApp

# The gateway keeps idle connections to an app; the app must not be the one that closes them first.
_KEEP_ALIVE_SECONDS = 75
_SHUTDOWN_SECONDS = 4


def add_address(parser: argparse.ArgumentParser) -> None:
    """Add `--host` and `--port`, which default to HOST and PORT of the environment."""
    parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"), help="address to listen on")
    parser.add_argument("--port", type=int, default=os.environ.get("PORT", "8080"), help="port to listen on")


def options(**changes: Any) -> dict[str, Any]:
    """Return the uvicorn options of an app behind the gateway, with `changes`.

    Proxy headers are believed from loopback only, which is where the gateway comes from.
    """
    return {
        "access_log": False,
        "server_header": False,
        "proxy_headers": True,
        "forwarded_allow_ips": "127.0.0.1,::1",
        "timeout_keep_alive": _KEEP_ALIVE_SECONDS,
        "timeout_graceful_shutdown": _SHUTDOWN_SECONDS,
        **changes,
    }


def on_socket(fd: int | None) -> dict[str, Any]:
    """Return what is to be changed to serve on a listening socket instead, which only the platform reaches.

    So what is said there of the visitor's address is true.
    """
    return {} if fd is None else {"fd": fd, "forwarded_allow_ips": "*"}


def serve(app: "ASGIApp", host: str, port: int, **changes: Any) -> None:
    """Serve until SIGTERM or SIGINT, then finish open requests and return."""
    # uvicorn raises the signal again once it has stopped; an orderly stop should exit with 0.
    signal.signal(signal.SIGTERM, lambda *_: None)
    server = uvicorn.Server(uvicorn.Config(app, host=host, port=port, **options(**changes)))
    server.run()
    if not server.started:
        raise SystemExit(1)
