"""The MongoDB behind the broker: where its primary is, and how the broker signs in there.

Which server to talk to, and how (TLS, the password), is left to PyMongo's client: it knows every form of connection
string, finds the primary of a replica set and notices when it moves.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from pymongo import AsyncMongoClient
from pymongo.errors import InvalidOperation, PyMongoError

from hothouse.broker.errors import UpstreamError
from hothouse.broker.scram import MECHANISM, ClientLogin
from hothouse.broker.upstream.connection import UpstreamConnection, call

_DEFAULT_PORT = 27017


class Server:
    """The MongoDB that the settings name: where its primary is, and what it says about itself."""

    def __init__(self, client: AsyncMongoClient[dict[str, Any]]) -> None:
        self._client = client
        self._address: tuple[str, int] | None = None
        self._login: ClientLogin | None = None
        self.hello: dict[str, Any] = {}
        self.build_info: dict[str, Any] = {}

    def forget(self) -> None:
        """Look for the primary anew before the next connection."""
        self._address = None

    async def discover(self) -> tuple[str, int]:
        """Return the address of the server that takes writes.

        Raises: UpstreamError when there is none for the moment.
        """
        if self._address is None:
            try:
                hello = await self._client.admin.command("hello")
                self.build_info = await self._client.admin.command("buildInfo")
                try:
                    address: Any = await self._client.address
                except InvalidOperation:
                    address = next(iter(self._client.nodes))
            except PyMongoError as error:
                raise UpstreamError(f"MongoDB does not answer: {error}") from error
            if address is None:
                raise UpstreamError("MongoDB has no primary at the moment.")
            self.hello = hello
            self._address = (address[0], address[1] or _DEFAULT_PORT)
        return self._address

    async def open(self, on_lost: Callable[[UpstreamConnection], None]) -> UpstreamConnection:
        """Return a new connection, signed in.

        Raises: UpstreamError or OSError.
        """
        host, port = await self.discover()
        # PyMongo has no public accessor for these two; building them again would mean parsing every TLS option here.
        context: Any = self._client.options.pool_options._ssl_context  # noqa: SLF001
        _, connection = await asyncio.get_running_loop().create_connection(
            lambda: UpstreamConnection(on_lost), host, port, ssl=context, server_hostname=host if context else None
        )
        try:
            await self._sign_in(connection)
        except BaseException:
            connection.abort()
            raise
        return connection

    async def _sign_in(self, connection: UpstreamConnection) -> None:
        name = {"application": {"name": "hothouse-broker"}, "driver": {"name": "hothouse-broker", "version": "1"}}
        client = {**name, "os": {"type": "other"}}
        await call(connection, {"hello": 1, "client": client, "$db": "admin"})
        credentials: Any = self._client.options.pool_options._credentials  # noqa: SLF001
        if credentials is None:
            return
        if credentials.mechanism not in ("DEFAULT", MECHANISM):
            raise UpstreamError(
                f"HOTHOUSE_MONGODB_URI asks for {credentials.mechanism}; the broker signs in with {MECHANISM} only."
            )
        if self._login is None:
            self._login = ClientLogin(credentials.username, credentials.password)

        async def send(command: str, payload: bytes) -> bytes:
            body: dict[str, Any] = {command: 1, "payload": payload, "$db": credentials.source}
            if command == "saslStart":
                body |= {"mechanism": MECHANISM, "options": {"skipEmptyExchange": True}}
            else:
                body["conversationId"] = send.conversation  # type: ignore[attr-defined]
            reply = await call(connection, body)
            send.conversation = reply["conversationId"]  # type: ignore[attr-defined]
            return bytes(reply["payload"])

        await self._login.run(send)
