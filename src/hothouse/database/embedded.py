"""The embedded MongoDB: SecantusDB as a subprocess, so that a laptop needs no database server.

It is reached over the wire only and never imported (it is GPL-2.0, an optional extra). `EmbeddedMongo.start` runs it;
a supervisor that watches processes itself calls `prepare`, runs `argv()` and awaits `wait_ready`. The driver is loaded
only where it is used: the supervisor needs nothing but `uri`, and stays small.
"""

import asyncio
import contextlib
import hashlib
import os
import secrets
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import psutil

if TYPE_CHECKING:
    from pymongo import AsyncMongoClient

NO_RETRIES = "retryWrites=false"
"""The server remembers the last 10,000 writes that may be repeated and walks through all of them with each further one:
of 1,191 inserts a second 48 are left. It forgets them when it ends, so little is lost by not asking for it."""
ROOT_USER = "hothouse"
"""Name of the database user that the platform itself uses."""

_EXECUTABLE = "secantusd-py"
_USER_EXISTS = (51003, 11000)
_START_SECONDS = 30.0
_STOP_SECONDS = 15.0

_TETHER = """
import ctypes, os, signal, sys
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, int(signal.SIGTERM), 0, 0, 0)  # PR_SET_PDEATHSIG
if os.getppid() == int(sys.argv[1]):
    os.execv(sys.argv[2], sys.argv[2:])
"""


class EmbeddedMongoError(RuntimeError):
    """The embedded MongoDB cannot run; the message says why and what to do."""


class EmbeddedMongo:
    """One embedded MongoDB server with the data of one installation.

    `storage` holds its data, `key_dir` the root user's password (`mongodb.key`, mode 0600). Without a `port` a free
    one is chosen. `executable` is only for tests.
    """

    def __init__(
        self, storage: Path, key_dir: Path, port: int | None = None, *, executable: Path | None = None
    ) -> None:
        self.storage = storage
        self.port = port or _free_port()
        self.process: asyncio.subprocess.Process | None = None
        self._key_file = key_dir / "mongodb.key"
        self._executable = executable or Path(sys.executable).with_name(_EXECUTABLE)

    @property
    def uri(self) -> str:
        """Connection string with the root user's password; `prepare` or `start` comes first."""
        password = quote(self._key_file.read_text().strip(), safe="")
        options = f"authSource=admin&directConnection=true&{NO_RETRIES}"
        return f"mongodb://{ROOT_USER}:{password}@127.0.0.1:{self.port}/?{options}"

    @property
    def log_file(self) -> Path:
        """Where the server's own warnings go when `start` runs it."""
        return self.storage / "server.log"

    def argv(self) -> list[str]:
        """Command line of the server; it stays in the foreground and stops on SIGTERM within about 5 s."""
        return [*self._command(self.port), "--auth"]

    async def prepare(self) -> None:
        """Create the storage folder and, the first time, the root user with its random password.

        Safe to repeat, and finishes a first start that was interrupted. Raises EmbeddedMongoError when the server is
        not installed or another one uses the folder.
        """
        if not self._executable.exists():
            raise EmbeddedMongoError(
                f"The embedded MongoDB is not installed ({self._executable} is missing). Install it with "
                "`pip install 'hothouse-lab[embedded]'`, or set HOTHOUSE_MONGODB_URI to a MongoDB server of your own."
            )
        for folder in (self.storage, self._key_file.parent):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._config_file.touch()
        password = self._password()
        fingerprint = hashlib.sha256(password.encode()).hexdigest()
        await self._require_free_storage()
        if not self._marker.exists() or self._marker.read_text() != fingerprint:
            await self._create_root_user(password)
            _write_private(self._marker, fingerprint)

    async def start(self) -> None:
        """Prepare, run the server and return when it answers."""
        await self.prepare()
        self.process = await self._spawn(self.argv())
        try:
            await self.wait_ready(is_running=lambda: _is_running(self.process))
        except BaseException:
            await self.stop()
            raise

    async def wait_ready(
        self, timeout: float = _START_SECONDS, *, is_running: Callable[[], bool] = lambda: True
    ) -> None:
        """Return when the server answers an authenticated command.

        Raises EmbeddedMongoError as soon as `is_running` says no, or after `timeout` seconds.
        """
        await self._wait_answer(self.uri, timeout, is_running)

    async def stop(self) -> None:
        """Stop the server that `start` ran; harmless when it is not running."""
        process, self.process = self.process, None
        if process is not None:
            await _terminate(process)

    def owner(self) -> int | None:
        """Return the process id of a server that is using the storage folder, if any."""
        process = self._server_on_storage()
        return process.pid if process else None

    def explain_exit(self, output: str) -> str:
        """Say in one sentence why a server that printed `output` has ended, and what to do."""
        if "Device or resource busy" in output:
            return (
                f"The database folder {self.storage} is in use by another process. Stop the other `hothouse up` "
                "first, or choose another folder with HOTHOUSE_HOME."
            )
        if "Address already in use" in output:
            return f"Port {self.port} is taken. Start again (a free port is chosen) or free that port."
        last = next((line for line in reversed(output.splitlines()) if line.strip()), "it printed nothing")
        return f"The embedded MongoDB on {self.storage} ended: {last.strip()}. Its log is {self.log_file}."

    @property
    def _marker(self) -> Path:
        """Names (by hash) the password that the root user has; absent until the first start is complete."""
        return self.storage / "hothouse-root-user"

    @property
    def _config_file(self) -> Path:
        """An empty configuration: without one the server would search the working directory for some."""
        return self.storage / "server.toml"

    def _command(self, port: int) -> list[str]:
        options = {
            "--host": "127.0.0.1",
            "--port": str(port),
            "--storage-path": str(self.storage),
            "--cache-size": "512M",  # it stops for good when too much of it waits to be written
            "--log-level": "WARNING",
            "--config": str(self._config_file),
        }
        return [str(self._executable), "--sync-on-commit", *(word for pair in options.items() for word in pair)]

    def _password(self) -> str:
        """Return the root user's password, inventing it the first time."""
        if not self._key_file.exists():
            _write_private(self._key_file, secrets.token_urlsafe(32))
        return self._key_file.read_text().strip()

    async def _create_root_user(self, password: str) -> None:
        """Run the server without access control on a private port, just to create its one user."""
        from pymongo import AsyncMongoClient  # noqa: PLC0415

        port = _free_port()
        process = await self._spawn(self._command(port))
        try:
            uri = f"mongodb://127.0.0.1:{port}/?directConnection=true"
            await self._wait_answer(uri, _START_SECONDS, lambda: _is_running(process))
            async with AsyncMongoClient[dict[str, Any]](uri) as client:
                await _set_root_password(client, password)
        finally:
            process.kill()  # what it has answered is on disk, and asking it to end would take two seconds
            await process.wait()

    async def _require_free_storage(self) -> None:
        """End the left-over of an interrupted first start; refuse a folder that a real server uses."""
        server = self._server_on_storage()
        if server is None:
            return
        command = _command_line(server)
        if "--auth" in command or _has_living_parent(server):
            raise EmbeddedMongoError(f"{self.explain_exit('Device or resource busy')} (It is process {server.pid}.)")
        with contextlib.suppress(psutil.NoSuchProcess):
            server.kill()
            await asyncio.to_thread(server.wait, _STOP_SECONDS)

    def _server_on_storage(self) -> psutil.Process | None:
        for process in psutil.process_iter():
            command = _command_line(process)
            if str(self.storage) in command and any(Path(word).name == _EXECUTABLE for word in command):
                return process
        return None

    async def _spawn(self, command: list[str]) -> asyncio.subprocess.Process:
        with self.log_file.open("wb") as log:
            return await asyncio.create_subprocess_exec(
                *_tied_to_us(command), stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )

    async def _wait_answer(self, uri: str, timeout: float, is_running: Callable[[], bool]) -> None:
        from pymongo.errors import PyMongoError  # noqa: PLC0415

        deadline = asyncio.get_running_loop().time() + timeout
        async with _short_lived_client(uri) as client:
            while True:
                if not is_running():
                    raise EmbeddedMongoError(self.explain_exit(self.log_file.read_text(errors="replace")))
                try:
                    await client.admin.command({"listDatabases": 1, "nameOnly": True})
                except PyMongoError as error:
                    if asyncio.get_running_loop().time() > deadline:
                        raise EmbeddedMongoError(f"The embedded MongoDB does not answer: {error}") from error
                    await asyncio.sleep(0.05)
                else:
                    return


