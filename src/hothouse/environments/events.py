"""The stream of changes that keeps pages on environments live."""

from collections.abc import AsyncIterator

from fastapi import APIRouter, Request, Response

from hothouse.access.concern import concerned
from hothouse.access.dependencies import requires
from hothouse.access.interfaces import Action
from hothouse.access.words import split
from hothouse.database.changes import Change
from hothouse.environments.dependencies import CurrentStanding, Environments, EnvironmentServices
from hothouse.identity.dependencies import CurrentPrincipal
from hothouse.identity.principal import Principal
from hothouse.kit.sse import Event, stream

router = APIRouter(prefix="/api/v1/environments", tags=["environments"])


@router.get(
    "/events",
    operation_id="environments.follow",
    response_class=Response,
    responses={200: {"content": {"text/event-stream": {}}}},
    dependencies=[requires(Action.ENVIRONMENTS_LIST)],
)
async def follow_environments(
    environments: Environments, principal: CurrentPrincipal, standing: CurrentStanding, request: Request
) -> Response:
    """Follow changes of what the caller may see: `environment`, `environment-removed`; `reload`: read all again."""
    return stream(_events(environments, principal), request.app.state.closing, standing.lost())


async def _events(environments: EnvironmentServices, principal: Principal) -> AsyncIterator[Event]:
    seen: dict[str, str] = {}  # slug by id of each that was shown, to tell of its removal
    async with environments.changes.listen() as changes:
        seen.update(await _visible(environments, principal))
        while True:
            change = await changes.get()
            if change.key is None:
                seen.update(await _visible(environments, principal))
                yield Event("reload", {})
                continue
            for identity in await _touched(environments, principal, change, seen):
                if event := await _event(environments, principal, identity, seen):
                    yield event


async def _visible(environments: EnvironmentServices, principal: Principal) -> dict[str, str]:
    every = await environments.context.environments.all()
    return {one["_id"]: one["slug"] for one in every if await environments.reading.may_view(principal, one)}


async def _touched(
    environments: EnvironmentServices, principal: Principal, change: Change, seen: dict[str, str]
) -> list[str]:
    """Return the ids of the environments that are not as they were, or that somebody may see now or sees no more."""
    match change.collection:
        case "environments":
            return [str(change.key)]
        case "grants":
            things = {str(change.key).partition("|")[0]}
        case "memberships" | "roles":
            concern = concerned(environments.context.sharing.policies, [change])
            if principal.user_id in concern.user_ids:
                every = [one["_id"] for one in await environments.context.environments.all()]
                return list(dict.fromkeys([*every, *seen]))
            things = concern.resources
        case _:
            return []
    return [identity for kind, identity in map(split, sorted(things)) if kind == "environment"]


async def _event(
    environments: EnvironmentServices, principal: Principal, identity: str, seen: dict[str, str]
) -> Event | None:
    found = await environments.context.environments.get(identity)
    if found is None or not await environments.reading.may_view(principal, found):
        slug = seen.pop(identity, None)
        return Event("environment-removed", {"slug": slug}) if slug else None
    seen[identity] = found["slug"]
    return Event("environment", (await environments.present.one(principal, found)).model_dump(mode="json"))
