"""The secret files of environments: sealed anew when keys change."""

from hothouse.database.connection import Document
from hothouse.environments.repository import EnvironmentsRepository
from hothouse.environments.service.starting import place_of
from hothouse.kit.problems import Conflict
from hothouse.kit.sealing import KeyRing
from hothouse.secrets.interfaces import Resealed

BATCH = 100


class SealedFiles:
    """The secret files of all environments, for a change of keys."""

    def __init__(self, environments: EnvironmentsRepository) -> None:
        self._environments = environments

    async def reseal(self, ring: KeyRing) -> Resealed:
        done, after = Resealed(), None
        while batch := await self._environments.page(after, BATCH):
            for environment in batch:
                await self._reseal_one(ring, environment, done)
            after = batch[-1]["slug"]
        return done

    async def _reseal_one(self, ring: KeyRing, environment: Document, done: Resealed) -> None:
        anew = {}
        for path, sealed in environment["secret_files"].items():
            if ring.is_current(sealed):
                continue
            place = place_of(environment["_id"], path)
            try:
                anew[path] = ring.seal(ring.open(sealed, place), place)
            except Conflict:
                done.unreadable.append(f"environment {environment['slug']}: {path}")
        if anew:  # unless it became somebody else's at the same moment, who does not get them
            fields = {"secret_files": environment["secret_files"] | anew}
            unmoved = {"owner_id": environment["owner_id"]}
            if await self._environments.update(environment["_id"], fields, **unmoved):
                done.count += len(anew)
