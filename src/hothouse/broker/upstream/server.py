"""The MongoDB behind the broker: where its primary is, and new connections to it.

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
from hothouse.broker.upstream.login import Login, sign_in
from hothouse.broker.upstream.shared import Shared

_DEFAULT_PORT = 27017
_NAME = {"application": {"name": "hothouse-broker"}, "driver": {"name": "hothouse-broker", "version": "1"}}
_HELLO = {"hello": 1, "client": {**_NAME, "os": {"type": "other"}}, "$db": "admin"}

Address = tuple[str, int]


class Server:
    """The MongoDB that the settings name. `era` counts how often its primary was looked for anew."""

    def __init__(self, client: AsyncMongoClient[dict[str, Any]]) -> None:
        self._client = client
        self._address: Address | None = None
        self._discovery: Shared[Address] = Shared()
        self._login: Login | None = None
        self.era = 0
        self.hello: dict[str, Any] = {}
        self.build_info: dict[str, Any] = {}

    def forget(self) -> None:
        """Look for the primary anew before the next connection."""
        self._address = None

    def renew(self) -> None:
        """Begin a new era: what is connected now leads to a server that takes no more writes."""
        self.era += 1
        self.forget()

    async def discover(self) -> Address:
        """Return the address of the server that takes writes.

        Raises: UpstreamError when there is none for the moment.
        """
        return self._address or await self._discovery.run("address", self._discover)

    async def _discover(self) -> Address:
        try:
            hello = await self._client.admin.command("hello")
            self.build_info = await self._client.admin.command("buildInfo")
            try:
                address: Any = await self._client.address
            except InvalidOperation:  # several routers: always the same one, cursors and transactions live in it
                address = min(self._client.nodes, default=None)
        except PyMongoError as error:
            raise UpstreamError(f"MongoDB does not answer: {error}") from error
        if address is None:
            raise UpstreamError("MongoDB has no primary at the moment.")
        self.hello = hello
        self._address = (address[0], address[1] or _DEFAULT_PORT)
        return self._address

    async def open(
        self, on_lost: Callable[[UpstreamConnection], None], login: Login | None = None
    ) -> UpstreamConnection:
        """Return a new connection, signed in; without a login, as the platform's own user.

        Raises: UpstreamError or OSError.
        """
        era = self.era
        login = login or self.own_login()
        host, port = await self.discover()
        # PyMongo has no public accessor for this; building it again would mean parsing every TLS option here.
        context: Any = self._client.options.pool_options._ssl_context  # noqa: SLF001
        _, connection = await asyncio.get_running_loop().create_connection(
            lambda: UpstreamConnection(on_lost, era), host, port, ssl=context, server_hostname=host if context else None
        )
        try:
            await _greet(connection, f"{host}:{port}")
            if login is not None:
                await sign_in(connection, login)
        except BaseException:
            connection.abort()
            raise
        return connection

    def own_login(self) -> Login | None:
        """Return the platform's own user; None when the connection string names none.

        Raises: UpstreamError when it is to sign in by another mechanism.
        """
        if self._login is None:
            # PyMongo has no public accessor for these either; the password may come from many places.
            credentials: Any = self._client.options.pool_options._credentials  # noqa: SLF001
            if credentials is None:
                return None
            if credentials.mechanism not in ("DEFAULT", MECHANISM):
                raise UpstreamError(
                    f"HOTHOUSE_MONGODB_URI asks for {credentials.mechanism}; the broker signs in with {MECHANISM} only."
                )
            exchange = ClientLogin(credentials.username, credentials.password)
            self._login = Login(credentials.username, credentials.source, exchange)
        return self._login


async def _greet(connection: UpstreamConnection, address: str) -> None:
    """Say hello, and make sure that this is the server that takes writes.

    PyMongo may learn of a new primary later than the old one says so. Raises: UpstreamError.
    """
    hello = await call(connection, _HELLO)
    if not hello.get("isWritablePrimary", True):
        raise UpstreamError(f"{address} is not the primary of its replica set (any more).")
