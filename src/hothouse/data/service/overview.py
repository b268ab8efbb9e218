"""An app's data sandbox at a glance, and how much it may store."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog

from hothouse.apps.service.limits import limits_for
from hothouse.broker.limits import Limits
from hothouse.broker.meters import BOUNDS_MS
from hothouse.data.schemas import (
    DataMinute,
    DataOverview,
    DataTotals,
    LatencyCount,
    LimitsInForce,
    Offered,
    SlowCommand,
    StorageUse,
)
from hothouse.data.service.context import DataContext
from hothouse.data.service.present import Presenter
from hothouse.database.connection import Document
from hothouse.identity.principal import Principal
from hothouse.kit.trail import current_trail

log = structlog.get_logger(__name__)

SHOWN_MINUTES = 60
MINUTE = timedelta(minutes=1)


class Overviews:
    """Shows what the broker measured, beside limits and grants."""

    def __init__(self, context: DataContext, present: Presenter) -> None:
        self._context = context
        self._present = present

    async def show(self, principal: Principal, app: Document) -> DataOverview:
        context = self._context
        manifest = await context.directory.manifest(app)
        quotas = await context.credentials.quotas.of([app["database"]])
        limits = limits_for(app, manifest, context.settings).within(quotas.get(app["database"]))
        usage = await context.usage.totals(app["database"]) or {}
        this_minute = context.clock.now().replace(second=0, microsecond=0)
        measured = await context.usage.minutes(app["database"], this_minute - SHOWN_MINUTES * MINUTE)
        sharing = manifest.data.sharing if manifest else None
        return DataOverview(
            database=app["database"],
            storage=storage_of(usage.get("storage"), limits),
            limits=_in_force(limits),
            connections=sum(usage.get("connections", {}).values()),
            totals=DataTotals(**{name: usage.get(name, 0) for name in DataTotals.model_fields}),
            latency=latency_of(usage.get("latency", {})),
            minutes=last_minutes(measured, this_minute),
            slow_commands=[SlowCommand(**one) for one in reversed(usage.get("slow_commands", []))],
            offered=Offered(collections=sharing.collections, note=sharing.note)
            if sharing
            else Offered(collections=[], note=""),
            reads=await self._present.reads(principal, app, manifest),
            readers=await self._present.readers(app),
        )

    async def allow_storage(self, principal: Principal, app: Document, storage_bytes: int | None) -> Document:
        """Let an app store so much, None: as much as any app; in force within 2 seconds. Returns the app."""
        before = {"storage_bytes": app.get("storage_bytes")}
        app = await self._context.directory.allow_storage(app, storage_bytes)
        current_trail().change(before=before, after={"storage_bytes": storage_bytes})
        await self.enforce(app)
        log.info("data-limited", by=principal.user_id, app=app["slug"], storage_bytes=storage_bytes)
        return app

    async def enforce(self, app: Document) -> None:
        """Have the broker hold an app's workloads to the limits it is to have now."""
        limits = limits_for(app, await self._context.directory.manifest(app), self._context.settings)
        await self._context.credentials.set_limits(app["database"], limits)


def storage_of(measured: Mapping[str, Any] | None, limits: Limits) -> StorageUse:
    """Say what a database takes: what was measured, and what was written since then on top."""
    allowed = {"allowed_bytes": limits.storage_bytes, "allowed_by": limits.storage_by}
    if not measured or measured.get("bytes") is None:
        return StorageUse(used_bytes=None, is_estimate=False, measured_at=None, **allowed)
    since = measured.get("written_since") or 0
    return StorageUse(
        used_bytes=measured["bytes"] + since,
        is_estimate=since > 0,
        measured_at=measured.get("measured_at"),
        **allowed,
    )


def latency_of(counts: Mapping[str, int]) -> list[LatencyCount]:
    """Give every bucket its bound; one more than there are bounds counts what took longer."""
    bounds: list[float | None] = [*BOUNDS_MS, None]
    return [LatencyCount(up_to_ms=bound, count=counts.get(str(index), 0)) for index, bound in enumerate(bounds)]


def last_minutes(measured: list[Document], this_minute: datetime) -> list[DataMinute]:
    """Give the last minutes, oldest first and the present one last, with zeros where nothing happened."""
    known = {
        one["at"]: {name: one.get(name, 0) for name in ("operations", "errors", "milliseconds")} for one in measured
    }
    times = [this_minute - MINUTE * ago for ago in range(SHOWN_MINUTES - 1, -1, -1)]
    return [DataMinute(at=at, **known.get(at, {})) for at in times]


def _in_force(limits: Limits) -> LimitsInForce:
    return LimitsInForce(**{name: getattr(limits, name) for name in LimitsInForce.model_fields})
