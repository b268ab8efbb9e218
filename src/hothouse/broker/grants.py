"""What workloads may read of other apps: the hub's decisions, as far as the broker needs them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import structlog
from pymongo.asynchronous.database import AsyncDatabase

log = structlog.get_logger(__name__)

COLLECTION = "data_grants"
"""Written by the hub's feature `data`, one document for each pair of reader and source that was decided on."""

EVERYTHING = "*"
_FIELDS = {"reader_database": 1, "source_database": 1, "names": 1, "collections": 1}


@dataclass(frozen=True, slots=True)
class Grant:
    """Collections of another app's database that a workload may read."""

    database: str
    """The database's real name, which a workload neither uses nor sees."""
    names: tuple[str, ...]
    """The slugs, present and former, by which a workload may call it; the present one first."""
    collections: frozenset[str]
    """What may be read; `EVERYTHING` in it stands for all collections."""

    @property
    def is_whole(self) -> bool:
        return EVERYTHING in self.collections

    def covers(self, collection: str) -> bool:
        """Tell whether a collection may be read; those of MongoDB itself are looked for elsewhere."""
        return self.is_whole or collection in self.collections


Grants = tuple[Grant, ...]


def _read(record: dict[str, Any]) -> tuple[str, Grant]:
    """Return the reader's database and the grant. Raises: KeyError or TypeError for a record of another form."""
    grant = Grant(record["source_database"], tuple(record["names"]), frozenset(record["collections"]))
    return record["reader_database"], grant


class GrantStore:
    """Reads the grants in the platform's database."""

    def __init__(self, database: AsyncDatabase[dict[str, Any]]) -> None:
        self._grants = database[COLLECTION]

    async def readable(self, readers: Iterable[str]) -> dict[str, Grants]:
        """Return what each of the databases' workloads may read; those that may read nothing are left out."""
        found: dict[str, list[Grant]] = {}
        async for record in self._grants.find({"reader_database": {"$in": sorted(readers)}}, _FIELDS):
            try:
                reader, grant = _read(record)
            except (KeyError, TypeError) as error:
                log.warning("grant-unreadable", grant=record["_id"], reason=repr(error))
                continue
            if grant.collections and grant.names:
                found.setdefault(reader, []).append(grant)
        return {reader: tuple(sorted(grants, key=lambda grant: grant.names)) for reader, grants in found.items()}


@dataclass(frozen=True, slots=True)
class Place:
    """A database as one workload knows it, and where its commands really go."""

    name: str
    """What the workload calls it: its own by the real name, another app's by a slug."""
    database: str
    """The real name."""
    grant: Grant | None = None
    """What of it may be read; None for the workload's own."""
