"""The client of the hub's internal API, over the same connections as everything else."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from hothouse.gateway.errors import HubAway
from hothouse.gateway.wire.interfaces import UpstreamError
from hothouse.gateway.wire.request import Field
from hothouse.gateway.wire.upstream import Pools

ANSWER_SECONDS = 3.0
SILENCE_SECONDS = 25.0  # the hub sends a comment every ten
PREFIX = "/internal/v1"


class _Inbox:  # its methods ignore what JSON and event streams do not need
    """A `Sink` that keeps what arrives until it is read."""

    def __init__(self) -> None:
        self.status: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.chunks: asyncio.Queue[bytes | None] = asyncio.Queue()
        self.is_reusable = False

    def interim(self, status: int, fields: list[Field]) -> None:
        """Ignore it."""

    def head(self, status: int, fields: list[Field], *, length_known: bool, has_body: bool) -> None:  # noqa: ARG002
        if not self.status.done():
            self.status.set_result(status)

    def body(self, chunk: bytes) -> None:
        self.chunks.put_nowait(chunk)

    def flush(self) -> None:
        """Nothing is held back."""

    def end(self, *, is_reusable: bool) -> None:
        self.is_reusable = is_reusable
        self.chunks.put_nowait(None)

    def upgraded(self, fields: list[Field], rest: bytes) -> None:  # noqa: ARG002
        self.failed(UpstreamError("it switched protocols unasked"))

    def failed(self, error: UpstreamError) -> None:
        if not self.status.done():
            self.status.set_exception(error)
        self.chunks.put_nowait(None)

    def pause(self) -> None:
        """Requests are small."""

    def resume(self) -> None:
        """Requests are small."""


class Hub:
    """Asks the hub. Every method raises `HubAway` when it cannot be reached or is not well."""

    def __init__(self, endpoint: str, key: str, pools: Pools) -> None:
        self.endpoint = endpoint
        self._key = key
        self._pools = pools

    async def post(self, path: str, body: Any) -> tuple[int, Any]:
        """Send JSON; return status and JSON (`None` where the answer is none). Raises: HubAway."""
        payload = json.dumps(body).encode()
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                status, content = await self._ask(self._head("POST", path, len(payload)) + payload)
        except (OSError, TimeoutError, UpstreamError) as error:
            raise HubAway from error
        if status >= 500:
            raise HubAway
        return status, _parsed(content)

    async def _ask(self, message: bytes) -> tuple[int, bytes]:
        # An idle connection may just be closing; a fresh one on the same machine costs next to nothing.
        upstream = self._pools.take(self.endpoint, idle_at_most=1.0) or await self._pools.connect(self.endpoint)
        inbox = _Inbox()
        is_done = False
        try:
            upstream.begin(inbox, is_head_request=False)
            upstream.transport.write(message)
            status = await inbox.status
            chunks = []
            while (chunk := await inbox.chunks.get()) is not None:
                chunks.append(chunk)
            is_done = inbox.is_reusable
        finally:
            if is_done:
                self._pools.give_back(upstream)
            else:
                upstream.drop()
        return status, b"".join(chunks)

    async def events(self, path: str) -> AsyncIterator[tuple[str, Any]]:
        """Yield name and JSON of server-sent events until the stream ends. Raises: HubAway."""
        try:
            upstream = await self._pools.connect(self.endpoint)
        except (OSError, TimeoutError) as error:
            raise HubAway from error
        inbox = _Inbox()
        try:
            upstream.begin(inbox, is_head_request=False)
            upstream.transport.write(self._head("GET", path, 0))
            async with asyncio.timeout(ANSWER_SECONDS):
                status = await inbox.status
            if status != 200:
                raise HubAway
            async for event in _events(inbox.chunks):
                yield event
        except (TimeoutError, UpstreamError) as error:
            raise HubAway from error
        finally:
            upstream.drop()

    def _head(self, method: str, path: str, length: int) -> bytes:
        return (
            f"{method} {PREFIX}{path} HTTP/1.1\r\nhost: hub\r\nx-hothouse-internal-key: {self._key}\r\n"
            f"content-type: application/json\r\ncontent-length: {length}\r\naccept: */*\r\n\r\n"
        ).encode("latin-1")


async def _events(chunks: asyncio.Queue[bytes | None]) -> AsyncIterator[tuple[str, Any]]:
    buffer = b""
    while True:
        async with asyncio.timeout(SILENCE_SECONDS):
            chunk = await chunks.get()
        if chunk is None:
            return
        *blocks, buffer = (buffer + chunk).replace(b"\r\n", b"\n").split(b"\n\n")
        for block in blocks:
            if (event := _event(block.decode())) is not None:
                yield event


def _event(block: str) -> tuple[str, Any] | None:
    name, data = "message", []
    for line in block.split("\n"):
        field, _, value = line.partition(":")
        if field == "event":
            name = value.strip()
        elif field == "data":
            data.append(value.removeprefix(" "))
    return (name, json.loads("\n".join(data))) if data else None


def _parsed(content: bytes) -> Any:
    try:
        return json.loads(content) if content else None
    except ValueError:
        return None
