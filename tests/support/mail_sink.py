"""A mail server that keeps what it is sent."""

import asyncio
import email
import email.policy
from email.message import EmailMessage
from typing import Self


class MailSink:
    """Speaks as much SMTP as is needed to take messages; refuses those to `nowhere@…`."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.port = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 sink\r\n")
        while line := await reader.readline():
            verb = line[:4].upper().strip()
            if verb == b"DATA":
                writer.write(b"354 go on\r\n")
                data = await reader.readuntil(b"\r\n.\r\n")
                message = email.message_from_bytes(data[:-5], policy=email.policy.default)
                self.messages.append(message)
                writer.write(b"250 kept\r\n")
            elif verb == b"QUIT":
                writer.write(b"221 bye\r\n")
                break
            elif verb == b"RCPT" and b"nowhere@" in line:
                writer.write(b"550 no such mailbox\r\n")
            else:
                writer.write(b"250 ok\r\n")
        await writer.drain()
        writer.close()
