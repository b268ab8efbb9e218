"""How secrets of people are sealed, and sealed anew when the keys change."""

import base64

from hothouse.database.connection import Database, Document
from hothouse.kit.problems import Conflict
from hothouse.kit.sealing import KeyRing
from hothouse.secrets.interfaces import Resealed
from hothouse.secrets.personal.repository import PersonalSecretsRepository


def place_of(user_id: str, name: str) -> str:
    """Return the place for which a secret of a person is sealed."""
    return f"person/{user_id}/{name}"


def seal(ring: KeyRing, user_id: str, name: str, value: bytes) -> str:
    return ring.seal(base64.b64encode(value).decode(), place_of(user_id, name))


def opened(ring: KeyRing, secret: Document) -> bytes:
    """Raises: `Conflict` when none of the keys opens it."""
    return base64.b64decode(ring.open(secret["sealed"], place_of(secret["user_id"], secret["name"])))


class SealedPersonalSecrets:
    """The secrets of people, for a change of keys."""

    def __init__(self, database: Database) -> None:
        self._repository = PersonalSecretsRepository(database)

    async def reseal(self, ring: KeyRing) -> Resealed:
        done = Resealed()
        async for batch in self._repository.batches():
            for secret in batch:
                if not ring.is_current(secret["sealed"]):
                    await self._reseal(ring, secret, done)
        return done

    async def _reseal(self, ring: KeyRing, secret: Document, done: Resealed) -> None:
        user_id, name = secret["user_id"], secret["name"]
        try:
            anew = seal(ring, user_id, name, opened(ring, secret))
        except Conflict:
            done.unreadable.append(f"secret of {user_id}: {name}")
            return
        done.count += await self._repository.replace_sealed(secret, anew)
