"""Deleting an app: workloads, credentials, database, files, archives, records, in an order that can be resumed."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from pymongo import AsyncMongoClient

from hothouse.apps.reconciler.runs import owner
from hothouse.apps.reconciler.sources import remove_files
from hothouse.apps.service.context import AppsContext
from hothouse.apps.service.uploads import Uploads
from hothouse.broker.credentials import CredentialStore
from hothouse.broker.upstream import drop_users
from hothouse.database.connection import Document
from hothouse.identity.service import Sessions
from hothouse.workloads.runner import WorkloadRunner

SOON_SECONDS = 0.1


class Deletion:
    """Leaves nothing of an app behind. The app's own record goes last, so a crash half-way is taken up again."""

    def __init__(
        self,
        context: AppsContext,
        client: AsyncMongoClient[Document],
        runner: WorkloadRunner,
        credentials: CredentialStore,
        sessions: Sessions,
        also: Sequence[Callable[[Document], Awaitable[None]]] = (),
    ) -> None:
        """Make a deletion; `also` is what other features do to leave nothing of an app, safe to repeat."""
        self._context = context
        self._client = client
        self._runner = runner
        self._credentials = credentials
        self._sessions = sessions
        self._also = also

    async def advance(self, app: Document, workloads: list[Document]) -> float | None:
        """Stop what runs and is being built; once nothing does any more, remove everything."""
        live = [workload for workload in workloads if workload["is_live"]]
        for workload in live:
            await self._runner.retire(workload)
        releases = await self._context.releases.all(app["_id"])
        builds = [await self._context.jobs.call_off(f"build-{release['_id']}") for release in releases]
        if live or not all(builds):
            return SOON_SECONDS
        await self._remove(app, releases)
        return None

    async def _remove(self, app: Document, releases: list[Document]) -> None:
        context, app_id = self._context, app["_id"]
        for workload in await context.workloads.of(owner(app)):
            await self._runner.forget(workload["_id"])
        await self._credentials.revoke_database(app["database"])
        await self._client.drop_database(app["database"])
        await drop_users(self._client, app["database"])
        await asyncio.to_thread(remove_files, context.settings.home, app_id)
        for release in releases:
            await context.jobs.remove(f"build-{release['_id']}")
        for digest in {release["digest"] for release in releases}:
            await Uploads(context).drop_archive(digest, besides_app_id=app_id)
        await context.releases.remove_all(app_id)
        await context.deployments.remove_all(app_id)
        await self._sessions.end_for_app(app_id)
        for leave_nothing in self._also:
            await leave_nothing(app)
        await context.apps.remove(app_id)
