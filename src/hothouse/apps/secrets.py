"""Secrets at rest: AES-256-GCM under a key that is kept in a file, never in the database."""

import base64
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hothouse.kit.problems import Conflict


class SecretBox:
    """Seals and opens secret values; each is bound to the place it belongs to, so that none can be moved."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    @classmethod
    def from_file(cls, path: Path) -> "SecretBox":
        """Read the key, making one the first time (readable by the platform's user only)."""
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return cls(base64.b64decode(path.read_bytes()))
        key = AESGCM.generate_key(256)
        with os.fdopen(descriptor, "wb") as file:
            file.write(base64.b64encode(key))
            file.flush()
            os.fsync(file.fileno())
        return cls(key)

    def seal(self, value: str, place: str) -> str:
        """Encrypt a value for a place, e.g. `<app id>/API_KEY`."""
        nonce = os.urandom(12)
        return base64.b64encode(nonce + self._cipher.encrypt(nonce, value.encode(), place.encode())).decode()

    def open(self, sealed: str, place: str) -> str:
        """Decrypt a value. Raises: `Conflict` when it was sealed with another key or for another place."""
        data = base64.b64decode(sealed)
        try:
            return self._cipher.decrypt(data[:12], data[12:], place.encode()).decode()
        except InvalidTag as error:
            raise Conflict(
                f"The secret {place.rpartition('/')[2]} cannot be read with this installation's key "
                "(keys/secrets.key). Restore the key, or set the secret again."
            ) from error
