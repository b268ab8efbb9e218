"""Where the broker can be reached: a TCP port, with TLS if there is a certificate, and a unix socket."""

import asyncio
import contextlib
import errno
import os
import socket
import ssl
import stat
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import structlog

from hothouse.broker.errors import ListenError

log = structlog.get_logger(__name__)

BACKLOG = 512
HANDSHAKE_SECONDS = 10.0
LONGEST_PATH = 107
"""Bytes of a unix socket's path, without the one that ends it."""

_SHUTDOWN_SECONDS = 2.0

Factory = Callable[[], asyncio.Protocol]


class Certificate:
    """A certificate and its key in files that may be replaced at any time: each handshake gets those that are there."""

    def __init__(self, certificate: Path, key: Path) -> None:
        """Read the files.

        Raises: ListenError.
        """
        self._files = (certificate, key)
        try:
            self._stamp = self._look()
            self._current = self._read()
        except OSError as error:
            raise ListenError(
                f"The certificate {certificate} and its key {key} cannot be used: {error}. "
                "Check HOTHOUSE_BROKER_TLS_CERTIFICATE and HOTHOUSE_BROKER_TLS_KEY."
            ) from error
        self.context = self._read()
        self.context.sni_callback = self._choose
        """Called at each handshake, also where the client names no server."""

    def _choose(self, handshake: ssl.SSLObject, _name: str | None, _context: ssl.SSLContext) -> None:
        self._refresh()
        handshake.context = self._current

    def _refresh(self) -> None:
        """Read the files anew if they changed; while they cannot be used the former ones still serve."""
        try:
            stamp = self._look()
            if stamp == self._stamp:
                return
            self._stamp = stamp
            self._current = self._read()
        except OSError as error:
            log.warning("certificate-unusable", certificate=str(self._files[0]), reason=str(error))
        else:
            log.info("certificate-renewed", certificate=str(self._files[0]))

    def _look(self) -> list[tuple[int, int, int]]:
        found = [path.stat() for path in self._files]
        return [(each.st_mtime_ns, each.st_size, each.st_ino) for each in found]

    def _read(self) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        # An empty password, because OpenSSL would ask the terminal for one and wait.
        context.load_cert_chain(*self._files, password=lambda: "")
        return context


@contextlib.asynccontextmanager
async def tcp_listener(
    factory: Factory, host: str, port: int, certificate: Certificate | None = None
) -> AsyncIterator[tuple[str, int]]:
    """Accept connections on a port; gives the address, which tells the port where 0 was asked for.

    Raises: ListenError.
    """
    context = certificate.context if certificate else None
    try:
        server = await asyncio.get_running_loop().create_server(
            factory,
            host,
            port,
            backlog=BACKLOG,
            ssl=context,
            ssl_handshake_timeout=HANDSHAKE_SECONDS if context else None,
            ssl_shutdown_timeout=_SHUTDOWN_SECONDS if context else None,
        )
    except OSError as error:
        raise ListenError(
            f"The broker cannot listen on {host}:{port}: {error}. Set HOTHOUSE_BROKER_PORT to a free port."
        ) from error
    try:
        name = server.sockets[0].getsockname()
        yield name[0], name[1]
    finally:
        server.close()


@contextlib.asynccontextmanager
async def unix_listener(factory: Factory, path: Path) -> AsyncIterator[Path]:
    """Accept connections of every user on a unix socket, whose folder is made; the socket is removed in the end.

    Raises: ListenError.
    """
    with _bound(path) as listening:
        server = await asyncio.get_running_loop().create_unix_server(factory, sock=listening, backlog=BACKLOG)
        try:
            yield path
        finally:
            server.close()


def make_socket_folder(path: Path) -> Path:
    """Make the folder for the socket at `path`, which everybody may enter and only its owner may change; return it.

    The folder stays when the broker ends: it is mounted into sandboxes, which find the next broker's socket there.

    Raises: ListenError.
    """
    folder = path.parent
    try:
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
            raise PermissionError(errno.EPERM, "it is not a folder of yours")
        if stat.S_IMODE(found.st_mode) != 0o755:
            folder.chmod(0o755)
    except OSError as error:
        raise ListenError(
            f"The folder {folder} of the broker's socket cannot be used: {error}. Set TMPDIR to another."
        ) from error
    return folder


@contextlib.contextmanager
def _bound(path: Path) -> Iterator[socket.socket]:
    """Give a socket bound to `path`, in place of one that a killed broker left there."""
    if len(os.fsencode(path)) > LONGEST_PATH:
        raise ListenError(
            f"The path {path} is too long for a socket ({LONGEST_PATH} bytes). Set TMPDIR to a shorter one."
        )
    make_socket_folder(path)
    if _is_served(path):
        raise ListenError(f"Another broker serves {path}. Stop it first, or give this one a HOTHOUSE_HOME of its own.")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as made:
        try:
            path.unlink(missing_ok=True)
            made.bind(str(path))
            path.chmod(0o666)
            own = path.stat().st_ino
        except OSError as error:
            raise ListenError(f"The broker cannot listen on {path}: {error}.") from error
        try:
            yield made
        finally:
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_ino == own:
                    path.unlink()


def _is_served(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
        return True
