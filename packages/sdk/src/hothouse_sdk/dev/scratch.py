"""A MongoDB for one developer: the one they name, or an embedded server in a folder of its own."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hothouse_sdk.database import VARIABLE
from hothouse_sdk.dev.errors import DevError

COMMAND = "secantusd-py"
_START_SECONDS = 30
_STOP_SECONDS = 10

_MISSING = (
    f"this app may want a database, and there is none: set {VARIABLE}=mongodb://127.0.0.1:27017/my_app to a MongoDB "
    f"you run, or install the embedded one with `pip install --pre secantusdb`"
)


@contextmanager
def database_for(slug: str, data: Path | None) -> Iterator[str]:
    """Yield the URI of a database and say in words where it is; stop what was started afterwards.

    `data` keeps an embedded server's files; without it they are deleted. Raises: DevError.
    """
    given = os.environ.get(VARIABLE)
    if given:
        yield given
        return
    command = find_server()
    if command is None:
        raise DevError(_MISSING)
    with tempfile.TemporaryDirectory(prefix="hothouse-dev-") as scratch:
        folder = (data or Path(scratch)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        with _running(command, folder) as port:
            yield f"mongodb://127.0.0.1:{port}/{slug.replace('-', '_')}?directConnection=true"


def find_server() -> str | None:
    """Return the path of the embedded server: beside this Python, or on PATH; None where it is not installed."""
    beside = Path(sys.executable).parent / COMMAND
    return str(beside) if beside.is_file() else shutil.which(COMMAND)


@contextmanager
def _running(command: str, folder: Path) -> Iterator[int]:
    port = free_port()
    config = folder / "secantusd.toml"
    config.touch()
    log = folder / "server.log"
    argv = [command, "--host", "127.0.0.1", "--port", str(port), "--storage-path", str(folder / "data")]
    argv += ["--config", str(config), "--cache-size", "128M", "--log-level", "WARNING", "--sync-on-commit"]
    # A session of its own: Ctrl-C reaches the app first, and the database is stopped after it.
    with log.open("wb") as output:
        server = subprocess.Popen(argv, stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
    try:
        _wait_until_open(server, port, log)
        yield port
    finally:
        server.terminate()
        try:
            server.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait_until_open(server: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            message = f"the scratch database stopped at once: {log.read_text('utf-8', 'replace').strip()[-800:]}"
            raise DevError(message)
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    message = f"the scratch database did not start within {_START_SECONDS} s; its log is {log}"
    raise DevError(message)


def free_port(preferred: int = 0, host: str = "127.0.0.1") -> int:
    """Return `preferred` where it is free, otherwise any free port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, preferred))
        except OSError:
            probe.bind((host, 0))
        return int(probe.getsockname()[1])
