"""Room for apps within the quotas of their owners."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from hothouse.apps.manifests import Manifest
from hothouse.apps.service.context import AppsContext
from hothouse.apps.service.holdings import releases_of, to_run
from hothouse.database.connection import Document
from hothouse.quotas.amounts import Amounts


class AppRoom:
    """Finds out what an app would take more than it does, and lets it have that if its owner may."""

    def __init__(self, context: AppsContext) -> None:
        self._context = context

    @asynccontextmanager
    async def for_new(self, owner_id: str | None, manifest: Manifest, source_bytes: int) -> AsyncIterator[None]:
        """Let an app come to be, and run, inside the block. Raises: `QuotaReached`."""
        more = to_run(manifest) + Amounts(apps=1, disk_bytes=source_bytes)
        async with self._context.quotas.room_for(owner_id, more):
            yield

    @asynccontextmanager
    async def to_run(self, app: Document, manifest: Manifest, source_bytes: int = 0) -> AsyncIterator[None]:
        """Let an app run as a manifest says inside the block; what it takes already is not asked for again.

        That an update has two workloads for a moment counts for nothing. Raises: `QuotaReached`.
        """
        now = await self._running(app)
        more = to_run(manifest).beyond(now) + Amounts(disk_bytes=source_bytes)
        async with self._context.quotas.room_for(app["owner_id"], more):
            yield

    @asynccontextmanager
    async def to_serve(self, app: Document) -> AsyncIterator[None]:
        """Let the release run that serves, inside the block. Raises: `QuotaReached`."""
        if not await self._context.quotas.is_limited(app["owner_id"]):  # nobody who waits for an app waits for this
            yield
            return
        release = await self._context.releases.get(app["_id"], app["release"]) if app["release"] else None
        if release is None:
            yield
            return
        async with self.to_run(app, Manifest.model_validate_json(release["manifest"])):
            yield

    async def _running(self, app: Document) -> Amounts:
        """Return what an app takes now."""
        running = await releases_of([app], self._context.deployments, self._context.releases)
        return to_run(running[app["_id"]]) if app["_id"] in running else Amounts()
