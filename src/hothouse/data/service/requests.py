"""What waits for somebody to decide."""

from typing import Any

from hothouse.access.interfaces import Action
from hothouse.apps.service.directory import slugs_of
from hothouse.data.repository import grant_id
from hothouse.data.schemas import DataRequest
from hothouse.data.service.asks import waiting_for, wanted_of
from hothouse.data.service.context import DataContext
from hothouse.data.service.present import Presenter
from hothouse.database.connection import Document
from hothouse.identity.principal import Principal
from hothouse.kit.paging import Page, PageRequest, encode_cursor
from hothouse.kit.problems import FieldProblem, Invalid


class Requests:
    """The wishes that apps have and that nobody has answered."""

    def __init__(self, context: DataContext, present: Presenter) -> None:
        self._context = context
        self._present = present

    async def page(self, principal: Principal, paging: PageRequest) -> Page[DataRequest]:
        """Return what waits for this person to decide, by the slugs of the app asked and of the one that asks."""
        after = _position(paging.after)
        items: list[DataRequest] = []
        for source, reader, grant in await self._pairs(principal):
            if (source["slug"], reader["slug"]) <= after:
                continue
            if len(items) == paging.limit:
                last = items[-1]
                return Page(items=items, next_cursor=encode_cursor([last.app.slug, last.reader.app.slug]))
            shown = await self._present.reader(source, reader, grant)
            items.append(DataRequest(app=self._present.ref(source), reader=shown))
        return Page(items=items)

    async def _pairs(self, principal: Principal) -> list[tuple[Document, Document, Document | None]]:
        """Find who waits for whom, in the order of slugs."""
        apps = await self._context.directory.all()
        readers = [app for app in apps if app.get("reads_from")]
        asked = {slug for reader in readers for slug in reader["reads_from"]}
        sources = [
            app
            for app in apps
            if asked.intersection(slugs_of(app)) and await self._context.may(principal, Action.APP_SHARE, app)
        ]
        decided = await self._context.grants.of_sources([source["_id"] for source in sources])
        grants = {grant["_id"]: grant for grant in decided}
        manifests = {reader["_id"]: await self._context.directory.manifest(reader) for reader in readers if sources}
        pairs = [
            (source, reader, grant)
            for source in sources
            for reader in readers
            if reader["_id"] != source["_id"]
            for grant in [grants.get(grant_id(reader["_id"], source["_id"]))]
            if waiting_for(wanted_of(manifests[reader["_id"]], slugs_of(source)), grant)
        ]
        return sorted(pairs, key=lambda pair: (pair[0]["slug"], pair[1]["slug"]))


def _position(after: Any) -> tuple[str, str]:
    """Read the position a cursor holds. Raises: `Invalid` for one that another list gave out."""
    match after:
        case None:
            return "", ""
        case [str(source), str(reader)]:
            return source, reader
    message = "This cursor is not one this list gave out; start again without it."
    raise Invalid(message, errors=[FieldProblem(pointer="/cursor", message=message)])
