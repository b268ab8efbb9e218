"""Start, stop, wake, sleep, activity, delete: what is wanted of an app, recorded."""

import asyncio
import contextlib
from datetime import datetime
from typing import Any

from hothouse.apps.errors import DeletionNotConfirmed, NotNow, StillDeleting
from hothouse.apps.schemas import ACTIVE_DEPLOYMENT
from hothouse.apps.service.context import AppsContext
from hothouse.apps.service.deploy import Deployer
from hothouse.apps.service.room import AppRoom
from hothouse.apps.service.telling import tell_deletion, tell_standing
from hothouse.database.connection import Document
from hothouse.identity.principal import Principal
from hothouse.kit.problems import NotFound

DELETION_SECONDS = 30.0
LOOK_SECONDS = 0.1
CALM: dict[str, Any] = {"count": 0, "not_before": None, "reason": None}


class AppControl:
    """Records what is wanted of an app; the reconciler sees to it."""

    def __init__(self, context: AppsContext) -> None:
        self._context = context
        self._deployer = Deployer(context)
        self._room = AppRoom(context)

    async def start(self, principal: Principal, app: Document) -> Document:
        """Want the app to run; one that never served has its newest release deployed.

        Raises: `NotNow` when there is no release; `QuotaReached`.
        """
        if app["release"] is None:
            return await self._deploy_newest(principal, app)
        async with self._room.to_serve(app):
            return await self._set(app, desired="running", is_asleep=False, crash=CALM)

    async def _deploy_newest(self, principal: Principal, app: Document) -> Document:
        newest = await self._context.releases.newest(app["_id"])
        if newest is None:
            raise NotNow(f"{app['name']} has no release yet; deploy one first.")
        latest = await self._context.deployments.get(app["deployment_id"]) if app["deployment_id"] else None
        if latest is None or latest["state"] not in ACTIVE_DEPLOYMENT or app["desired"] != "running":
            await self._deployer.deploy_release(principal, app, newest["number"])
        return await self._context.apps.get(app["_id"]) or app

    async def stop(self, app: Document) -> Document:
        """Want the app to be stopped until somebody starts it."""
        return await self._set(app, desired="stopped", is_asleep=False, crash=CALM)

    async def wake(self, app: Document) -> Document:
        """Let a sleeping app run again; an app that is not asleep is left as it is. Raises: `QuotaReached`."""
        if not app["is_asleep"]:
            return app
        async with self._room.to_serve(app):
            return await self._set(app, is_asleep=False, last_activity_at=self._context.clock.now())

    async def delete(self, app: Document, confirm: str) -> None:
        """Have the app removed, with its workload, data, files and releases, and wait until it is.

        Raises: `DeletionNotConfirmed`; `StillDeleting` when it takes long, while the removal goes on.
        """
        if confirm != app["slug"]:
            raise DeletionNotConfirmed(app["slug"])
        tell_deletion(app)
        with contextlib.suppress(NotFound):  # somebody else is deleting it at the same moment
            await self._set(app, desired="deleted")
        for _ in range(int(DELETION_SECONDS / LOOK_SECONDS)):
            if await self._context.apps.get(app["_id"]) is None:
                return
            await asyncio.sleep(LOOK_SECONDS)
        raise StillDeleting(app["slug"])

    async def note_activity(self, app_id: str, at: datetime | None, open_connections: int) -> None:
        """Record that visitors were there, for sleeping and for people to see."""
        await self._context.apps.note_activity(app_id, at, open_connections, self._context.clock.now())

    async def _set(self, app: Document, **fields: Any) -> Document:
        fields["updated_at"] = self._context.clock.now()
        if not await self._context.apps.update(app["_id"], fields, desired={"$ne": "deleted"}):
            raise NotFound
        tell_standing(app, fields)
        return {**app, **fields}
