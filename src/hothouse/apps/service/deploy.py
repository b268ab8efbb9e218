"""Making releases and pointing apps at them. Everything here only records what is wanted."""

from typing import Any

from hothouse.access.interfaces import Action
from hothouse.apps.errors import NotNow, SlugTaken, StillDeleting
from hothouse.apps.manifests import Manifest
from hothouse.apps.repository.releases import release_id
from hothouse.apps.schemas import ACTIVE_DEPLOYMENT, DeploymentKind
from hothouse.apps.service.context import AppsContext, resource_of
from hothouse.apps.service.reading import manifest_json
from hothouse.database.connection import Document
from hothouse.identity.principal import Principal
from hothouse.kit.ids import new_id
from hothouse.kit.problems import NotFound

FROM_MANIFEST = ("name", "description", "icon", "tags", "access", "idle_minutes")


class Deployer:
    """Makes releases from uploads and asks for deployments; the reconciler carries them out."""

    def __init__(self, context: AppsContext) -> None:
        self._context = context

    async def deploy_upload(
        self, principal: Principal, upload: Document, manifest: Manifest, message: str
    ) -> tuple[Document, Document]:
        """Make the upload the next release of the app its manifest names, and deploy it.

        Returns the app and the deployment. Raises: `SlugTaken` when the slug is an app the caller may not change.
        """
        app = await self._context.apps.by_slug(manifest.slug)
        if app is None:
            app = await self._create_app(principal, manifest)
        elif app["desired"] == "deleted":
            raise StillDeleting(manifest.slug)
        elif not await self._may_edit(principal, app):
            raise SlugTaken(manifest.slug)
        release = await self._add_release(principal, app, upload, manifest, message)
        return app, await self.request(principal.user_id, app, release, "deploy")

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
            "member_ids": await self._member_ids(manifest),
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
            "created_at": now,
            "updated_at": now,
            **effective(manifest, {}),
        }
        await self._context.apps.add(app)
        return app

    async def _member_ids(self, manifest: Manifest) -> list[str]:
        members = [await self._context.accounts.by_email(email) for email in manifest.members]
        return [member.id for member in members if member]

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
                **{key: upload[key] for key in ("digest", "size", "file_count")},
            }
        )
        return number

    async def deploy_release(self, principal: Principal, app: Document, number: int) -> Document:
        """Ask for a release to serve. Raises: `NotFound` for a release that does not exist."""
        if await self._context.releases.get(app["_id"], number) is None:
            raise NotFound(f"{app['name']} has no release {number}.")
        return await self.request(principal.user_id, app, number, "deploy")

    async def roll_back(self, principal: Principal, app: Document) -> Document:
        """Ask for the release that served before the one serving now. Raises: `NotNow` when there is none."""
        previous = await self._context.deployments.last_served(app["_id"], app["release"])
        if previous is None:
            raise NotNow(f"{app['name']} has no earlier release that served; there is nothing to roll back to.")
        return await self.request(principal.user_id, app, previous["release"], "rollback")

    async def restart(self, principal: Principal, app: Document) -> Document:
        """Ask for a fresh workload of the serving release, which takes over once it is ready."""
        number = app["release"] or app["last_release"]
        if not number:
            raise NotNow(f"{app['name']} has no release yet.")
        return await self.request(principal.user_id, app, number, "restart")

    async def request(self, author_id: str | None, app: Document, number: int, kind: DeploymentKind) -> Document:
        """Record a deployment; one still under way is superseded by it."""
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
        current = await self._context.apps.get(app["_id"])
        if current is None:
            raise NotFound
        calm: dict[str, Any] = {"count": 0, "not_before": None, "reason": None}
        await self._context.apps.update(
            app["_id"],
            {
                "deployment_id": deployment["_id"],
                "desired": "running",
                "is_asleep": False,
                "crash": calm,
                "updated_at": now,
            },
        )
        await self._supersede(current["deployment_id"])
        await self._retry_build(app["_id"], number)
        return deployment

    async def _supersede(self, deployment_id: str | None) -> None:
        earlier = await self._context.deployments.get(deployment_id) if deployment_id else None
        if earlier and earlier["state"] in ACTIVE_DEPLOYMENT:
            now = self._context.clock.now()
            reason = "a newer deployment took its place"
            await self._context.deployments.update(
                earlier["_id"], {"state": "superseded", "reason": reason, "finished_at": now}
            )

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
        "access": manifest.access,
        "idle_minutes": manifest.scale.idle_minutes or None,
    }
    chosen = {key: value for key, value in overrides.items() if key in FROM_MANIFEST}
    merged = {**from_manifest, **chosen}
    return {**merged, "idle_minutes": merged["idle_minutes"] or None, "kind": manifest.kind}
