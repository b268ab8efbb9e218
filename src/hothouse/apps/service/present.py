"""Turning what is stored into what the API shows."""

import json
from collections.abc import Sequence
from typing import Any

from hothouse.access.interfaces import Action
from hothouse.apps.manifests import Manifest
from hothouse.apps.schemas import (
    ACTIVE_DEPLOYMENT,
    App,
    AppDetail,
    Deployment,
    IsolationInfo,
    Person,
    Release,
    ReleaseDetail,
    WorkloadInfo,
)
from hothouse.apps.service.context import AppsContext, resource_of
from hothouse.database.connection import Document
from hothouse.identity.principal import Principal
from hothouse.identity.schemas import User

RELEASE_FIELDS = ("number", "state", "created_at", "message", "digest", "size", "file_count", "lock_digest", "error")
DEPLOYMENT_FIELDS = ("kind", "release", "state", "reason", "log_tail", "created_at", "finished_at")
APP_FIELDS = (
    "slug",
    "name",
    "description",
    "icon",
    "tags",
    "kind",
    "state",
    "reason",
    "release",
    "access",
    "last_activity_at",
    "created_at",
    "updated_at",
)


def person(user: User | None) -> Person | None:
    return Person(id=user.id, name=user.name, email=user.email) if user else None


class Presenter:
    """Makes API models of stored documents, looking up people and permissions in bulk."""

    def __init__(self, context: AppsContext) -> None:
        self._context = context

    async def apps(self, principal: Principal, documents: Sequence[Document]) -> list[App]:
        owners = await self._people({app["owner_id"] for app in documents})
        latest = [app["deployment_id"] for app in documents if app["deployment_id"]]
        deployments = await self._context.deployments.get_many(latest)
        return [
            App(**await self._app(principal, app, owners, deployments.get(app["deployment_id"]))) for app in documents
        ]

    async def app(self, principal: Principal, document: Document) -> App:
        return (await self.apps(principal, [document]))[0]

    async def _app(
        self, principal: Principal, app: Document, owners: dict[str, User], deployment: Document | None
    ) -> dict[str, Any]:
        is_news = deployment is not None and deployment["state"] in (*ACTIVE_DEPLOYMENT, "failed")
        allowed = await self._context.authorizer.allowed_actions(principal, resource_of(app))
        return {
            "id": app["_id"],
            **{key: app[key] for key in APP_FIELDS},
            "url": self._context.settings.app_url(app["slug"]),
            "owner": person(owners.get(app["owner_id"])),
            "deployment": self._deployment(app["slug"], deployment, owners) if deployment and is_news else None,
            "permissions": [action.value for action in allowed],
        }

    async def detail(self, principal: Principal, app: Document) -> AppDetail:
        summary = await self.app(principal, app)
        release = await self._context.releases.get(app["_id"], app["release"]) if app["release"] else None
        release = release or await self._context.releases.newest(app["_id"])
        manifest = Manifest.model_validate_json(release["manifest"]) if release else None
        workload = await self._context.workloads.get(app["workload_id"]) if app["workload_id"] else None
        return AppDetail(
            **summary.model_dump(),
            former_slugs=app["slugs"][1:],
            manifest=json.loads(release["manifest"]) if release else None,
            public_paths=app["public_paths"],
            overrides=app["overrides"],
            idle_minutes=app["idle_minutes"],
            env=app["env"] if Action.APP_EDIT in summary.permissions else {},
            secret_names=sorted(app["secrets"]),
            secrets_missing=[name for name in (manifest.secrets if manifest else []) if name not in app["secrets"]],
            database=app["database"],
            usage=self._context.usage.get(app["workload_id"]) if app["state"] == "running" else None,
            workload=self._workload(app, workload) if workload else None,
            etag=etag_of(app),
        )

    def _workload(self, app: Document, workload: Document) -> WorkloadInfo:
        isolation = workload["isolation"]
        return WorkloadInfo(
            id=workload["_id"],
            started_at=workload["started_at"],
            restarts=app["crash"]["count"],
            isolation=IsolationInfo(**isolation) if isolation else None,
        )

    async def deployments(self, slug: str, documents: Sequence[Document]) -> list[Deployment]:
        people = await self._people({deployment["created_by"] for deployment in documents})
        return [self._deployment(slug, deployment, people) for deployment in documents]

    async def deployment(self, slug: str, document: Document) -> Deployment:
        return (await self.deployments(slug, [document]))[0]

    def _deployment(self, slug: str, deployment: Document, people: dict[str, User]) -> Deployment:
        fields = {key: deployment[key] for key in DEPLOYMENT_FIELDS}
        author = person(people.get(deployment["created_by"]))
        return Deployment(id=deployment["_id"], app=slug, created_by=author, **fields)

    async def releases(self, app: Document, documents: Sequence[Document]) -> list[Release]:
        people = await self._people({release["author_id"] for release in documents})
        return [Release(**self._release(app, release, people)) for release in documents]

    async def release(self, app: Document, document: Document) -> ReleaseDetail:
        people = await self._people({document["author_id"]})
        fields = self._release(app, document, people)
        return ReleaseDetail(**fields, manifest=json.loads(document["manifest"]), lock=document["lock"])

    def _release(self, app: Document, release: Document, people: dict[str, User]) -> dict[str, Any]:
        return {
            **{key: release[key] for key in RELEASE_FIELDS},
            "serving": app["release"] == release["number"],
            "created_by": person(people.get(release["author_id"])),
        }

    async def _people(self, user_ids: set[str | None]) -> dict[str, User]:
        return await self._context.accounts.get_many({user_id for user_id in user_ids if user_id})


def etag_of(app: Document) -> str:
    """Return the version of an app's settings, for `If-Match`."""
    return f'"{app["settings_version"]}"'
