"""Probes: short questions, repeated until the answer is yes, or for as long as it should be."""

import asyncio
import contextlib
import http.client
import json
import socket
import struct
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from hothouse.supervisor.logs import PartLog

POLL_SECONDS = 0.05
ANSWER_SECONDS = 5.0
_HEADER, _OP_MSG = struct.Struct("<iiii"), 2013
Probe = Callable[[PartLog], Awaitable[bool]]
"""Answers whether a part is ready, or alive, now; is given the part's log, must return soon and must not raise."""


def tcp_accepts(host: str, port: int) -> Probe:
    """Ready once a TCP connection is accepted."""

    async def probe(_log: PartLog) -> bool:
        try:
            async with asyncio.timeout(1):
                _, writer = await asyncio.open_connection(host, port)
        except (OSError, TimeoutError):
            return False
        writer.close()
        return True

    return probe


def http_ok(address: str, path: str) -> Probe:
    """Ready once `GET path` at `unix:/socket` or `host:port` answers 200."""

    async def probe(_log: PartLog) -> bool:
        try:
            status, _ = await asyncio.to_thread(request, address, "GET", path, timeout=2)
        except (OSError, http.client.HTTPException):
            return False
        return status == http.HTTPStatus.OK

    return probe


def mongodb_answers(host: str, port: int, user: str) -> Probe:
    """Yes once a MongoDB says hello and how `user` may sign in, for which it has to look into its storage.

    One that is stuck there still accepts connections. Asked without a driver, which would double the supervisor's size:
    https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/
    """
    question = _message({"hello": 1, "saslSupportedMechs": f"admin.{user}", "$db": "admin"})

    async def probe(_log: PartLog) -> bool:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                reader, writer = await asyncio.open_connection(host, port)
                try:
                    writer.write(question)
                    await reader.readexactly(_HEADER.size)
                finally:
                    writer.close()
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            return False
        return True

    return probe


def _message(document: Mapping[str, str | int]) -> bytes:
    """Write an OP_MSG with a BSON document of texts and numbers."""
    body = b""
    for name, value in document.items():
        if isinstance(value, str):
            text = value.encode() + b"\0"
            body += b"\x02" + name.encode() + b"\0" + struct.pack("<i", len(text)) + text
        else:
            body += b"\x10" + name.encode() + b"\0" + struct.pack("<i", value)
    section = b"\0" + struct.pack("<i", len(body) + 5) + body + b"\0"
    return _HEADER.pack(_HEADER.size + 4 + len(section), 1, 0, _OP_MSG) + struct.pack("<I", 0) + section


def said_ready() -> Probe:
    """Ready once the part logged the event `ready`."""

    async def probe(log: PartLog) -> bool:
        return log.said_ready

    return probe


def wait_for_server(url: str, seconds: float) -> None:
    """Return once the host and port of `url` accept connections, or after so many seconds anyway."""
    parts = urlsplit(url)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 27017), timeout=1).close()
            return
        time.sleep(POLL_SECONDS)


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str, timeout: float) -> None:
        super().__init__("localhost", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def request(
    address: str, method: str, path: str, *, headers: Mapping[str, str] | None = None, timeout: float = 5
) -> tuple[int, Any]:
    """Send one HTTP request to `unix:/socket` or `host:port`; return the status and the JSON body, if it is one.

    The standard library's client, because the supervisor stays small in memory and asks only now and then.
    """
    if address.startswith("unix:"):
        connection: http.client.HTTPConnection = _UnixConnection(address.removeprefix("unix:"), timeout)
    else:
        host, _, port = address.rpartition(":")
        connection = http.client.HTTPConnection(host.strip("[]"), int(port), timeout=timeout)
    try:
        connection.request(method, path, headers=dict(headers or {}))
        response = connection.getresponse()
        body = response.read()
    finally:
        connection.close()
    try:
        return response.status, json.loads(body)
    except ValueError:
        return response.status, None
