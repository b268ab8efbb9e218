"""Following apps and grants: what is decided stays true, limits are kept up, and pages hear of changes.

Nothing here depends on having seen every change. At its start, and now and then, everything is looked at: a hub that
died between two writes, or a change nobody heard of, leaves nothing behind for longer than that.
"""

import asyncio
from dataclasses import dataclass, replace
from typing import Self

import structlog
from pydantic import ValidationError
from pymongo.errors import PyMongoError

from hothouse.apps.service.deploy import reads_from
from hothouse.apps.service.directory import slugs_of
from hothouse.broker.grants import COLLECTION as GRANTS
from hothouse.data.dependencies import DataServices
from hothouse.database.changes import Change, Changes
from hothouse.database.connection import Document

log = structlog.get_logger(__name__)

RESYNC_SECONDS = 60.0
RETRY_SECONDS = 1.0
NOTICE = "data"
"""Changes by this name are made here: `key` is an app whose grants, asks or limits are not as they were."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What of an app matters here, as it was when it was last looked at."""

    slugs: tuple[str, ...]
    reads_from: tuple[str, ...]
    release: int | None
    deployment_id: str | None  # as long as none serves: then the newest release says what is asked for
    storage_bytes: int | None
    standing: tuple[str | None, str] | None  # of its workload, which may have been given limits of a moment ago

    @classmethod
    def of(cls, app: Document) -> Self:
        return cls(
            slugs=tuple(slugs_of(app)),
            reads_from=tuple(app.get("reads_from", ())),
            release=app["release"],
            deployment_id=None if app["release"] else app["deployment_id"],
            storage_bytes=app.get("storage_bytes"),
            standing=(app["workload_id"], app["state"]),
        )


class DataWatch:
    """Runs beside the API, in every hub: all it does can be repeated."""

    def __init__(self, data: DataServices, changes: Changes) -> None:
        self._data = data
        self._directory = data.context.directory
        self._changes = changes
        self._seen: dict[str, Seen] = {}

    async def run(self) -> None:
        """Follow changes until cancelled."""
        async with self._changes.listen() as changes:
            while True:
                try:
                    await self._look_at_all()
                    await self._follow(changes)
                except PyMongoError as error:
                    log.warning("data-watch-interrupted", error=str(error))
                    await asyncio.sleep(RETRY_SECONDS)

    async def _follow(self, changes: asyncio.Queue[Change]) -> None:
        """React to changes until it is time to look at everything."""
        loop = asyncio.get_running_loop()
        due = loop.time() + RESYNC_SECONDS
        while (left := due - loop.time()) > 0:
            try:
                change = await asyncio.wait_for(changes.get(), left)
            except TimeoutError:
                return
            if change.key is None:
                return
            await self._react(change.collection, change.key)

    async def _react(self, collection: str, key: str) -> None:
        if collection == "apps":
            await self._look_at(key, await self._directory.get(key))
        elif collection == GRANTS:
            await self._data.decisions.mend(key)
            self._tell(*key.split("."))

    async def _look_at_all(self) -> None:
        apps = {app["_id"]: app for app in await self._directory.all()}
        for app_id in {*apps, *self._seen}:
            await self._look_at(app_id, apps.get(app_id))
        await self._data.decisions.mend_all()
        await self._data.decisions.forget_strays()

    async def _look_at(self, app_id: str, app: Document | None) -> None:
        before, now = self._seen.get(app_id), Seen.of(app) if app else None
        if before == now:
            return
        if app is not None:
            try:
                await self._bring_up_to_date(app, before)
            except ValidationError as error:  # one app's manifest of old must not keep the others from being seen to
                log.warning("data-watch-skipped", app=app["slug"], error=str(error))
        if now is None:
            del self._seen[app_id]
        else:
            self._seen[app_id] = now
        if _to_show(before) != _to_show(now):
            await self._tell_all(app_id, before, now)

    async def _bring_up_to_date(self, app: Document, before: Seen | None) -> None:
        """Do what follows from a new slug, another release or another limit."""
        manifest = await self._directory.manifest(app)
        if manifest is not None and app.get("reads_from") != reads_from(manifest):
            await self._directory.note_reads(app, reads_from(manifest))
        await self._data.overviews.enforce(app)
        if before is not None and before.slugs != tuple(slugs_of(app)):
            await self._data.decisions.renamed(app)

    async def _tell_all(self, app_id: str, before: Seen | None, now: Seen | None) -> None:
        """Tell of an app, of those it asks or asked, and of those that call it by a slug it got or lost."""
        asked = {slug for seen in (before, now) if seen for slug in seen.reads_from}
        sources = [await self._directory.by_slug(slug) for slug in sorted(asked)]
        slugs = set(before.slugs if before else ()) ^ set(now.slugs if now else ())
        readers = await self._directory.asking(slugs) if slugs else []
        self._tell(app_id, *(app["_id"] for app in (*sources, *readers) if app))

    def _tell(self, *app_ids: str) -> None:
        for app_id in dict.fromkeys(app_ids):
            self._changes.publish(Change(NOTICE, app_id))


def _to_show(seen: Seen | None) -> Seen | None:
    """Leave out what nobody sees on a page."""
    return replace(seen, standing=None) if seen else None
