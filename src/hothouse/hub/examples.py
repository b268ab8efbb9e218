"""Deploying the example apps at the first start, as real uploads."""

import asyncio
import tempfile
from pathlib import Path

import structlog

from hothouse.apps.dependencies import AppServices
from hothouse.database.connection import Database
from hothouse.identity.principal import ANYONE
from hothouse.kit.archives import ArchiveRefused, pack
from hothouse.kit.problems import Problem

log = structlog.get_logger(__name__)


async def deploy_examples(folder: Path, apps: AppServices, database: Database) -> None:
    """Deploy each example once per installation; one that was deleted stays deleted."""
    seeds = database["seeds"]
    for example in sorted(path.parent for path in folder.glob("*/manifest.json")):
        if await seeds.find_one({"_id": example.name}):
            continue
        try:
            await _deploy(example, apps)
        except (Problem, ArchiveRefused) as error:
            log.warning("example-refused", example=example.name, reason=str(error))
        if admin := await apps.context.accounts.first():
            await apps.context.apps.claim_ownerless(admin.id)
        await seeds.update_one({"_id": example.name}, {"$set": {"at": apps.context.clock.now()}}, upsert=True)


async def _deploy(example: Path, apps: AppServices) -> None:
    with tempfile.TemporaryDirectory(prefix="hothouse-example-") as scratch:
        archive = Path(scratch) / f"{example.name}.zip"
        await asyncio.to_thread(pack, example, archive)
        received = await apps.uploads.receive(ANYONE, archive, archive.name)
    upload, manifest = await apps.uploads.take(ANYONE, received.id, None)
    await apps.deploy.deploy_upload(ANYONE, upload, manifest, "The example that comes with Hothouse.")
