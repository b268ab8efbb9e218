"""SCRAM-SHA-256 by hand, step by step, so that each step can be wrong."""

import base64
import hashlib
import hmac
from typing import Any

from tests.support.arena import Person
from tests.support.raw_client import GONE, RawClient

Reply = dict[str, Any]
MECHANISM = "SCRAM-SHA-256"


def sasl_start(payload: bytes, **more: Any) -> Reply:
    return {"saslStart": 1, "mechanism": MECHANISM, "payload": payload, "$db": "admin", **more}


def client_first(username: str, nonce: str = "clientnonce") -> bytes:
    return f"n,,n={username},r={nonce}".encode()


class Exchange:
    """A sign-in by hand, step by step."""

    def __init__(self, client: RawClient, person: Person, nonce: str = "clientnonce", header: bytes = b"n,,") -> None:
        self.client = client
        self.person = person
        self.header = header
        self.bare = f"n={person.workload_id},r={nonce}".encode()

    async def start(self, **more: Any) -> dict[str, str]:
        reply = await self.client.command(sasl_start(self.header + self.bare, **more))
        assert reply["ok"] == 1, reply
        self.server_first = bytes(reply["payload"])
        return {part[0]: part[2:] for part in self.server_first.decode().split(",")}

    def final(self, fields: dict[str, str], *, channel: bytes | None = None, nonce: str | None = None) -> bytes:
        """Return the right last message, or one that is wrong in the way asked for."""
        binding = base64.b64encode(self.header if channel is None else channel).decode()
        without_proof = f"c={binding},r={nonce or fields['r']}".encode()
        salted = hashlib.pbkdf2_hmac(
            "sha256", self.person.password.encode(), base64.b64decode(fields["s"]), int(fields["i"])
        )
        client_key = hmac.digest(salted, b"Client Key", "sha256")
        signed = b",".join((self.bare, self.server_first, without_proof))
        signature = hmac.digest(hashlib.sha256(client_key).digest(), signed, "sha256")
        proof = base64.b64encode(bytes(a ^ b for a, b in zip(client_key, signature, strict=True)))
        return without_proof + b",p=" + proof

    async def finish(self, payload: bytes) -> Reply:
        return await self.client.command({"saslContinue": 1, "conversationId": 1, "payload": payload, "$db": "admin"})


async def is_in(client: RawClient, database: str) -> bool:
    try:
        return (await client.command({"count": "x", "$db": database}))["ok"] == 1
    except GONE:
        return False
