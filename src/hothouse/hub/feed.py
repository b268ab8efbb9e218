"""What gateways follow: where each app and environment is, and whose decisions are to be made anew."""

from collections.abc import AsyncIterator, Iterable

from hothouse.access.concern import concerned
from hothouse.access.policies import Policies
from hothouse.access.words import split
from hothouse.apps.dependencies import AppServices
from hothouse.database.changes import Change
from hothouse.hub.addressed import Addresses
from hothouse.hub.schemas import Recheck
from hothouse.kit.sse import Event

WITH_ADDRESSES = ("app", "environment")
"""Kinds of things that gateways lead to."""


async def route_events(
    apps: AppServices, addresses: Addresses, policies: Policies, gateways: set[object]
) -> AsyncIterator[Event]:
    """Yield `snapshot`, then `route`, `removed` and `recheck` as things change.

    What came in at the same moment is told together, and a snapshot whenever it is not known what changed.
    """
    gateway = object()  # counted while connected, for the readiness of the platform
    gateways.add(gateway)
    try:
        async with apps.changes.listen() as changes:
            yield await _snapshot(addresses)
            while True:
                batch = [await changes.get()]
                while not changes.empty():
                    batch.append(changes.get_nowait())
                async for event in _told(apps, addresses, policies, batch):
                    yield event
    finally:
        gateways.discard(gateway)


async def _told(
    apps: AppServices, addresses: Addresses, policies: Policies, batch: list[Change]
) -> AsyncIterator[Event]:
    if any(change.key is None for change in batch):
        yield await _snapshot(addresses)
        return
    recheck = _recheck(policies, batch)
    if recheck != Recheck():
        yield Event("recheck", recheck.model_dump())
    for identity in await _moved(apps, batch):
        found = await addresses.get(identity)
        if found is None:
            yield Event("removed", {"app_id": identity})
        else:
            yield Event("route", (await addresses.route(found)).model_dump(mode="json"))


def _recheck(policies: Policies, batch: Iterable[Change]) -> Recheck:
    """Return whom changes of accounts, sessions, tokens, workloads, and of access concern.

    Sessions and tokens count when they are removed: else only the time of their last use changes. A workload is what an
    app's own token stands and falls with.
    """
    concern = concerned(policies, batch)
    return Recheck(
        app_ids=sorted(split(one)[1] for one in concern.resources if split(one)[0] in WITH_ADDRESSES),
        user_ids=sorted({str(change.key) for change in batch if change.collection == "users"} | concern.user_ids),
        credentials=sorted(
            {str(change.key) for change in batch if change.collection in ("sessions", "tokens") and change.is_deleted}
            | {str(change.key) for change in batch if change.collection == "workloads"}
        ),
    )


async def _moved(apps: AppServices, batch: Iterable[Change]) -> list[str]:
    """Return the ids of whatever may have another route."""
    found: dict[str, None] = {}
    for change in batch:
        if change.collection in ("apps", "environments"):
            found[str(change.key)] = None
        elif change.collection == "deployments" and (deployment := await apps.context.deployments.get(str(change.key))):
            found[deployment["app_id"]] = None
    return list(found)


async def _snapshot(addresses: Addresses) -> Event:
    routes = [(await addresses.route(found)).model_dump(mode="json") async for found in addresses.all()]
    return Event("snapshot", {"routes": routes})
