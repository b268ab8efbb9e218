"""The stream of changes that keeps pages live."""

from collections.abc import AsyncIterator, Iterable

from fastapi import APIRouter, Request, Response

from hothouse.access.concern import concerned
from hothouse.access.dependencies import requires
from hothouse.access.interfaces import Action
from hothouse.access.words import split
from hothouse.apps.dependencies import Apps, AppServices, CurrentStanding
from hothouse.apps.service.context import resource_of
from hothouse.database.changes import Change
from hothouse.database.connection import Document
from hothouse.identity.dependencies import CurrentPrincipal
from hothouse.identity.principal import Principal
from hothouse.kit.sse import Event, stream

router = APIRouter(prefix="/api/v1", tags=["apps"])


@router.get(
    "/events",
    operation_id="events.follow",
    response_class=Response,
    responses={200: {"content": {"text/event-stream": {}}}},
    dependencies=[requires(Action.SIGNED_IN)],
)
async def follow_events(
    apps: Apps, principal: CurrentPrincipal, standing: CurrentStanding, request: Request
) -> Response:
    """Follow changes of what the caller may see: `app`, `app-removed`, `deployment`, `data`; `reload`: read all again.

    `data` names an app whose data sandbox changed: what it reads, who reads it, its limits.
    """
    return stream(_events(apps, principal), request.app.state.closing, standing.lost())


async def _events(apps: AppServices, principal: Principal) -> AsyncIterator[Event]:
    seen: dict[str, str] = {}  # slug by id of each app that was shown, to tell of its removal
    async with apps.changes.listen() as changes:
        seen.update(await _visible(apps, principal))
        while True:
            change = await changes.get()
            if change.key is None:
                seen.update(await _visible(apps, principal))
                yield Event("reload", {})
                continue
            async for event in _about(apps, principal, change, seen):
                yield event


def _about(apps: AppServices, principal: Principal, change: Change, seen: dict[str, str]) -> AsyncIterator[Event]:
    """Return what a change is to those who look at apps."""
    match change.collection:
        case "deployments":
            return _deployment_event(apps, principal, change)
        case "data":
            return _data_event(apps, principal, change)
        case "apps":
            return _app_event(apps, principal, str(change.key), seen)
        case _:
            return _access_events(apps, principal, change, seen)


async def _access_events(
    apps: AppServices, principal: Principal, change: Change, seen: dict[str, str]
) -> AsyncIterator[Event]:
    """Tell of the apps that somebody sees, or sees no more, because grants, groups or roles are not as they were."""
    for app_id in await _concerned_apps(apps, principal, change, seen):
        async for event in _app_event(apps, principal, app_id, seen):
            yield event


async def _concerned_apps(
    apps: AppServices, principal: Principal, change: Change, seen: dict[str, str]
) -> Iterable[str]:
    if change.collection == "grants":
        things = {str(change.key).partition("|")[0]}
    elif change.collection in ("memberships", "roles"):
        concern = concerned(apps.context.sharing.policies, [change])
        if principal.user_id in concern.user_ids:
            return {app["_id"]: None for app in await apps.context.apps.all()} | dict.fromkeys(seen)
        things = concern.resources
    else:
        things = set()
    return [identity for kind, identity in map(split, sorted(things)) if kind == "app"]


async def _visible(apps: AppServices, principal: Principal) -> dict[str, str]:
    every = await apps.context.apps.all()
    return {app["_id"]: app["slug"] for app in every if await _is_shown(apps, principal, app)}


async def _is_shown(apps: AppServices, principal: Principal, app: Document) -> bool:
    return app["desired"] != "deleted" and await apps.read.may_view(principal, app)


async def _app_event(
    apps: AppServices, principal: Principal, app_id: str, seen: dict[str, str]
) -> AsyncIterator[Event]:
    app = await apps.context.apps.get(app_id)
    if app is None or not await _is_shown(apps, principal, app):
        if slug := seen.pop(app_id, None):
            yield Event("app-removed", {"slug": slug})
        return
    if seen.get(app_id, app["slug"]) != app["slug"]:
        yield Event("app-removed", {"slug": seen[app_id]})
    seen[app_id] = app["slug"]
    yield Event("app", (await apps.present.app(principal, app)).model_dump(mode="json"))


async def _deployment_event(apps: AppServices, principal: Principal, change: Change) -> AsyncIterator[Event]:
    deployment = await apps.context.deployments.get(str(change.key))
    app = await apps.context.apps.get(deployment["app_id"]) if deployment else None
    if deployment and app and await _is_shown(apps, principal, app):
        shown = await apps.present.deployment(app["slug"], deployment)
        yield Event("deployment", shown.model_dump(mode="json"))
        yield Event("app", (await apps.present.app(principal, app)).model_dump(mode="json"))


async def _data_event(apps: AppServices, principal: Principal, change: Change) -> AsyncIterator[Event]:
    """Tell those who may change an app that what it reads, or who reads it, is not as it was."""
    app = await apps.context.apps.get(str(change.key))
    if app is None or app["desired"] == "deleted":
        return
    if (await apps.context.authorizer.check(principal, Action.APP_EDIT, resource_of(app))).is_allowed:
        yield Event("data", {"slug": app["slug"]})
