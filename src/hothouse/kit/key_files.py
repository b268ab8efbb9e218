"""Keys that are kept in files, outside of the database."""

import contextlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path


def read_key(path: Path, make: Callable[[], bytes]) -> bytes:
    """Return the content of a key file, making one the first time (readable by the platform's user only).

    The file appears complete or not at all, so that neither a crash nor a second process sees half a key.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        descriptor, partial = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(make())
                file.flush()
                os.fsync(file.fileno())
            with contextlib.suppress(FileExistsError):  # another process was first, and its key counts
                os.link(partial, path)
        finally:
            Path(partial).unlink()
    return path.read_bytes()
