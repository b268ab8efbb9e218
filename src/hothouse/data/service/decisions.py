"""Granting, refusing, taking back; and keeping what was decided true while apps are renamed and deleted."""

from collections.abc import Sequence
from typing import Any

import structlog

from hothouse.apps.service.directory import slugs_of
from hothouse.data.errors import NotAsked
from hothouse.data.repository import grant_id
from hothouse.data.schemas import DataReader
from hothouse.data.service.asks import excess, granted_by, meant_by, wanted_of
from hothouse.data.service.context import DataContext
from hothouse.data.service.present import Presenter
from hothouse.database.connection import Document
from hothouse.identity.principal import Principal
from hothouse.kit.problems import NotFound
from hothouse.kit.trail import current_trail

log = structlog.get_logger(__name__)

NO_APP: Document = {"_id": "", "release": None}
"""Stands for an app that does not exist: it is looked up like one that asks for nothing, so that it takes as long."""


class Decisions:
    """Writes grants; the broker follows them within 2 seconds."""

    def __init__(self, context: DataContext, present: Presenter) -> None:
        self._context = context
        self._present = present

    async def decide(
        self, principal: Principal, source: Document, reader_slug: str, collections: Sequence[str]
    ) -> DataReader:
        """Let an app read exactly these collections of another; none refuses it, `*` is what is offered at the moment.

        Raises: `NotFound` for an app that neither asks nor was decided on; `NotAsked` for more than it asks for.
        """
        reader = await self._reader(source, reader_slug)
        grant = await self._context.grants.get(reader["_id"], source["_id"])
        wanted = wanted_of(await self._context.directory.manifest(reader), slugs_of(source))
        if grant is None and not wanted:
            raise _unknown(reader_slug, source)
        manifest = await self._context.directory.manifest(source)
        offered = manifest.data.sharing.collections if manifest else []
        if problems := excess(collections, wanted, granted_by(grant), offered):
            raise NotAsked(problems)
        chosen = meant_by(collections, granted_by(grant), offered)
        fields = {"collections": chosen, "considered": [*dict.fromkeys([*wanted, *chosen])]}
        state = "granted" if chosen else "refused"
        decided = await self._put(principal, reader, source, {**fields, "state": state})
        _tell(reader, grant, decided)
        if not await self._stands(decided):
            raise _unknown(reader_slug, source)
        return await self._present.reader(source, reader, decided)

    async def take_back(self, principal: Principal, source: Document, reader_slug: str) -> None:
        """Let an app read nothing any more; one that was refused, or had it taken back, is left as it is.

        Raises: `NotFound` for an app that nothing was decided on.
        """
        reader = await self._reader(source, reader_slug)
        grant = await self._context.grants.get(reader["_id"], source["_id"])
        if grant is None:
            raise _unknown(reader_slug, source)
        if grant["state"] != "granted":
            return
        wanted = wanted_of(await self._context.directory.manifest(reader), slugs_of(source))
        fields = {"collections": [], "considered": [*dict.fromkeys([*wanted, *grant["considered"]])]}
        decided = await self._put(principal, reader, source, {**fields, "state": "taken-back"})
        _tell(reader, grant, decided)
        await self._stands(decided)

    async def _reader(self, source: Document, slug: str) -> Document:
        reader = await self._context.directory.by_slug(slug)
        if reader is not None and reader["_id"] == source["_id"]:
            raise _unknown(slug, source)
        return reader or NO_APP

    async def _put(
        self, principal: Principal, reader: Document, source: Document, decision: dict[str, Any]
    ) -> Document:
        grant = {
            "_id": grant_id(reader["_id"], source["_id"]),
            "reader_id": reader["_id"],
            "source_id": source["_id"],
            "reader_database": reader["database"],
            "source_database": source["database"],
            "names": slugs_of(source),
            "decided_by": principal.user_id,
            "decided_at": self._context.clock.now(),
            **decision,
        }
        await self._context.grants.put(grant)
        log.info(
            "data-decided",
            state=grant["state"],
            by=grant["decided_by"],
            reader=reader["slug"],
            source=source["slug"],
            collections=grant["collections"],
        )
        return grant

    async def mend(self, identity: str) -> None:
        """Bring a grant up to date with the slugs of its source; drop one whose reader or source is gone."""
        grant = await self._context.grants.by_id(identity)
        if grant is not None:
            await self._stands(grant)

    async def mend_all(self) -> None:
        """Mend every grant: whatever came between a change of an app and its grants is made good here."""
        grants = await self._context.grants.all()
        apps = {app["_id"]: app for app in await self._context.directory.all()} if grants else {}
        for grant in grants:
            source = apps.get(grant["source_id"])
            if source is None or grant["reader_id"] not in apps or grant["names"] != slugs_of(source):
                await self._stands(grant)

    async def _stands(self, grant: Document) -> bool:
        """Mend one grant; false when it is gone."""
        source = await self._context.directory.get(grant["source_id"])
        reader = await self._context.directory.get(grant["reader_id"])
        if source is None or reader is None:
            await self._context.grants.remove(grant["_id"])
            return False
        if grant["names"] != slugs_of(source):
            await self._context.grants.update(grant["_id"], {"names": slugs_of(source)})
        return True

    async def renamed(self, source: Document) -> None:
        """Let readers call an app by its new slug, and by its former ones still."""
        for grant in await self._context.grants.of_sources([source["_id"]]):
            await self._stands(grant)

    async def forget(self, app: Document) -> None:
        """Drop what was decided and measured about an app that is being deleted."""
        await self._context.grants.remove_app(app["_id"])
        await self._context.usage.remove(app["database"])

    async def forget_strays(self) -> None:
        """Drop what was measured of databases whose app is gone: the broker may have written it a moment later."""
        measured = await self._context.usage.names()
        if measured:
            databases = {app["database"] for app in await self._context.directory.all()}
            for name in set(measured) - databases:
                await self._context.usage.remove(name)


def _tell(reader: Document, earlier: Document | None, decided: Document) -> None:
    """Tell the request's trail what was decided, and what had been."""
    trail = current_trail()
    trail.concerns("app", reader["_id"], reader["slug"])
    trail.change(before=_decision(earlier) if earlier else {}, after=_decision(decided))


def _decision(grant: Document) -> dict[str, Any]:
    return {"reader_id": grant["reader_id"], "state": grant["state"], "collections": grant["collections"]}


def _unknown(reader_slug: str, source: Document) -> NotFound:
    return NotFound(f'No app "{reader_slug}" asks to read the data of {source["name"]}.')
