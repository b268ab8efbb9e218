"""A relay between a driver and a server that breaks the connection at the worst moment."""

import asyncio
import contextlib
from collections.abc import AsyncIterator


class BreakingRelay:
    """Passes bytes on; `break_after` makes it cut the connection instead of passing the next matching answer on.

    So the server has carried a command out, and nobody has heard of it.
    """

    def __init__(self, host: str, port: int) -> None:
        self.port = 0
        self.breaks = 0
        self._target = host, port
        self._wanted = b"", b""
        self._is_armed = False
        self._writers: set[asyncio.StreamWriter] = set()

    def break_after(self, command: str, database: str = "") -> None:
        """Cut the connection once the server answers the next command of that name (on that database)."""
        self._wanted = command.encode() + b"\x00", database.encode()
        self._is_armed = True

    def close_connections(self) -> None:
        """Cut every connection now."""
        for writer in list(self._writers):
            writer.transport.abort()

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator["BreakingRelay"]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            self.close_connections()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            far_reader, far_writer = await asyncio.open_connection(*self._target)
            link = _Link(self, writer, far_writer)
            self._writers |= {writer, far_writer}
            try:
                await asyncio.gather(link.requests(reader), link.answers(far_reader))
            finally:
                link.cut()
                self._writers -= {writer, far_writer}

    def is_due(self, request: bytes) -> bool:
        """Tell whether the answer to this request must not arrive; true once."""
        is_due = self._is_armed and all(each in request for each in self._wanted)
        self._is_armed = self._is_armed and not is_due
        return is_due


class _Link:
    def __init__(self, relay: BreakingRelay, near: asyncio.StreamWriter, far: asyncio.StreamWriter) -> None:
        self._relay = relay
        self._near = near
        self._far = far
        self._is_doomed = False

    async def requests(self, reader: asyncio.StreamReader) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(2**18):
                self._is_doomed = self._is_doomed or self._relay.is_due(data)
                self._far.write(data)
        self.cut()

    async def answers(self, reader: asyncio.StreamReader) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(2**18):
                if self._is_doomed:
                    self._relay.breaks += 1
                    break
                self._near.write(data)
        self.cut()

    def cut(self) -> None:
        self._near.transport.abort()
        self._far.transport.abort()
