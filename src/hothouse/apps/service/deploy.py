"""Making releases and pointing apps at them. Everything here only records what is wanted."""

from typing import Any

from hothouse.access.interfaces import Action
from hothouse.apps.errors import NotNow, SlugTaken, StillDeleting
from hothouse.apps.manifests import Manifest
from hothouse.apps.repository.releases import release_id
from hothouse.apps.schemas import ACTIVE_DEPLOYMENT, DeploymentKind
from hothouse.apps.service.context import AppsContext, resource_of
from hothouse.apps.service.reading import manifest_json
from hothouse.apps.service.room import AppRoom
from hothouse.apps.service.telling import tell_deployment
from hothouse.database.connection import Document
from hothouse.identity.principal import Principal
from hothouse.kit.ids import new_id
from hothouse.kit.problems import NotFound
from hothouse.kit.trail import current_trail

FROM_MANIFEST = ("name", "description", "icon", "tags", "idle_minutes")


class Deployer:
    """Makes releases from uploads and asks for deployments; the reconciler carries them out."""

    def __init__(self, context: AppsContext) -> None:
        self._context = context
        self._room = AppRoom(context)

    async def deploy_upload(
        self, principal: Principal, upload: Document, manifest: Manifest, message: str
    ) -> tuple[Document, Document]:
        """Make the upload the next release of the app its manifest names, and deploy it.

        Returns the app and the deployment. Raises: `SlugTaken` when the slug is an app the caller may not change;
        `QuotaReached`.
        """
        app, size = await self._context.apps.by_slug(manifest.slug), int(upload["size"])
        if app is not None:
            await self._check_target(principal, app, manifest.slug)
        room = self._room.to_run(app, manifest, size) if app else self._room.for_new(principal.user_id, manifest, size)
        async with room:
            app = app or await self._create_app(principal, manifest)
            await self._check_target(principal, app, manifest.slug)  # it may be somebody's of this very moment
            release = await self._add_release(principal, app, upload, manifest, message)
            return app, await self.request(principal.user_id, app, release, "deploy")

    async def _check_target(self, principal: Principal, app: Document, slug: str) -> None:
        """See that somebody may deploy to an app. Raises: `StillDeleting`, `SlugTaken`."""
        if app["desired"] == "deleted":
            raise StillDeleting(slug)
        if not await self._may_edit(principal, app):
            current_trail().deny("the app of that slug is not shared with this person")
            raise SlugTaken(slug)

    async def _may_edit(self, principal: Principal, app: Document) -> bool:
        if principal.user is None:  # the platform itself, deploying its examples
            return app["owner_id"] is None
        return (await self._context.authorizer.check(principal, Action.APP_EDIT, resource_of(app))).is_allowed

    async def _create_app(self, principal: Principal, manifest: Manifest) -> Document:
        now = self._context.clock.now()
        app: Document = {
            "_id": new_id(),
            "slug": manifest.slug,
            "owner_id": principal.user_id,
            "database": f"hh_{new_id(20)}",
            "uid_offset": await self._context.apps.next_uid_offset(),
            "overrides": {},
            "env": {},
            "secrets": {},
            "settings_version": 1,
            "desired": "running",
            "is_asleep": False,
            "last_release": 0,
            "release": None,
            "workload_id": None,
            "deployment_id": None,
            "state": "pending",
            "reason": "waiting to be built",
            "crash": {"count": 0, "not_before": None, "reason": None},
            "last_activity_at": None,
            "open_connections": 0,
            "connections_seen_at": None,
            "created_at": now,
            "updated_at": now,
            **effective(manifest, {}),
            **openness(manifest, {}),
        }
        try:
            await self._context.apps.add(app)
        except SlugTaken:  # at this very moment; if by the caller, this becomes the second release
            return await self._context.apps.by_slug(manifest.slug) or app
        await self.share(app, manifest)
        return app

    async def share(self, app: Document, manifest: Manifest) -> None:
        """Let the people whom a manifest names as members look at the app; addresses without an account are left."""
        emails = manifest.members if manifest.access == "members" else []
        members = [await self._context.accounts.by_email(email) for email in emails]
        await self._context.sharing.keep_to_manifest(resource_of(app), [member.id for member in members if member])

    async def _may_share(self, principal: Principal, app: Document) -> bool:
        """Tell whether what a manifest says about access counts, if it is this person who brings it."""
        if principal.user is None:
            return True
        may = await self._context.authorizer.check(principal.unlimited(), Action.APP_SHARE, resource_of(app))
        return may.is_allowed

    async def _add_release(
        self, principal: Principal, app: Document, upload: Document, manifest: Manifest, message: str
    ) -> int:
        number = await self._context.apps.next_release_number(app["_id"])
        if number is None:
            raise NotFound
        await self._context.releases.add(
            {
                "app_id": app["_id"],
                "number": number,
                "manifest": manifest_json(manifest),
                "author_id": principal.user_id,
                "created_at": self._context.clock.now(),
                "message": message,
                "state": "uploaded",
                "lock": None,
                "lock_digest": None,
                "environment": None,
                "error": None,
                "shares": await self._may_share(principal, app),
                **{key: upload[key] for key in ("digest", "size", "file_count")},
            }
        )
        return number

    async def deploy_release(self, principal: Principal, app: Document, number: int) -> Document:
        """Ask for a release to serve. Raises: `NotFound` for a release that does not exist; `QuotaReached`."""
        return await self._request(principal, app, number, "deploy")

    async def _request(self, principal: Principal, app: Document, number: int, kind: DeploymentKind) -> Document:
        """Ask for a release to serve, as far as quotas allow. Raises: `NotFound`, `QuotaReached`."""
        release = await self._context.releases.get(app["_id"], number)
        if release is None:
            raise NotFound(f"{app['name']} has no release {number}.")
        async with self._room.to_run(app, Manifest.model_validate_json(release["manifest"])):
            return await self.request(principal.user_id, app, number, kind)

    async def roll_back(self, principal: Principal, app: Document) -> Document:
        """Ask for the release that served before the one serving now. Raises: `NotNow` when there is none."""
        previous = await self._context.deployments.last_served(app["_id"], app["release"])
        if previous is None:
            raise NotNow(f"{app['name']} has no earlier release that served; there is nothing to roll back to.")
        return await self._request(principal, app, previous["release"], "rollback")

    async def restart(self, principal: Principal, app: Document) -> Document:
        """Ask for a fresh workload of the serving release, which takes over once it is ready."""
        newest = None if app["release"] else await self._context.releases.newest(app["_id"])
        number = newest["number"] if newest else app["release"]
        if number is None:
            raise NotNow(f"{app['name']} has no release yet; deploy one first.")
        return await self._request(principal, app, number, "restart")

    async def renew(self, principal: Principal, app: Document) -> None:
        """Ask for a fresh workload of what serves or, if a deployment is under way, of what is about to."""
        latest = await self._context.deployments.get(app["deployment_id"]) if app["deployment_id"] else None
        is_active = latest is not None and latest["state"] in ACTIVE_DEPLOYMENT
        number = latest["release"] if latest and is_active else app["release"]
        if number is not None:
            await self.request(principal.user_id, app, number, latest["kind"] if latest and is_active else "restart")

    async def request(
        self,
        author_id: str | None,
        app: Document,
        number: int,
        kind: DeploymentKind,
        crash: Document | None = None,
    ) -> Document:
        """Record a deployment, whatever quotas say; one still under way is superseded by it.

        Raises: `NotFound` when the app is, or is about to be, gone.
        """
        now = self._context.clock.now()
        deployment: Document = {
            "_id": new_id(),
            "app_id": app["_id"],
            "kind": kind,
            "release": number,
            "state": "queued",
            "reason": None,
            "log_tail": [],
            "has_served": False,
            "workload_id": None,
            "created_by": author_id,
            "created_at": now,
            "finished_at": None,
        }
        await self._context.deployments.add(deployment)
        await self._retry_build(app["_id"], number)
        fields = {
            "deployment_id": deployment["_id"],
            "desired": "running",
            "is_asleep": False,
            "crash": crash or {"count": 0, "not_before": None, "reason": None},
            "updated_at": now,
        }
        try:
            earlier = await self._point(app["_id"], fields)
        except NotFound:
            await self._context.deployments.end(deployment["_id"], "superseded", "the app was deleted", now)
            raise
        if earlier:
            await self._context.deployments.end(earlier, "superseded", "a newer deployment took its place", now)
        tell_deployment(app, deployment)
        return deployment

    async def _point(self, app_id: str, fields: Document) -> str | None:
        """Point an app at a deployment and return the one it pointed at, which exactly one caller gets to close."""
        while True:
            app = await self._context.apps.get(app_id)
            if app is None or app["desired"] == "deleted":
                raise NotFound
            unmoved = {key: app[key] for key in ("deployment_id", "desired")}
            if await self._context.apps.update(app_id, fields, **unmoved):
                earlier: str | None = app["deployment_id"]
                return earlier

    async def _retry_build(self, app_id: str, number: int) -> None:
        """Give a release whose build failed another try, since it is asked for again."""
        release = await self._context.releases.get(app_id, number)
        if release and release["state"] == "failed":
            identity = release_id(app_id, number)
            await self._context.jobs.retry(f"build-{identity}")
            await self._context.releases.update(identity, {"state": "building", "error": None})


