"""Password hashing: argon2id, in a thread because one hash takes a third of a second of pure computing."""

import asyncio

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher


class Passwords:
    """Hashes and verifies passwords, at most two at a time so that sign-ins cannot starve the hub."""

    def __init__(self, hasher: Argon2Hasher | None = None) -> None:
        self._hasher = PasswordHash((hasher or Argon2Hasher(),))
        self._slots = asyncio.Semaphore(2)
        self._decoy: str | None = None

    async def hash(self, password: str) -> str:
        """Return the argon2id hash of a password."""
        async with self._slots:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def verify(self, password: str, stored: str | None) -> bool:
        """Tell whether a password matches; `stored` None takes as long as a real check and is false."""
        if self._decoy is None:
            self._decoy = await self.hash("nobody has this password")
        async with self._slots:
            matches = await asyncio.to_thread(self._hasher.verify, password, stored or self._decoy)
        return matches and stored is not None
