"""A client that speaks the wire protocol by hand, to say what no driver would."""

import asyncio
import struct
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote, urlsplit

import bson

from hothouse.broker import wire
from hothouse.broker.scram import MECHANISM, ClientLogin

GONE = (ConnectionError, asyncio.IncompleteReadError)
"""What reading or writing raises once the broker has hung up."""


class RawClient:
    """One connection; `command` returns the reply's document whether it is an error or not.

    Everything that came back since the sign-in is kept in `received`.
    """

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.received = bytearray()

    @classmethod
    async def connect(cls, uri: str, *, sign_in: bool = True) -> "RawClient":
        parts = urlsplit(uri)
        client = cls(*await asyncio.open_connection(parts.hostname, parts.port))
        if sign_in:
            try:
                await client.sign_in(unquote(parts.username or ""), unquote(parts.password or ""), parts.path[1:])
            except BaseException:
                await client.close()
                raise
        client.received.clear()
        return client

    async def sign_in(self, username: str, password: str, database: str) -> None:
        async def send(command: str, payload: bytes) -> bytes:
            extra = {"mechanism": MECHANISM, "options": {"skipEmptyExchange": True}}
            body = {command: 1, "payload": payload, "$db": database, "conversationId": 1}
            reply = await self.command({**body, **(extra if command == "saslStart" else {})})
            assert reply["ok"] == 1, reply
            return bytes(reply["payload"])

        await ClientLogin(username, password).run(send)

    async def command(self, document: dict[str, Any]) -> dict[str, Any]:
        return await self.exchange(wire.encode_message(document))

    async def exchange(self, frame: bytes) -> dict[str, Any]:
        self.writer.write(frame)
        return await self.read_reply()

    async def read_reply(self) -> dict[str, Any]:
        return wire.decode_reply(await self.read_frame())

    async def read_frame(self) -> bytes:
        async with asyncio.timeout(10):
            head = await self.reader.readexactly(4)
            frame = head + await self.reader.readexactly(struct.unpack("<i", head)[0] - 4)
        self.received += frame
        return frame

    async def read_until(self, is_last: Callable[[dict[str, Any]], bool]) -> list[dict[str, Any]]:
        """Read replies until one is the last; return all of them."""
        replies = [await self.read_reply()]
        while not is_last(replies[-1]):
            replies.append(await self.read_reply())
        return replies

    async def is_closed_by_peer(self) -> bool:
        """Wait until the broker hangs up; False when it sends something instead."""
        async with asyncio.timeout(10):
            try:
                return await self.reader.read(1) == b""
            except ConnectionError:
                return True

    def stop_reading(self) -> None:
        transport = self.writer.transport
        assert isinstance(transport, asyncio.ReadTransport)
        transport.pause_reading()

    async def peer_gone(self) -> None:
        """Wait until writing fails because the broker has hung up."""
        async with asyncio.timeout(10):
            while not self.writer.transport.is_closing():
                self.writer.write(b"\x00")
                await asyncio.sleep(0.05)

    async def close(self) -> None:
        self.writer.close()

    def abort(self) -> None:
        """Hang up without a goodbye."""
        self.writer.transport.abort()


def message(*sections: bytes, flags: int = 0, opcode: int = wire.OP_MSG) -> bytes:
    """Build an OP_MSG frame from ready sections."""
    content = struct.pack("<I", flags) + b"".join(sections)
    return struct.pack("<iiii", 16 + len(content), 7, 0, opcode) + content


def with_flags(frame: bytes, flags: int) -> bytes:
    """Return a frame with other flags."""
    return frame[:16] + struct.pack("<I", flags) + frame[20:]


def body(*elements: bytes) -> bytes:
    """Build a section of kind 0 from raw elements, which may repeat."""
    return b"\x00" + document(*elements)


def document(*elements: bytes) -> bytes:
    content = b"".join(elements)
    return struct.pack("<i", len(content) + 5) + content + b"\x00"


def element(key: str, value: Any) -> bytes:
    return bson.encode({key: value})[4:-1]


def typed(kind: int, key: str, value: bytes) -> bytes:
    """Build an element of any BSON type from its raw value."""
    return bytes([kind]) + key.encode() + b"\x00" + value


def text(value: str | bytes) -> bytes:
    """Build the raw value of a string, of a symbol or of code."""
    raw = value if isinstance(value, bytes) else value.encode()
    return struct.pack("<i", len(raw) + 1) + raw + b"\x00"


def sequence(name: str, *documents: dict[str, Any]) -> bytes:
    content = name.encode() + b"\x00" + b"".join(bson.encode(each) for each in documents)
    return b"\x01" + struct.pack("<i", 4 + len(content)) + content