def effective(manifest: Manifest, overrides: dict[str, Any]) -> dict[str, Any]:
    """Return the settings in force: those of the manifest, with what was set on the app's page before them."""
    from_manifest = {
        "name": manifest.name,
        "description": manifest.description,
        "icon": manifest.icon,
        "tags": manifest.tags,
        "idle_minutes": manifest.scale.idle_minutes or None,
    }
    chosen = {key: value for key, value in overrides.items() if key in FROM_MANIFEST}
    merged = {**from_manifest, **chosen}
    decided = {
        "idle_minutes": merged["idle_minutes"] or None,
        "kind": manifest.kind,
        "reads_from": reads_from(manifest),
    }
    return {**merged, **decided}


def openness(manifest: Manifest, overrides: dict[str, Any]) -> dict[str, Any]:
    """Return how open an app is, and which paths of it: as its manifest says, unless that was set on its page."""
    from_manifest = {
        "access": "private" if manifest.access == "members" else manifest.access,
        "public_paths": manifest.public_paths,
    }
    return {key: overrides.get(key, value) for key, value in from_manifest.items()}


def reads_from(manifest: Manifest) -> list[str]:
    """Return the slugs of the apps whose data a manifest asks for; kept with the app so that they can be looked up."""
    return sorted({wish.app for wish in manifest.data.read_from})
