"""The data folder of one installation: made ready, checked and locked for one `up` at a time."""

import contextlib
import errno
import fcntl
import os
import secrets
import stat
from pathlib import Path

from hothouse.supervisor.errors import StartRefused

PRIVATE_FOLDERS = ("keys", "logs", "database", "objects")
PROBE_BYTES = 1 << 20


class Installation:
    """The folder `HOTHOUSE_HOME` and the run directory with the unix sockets."""

    def __init__(self, home: Path, run_dir: Path) -> None:
        self.home = home
        self.run_dir = run_dir
        self._lock: int | None = None

    @property
    def keys(self) -> Path:
        return self.home / "keys"

    def log_path(self, part: str) -> Path:
        return self.home / "logs" / f"{part}.log"

    def prepare(self) -> None:
        """Create what is missing and try to write.

        Raises: StartRefused, saying which folder is wrong and what to do.
        """
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            for name in PRIVATE_FOLDERS:
                private_folder(self.home / name)
            _try_writing(self.home / f".write-test-{os.getpid()}")
        except OSError as error:
            raise StartRefused(explain(error, self.home)) from error
        try:
            private_folder(self.run_dir)
        except OSError as error:
            raise StartRefused(explain(error, self.run_dir, "TMPDIR")) from error

    def lock(self) -> None:
        """Become the only `up` of this folder, until `unlock` or the end of the process.

        Raises: StartRefused naming the process that has it.
        """
        path = self.home / "lock"
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            owner = os.read(descriptor, 32).decode(errors="replace").strip() or "unknown"
            os.close(descriptor)
            if error.errno not in {errno.EWOULDBLOCK, errno.EACCES}:
                raise StartRefused(f"Cannot lock {path}: {error.strerror}. Use a folder on a local disk.") from error
            raise StartRefused(
                f"Hothouse is already running on {self.home} (process {owner}). Stop that one first, or give this one "
                "a folder of its own with HOTHOUSE_HOME=… and a port of its own with HOTHOUSE_PORT=…."
            ) from error
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        self._lock = descriptor

    def unlock(self) -> None:
        """Let others have the folder; the sockets of parts that ended, killed ones included, go first."""
        if self._lock is not None:
            self._remove_sockets()
            os.close(self._lock)
            self._lock = None

    def _remove_sockets(self) -> None:
        with contextlib.suppress(OSError):
            for path in self.run_dir.iterdir():
                if path.is_socket():
                    path.unlink()
            self.run_dir.rmdir()

    def key(self, name: str) -> str:
        """Return the random secret kept in the file `name`, made up the first time."""
        path = self.keys / name
        try:
            return path.read_text().strip()
        except FileNotFoundError:
            key = secrets.token_urlsafe(32)
            write_private(path, key)
            return key


def private_folder(path: Path) -> None:
    """Create `path` for its owner alone, or make an existing one so.

    Raises: PermissionError when it belongs to someone else or is a link, as a planted folder in /tmp might.
    """
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise PermissionError(errno.EPERM, "it is not a folder of yours", str(path))
    if found.st_mode & 0o077:
        path.chmod(0o700)


def write_private(path: Path, text: str) -> None:
    """Write a file only its owner may read; it appears whole or not at all."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def _try_writing(path: Path) -> None:
    """Write a megabyte to the disk and remove it: a full disk is better noticed now than by the database."""
    try:
        with path.open("wb") as file:
            file.write(b"\0" * PROBE_BYTES)
            file.flush()
            os.fsync(file.fileno())
    finally:
        path.unlink(missing_ok=True)


def explain(error: OSError, folder: Path, setting: str = "HOTHOUSE_HOME") -> str:
    """Turn a failed file operation into what is wrong with `folder` and what to do."""
    where = Path(error.filename) if error.filename and Path(error.filename).is_absolute() else folder
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return f"The disk of {folder} is full. Free some space, or choose another folder with {setting}=…."
        case errno.EACCES | errno.EPERM | errno.EROFS:
            why = "is read-only" if error.errno == errno.EROFS else "cannot be written by this user"
            return f"The folder {where} {why} ({error.strerror}). Choose another one with {setting}=…."
        case errno.ENOTDIR | errno.EEXIST:
            return f"{where} is not a folder. Choose another one with {setting}=…."
        case _:
            return f"Cannot use the folder {folder}: {error.strerror}. Choose another one with {setting}=…."
