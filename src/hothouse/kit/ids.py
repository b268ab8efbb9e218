"""Identifiers and bearer secrets."""

import hashlib
import secrets

_ALPHABET = "0123456789abcdefghijkmnpqrstuvwxyz"


def new_id(length: int = 16) -> str:
    """Return an opaque random identifier of lower-case letters and digits (about 5 bits a character)."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def new_secret() -> str:
    """Return a random secret with 256 bits of entropy, safe in URLs and headers."""
    return secrets.token_urlsafe(32)


def fingerprint(secret: str) -> str:
    """Return the SHA-256 of a high-entropy secret in hex: what is stored instead of the secret.

    Only for random secrets; passwords go through `identity.passwords`.
    """
    return hashlib.sha256(secret.encode()).hexdigest()
