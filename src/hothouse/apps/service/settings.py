"""Settings made on an app's page, which go before the manifest's."""

from typing import Any

from hothouse.apps.builds import KINDS
from hothouse.apps.errors import TooManySlugs
from hothouse.apps.manifests import Manifest
from hothouse.apps.schemas import AppSettings
from hothouse.apps.service.context import AppsContext
from hothouse.apps.service.deploy import FROM_MANIFEST, Deployer, effective, openness
from hothouse.apps.service.present import etag_of
from hothouse.apps.service.sealed import place_of
from hothouse.apps.service.telling import tell_settings
from hothouse.database.connection import Document
from hothouse.identity.principal import Principal
from hothouse.kit.problems import NotFound, PreconditionFailed

MOST_SLUGS = 20


class AppConfigurator:
    """Changes settings. Environment and secrets reach the app at its next start."""

    def __init__(self, context: AppsContext) -> None:
        self._context = context
        self._deployer = Deployer(context)

    async def change(
        self, principal: Principal, app: Document, settings: AppSettings, if_match: str | None
    ) -> Document:
        """Apply a change and return the app as it is then.

        Raises: `PreconditionFailed` when the settings were changed since they were read; `SlugTaken`,
        `TooManySlugs`.
        """
        if if_match is not None and if_match != etag_of(app):
            raise PreconditionFailed("Somebody changed these settings meanwhile. Load them again and repeat it.")
        fields = await self._fields(app, settings.model_dump(exclude_unset=True))
        if not await self._context.apps.update(app["_id"], fields, settings_version=app["settings_version"]):
            raise PreconditionFailed("Somebody changed these settings at the same moment. Load them again and repeat.")
        tell_settings(app, fields)
        changed = {**app, **fields}
        return await self._told(principal, changed) if changed["slug"] != app["slug"] else changed

    async def _fields(self, app: Document, given: dict[str, Any]) -> Document:
        """Return what a change sets."""
        release = await self._release(app)
        manifest = Manifest.model_validate_json(release["manifest"])
        own = (*FROM_MANIFEST, "access", "public_paths")
        overrides = {**app["overrides"], **{key: given[key] for key in own if key in given}}
        overrides = {key: value for key, value in overrides.items() if value is not None}
        fields: Document = {
            "overrides": overrides,
            **effective(manifest, overrides),
            "settings_version": app["settings_version"] + 1,
            "updated_at": self._context.clock.now(),
        }
        shares = release.get("shares", True)
        open_to = openness(manifest, overrides).items()
        fields |= {key: value for key, value in open_to if shares or key in given or key in overrides}
        if "slug" in given:
            fields |= renamed(app, given["slug"] or manifest.slug)
        if "env" in given:
            fields["env"] = given["env"] or {}
        if given.get("secrets"):
            fields["secrets"] = self._seal(app, given["secrets"])
        return fields

    async def _told(self, principal: Principal, app: Document) -> Document:
        """Let an app whose workload answers only at the address it was started for be started anew."""
        is_running = app["desired"] == "running" and not app["is_asleep"]
        if not KINDS[app["kind"]].checks_its_address or not is_running:
            return app
        await self._deployer.renew(principal, app)
        return await self._context.apps.get(app["_id"]) or app

    async def _release(self, app: Document) -> Document:
        """Return the release that serves, or else the newest."""
        release = await self._context.releases.get(app["_id"], app["release"]) if app["release"] else None
        release = release or await self._context.releases.newest(app["_id"])
        if release is None:
            raise NotFound
        return release

    def _seal(self, app: Document, secrets: dict[str, str | None]) -> dict[str, str]:
        sealed = {name: value for name, value in app["secrets"].items() if name not in secrets}
        for name, value in secrets.items():
            if value is not None:
                sealed[name] = self._context.secrets.seal(value, place_of(app, name))
        return sealed


def renamed(app: Document, slug: str) -> Document:
    """Return the fields of an app with another slug, a new one or one that it had; it keeps all others.

    Raises: `TooManySlugs`.
    """
    slugs = [slug, *(one for one in app["slugs"] if one != slug)]
    if len(slugs) > MOST_SLUGS:
        raise TooManySlugs(app["slugs"])
    return {"slug": slug, "slugs": slugs}
