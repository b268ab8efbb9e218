"""What has an address of its own: apps and environments, as the gateway is told of them."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from hothouse.access.interfaces import Action, Resource
from hothouse.access.policies import Policies
from hothouse.apps.schemas import ACTIVE_DEPLOYMENT
from hothouse.apps.service import AppControl, AppsContext
from hothouse.apps.service.context import resource_of as app_resource
from hothouse.apps.service.directory import slugs_of
from hothouse.database.connection import Document
from hothouse.environments.service import Control, EnvironmentsContext
from hothouse.environments.sharing import resource_of as environment_resource
from hothouse.hub.schemas import Route, RouteDeployment
from hothouse.kit.ids import fingerprint
from hothouse.kit.slugs import ENVIRONMENT_ENDING, ENVIRONMENT_ID
from hothouse.workloads.networks import address_of

WakeBySpare = Callable[[Document], Awaitable[Document | None]]
SHOWN = ("slug", "name", "icon", "state", "reason", "access", "public_paths", "release")


@dataclass(frozen=True, slots=True)
class Addressed:
    """An app or an environment, none that is being deleted. `open` is what one must be allowed to do to come in."""

    document: Document
    resource: Resource
    open: Action
    slugs: list[str]

    @property
    def id(self) -> str:
        return str(self.document["_id"])


class Addresses:
    """Finds what has an address, and tells gateways of it."""

    def __init__(
        self, apps: AppsContext, environments: EnvironmentsContext, policies: Policies, wake_by_spare: WakeBySpare
    ) -> None:
        """Make it; `wake_by_spare` returns the app it woke, None where it has nothing to do that with."""
        self._apps = apps
        self._wake_by_spare = wake_by_spare
        self._environments = environments
        self._policies = policies
        self._app_control = AppControl(apps)
        self._environment_control = Control(environments)

    async def get(self, identity: str) -> Addressed | None:
        """Find what has an id, with one look: how many there are must not tell what there is."""
        if identity.startswith(ENVIRONMENT_ID) or identity.endswith(ENVIRONMENT_ENDING):
            return _environment(await self._environments.environments.get(identity))
        return _app(await self._apps.apps.get(identity))

    async def by_slug(self, slug: str) -> Addressed | None:
        """Find what has, or had, a slug, with one look."""
        if slug.endswith(ENVIRONMENT_ENDING):
            return _environment(await self._environments.environments.by_slug(slug))
        return _app(await self._apps.apps.by_slug(slug))

    async def all(self) -> AsyncIterator[Addressed]:
        for found in [_app(one) for one in await self._apps.apps.all()]:
            if found is not None:
                yield found
        for found in [_environment(one) for one in await self._environments.environments.all()]:
            if found is not None:
                yield found

    async def wake(self, found: Addressed) -> Addressed | None:
        """Let what is asleep run again."""
        if found.resource.kind == "app":
            if found.document["is_asleep"] and (app := await self._wake_by_spare(found.document)) is not None:
                return _app(app)
            workload_id = found.document["workload_id"] if found.document["is_asleep"] else None
            woken, _ = await asyncio.gather(
                self._app_control.wake(found.document), self._environments.waking.thaw(workload_id)
            )
            return _app(woken)
        return _environment(await self._environment_control.wake(found.document))

    async def note_activity(self, identity: str, at: datetime | None, open_connections: int) -> None:
        """Record that visitors were there; what has no such id is left out."""
        control = self._environment_control if identity.startswith(ENVIRONMENT_ID) else self._app_control
        await control.note_activity(identity, at, open_connections)

    async def route(self, found: Addressed) -> Route:
        """Return the route of an app or environment as a gateway is to use it now."""
        document = found.document
        workload_id = document["workload_id"]
        workload, news = await asyncio.gather(self._workload(workload_id), self._news(found))
        serves = workload is not None and workload["is_live"] and workload["state"] == "running"
        wanted = document["desired"] == "running" and not document["is_asleep"]
        return Route(
            app_id=found.id,
            former_slugs=found.slugs[1:],
            endpoint=address_of(workload) if workload and serves and wanted else None,
            workload_id=workload_id,
            audience=self._audience(found.resource),
            background_bytes=document.get("spec", {}).get("background_bytes", 0),
            deployment=news,
            **{"access": "private", "public_paths": [], "release": None}
            | {key: document[key] for key in SHOWN if key in document},
        )

    async def _workload(self, workload_id: str | None) -> Document | None:
        return await self._apps.workloads.get(workload_id) if workload_id else None

    async def _news(self, found: Addressed) -> RouteDeployment | None:
        """Return what a page about a start that goes on, or failed, tells of."""
        document = found.document
        if found.resource.kind == "environment":
            return None
        deployment_id = document["deployment_id"]
        news = await self._apps.deployments.get(deployment_id) if deployment_id else None
        if news is None or news["state"] not in (*ACTIVE_DEPLOYMENT, "failed"):
            return None
        return RouteDeployment(id=news["_id"], **{key: news[key] for key in ("state", "reason", "log_tail")})

    def _audience(self, resource: Resource) -> str:
        """Return a text that changes with everything that decides who may come in."""
        said = [resource.owner_id, resource.openness, *self._policies.said_of(resource.key)]
        return fingerprint(json.dumps(said))[:16]


def _app(app: Document | None) -> Addressed | None:
    if app is None or app["desired"] == "deleted":
        return None
    return Addressed(app, app_resource(app), Action.APP_OPEN, slugs_of(app))


def _environment(environment: Document | None) -> Addressed | None:
    if environment is None or environment["desired"] == "deleted":
        return None
    resource = environment_resource(environment)
    return Addressed(environment, resource, Action.ENVIRONMENT_OPEN, [environment["slug"]])
