"""A passkey, as a test has it: it answers what it is asked, or whatever an attacker would have it say."""

import base64
import hashlib
import json
import os
import struct
from dataclasses import dataclass, field
from typing import Any

import cbor2
import httpx2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PASSKEYS = "/api/v1/account/passkeys"
STEP = "/api/v1/auth/second-step/passkey"
PRESENT, VERIFIED, WITH_KEY = 0x01, 0x04, 0x40


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


@dataclass
class SoftKey:
    """A key pair, and a counter of its uses; `counts` is false for those that never say."""

    origin: str = "http://localhost:8000"
    rp_id: str = "localhost"
    counts: bool = True
    uses: int = 0
    raw_id: bytes = field(default_factory=lambda: os.urandom(20))
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    @property
    def id(self) -> str:
        return encoded(self.raw_id)

    def make(self, options: dict[str, Any]) -> dict[str, Any]:
        """Answer to being registered."""
        client = self._client("webauthn.create", options)
        data = self._data(WITH_KEY) + bytes(16) + struct.pack(">H", len(self.raw_id)) + self.raw_id + self._public()
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._credential({"clientDataJSON": encoded(client), "attestationObject": encoded(attestation)})

    def answer(self, options: dict[str, Any], *, as_id: str | None = None, flags: int = 0) -> dict[str, Any]:
        """Answer to a sign-in, perhaps claiming to be another."""
        self.uses += self.counts
        client, data = self._client("webauthn.get", options), self._data(flags)
        signature = self.private.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._credential(
            {
                "clientDataJSON": encoded(client),
                "authenticatorData": encoded(data),
                "signature": encoded(signature),
            },
            as_id,
        )

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        said = {"type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self.rp_id.encode()).digest() + struct.pack(">BI", PRESENT | VERIFIED | flags, self.uses)

    def _public(self) -> bytes:
        numbers = self.private.public_key().public_numbers()
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")})

    def _credential(self, response: dict[str, str], as_id: str | None = None) -> dict[str, Any]:
        claimed = as_id or self.id
        return {
            "id": claimed,
            "rawId": claimed,
            "type": "public-key",
            "response": response,
            "clientExtensionResults": {},
        }

    async def register(self, client: httpx2.AsyncClient, code: str, name: str = "key") -> httpx2.Response:
        """Become a passkey of whoever is signed in."""
        begun = await client.post(f"{PASSKEYS}/begin", json={"code": code})
        assert begun.status_code == 201, begun.text
        return await client.post(PASSKEYS, json={"name": name, "credential": self.make(begun.json()["options"])})


async def asked(browser: httpx2.AsyncClient) -> dict[str, Any]:
    """Return what a passkey is asked, in a browser at its second step."""
    begun = await browser.post(f"{STEP}/begin")
    assert begun.status_code == 201, begun.text
    options: dict[str, Any] = begun.json()["options"]
    return options


async def give(browser: httpx2.AsyncClient, credential: dict[str, Any]) -> httpx2.Response:
    return await browser.post(STEP, json={"credential": credential})
