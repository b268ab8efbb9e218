"""Ports on the loopback address that stay the same from start to start.

Apps that were left running (`--keep-apps`) hold addresses of the database broker, so a new `up` must offer the same.
"""

import errno
import json
import random
import socket
from pathlib import Path

from hothouse.supervisor.errors import StartRefused

LOOPBACK = "127.0.0.1"
CHOICE = range(20_000, 32_000)  # below the range from which the kernel serves outgoing connections


def is_free(host: str, port: int) -> bool:
    """Tell whether a server could listen there now."""
    return _bind_error(host, port) is None


def require_free(host: str, port: int, setting: str) -> None:
    """Raise StartRefused, with the way out, when a server cannot listen at `host:port`."""
    error = _bind_error(host, port)
    if error is None:
        return
    match error.errno:
        case errno.EADDRINUSE:
            message = (
                f"Port {port} on {host} is taken{_holder(port)}. Choose another with {setting}={_suggest(host, port)}."
            )
        case errno.EACCES:
            message = f"Port {port} needs root's rights. Choose one above 1023 with {setting}=8000."
        case _:
            message = f"Cannot listen on {host}:{port} ({error.strerror}). Check HOTHOUSE_BIND and {setting}."
    raise StartRefused(message)


class StablePorts:
    """Free ports by name, remembered in a file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._ports = self._read()

    def take(self, name: str, wish: int | None = None) -> int:
        """Return the port of `name`: the `wish` if free, else the remembered one if free, else a new one."""
        kept = [port for port in (wish, self._ports.get(name)) if port]
        others = {port for other, port in self._ports.items() if other != name}
        port = next((port for port in kept if is_free(LOOPBACK, port)), None) or _choose(others)
        if self._ports.get(name) != port:
            self._ports[name] = port
            self._write()
        return port

    def kept(self, name: str) -> int | None:
        """Return the port that `name` had last."""
        return self._ports.get(name)

    def _read(self) -> dict[str, int]:
        try:
            found = json.loads(self._path.read_text())
        except (FileNotFoundError, ValueError):
            return {}
        return {name: port for name, port in found.items() if isinstance(port, int)} if isinstance(found, dict) else {}

    def _write(self) -> None:
        temporary = self._path.with_suffix(".new")
        temporary.write_text(json.dumps(self._ports, indent=2) + "\n")
        temporary.replace(self._path)


def _choose(taken: set[int]) -> int:
    for port in random.SystemRandom().sample(CHOICE, 200):
        if port not in taken and is_free(LOOPBACK, port):
            return port
    raise StartRefused(f"No free port between {CHOICE.start} and {CHOICE.stop} on {LOOPBACK}: stop what uses them.")


def _bind_error(host: str, port: int) -> OSError | None:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except OSError as error:
        return error
    return None


def _suggest(host: str, port: int) -> int:
    return next((other for other in range(port + 1, min(port + 200, 65_536)) if is_free(host, other)), 8000)


def _holder(port: int) -> str:
    """Name the process that listens on `port`, where the system lets us see it."""
    import psutil  # noqa: PLC0415 - only wanted for this message

    try:
        for connection in psutil.net_connections("tcp"):
            if connection.laddr and connection.laddr[1] == port and connection.status == psutil.CONN_LISTEN:
                return (
                    f" by process {connection.pid} ({psutil.Process(connection.pid).name()})" if connection.pid else ""
                )
    except psutil.Error:
        return ""
    return ""
