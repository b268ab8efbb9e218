"""Secrets at rest: AES-256-GCM under keys that are kept in a file, never in the database."""

import base64
import contextlib
import hashlib
import hmac
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hothouse.kit.key_files import read_key
from hothouse.kit.problems import Conflict

VERSION = "v2"
NONCE_BYTES = 12


class KeyRing:
    """Seals and opens secret values; each is bound to the place it belongs to, so that none can be moved.

    The file holds a key in each line, in base64. The first seals; all open. It is read again when it was changed, so
    that every hub goes over to a new key at once. What is sealed says by which key: `v2.<key id>.<base64>`; from before
    there were several keys it does not, and is tried with each.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp: tuple[int, int, int] | None = None
        self._keys: list[bytes] = []
        self._load()

    @classmethod
    def from_file(cls, path: Path) -> "KeyRing":
        """Read the keys, making one the first time. Raises: `ValueError` for what is not a file of keys."""
        read_key(path, _new_line)
        return cls(path)

    @property
    def key_ids(self) -> list[str]:
        """The ids of the keys, the one that seals first. An id tells nothing of its key."""
        self._load()
        return [key_id(key) for key in self._keys]

    def derive(self, place: str) -> str:
        """Return a secret for a place: not to be guessed without the key, and the same for as long as that seals."""
        self._load()
        code = hmac.digest(self._keys[0], f"derive/{place}".encode(), "sha256")
        return base64.urlsafe_b64encode(code).decode().rstrip("=")

    def seal(self, value: str, place: str) -> str:
        """Encrypt a value for a place, e.g. `<app id>/API_KEY`."""
        self._load()
        key, nonce = self._keys[0], os.urandom(NONCE_BYTES)
        sealed = base64.b64encode(nonce + AESGCM(key).encrypt(nonce, value.encode(), place.encode())).decode()
        return f"{VERSION}.{key_id(key)}.{sealed}"

    def open(self, sealed: str, place: str) -> str:
        """Decrypt a value. Raises: `Conflict` when it was sealed with another key or for another place."""
        self._load()
        named, _, text = sealed.rpartition(".")
        for key in self._keys:
            if named in ("", f"{VERSION}.{key_id(key)}"):
                with contextlib.suppress(InvalidTag, ValueError):
                    data = base64.b64decode(text, validate=True)
                    return AESGCM(key).decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], place.encode()).decode()
        raise Conflict(
            f"The secret {place.rpartition('/')[2]} cannot be read with this installation's key "
            "(keys/secrets.key). Restore the key, or set the secret again."
        )

    def is_current(self, sealed: str) -> bool:
        """Tell whether something is sealed with the key that seals now."""
        self._load()
        return sealed.startswith(f"{VERSION}.{key_id(self._keys[0])}.")

    def add_key(self) -> None:
        """Let a new key seal from now on; the others still open."""
        self._write([AESGCM.generate_key(256), *self._keys])

    def retire(self) -> None:
        """Forget all keys but the one that seals."""
        self._write(self._keys[:1])

    def _load(self) -> None:
        """Read the file, if it is not the one that was read."""
        found = self._path.stat()
        stamp = (found.st_mtime_ns, found.st_ino, found.st_size)
        if stamp != self._stamp:
            self._keys = _keys_of(self._path)
            self._stamp = stamp

    def _write(self, keys: Sequence[bytes]) -> None:
        """Replace the file as a whole: a crash leaves the one of before, or this one."""
        descriptor, partial = tempfile.mkstemp(dir=self._path.parent, prefix=f".{self._path.stem}-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(b"".join(base64.b64encode(key) + b"\n" for key in keys))
                file.flush()
                os.fsync(file.fileno())
            Path(partial).replace(self._path)
        finally:
            Path(partial).unlink(missing_ok=True)
        self._load()


def key_id(key: bytes) -> str:
    """Return what a key is called: the same everywhere, and nothing to find the key by."""
    return hashlib.sha256(b"id/" + key).hexdigest()[:12]


def _new_line() -> bytes:
    return base64.b64encode(AESGCM.generate_key(256)) + b"\n"


def _keys_of(path: Path) -> list[bytes]:
    try:
        keys = [base64.b64decode(line, validate=True) for line in path.read_bytes().split()]
    except ValueError:
        keys = []
    if not keys or any(len(key) != 32 for key in keys):
        raise ValueError(f"{path} does not hold keys: it must have a base64 text of 32 bytes in each line.")
    return keys
