"""The keys of second factors, for a change of the keys that seal them."""

from hothouse.database.connection import Database
from hothouse.identity.factors.repository import FactorsRepository
from hothouse.identity.factors.service.factors import place_of
from hothouse.kit.problems import Conflict
from hothouse.kit.sealing import KeyRing
from hothouse.secrets.interfaces import Resealed


class SealedFactors:
    """Seals second factors anew. What is on offer stays as it is: set-up that takes longer begins again."""

    def __init__(self, database: Database) -> None:
        self._repository = FactorsRepository(database)

    async def reseal(self, ring: KeyRing) -> Resealed:
        done = Resealed()
        for factor in await self._repository.all():
            user_id, sealed = factor["_id"], factor["key"]
            if ring.is_current(sealed):
                continue
            try:
                anew = ring.seal(ring.open(sealed, place_of(user_id)), place_of(user_id))
            except Conflict:
                done.unreadable.append(f"second factor of {user_id}")
                continue
            await self._repository.replace_key(user_id, sealed, anew)
            done.count += 1
        return done
