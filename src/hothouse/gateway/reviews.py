"""Ending what is open to visitors who may not go on: WebSockets, event streams, downloads, requests that wait."""

import asyncio
import itertools
from enum import IntEnum

import structlog

from hothouse.gateway.activity import Activity
from hothouse.gateway.admission import Admission
from hothouse.gateway.credentials import Credential
from hothouse.gateway.errors import HubAway
from hothouse.gateway.notices import NOBODY, Notice
from hothouse.gateway.table import Route, Table
from hothouse.gateway.visits import Visit
from hothouse.gateway.wire.exchange import Exchange

WORKERS = 4
PATROL_SECONDS = 60.0
"""How often everything open is looked at without a notice: sessions and tokens also end by themselves."""
RETRY_SECONDS = 0.5


class Urgency(IntEnum):
    """What is looked at first."""

    NAMED = 0
    ROUTINE = 1


Subject = tuple[str, Credential | None]
"""An app, and who visits it; `None` for all whom it does not know."""


class Reviews:
    """Asks the hub again about visitors with something open, and breaks off what they may not go on with.

    What cannot be asked because the hub is away stays open and is asked until it can.
    """

    def __init__(self, table: Table, admission: Admission, activity: Activity) -> None:
        self._table = table
        self._admission = admission
        self._activity = activity
        self._queue: asyncio.PriorityQueue[tuple[Urgency, int, Subject]] = asyncio.PriorityQueue()
        self._queued: set[tuple[Urgency, Subject]] = set()
        self._count = itertools.count()
        self._log = structlog.get_logger()

    def take(self, notice: Notice) -> None:
        """Forget the decisions that a notice concerns, and look at what is open under them."""
        self._admission.take(notice)
        for app_id in self._activity.app_ids():
            self._look_at(app_id, notice)

    def _look_at(self, app_id: str, notice: Notice) -> None:
        urgency = Urgency.ROUTINE if notice.is_general else Urgency.NAMED
        for exchange in self._activity.open_at(app_id):
            visit: Visit = exchange.context
            if notice.concerns(app_id, visit.decision.identity if visit.decision else NOBODY):
                self._enqueue(urgency, (app_id, visit.acts_by))

    def _enqueue(self, urgency: Urgency, subject: Subject) -> None:
        if (urgency, subject) not in self._queued:
            self._queued.add((urgency, subject))
            self._queue.put_nowait((urgency, next(self._count), subject))

    async def run(self) -> None:
        """Review until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._patrol())
            for _ in range(WORKERS):
                group.create_task(self._work())

    async def _patrol(self) -> None:
        while True:
            await asyncio.sleep(PATROL_SECONDS)
            for app_id in self._activity.app_ids():
                for exchange in self._activity.open_at(app_id):
                    self._enqueue(Urgency.ROUTINE, (app_id, exchange.context.acts_by))

    async def _work(self) -> None:
        while True:
            urgency, _, subject = await self._queue.get()
            self._queued.discard((urgency, subject))  # before asking: what changes meanwhile is asked anew
            try:
                await self._review(*subject)
            except HubAway:
                self._enqueue(urgency, subject)
                await asyncio.sleep(RETRY_SECONDS)
            except Exception:  # noqa: BLE001 - one visitor's trouble must not keep the others from being looked at
                self._log.exception("review-failed", app_id=subject[0])

    async def _review(self, app_id: str, credential: Credential | None) -> None:
        """Break off what a visitor may not go on with. Raises: HubAway."""
        route = self._table.by_id.get(app_id)
        if route is None:  # the app is gone, and with it what was open
            return
        decision = await self._admission.decide(route, credential)
        for exchange in self._activity.open_at(app_id):
            visit: Visit = exchange.context
            if visit.acts_by == credential and not (
                visit.decision and (decision.upholds(visit.decision) or _is_for_all(exchange, route))
            ):
                exchange.close()


def _is_for_all(exchange: Exchange, route: Route) -> bool:
    """Whether an exchange is in nobody's name, and at a path that everyone may ask."""
    visit: Visit = exchange.context
    return visit.acts_by is None and route.public_paths.match(exchange.request.target)