@contextlib.asynccontextmanager
async def _short_lived_client(uri: str) -> AsyncIterator["AsyncMongoClient[dict[str, Any]]"]:
    from pymongo import AsyncMongoClient  # noqa: PLC0415

    async with AsyncMongoClient[dict[str, Any]](uri, serverSelectionTimeoutMS=250, heartbeatFrequencyMS=500) as client:
        yield client


async def _set_root_password(client: "AsyncMongoClient[dict[str, Any]]", password: str) -> None:
    """Create the root user, or give the existing one this password."""
    from pymongo.errors import OperationFailure  # noqa: PLC0415

    wanted = {"pwd": password, "roles": ["root"], "mechanisms": ["SCRAM-SHA-256"]}
    try:
        await client.admin.command({"createUser": ROOT_USER, **wanted})
    except OperationFailure as error:
        if error.code not in _USER_EXISTS:
            raise
        await client.admin.command({"updateUser": ROOT_USER, **wanted})


async def _terminate(process: asyncio.subprocess.Process) -> None:
    """Ask the process to end, kill it when it does not, and reap it."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), _STOP_SECONDS)
        except TimeoutError:
            process.kill()
            await process.wait()


def _tied_to_us(command: list[str]) -> list[str]:
    """Return a command line that becomes `command`, and on Linux ends with this process however that ends."""
    return [sys.executable, "-I", "-S", "-c", _TETHER, str(os.getpid()), *command]


def _is_running(process: asyncio.subprocess.Process | None) -> bool:
    return process is not None and process.returncode is None


def _command_line(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def _has_living_parent(process: psutil.Process) -> bool:
    """Tell whether the one that started the process still lives; orphans belong to init or a subreaper."""
    parent = process.parent()
    return parent is not None and parent.pid != 1 and "python" in " ".join(_command_line(parent)[:1])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, all of it or nothing, and see it on disk."""
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(4)}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
