"""Apps as other features need them: found by id, by slug, by whose data they ask for, and their manifests."""

from collections.abc import Iterable

from hothouse.apps.manifests import Manifest
from hothouse.apps.service.context import AppsContext
from hothouse.database.connection import Document
from hothouse.kit.problems import NotFound


def slugs_of(app: Document) -> list[str]:
    """Return every slug that leads to an app: the present one first, then its former ones."""
    return [app["slug"], *(slug for slug in app["slugs"] if slug != app["slug"])]


class Directory:
    """Finds apps, but none that is being deleted."""

    def __init__(self, context: AppsContext) -> None:
        self._context = context

    async def get(self, app_id: str) -> Document | None:
        return _standing(await self._context.apps.get(app_id))

    async def by_slug(self, slug: str) -> Document | None:
        """Find an app by its slug, present or former."""
        return _standing(await self._context.apps.by_slug(slug))

    async def all(self) -> list[Document]:
        return [app for app in await self._context.apps.all() if _standing(app)]

    async def asking(self, slugs: Iterable[str]) -> list[Document]:
        """Find the apps that ask for data of an app with one of these slugs."""
        return [app for app in await self._context.apps.asking(sorted(slugs)) if _standing(app)]

    async def manifest(self, app: Document) -> Manifest | None:
        """Return the manifest of the release that serves, else of the newest; None for an app without any."""
        release = await self._context.releases.get(app["_id"], app["release"]) if app["release"] else None
        release = release or await self._context.releases.newest(app["_id"])
        return Manifest.model_validate_json(release["manifest"]) if release else None

    async def note_reads(self, app: Document, slugs: list[str]) -> None:
        """Keep with an app whose data its manifest asks for, unless another release serves by now."""
        await self._context.apps.update(app["_id"], {"reads_from": slugs}, release=app["release"])

    async def allow_storage(self, app: Document, storage_bytes: int | None) -> Document:
        """Record how much an app may store, None: as much as any; returns it as it is then.

        Raises: `NotFound` for an app that is being deleted.
        """
        fields = {"storage_bytes": storage_bytes}
        if not await self._context.apps.update(app["_id"], fields, desired={"$ne": "deleted"}):
            raise NotFound
        return {**app, **fields}


def _standing(app: Document | None) -> Document | None:
    return app if app is not None and app["desired"] != "deleted" else None
