"""Commands that the broker answers itself, so that a workload never learns where MongoDB is or who else is there."""

import uuid
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from bson.binary import Binary
from bson.int64 import Int64
from pymongo import AsyncMongoClient

from hothouse.broker.commands import COMMANDS, Policy
from hothouse.broker.errors import Code, RefusedError
from hothouse.broker.sandboxes import Sandbox
from hothouse.broker.scram import MECHANISM
from hothouse.broker.session import ClientSession
from hothouse.broker.upstream import Server
from hothouse.broker.wire import MAX_DOCUMENTS, MAX_MESSAGE_BYTES

Document = dict[str, Any]
Answer = Document | Awaitable[Document]

SET_NAME = "hothouse"
_MIRRORED = ("maxBsonObjectSize", "minWireVersion", "maxWireVersion")
_BUILD_INFO = ("version", "versionArray", "bits", "debug", "maxBsonObjectSize", "modules")


class Answers:
    """Answers by command name. `advertise` is the `host:port` that clients know the broker by, if it is not obvious."""

    def __init__(
        self,
        server: Server,
        client: AsyncMongoClient[Document],
        *,
        advertise: str | None = None,
        batch_documents: int = 100_000,
    ) -> None:
        self._server = server
        self._client = client
        self._batch_documents = batch_documents
        self._advertise = advertise
        self._by_name: dict[str, Callable[[ClientSession, Document], Answer]] = {
            "hello": self._hello,
            "isMaster": self._hello,
            "ismaster": self._hello,
            "ping": lambda _session, _command: {"ok": 1.0},
            "buildInfo": self._build_info,
            "buildinfo": self._build_info,
            "saslStart": lambda session, command: session.start(command),
            "saslContinue": lambda session, command: session.resume(command),
            "startSession": self._start_session,
            "connectionStatus": self._connection_status,
            "listDatabases": self._list_databases,
            "whatsmyuri": lambda session, _command: {"you": session.peer, "ok": 1.0},
        }
        missing = {name for name, rule in COMMANDS.items() if rule.policy is Policy.ANSWERED} ^ self._by_name.keys()
        assert not missing, missing  # noqa: S101 - the table and this class must agree

    def answer(self, session: ClientSession, command: Document) -> Answer:
        """Return the answer to a command, or an awaitable of it.

        Raises: RefusedError.
        """
        return self._by_name[next(iter(command))](session, command)

    def _hello(self, session: ClientSession, command: Document) -> Answer:
        """Present the broker as what the server behind is (a replica set's primary, mostly), at its own address."""
        name = next(iter(command))
        is_primary = "isWritablePrimary" if name == "hello" else "ismaster"
        upstream = self._server.hello
        reply: Document = {is_primary: True, "helloOk": True}
        if "setName" in upstream or upstream.get("msg") == "isdbgrid":
            me = session.address if session.address.startswith("/") else self._advertise or session.address
            reply |= {"setName": SET_NAME, "hosts": [me], "me": me, "primary": me, "setVersion": 1, "secondary": False}
        reply |= {key: upstream[key] for key in _MIRRORED if key in upstream}
        reply["maxMessageSizeBytes"] = MAX_MESSAGE_BYTES
        reply["maxWriteBatchSize"] = min(self._batch_documents, upstream.get("maxWriteBatchSize", MAX_DOCUMENTS))
        reply |= {
            "localTime": datetime.now(UTC),
            "logicalSessionTimeoutMinutes": upstream.get("logicalSessionTimeoutMinutes", 30),
            "connectionId": session.connection_id,
            "readOnly": False,
        }
        if "saslSupportedMechs" in command:
            reply["saslSupportedMechs"] = [MECHANISM]
        reply["ok"] = 1.0
        speculative = command.get("speculativeAuthenticate")
        if isinstance(speculative, dict) and session.sandbox is None:
            return self._with_speculative(session, reply, speculative)
        return reply

    @staticmethod
    async def _with_speculative(session: ClientSession, reply: Document, speculative: Document) -> Document:
        """Add the first step of the sign-in; one that cannot be made is left out, and the client starts anew."""
        if speculative.get("saslStart"):
            try:
                started = await session.start({**speculative, "$db": speculative.get("db")})
            except RefusedError:
                return reply
            reply["speculativeAuthenticate"] = started
        return reply

    def _build_info(self, _session: ClientSession, _command: Document) -> Document:
        return {key: value for key, value in self._server.build_info.items() if key in _BUILD_INFO} | {"ok": 1.0}

    def _start_session(self, _session: ClientSession, _command: Document) -> Document:
        return {"id": {"id": Binary.from_uuid(uuid.uuid4())}, "timeoutMinutes": 30, "ok": 1.0}

    def _connection_status(self, session: ClientSession, _command: Document) -> Document:
        sandbox = session.signed_in
        user = {"user": sandbox.workload_id, "db": sandbox.database}
        roles = [{"role": "dbOwner", "db": sandbox.database}]
        roles += [{"role": "read", "db": name} for name in _granted_names(sandbox)]
        return {"authInfo": {"authenticatedUsers": [user], "authenticatedUserRoles": roles}, "ok": 1.0}

    def _list_databases(self, session: ClientSession, command: Document) -> Answer:
        sandbox = session.signed_in
        wanted = command.get("filter") or {}
        if not isinstance(wanted, dict) or wanted.keys() - {"name"} or not isinstance(wanted.get("name", ""), str):
            raise RefusedError("listDatabases takes only a filter of the form {name: <string>} here.", Code.BadValue)
        name = wanted.get("name")
        granted = [{"name": each} for each in _granted_names(sandbox) if name in (None, each)]
        if name not in (None, sandbox.database):
            return _databases([], granted)
        if command.get("nameOnly"):
            return _databases([{"name": sandbox.database}], granted)
        return self._with_size(sandbox.database, granted)

    async def _with_size(self, database: str, granted: list[Document]) -> Document:
        stats = await self._client[database].command("dbStats")
        size = Int64(int(stats.get("storageSize", 0)) + int(stats.get("indexSize", 0)))
        own = {"name": database, "sizeOnDisk": size, "empty": not stats.get("collections")}
        unknown = [{**each, "sizeOnDisk": Int64(0), "empty": False} for each in granted]
        return {**_databases([own], unknown), "totalSize": size}


def _granted_names(sandbox: Sandbox) -> list[str]:
    """Return the present slug of each app that the workload may read."""
    return sorted({place.grant.names[0] for place in sandbox.places.values() if place.grant})


def _databases(own: list[Document], granted: list[Document]) -> Document:
    return {"databases": [*own, *granted], "totalSize": Int64(0), "ok": 1.0}
