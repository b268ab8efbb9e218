"""The seams of identity: how mail leaves, and how secrets are sealed."""

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


class Sealing(Protocol):
    """Encrypts secrets that the database is to hold, each for a place, so that none can be moved to another."""

    def seal(self, value: str, place: str) -> str:
        """Encrypt a value for a place."""
        ...

    def open(self, sealed: str, place: str) -> str:
        """Decrypt a value. Raises: `Conflict` when it was sealed with another key or for another place."""
        ...
