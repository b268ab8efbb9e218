"""SCRAM-SHA-256 (RFC 5802, RFC 7677), both sides: for workloads that sign in here, and for the broker at MongoDB."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from hothouse.broker.errors import Code, RefusedError, UpstreamError

MECHANISM = "SCRAM-SHA-256"
ITERATIONS = 4096
"""The least that drivers accept: passwords here are random, so stretching them would only slow each start down."""

_NONCE_BYTES = 24
_LONGEST_PAYLOAD = 2048


@dataclass(frozen=True, slots=True)
class Verifier:
    """What is kept of a password: enough to check it, not enough to sign in with."""

    salt: bytes
    iterations: int
    stored_key: bytes
    server_key: bytes


def make_verifier(password: str, iterations: int = ITERATIONS) -> Verifier:
    """Derive the verifier of a new password, which must be plain ASCII (as generated ones are)."""
    salt = secrets.token_bytes(28)
    client_key, server_key = _keys(password, salt, iterations)
    return Verifier(salt, iterations, hashlib.sha256(client_key).digest(), server_key)


class ServerExchange:
    """One sign-in of a client: `start`, then `finish`."""

    def __init__(self, payload: bytes) -> None:
        """Read the client's first message.

        Raises: RefusedError when it is not one.
        """
        header, fields = _client_first(payload)
        self.username = fields["n"].replace("=2C", ",").replace("=3D", "=")
        self._client_first_bare = payload[len(header) :]
        self._header = header
        self._nonce = fields["r"] + _new_nonce()
        self._server_first = b""
        self._verifier: Verifier | None = None

    def challenge(self, verifier: Verifier | None, salts_key: bytes) -> bytes:
        """Return the server's first message; a user that does not exist (None) gets one just the same.

        Its salt comes from `salts_key`, which outlives the process: one that changed would tell who does not exist.
        """
        self._verifier = verifier
        salt = verifier.salt if verifier else hmac.digest(salts_key, self.username.encode(), "sha256")[:28]
        iterations = verifier.iterations if verifier else ITERATIONS
        self._server_first = f"r={self._nonce},s={base64.b64encode(salt).decode()},i={iterations}".encode()
        return self._server_first

    def finish(self, payload: bytes) -> bytes:
        """Check the client's proof and return the server's signature.

        Raises: RefusedError when the proof is wrong.
        """
        without_proof, _, proof = payload.rpartition(b",p=")
        fields = _fields(without_proof)
        binding = base64.b64encode(self._header).decode()
        if self._verifier is None or fields.get("r") != self._nonce or fields.get("c") != binding:
            raise failed()
        authenticated = b",".join((self._client_first_bare, self._server_first, without_proof))
        signature = hmac.digest(self._verifier.stored_key, authenticated, "sha256")
        client_key = _xor(_decode(proof), signature)
        if not hmac.compare_digest(hashlib.sha256(client_key).digest(), self._verifier.stored_key):
            raise failed()
        return b"v=" + base64.b64encode(hmac.digest(self._verifier.server_key, authenticated, "sha256"))


class ClientLogin:
    """Signs in at MongoDB, again and again with the same password."""

    def __init__(self, username: str, password: str) -> None:
        self._username = username
        self._password = password
        self._derived: dict[tuple[bytes, int], tuple[bytes, bytes]] = {}

    async def run(self, send: Callable[[str, bytes], Awaitable[bytes]]) -> None:
        """Sign in; `send(command, payload)` carries a message to the server and returns its answer.

        Raises: UpstreamError when the server is not the one that knows the password.
        """
        name = self._username.replace("=", "=3D").replace(",", "=2C")
        nonce = _new_nonce()
        first = f"n={name},r={nonce}".encode()
        server_first = await send("saslStart", b"n,," + first)
        fields = _fields(server_first)
        if not fields.get("r", "").startswith(nonce) or not {"s", "i"} <= fields.keys():
            raise UpstreamError("MongoDB answered the sign-in with a message that is not SCRAM.")
        without_proof = f"c=biws,r={fields['r']}".encode()
        authenticated = b",".join((first, server_first, without_proof))
        client_key, server_key = self._keys(_decode(fields["s"].encode()), int(fields["i"]))
        signature = hmac.digest(hashlib.sha256(client_key).digest(), authenticated, "sha256")
        proof = base64.b64encode(_xor(client_key, signature))
        final = _fields(await send("saslContinue", without_proof + b",p=" + proof))
        expected = base64.b64encode(hmac.digest(server_key, authenticated, "sha256")).decode()
        if not hmac.compare_digest(final.get("v", ""), expected):
            raise UpstreamError("MongoDB's signature is wrong: it does not know the broker's password.")

    def _keys(self, salt: bytes, iterations: int) -> tuple[bytes, bytes]:
        """Derive the keys once per salt: it takes milliseconds and connections are opened often."""
        if (salt, iterations) not in self._derived:
            self._derived = {(salt, iterations): _keys(self._password, salt, iterations)}
        return self._derived[salt, iterations]


def failed() -> RefusedError:
    """Return the refusal for a wrong name or password, which does not say which of them it was."""
    return RefusedError("Authentication failed. Use HOTHOUSE_DATABASE_URI as it is.", Code.AuthenticationFailed)


def _keys(password: str, salt: bytes, iterations: int) -> tuple[bytes, bytes]:
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, iterations)
    return hmac.digest(salted, b"Client Key", "sha256"), hmac.digest(salted, b"Server Key", "sha256")


def _client_first(payload: bytes) -> tuple[bytes, dict[str, str]]:
    """Return the header and the fields of a client's first message without channel binding."""
    flag, _, rest = payload.partition(b",")
    identity, _, bare = rest.partition(b",")
    fields = _fields(bare)
    if len(payload) > _LONGEST_PAYLOAD or flag not in (b"n", b"y") or identity or not {"n", "r"} <= fields.keys():
        raise failed()
    return flag + b",,", fields


def _fields(message: bytes) -> dict[str, str]:
    """Take `a=1,b=2` apart; what is not of that form leaves fields missing."""
    text = message.decode("utf-8", errors="replace")
    return {part[0]: part[2:] for part in text.split(",") if part[1:2] == "="}


def _decode(encoded: bytes) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True)
    except ValueError as error:
        raise failed() from error


def _xor(left: bytes, right: bytes) -> bytes:
    if len(left) != len(right):
        raise failed()
    return bytes(a ^ b for a, b in zip(left, right, strict=True))


def _new_nonce() -> str:
    return base64.b64encode(secrets.token_bytes(_NONCE_BYTES)).decode()
