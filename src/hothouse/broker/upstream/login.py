"""Signing in at MongoDB, by SCRAM-SHA-256."""

from dataclasses import dataclass, field
from typing import Any

from hothouse.broker.scram import MECHANISM, ClientLogin
from hothouse.broker.upstream.connection import UpstreamConnection, call


@dataclass(frozen=True, slots=True, eq=False)
class Login:
    """A user of MongoDB. `source` is the database that knows it; `exchange` remembers the keys derived so far."""

    username: str
    source: str
    exchange: ClientLogin = field(repr=False)


async def sign_in(connection: UpstreamConnection, login: Login) -> None:
    """Sign a new connection in.

    Raises: UpstreamRefusedError for a wrong name or password, or another UpstreamError.
    """
    conversation: Any = None

    async def send(command: str, payload: bytes) -> bytes:
        nonlocal conversation
        body: dict[str, Any] = {command: 1, "payload": payload, "$db": login.source}
        if command == "saslStart":
            body |= {"mechanism": MECHANISM, "options": {"skipEmptyExchange": True}}
        else:
            body["conversationId"] = conversation
        reply = await call(connection, body)
        conversation = reply["conversationId"]
        return bytes(reply["payload"])

    await login.exchange.run(send)
