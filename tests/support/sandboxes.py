"""Data sandboxes without a hub: a broker in this process, and grants as a hub would write them."""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from hothouse.broker.credentials import CredentialStore
from hothouse.broker.grants import COLLECTION
from hothouse.broker.process import listening


@dataclass
class Sandbox:
    """The data sandbox of one app: its database's real name, and the URI that its workload gets."""

    slug: str
    database: str
    uri: str


@dataclass
class Sandboxes:
    """A running broker and the sandboxes behind it."""

    address: tuple[str, int]
    platform: AsyncDatabase[dict[str, Any]]
    made: list[Sandbox]

    async def make(self, slug: str) -> Sandbox:
        """Make an app's sandbox."""
        database, workload_id = f"hh_{uuid.uuid4().hex[:12]}", f"w-{uuid.uuid4().hex[:8]}"
        credential = await CredentialStore(self.platform).issue(workload_id=workload_id, database=database)
        host, port = self.address
        uri = (
            f"mongodb://{credential.username}:{credential.password}@{host}:{port}/{database}"
            f"?authSource={database}&directConnection=true&authMechanism=SCRAM-SHA-256"
        )
        self.made.append(Sandbox(slug, database, uri))
        return self.made[-1]

    async def grant(self, reader: Sandbox, source: Sandbox, *collections: str) -> None:
        """Decide what an app may read of another one; the broker knows within two seconds."""
        grant = {
            "schema_version": 1,
            "reader_database": reader.database,
            "source_database": source.database,
            "names": [source.slug],
            "collections": list(collections),
            "decided_at": datetime.now(UTC),
        }
        identity = {"_id": f"{reader.slug}.{source.slug}"}
        await self.platform[COLLECTION].replace_one(identity, grant, upsert=True)


@asynccontextmanager
async def sandboxes(mongodb_uri: str, platform: AsyncDatabase[dict[str, Any]]) -> AsyncIterator[Sandboxes]:
    """Run a broker whose credentials and grants are in the database `platform`; drop every sandbox afterwards."""
    async with (
        AsyncMongoClient[dict[str, Any]](mongodb_uri) as direct,
        listening(direct, platform.name, host="127.0.0.1", port=0) as address,
    ):
        running = Sandboxes(address, platform, [])
        try:
            yield running
        finally:
            for sandbox in running.made:
                await direct.drop_database(sandbox.database)
