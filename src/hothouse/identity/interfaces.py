"""The seam through which mail leaves."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Mail:
    """A message in plain text."""

    to: str
    subject: str
    text: str


class Mailer(Protocol):
    """Sends mail."""

    async def send(self, mail: Mail) -> bool:
        """Hand a message to the mail server; false when that fails, which is logged, and never raised."""
        ...
