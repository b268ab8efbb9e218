"""Turning apps, manifests and grants into what the API shows."""

from hothouse.access.interfaces import Action
from hothouse.apps.manifests import Manifest
from hothouse.apps.schemas import Person
from hothouse.apps.service.directory import slugs_of
from hothouse.apps.service.present import person
from hothouse.data.schemas import AppRef, DataRead, DataReader
from hothouse.data.service.asks import granted_by, state_of, waiting_for, wanted_of
from hothouse.data.service.context import DataContext
from hothouse.database.connection import Document
from hothouse.identity.principal import Principal


class Presenter:
    """Makes API models of who reads what."""

    def __init__(self, context: DataContext) -> None:
        self._context = context

    def ref(self, app: Document) -> AppRef:
        url = self._context.settings.app_url(app["slug"])
        return AppRef(slug=app["slug"], name=app["name"], icon=app["icon"], url=url)

    async def reader(self, source: Document, reader: Document, grant: Document | None) -> DataReader:
        """Show one reader of an app's data, as that app's owner sees it: an app that asks says who it is."""
        wanted = wanted_of(await self._context.directory.manifest(reader), slugs_of(source))
        return DataReader(
            app=self.ref(reader),
            owner=await self._person(reader["owner_id"]),
            wanted=wanted,
            granted=granted_by(grant),
            waiting=waiting_for(wanted, grant),
            state=state_of(grant),
            is_wanted=bool(wanted),
            decided_by=await self._person(grant["decided_by"]) if grant else None,
            decided_at=grant["decided_at"] if grant else None,
        )

    async def readers(self, source: Document) -> list[DataReader]:
        """Show every app that asks for an app's data or was given an answer, by slug."""
        directory = self._context.directory
        found = {app["_id"]: app for app in await directory.asking(slugs_of(source))}
        grants = {grant["reader_id"]: grant for grant in await self._context.grants.of_sources([source["_id"]])}
        for reader_id in set(grants) - set(found):
            if app := await directory.get(reader_id):
                found[reader_id] = app
        found.pop(source["_id"], None)
        shown = [await self.reader(source, reader, grants.get(reader_id)) for reader_id, reader in found.items()]
        known = [one for one in shown if one.is_wanted or one.state != "asked"]
        return sorted(known, key=lambda one: one.app.slug)

    async def reads(self, principal: Principal, reader: Document, manifest: Manifest | None) -> list[DataRead]:
        """Show what an app asks to read, in the manifest's order, then what it may read without asking any more."""
        grants = {grant["source_id"]: grant for grant in await self._context.grants.of_reader(reader["_id"])}
        shown: list[DataRead] = []
        for slug in dict.fromkeys(wish.app for wish in manifest.data.read_from) if manifest else ():
            source = await self._context.directory.by_slug(slug)
            grant = grants.pop(source["_id"], None) if source else None
            shown.append(await self._read(principal, slug, source, wanted_of(manifest, [slug]), grant))
        for source_id, grant in grants.items():
            source = await self._context.directory.get(source_id)
            if source and grant["collections"]:
                shown.append(await self._read(principal, grant["names"][0], source, [], grant))
        return shown

    async def _read(
        self, principal: Principal, slug: str, source: Document | None, wanted: list[str], grant: Document | None
    ) -> DataRead:
        """Show one source. One that is missing looks like one that the caller may not see and that did not answer."""
        is_shown = source is not None and await self._context.may(principal, Action.APP_VIEW, source)
        return DataRead(
            app=slug,
            source=self.ref(source) if source and is_shown else None,
            wanted=wanted,
            granted=granted_by(grant),
            waiting=waiting_for(wanted, grant),
            state=state_of(grant),
            is_wanted=bool(wanted),
            decided_at=grant["decided_at"] if grant else None,
        )

    async def _person(self, user_id: str | None) -> Person | None:
        return person(await self._context.accounts.get(user_id)) if user_id else None
