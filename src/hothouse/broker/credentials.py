"""Credentials of workloads: the hub issues and revokes them, the broker checks them."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pymongo import IndexModel
from pymongo.asynchronous.database import AsyncDatabase

from hothouse.broker.limits import Limits
from hothouse.broker.quotas import StorageQuotas
from hothouse.broker.scram import Verifier, make_verifier

COLLECTION = "broker_credentials"
INDEXES = {COLLECTION: [IndexModel("database")]}
"""The indexes that the hub makes at its start."""


@dataclass(frozen=True, slots=True)
class Credential:
    """What a workload signs in with; the password is known only here and now."""

    username: str
    password: str


@dataclass(frozen=True, slots=True)
class KnownCredential:
    """What is kept of a credential. `version` changes when it is issued anew."""

    workload_id: str
    database: str
    version: str
    verifier: Verifier
    limits: Limits


@dataclass(frozen=True, slots=True)
class Standing:
    """What may change of a credential while its workload is connected."""

    version: str
    limits: Limits


class CredentialStore:
    """The credentials in the platform's database, of which only SCRAM verifiers are kept."""

    def __init__(self, database: AsyncDatabase[dict[str, Any]]) -> None:
        self._credentials = database[COLLECTION]
        self.quotas = StorageQuotas(database)

    async def issue(
        self, *, workload_id: str, database: str, password: str | None = None, limits: Limits | None = None
    ) -> Credential:
        """Make the workload's credential for one database; an earlier one of the same workload ends with it.

        `password` is for callers that must be able to repeat this for a workload that may have been started already.
        """
        password = password or secrets.token_urlsafe(32)
        verifier = make_verifier(password)
        record = {
            "schema_version": 1,
            "database": database,
            "version": secrets.token_hex(8),
            "salt": verifier.salt,
            "iterations": verifier.iterations,
            "stored_key": verifier.stored_key,
            "server_key": verifier.server_key,
            "limits": (limits or Limits()).to_document(),
            "created_at": datetime.now(UTC),
        }
        await self._credentials.replace_one({"_id": workload_id}, record, upsert=True)
        return Credential(workload_id, password)

    async def revoke(self, workload_id: str) -> None:
        """End the workload's credential; its open connections close within 2 seconds. Harmless without one."""
        await self._credentials.delete_one({"_id": workload_id})

    async def revoke_database(self, database: str) -> None:
        """End every credential for the database."""
        await self._credentials.delete_many({"database": database})

    async def set_limits(self, database: str, limits: Limits) -> None:
        """Change the limits of every credential for the database; in force within 2 seconds."""
        await self._credentials.update_many({"database": database}, {"$set": {"limits": limits.to_document()}})

    async def find(self, workload_id: str) -> KnownCredential | None:
        """Return what is kept of the workload's credential, if it has one."""
        record = await self._credentials.find_one({"_id": workload_id})
        if record is None:
            return None
        verifier = Verifier(record["salt"], record["iterations"], record["stored_key"], record["server_key"])
        quotas = await self.quotas.of([record["database"]])
        limits = Limits.from_document(record.get("limits")).within(quotas.get(record["database"]))
        return KnownCredential(workload_id, record["database"], record["version"], verifier, limits)

    async def standing(self, workload_ids: Iterable[str]) -> dict[str, Standing]:
        """Return how the workloads' credentials stand; one that is missing has been revoked."""
        wanted = {"_id": {"$in": list(workload_ids)}}
        projection = {"version": 1, "limits": 1, "database": 1}
        found = [one async for one in self._credentials.find(wanted, projection) if "version" in one]
        quotas = await self.quotas.of({one["database"] for one in found})
        return {
            one["_id"]: Standing(
                one["version"], Limits.from_document(one.get("limits")).within(quotas.get(one["database"]))
            )
            for one in found
        }
