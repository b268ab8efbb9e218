"""The key that seals entries: a file beside the other keys, never in the database."""

import contextlib
import os
import secrets
import tempfile
from pathlib import Path


def read_key(path: Path) -> bytes:
    """Return the key that a file holds in hex. Raises: `OSError`, `ValueError`."""
    return bytes.fromhex(path.read_text(encoding="ascii").strip())


def ensure_key(path: Path) -> bytes:
    """Read the key, making one the first time; the file appears complete or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        descriptor, partial = tempfile.mkstemp(dir=path.parent, prefix=".audit-")
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(secrets.token_hex(32))
                file.flush()
                os.fsync(file.fileno())
            with contextlib.suppress(FileExistsError):  # another process was first, and its key counts
                os.link(partial, path)
        finally:
            Path(partial).unlink()
    return read_key(path)
