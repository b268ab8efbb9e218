"""Opening the keys when a hub starts, and changing them while it runs."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import structlog

from hothouse.database.leases import Lease
from hothouse.kit.problems import Conflict
from hothouse.kit.sealing import KeyRing
from hothouse.secrets.errors import KeysDoNotFit, RotationUnderWay
from hothouse.secrets.interfaces import Resealed, Sealed
from hothouse.secrets.repository import MarksRepository
from hothouse.secrets.schemas import RotationResult

PLACE = "hothouse/keys"
KNOWN = "These keys belong to this database."
SETTLING_SECONDS = 2.0
"""For requests to end that sealed something before there was a new key."""

log = structlog.get_logger(__name__)


async def open_keys(path: Path, marks: MarksRepository) -> KeyRing:
    """Read the keys of this installation; make one if neither they nor anything sealed with them were there before.

    Raises: `KeysDoNotFit`.
    """
    mark = await marks.get()
    if mark is not None and not path.exists():
        raise KeysDoNotFit(
            f"{path} is missing, and the database holds secrets sealed with it. Restore the file from a backup of "
            'keys/. If it is lost for good, so are the secrets: see "The keys are lost" in docs/how-to/secrets.md.'
        )
    try:
        ring = KeyRing.from_file(path)
    except ValueError as error:
        raise KeysDoNotFit(f"{error} Restore it from a backup of keys/.") from error
    if mark is None and await marks.add(ring.seal(KNOWN, PLACE)):
        return ring
    mark = mark or await marks.get()
    try:
        ring.open(mark["sealed"] if mark else "", PLACE)
    except Conflict as error:
        raise KeysDoNotFit(
            f"The keys in {path} ({', '.join(ring.key_ids)}) are not those with which this database's secrets are "
            "sealed. The database and keys/ belong to different installations or times: restore the file that belongs "
            "to this database."
        ) from error
    return ring


class Rotation:
    """Changes the key that seals. What is broken off anywhere is finished by doing it again."""

    def __init__(self, ring: KeyRing, marks: MarksRepository, sealed: Sequence[Sealed], lease: Lease) -> None:
        self._ring = ring
        self._marks = marks
        self._sealed = sealed
        self._lease = lease
        self._turn = asyncio.Lock()

    async def rotate(self) -> RotationResult:
        """Make a new key, seal everything with it, and forget the keys of before.

        Where several keys are there, an earlier change was broken off: it is finished, without another new key.

        Raises: `RotationUnderWay`.
        """
        if self._turn.locked():
            raise RotationUnderWay
        async with self._turn:
            return await self._rotate()

    async def _rotate(self) -> RotationResult:
        if not await self._lease.acquire():
            raise RotationUnderWay
        try:
            if len(self._ring.key_ids) == 1:
                self._ring.add_key()
            before = await self._reseal_all()
            await asyncio.sleep(SETTLING_SECONDS)
            after = await self._reseal_all()
            await self._marks.replace(self._ring.seal(KNOWN, PLACE))
            self._ring.retire()
        finally:
            await self._lease.release()
        key_id, count = self._ring.key_ids[0], before.count + after.count
        log.info("keys-rotated", key=key_id, resealed=count, unreadable=len(after.unreadable))
        return RotationResult(key_id=key_id, resealed=count, unreadable=after.unreadable)

    async def _reseal_all(self) -> Resealed:
        """Seal everything anew, again until there is nothing more to do."""
        total = Resealed()
        while True:
            done = [await kind.reseal(self._ring) for kind in self._sealed]
            count = sum(one.count for one in done)
            total.count += count
            await self._lease.keep()
            if not count:
                total.unreadable = sorted(place for one in done for place in one.unreadable)
                return total
