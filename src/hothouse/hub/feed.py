"""What gateways follow: where each app is, and whose decisions are to be made anew."""

import json
from collections.abc import AsyncIterator, Iterable

from hothouse.access.concern import concerned
from hothouse.access.policies import Policies
from hothouse.access.words import split
from hothouse.apps.dependencies import AppServices
from hothouse.apps.schemas import ACTIVE_DEPLOYMENT
from hothouse.apps.service.context import resource_of
from hothouse.database.changes import Change
from hothouse.database.connection import Document
from hothouse.hub.schemas import Recheck, Route, RouteDeployment
from hothouse.kit.ids import fingerprint
from hothouse.kit.sse import Event


async def route_events(apps: AppServices, policies: Policies, gateways: set[object]) -> AsyncIterator[Event]:
    """Yield `snapshot`, then `route`, `removed` and `recheck` as things change.

    What came in at the same moment is told together, and a snapshot whenever it is not known what changed.
    """
    gateway = object()  # counted while connected, for the readiness of the platform
    gateways.add(gateway)
    try:
        async with apps.changes.listen() as changes:
            yield await _snapshot(apps, policies)
            while True:
                batch = [await changes.get()]
                while not changes.empty():
                    batch.append(changes.get_nowait())
                async for event in _told(apps, policies, batch):
                    yield event
    finally:
        gateways.discard(gateway)


async def _told(apps: AppServices, policies: Policies, batch: list[Change]) -> AsyncIterator[Event]:
    if any(change.key is None for change in batch):
        yield await _snapshot(apps, policies)
        return
    recheck = _recheck(policies, batch)
    if recheck != Recheck():
        yield Event("recheck", recheck.model_dump())
    for app_id in await _app_ids(apps, batch):
        yield await _route_event(apps, policies, app_id)


def _recheck(policies: Policies, batch: Iterable[Change]) -> Recheck:
    """Return whom changes of accounts, sessions, tokens, workloads, and of access concern.

    Sessions and tokens count when they are removed: else only the time of their last use changes. A workload is what an
    app's own token stands and falls with.
    """
    concern = concerned(policies, batch)
    return Recheck(
        app_ids=sorted(split(one)[1] for one in concern.resources if split(one)[0] == "app"),
        user_ids=sorted({str(change.key) for change in batch if change.collection == "users"} | concern.user_ids),
        credentials=sorted(
            {str(change.key) for change in batch if change.collection in ("sessions", "tokens") and change.is_deleted}
            | {str(change.key) for change in batch if change.collection == "workloads"}
        ),
    )


async def _app_ids(apps: AppServices, batch: Iterable[Change]) -> list[str]:
    found: dict[str, None] = {}
    for change in batch:
        if change.collection == "apps":
            found[str(change.key)] = None
        elif change.collection == "deployments" and (deployment := await apps.context.deployments.get(str(change.key))):
            found[deployment["app_id"]] = None
    return list(found)


async def _snapshot(apps: AppServices, policies: Policies) -> Event:
    routes = [
        await route_of(apps, policies, app) for app in await apps.context.apps.all() if app["desired"] != "deleted"
    ]
    return Event("snapshot", {"routes": [route.model_dump(mode="json") for route in routes]})


async def _route_event(apps: AppServices, policies: Policies, app_id: str) -> Event:
    app = await apps.context.apps.get(app_id)
    if app is None or app["desired"] == "deleted":
        return Event("removed", {"app_id": app_id})
    return Event("route", (await route_of(apps, policies, app)).model_dump(mode="json"))


async def route_of(apps: AppServices, policies: Policies, app: Document) -> Route:
    """Return the route of an app as a gateway is to use it now."""
    workload = await apps.context.workloads.get(app["workload_id"]) if app["workload_id"] else None
    serves = workload is not None and workload["is_live"] and workload["state"] == "running"
    wanted = app["desired"] == "running" and not app["is_asleep"]
    deployment = await apps.context.deployments.get(app["deployment_id"]) if app["deployment_id"] else None
    is_news = deployment is not None and deployment["state"] in (*ACTIVE_DEPLOYMENT, "failed")
    return Route(
        app_id=app["_id"],
        former_slugs=app["slugs"][1:],
        endpoint=f"http://127.0.0.1:{workload['port']}" if workload and serves and wanted else None,
        workload_id=app["workload_id"],
        audience=_audience(policies, app),
        deployment=RouteDeployment(
            id=deployment["_id"],
            **{key: deployment[key] for key in ("state", "reason", "log_tail")},
        )
        if deployment and is_news
        else None,
        **{key: app[key] for key in ("slug", "name", "icon", "state", "reason", "access", "public_paths", "release")},
    )


def _audience(policies: Policies, app: Document) -> str:
    """Return a text that changes with everything of an app that decides who may open it."""
    resource = resource_of(app)
    said = [resource.owner_id, resource.openness, *policies.said_of(resource.key)]
    return fingerprint(json.dumps(said))[:16]
