"""Apps as the reconciler's loop sees them: which there are, what concerns them, and what is to be done beside."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from hothouse.apps.reconciler.passes import AppPass
from hothouse.apps.reconciler.spares import Spares
from hothouse.apps.service.context import AppsContext
from hothouse.apps.service.uploads import Uploads
from hothouse.database.changes import Change

CLEAN_SECONDS = 600.0
FORGOTTEN = timedelta(minutes=1)  # by when a deployment that was asked for is surely its app's


class Apps:
    """All apps; see `workloads.interfaces.Reconciled`."""

    kind = "app"

    def __init__(self, context: AppsContext, app_pass: AppPass, spares: Spares) -> None:
        self._context = context
        self._spares = spares
        self.reconcile = app_pass.reconcile

    async def ids(self) -> list[str]:
        return [app["_id"] for app in await self._context.apps.all()]

    async def concerned(self, change: Change) -> list[str]:
        """Return the app that a change is of, or the one whose release a job builds."""
        key = str(change.key)
        if change.collection == "apps" and not change.is_deleted:
            return [key]
        if change.collection == "jobs" and key.startswith("build-"):
            return [key.split("-")[1]]
        return []

    async def check(self) -> None:
        """Close deployments that no app waits for, since the hub that was asked for them died in the middle."""
        now = self._context.clock.now()
        for deployment in await self._context.deployments.active():
            app = await self._context.apps.get(deployment["app_id"])
            if deployment["created_at"] < now - FORGOTTEN and (
                app is None or app["deployment_id"] != deployment["_id"]
            ):
                reason = "it was interrupted before it began; deploy again"
                await self._context.deployments.end(deployment["_id"], "superseded", reason, now)

    def duties(self) -> Mapping[str, Callable[[], Awaitable[None]]]:
        return {"clean-up": self._clean_up, "spares": self._spares.run}

    async def _clean_up(self) -> None:
        while True:
            await Uploads(self._context).clean_up()
            await asyncio.sleep(CLEAN_SECONDS)
