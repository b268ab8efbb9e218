"""Signed statements of who opens an app: short JWTs (RFC 7519) by ES256, whose public keys anyone may read (RFC 7517).

An app that verifies them need not trust the way by which a request reached it.
"""

import base64
import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from hothouse.identity.schemas import User
from hothouse.kit.clock import Clock
from hothouse.kit.key_files import read_key

LIFETIME = timedelta(minutes=5)
COORDINATE_BYTES = 32
_PEM = re.compile(rb"-----BEGIN PRIVATE KEY-----.+?-----END PRIVATE KEY-----", re.DOTALL)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key on P-256. `jwk` is its public half, named by its thumbprint (RFC 7638)."""

    private: ec.EllipticCurvePrivateKey
    jwk: dict[str, str]

    @classmethod
    def of(cls, private: ec.EllipticCurvePrivateKey) -> "SigningKey":
        point = private.public_key().public_numbers()
        x, y = (_encoded(number.to_bytes(COORDINATE_BYTES)) for number in (point.x, point.y))
        members = {"crv": "P-256", "kty": "EC", "x": x, "y": y}
        thumbprint = hashlib.sha256(json.dumps(members, separators=(",", ":"), sort_keys=True).encode())
        return cls(private, {**members, "kid": _encoded(thumbprint.digest()), "alg": "ES256", "use": "sig"})

    def sign(self, claims: dict[str, Any]) -> str:
        """Return the claims as a signed JWT."""
        head = {"alg": "ES256", "kid": self.jwk["kid"], "typ": "JWT"}
        said = f"{_encoded_json(head)}.{_encoded_json(claims)}"
        r, s = decode_dss_signature(self.private.sign(said.encode(), ec.ECDSA(hashes.SHA256())))
        return f"{said}.{_encoded(r.to_bytes(COORDINATE_BYTES) + s.to_bytes(COORDINATE_BYTES))}"


class Assertions:
    """Makes assertions with the first of the installation's keys; all of them are published."""

    def __init__(self, keys: Sequence[SigningKey], issuer: str, clock: Clock) -> None:
        self._keys = keys
        self._issuer = issuer
        self._clock = clock

    @classmethod
    def from_file(cls, path: Path, issuer: str, clock: Clock) -> "Assertions":
        """Read the keys, PEM after PEM, making one the first time. Raises: ValueError."""
        keys = [serialization.load_pem_private_key(pem, None) for pem in _PEM.findall(read_key(path, _new_key))]
        curves = [key for key in keys if isinstance(key, ec.EllipticCurvePrivateKey) and key.key_size == 256]
        if not curves or len(curves) != len(keys):
            raise ValueError(f"{path} holds no keys that are all on P-256. Restore it, or remove it for a new one.")
        return cls([SigningKey.of(key) for key in curves], issuer, clock)

    def issue(
        self, user: User, groups: Sequence[str], app_id: str, slugs: Sequence[str], by: User | None = None
    ) -> str:
        """Return the statement that `user` opens the app; its audience are the slugs the app has, and had.

        `by` is who acts as them: the actor of RFC 8693, section 4.1.
        """
        about = {"sub": user.id, "email": user.email, "name": user.name, "groups": list(groups)}
        return self._signed(app_id, slugs, about | ({"act": {"sub": by.id, "email": by.email}} if by else {}))

    def issue_to_app(self, caller_id: str, caller: str, app_id: str, slugs: Sequence[str]) -> str:
        """Return the statement that an app, whose slug is `caller`, opens another."""
        return self._signed(app_id, slugs, {"sub": f"app:{caller_id}", "app": caller})

    def _signed(self, app_id: str, slugs: Sequence[str], about: dict[str, Any]) -> str:
        now = int(self._clock.now().timestamp())
        return self._keys[0].sign(
            {
                "iss": self._issuer,
                "aud": list(slugs),
                "app_id": app_id,
                **about,
                "iat": now,
                "exp": now + int(LIFETIME.total_seconds()),
            }
        )

    def published(self) -> dict[str, Any]:
        """Return the set of public keys."""
        return {"keys": [key.jwk for key in self._keys]}


def _new_key() -> bytes:
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _encoded_json(value: dict[str, Any]) -> str:
    return _encoded(json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode())
