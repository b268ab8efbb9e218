"""Secrets at rest: AES-256-GCM under a key that is kept in a file, never in the database."""

import base64
import hmac
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hothouse.kit.key_files import read_key
from hothouse.kit.problems import Conflict


class SecretBox:
    """Seals and opens secret values; each is bound to the place it belongs to, so that none can be moved."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._cipher = AESGCM(key)

    @classmethod
    def from_file(cls, path: Path) -> "SecretBox":
        """Read the key, making one the first time."""
        return cls(base64.b64decode(read_key(path, lambda: base64.b64encode(AESGCM.generate_key(256)))))

    def derive(self, place: str) -> str:
        """Return a secret for a place that is always the same and cannot be guessed without the key."""
        code = hmac.digest(self._key, f"derive/{place}".encode(), "sha256")
        return base64.urlsafe_b64encode(code).decode().rstrip("=")

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
