"""Letters that people get, where mail is set up."""

import asyncio
from collections.abc import Awaitable

from hothouse.identity.interfaces import Mail, Mailer

IGNORE = "If you did not expect this, ignore it: nothing happens without the link."


class Letters:
    """Writes and sends them; without a mailer nothing is sent."""

    def __init__(self, mailer: Mailer | None) -> None:
        self._mailer = mailer
        self._sending: set[asyncio.Task[bool]] = set()

    @property
    def are_sent(self) -> bool:
        return self._mailer is not None

    async def invitation(self, email: str, url: str) -> bool:
        """Tell whether it was sent."""
        text = (
            f"You are invited to Hothouse. Open this link to make your account; it works once:\n\n{url}\n\n{IGNORE}\n"
        )
        return await self._send(Mail(email, "Your invitation to Hothouse", text))

    async def reset(self, email: str, url: str) -> bool:
        """Tell whether it was sent."""
        text = f"Open this link to choose a new password for Hothouse; it works once:\n\n{url}\n\n{IGNORE}\n"
        return await self._send(Mail(email, "Your new password for Hothouse", text))

    async def has_account(self, email: str) -> bool:
        """Tell whether it was sent."""
        text = (
            "Somebody, perhaps you, wanted to register this address at Hothouse. It has an account already: sign in.\n"
        )
        return await self._send(Mail(email, "You have an account at Hothouse", text))

    async def access_request(self, email: str, person: str, title: str, message: str, url: str) -> bool:
        """Tell whether it was sent."""
        said = f"They write:\n\n{message}\n\n" if message else ""
        text = f"{person} would like to have access to {title}. {said}Answer here:\n\n{url}\n"
        return await self._send(Mail(email, f"{person} asks for access to {title}", text))

    def later(self, letter: Awaitable[bool]) -> None:
        """Send without making anybody wait, so that an answer does not tell by its time whether there is a letter."""

        async def send() -> bool:
            return await letter

        task = asyncio.create_task(send())
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _send(self, mail: Mail) -> bool:
        return await self._mailer.send(mail) if self._mailer else False
