"""A replica set whose primary steps down: two servers that speak just enough of MongoDB's protocol for that."""

import asyncio
import contextlib
import struct
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

from bson import ObjectId

from hothouse.broker import wire

NOT_PRIMARY = {"ok": 0.0, "errmsg": "not primary", "code": 10107, "codeName": "NotWritablePrimary"}


class SteppedDownServer:
    """Answers every command with the address it was answered at; who is not the primary refuses all but hello.

    As a real one does, a server that has stepped down keeps its connections.
    """

    def __init__(self) -> None:
        self.addresses: list[str] = []
        self.primary: str | None = None
        self.term = 0
        self.hellos = 0
        self._writers: set[asyncio.StreamWriter] = set()

    @property
    def uri(self) -> str:
        return f"mongodb://{','.join(self.addresses)}/?replicaSet=rs&heartbeatFrequencyMS=500"

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator["SteppedDownServer"]:
        servers = [await asyncio.start_server(self._serve, "127.0.0.1", 0) for _ in range(2)]
        self.addresses = ["{}:{}".format(*server.sockets[0].getsockname()) for server in servers]
        self.elect(0)
        try:
            yield self
        finally:
            for server in servers:
                server.close()
            for writer in list(self._writers):
                writer.transport.abort()

    def elect(self, member: int) -> None:
        self.primary = self.addresses[member]
        self.term += 1

    def step_down(self) -> None:
        """Leave the set without a primary; `hellos` counts from here on."""
        self.primary = None
        self.hellos = 0

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        me = "{}:{}".format(*writer.get_extra_info("sockname"))
        self._writers.add(writer)
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = await reader.readexactly(4)
                frame = head + await reader.readexactly(struct.unpack("<i", head)[0] - 4)
                writer.write(self._answer(frame, me))
        self._writers.discard(writer)
        writer.close()

    def _answer(self, frame: bytes, me: str) -> bytes:
        if wire.header_of(frame, 0)[3] == wire.OP_QUERY:
            request_id, _ = wire.parse_legacy_hello(frame)
            return wire.encode_legacy_reply(self._hello(me), request_id)
        message = wire.parse(frame)
        if message.name in ("hello", "ismaster"):
            reply = self._hello(me)
        elif message.name == "buildInfo":
            reply = {"version": "7.0.0", "ok": 1.0}
        else:
            reply = {"me": me, "ok": 1.0} if me == self.primary else NOT_PRIMARY
        return wire.encode_message(reply, response_to=message.request_id)

    def _hello(self, me: str) -> dict[str, Any]:
        self.hellos += 1
        is_primary = me == self.primary
        elected = {"electionId": ObjectId(f"7fffffff{self.term:016x}")} if is_primary else {}
        hosts = {"setName": "rs", "setVersion": 1, "hosts": self.addresses, "me": me}
        limits = {"maxBsonObjectSize": 2**24, "maxMessageSizeBytes": 48_000_000, "maxWriteBatchSize": 100_000}
        wire_versions = {"minWireVersion": 0, "maxWireVersion": 25, "localTime": datetime.now(UTC)}
        roles = {"isWritablePrimary": is_primary, "ismaster": is_primary, "secondary": not is_primary}
        return {**roles, **hosts, **limits, **wire_versions, **elected, "ok": 1.0}
