"""Changes keys, and is killed after the first app, or the first secret of a person.

`python killed_rotation.py URI DATABASE KEY_FILE apps|people`
"""

import asyncio
import os
import signal
import sys
from pathlib import Path

from pymongo import AsyncMongoClient

from hothouse.apps.repository import AppsRepository
from hothouse.apps.service.sealed import SealedSettings
from hothouse.database.leases import Lease
from hothouse.kit.clock import SystemClock
from hothouse.secrets.personal.repository import PersonalSecretsRepository
from hothouse.secrets.personal.service import SealedPersonalSecrets
from hothouse.secrets.repository import MarksRepository
from hothouse.secrets.service import Rotation, open_keys


class KilledAfterOne(AppsRepository):
    """Takes one change, and does not live to see another."""

    async def update(self, app_id, fields, **only_if):
        await super().update(app_id, fields, **only_if)
        os.kill(os.getpid(), signal.SIGKILL)


class PeopleKilledAfterOne(PersonalSecretsRepository):
    """Takes one secret, and does not live to see another."""

    async def replace_sealed(self, secret, anew):
        await super().replace_sealed(secret, anew)
        os.kill(os.getpid(), signal.SIGKILL)


def sealed_of(database, whose):
    if whose == "apps":
        return SealedSettings(KilledAfterOne(database))
    people = SealedPersonalSecrets(database)
    people._repository = PeopleKilledAfterOne(database)
    return people


async def main(uri: str, name: str, key_file: str, whose: str) -> None:
    async with AsyncMongoClient(uri, tz_aware=True) as client:
        database = client[name]
        marks = MarksRepository(database)
        ring = await open_keys(Path(key_file), marks)
        lease = Lease(database, SystemClock(), "keys", "killed", seconds=0.1)
        await Rotation(ring, marks, [sealed_of(database, whose)], lease).rotate()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
