"""The culler: looks at every environment that runs, notes whether it is used, and does what the policy says."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from hothouse.database.connection import Document
from hothouse.environments.culling.policy import Facts, Policy, Verdict, decide
from hothouse.environments.culling.repository import CullsRepository
from hothouse.environments.culling.signals import Jupyter, Processor
from hothouse.environments.schemas import Spec
from hothouse.environments.service.context import EnvironmentsContext

log = structlog.get_logger(__name__)

LOOK_SECONDS = 30.0


class Culler:
    """Runs where the reconciler leads. `touch(environment_id)` has one looked at after its sleep was asked for."""

    def __init__(self, context: EnvironmentsContext, culls: CullsRepository, touch: Callable[[str], None]) -> None:
        self._context = context
        self._culls = culls
        self._touch = touch
        self._processor = Processor(context.launcher)
        self._jupyter = Jupyter()

    async def run(self) -> None:
        """Look again and again until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Look at every environment once."""
        running = [one for one in await self._context.environments.wanted() if one["workload_id"]]
        self._processor.forget_besides({one["workload_id"] for one in running})
        for environment in running:
            if environment["state"] not in ("running", "sleeping"):
                continue
            if not environment["is_asleep"]:
                await self._note(environment)
            await self._judge(environment)

    async def _note(self, environment: Document) -> None:
        """Note what shows that an environment is at work."""
        now = self._context.clock.now()
        active_at, kept_by = await self._at_work(environment, now)
        if active_at is not None and active_at > _active_at(environment):
            fields = {"active_at": active_at, "kept_by": kept_by}
            await self._context.environments.update(environment["_id"], fields)
            environment.update(fields)

    async def _at_work(self, environment: Document, now: datetime) -> tuple[datetime | None, str]:
        share = await self._processor.busy_share(environment["workload_id"])
        if share is not None and share >= self._context.settings.environments.busy_percent / 100:
            return now, "the processor is at work"
        if Spec.model_validate(environment["spec"]).activity != "jupyter":
            return None, ""
        workload = await self._context.workloads.get(environment["workload_id"])
        if workload is None:
            return None, ""
        host = self._context.settings.app_url(environment["slug"]).partition("//")[2]
        return await self._jupyter.active_at(workload, host, now)

    async def _judge(self, environment: Document) -> None:
        verdict = await next_for(self._context, environment)
        if verdict is None or verdict.at > self._context.clock.now():
            return
        if verdict.action == "sleep":
            done = await self._put_to_sleep(environment, verdict)
        else:
            done = await self._stop(environment, verdict)
        if done:
            await self._record(environment, verdict)
            self._touch(environment["_id"])

    async def _put_to_sleep(self, environment: Document, verdict: Verdict) -> bool:
        """Ask for sleep. Whoever comes at this very moment wins: it is refused if anything moved since the look."""
        fields = {"is_asleep": True, "asleep_since": self._context.clock.now(), "reason": f"asleep: {verdict.reason}"}
        unmoved = {key: environment.get(key) for key in ("last_activity_at", "active_at", "kept_until", "desired")}
        return await self._context.environments.update(environment["_id"], fields, is_asleep=False, **unmoved)

    async def _stop(self, environment: Document, verdict: Verdict) -> bool:
        fields = {"desired": "stopped", "stop_reason": f"stopped: {verdict.reason}", "is_asleep": False}
        unmoved = {key: environment.get(key) for key in ("kept_until", "desired", "is_asleep", "wanted_at")}
        return await self._context.environments.update(environment["_id"], fields, **unmoved)

    async def _record(self, environment: Document, verdict: Verdict) -> None:
        now = self._context.clock.now()
        about = {key: environment[key] for key in ("slug", "name", "owner_id")}
        active_at = _active_at(environment)
        await self._culls.add(
            {**about, "action": verdict.action, "reason": verdict.reason, "active_at": active_at, "at": now}
        )
        self._context.metrics.culls.labels(verdict.action).inc()
        log.info("environment-culled", environment=environment["slug"], action=verdict.action, reason=verdict.reason)


def _active_at(environment: Document) -> datetime:
    """Return when anything last showed that it is used; its start does, too."""
    named = ("active_at", "last_activity_at", "started_at", "created_at")
    moments: list[datetime] = [environment[key] for key in named if environment.get(key) is not None]
    return max(moments)


def facts_of(environment: Document) -> Facts:
    """Return what is known of an environment that runs."""
    return Facts(
        started_at=environment["started_at"] or environment["created_at"],
        active_at=_active_at(environment),
        asleep_since=environment.get("asleep_since") if environment["is_asleep"] else None,
        kept_until=environment.get("kept_until"),
    )


async def policy_of(context: EnvironmentsContext, environment: Document) -> Policy:
    """Return the policy of an environment: its owner's tier's, unless it opted out of being culled when idle."""
    spec, tier = Spec.model_validate(environment["spec"]), await context.tiers.of(environment["owner_id"])
    return Policy(
        idle=timedelta(minutes=tier.idle_minutes) if tier.idle_minutes and spec.is_culled else None,
        stop_after=timedelta(hours=context.settings.launch.frozen_hours),
        lifetime=timedelta(hours=tier.lifetime_hours) if tier.lifetime_hours else None,
        warning=timedelta(minutes=context.settings.environments.warning_minutes),
    )


async def next_for(context: EnvironmentsContext, environment: Document) -> Verdict | None:
    """Return what comes next for an environment, if it runs."""
    if environment["desired"] != "running" or environment["state"] not in ("running", "sleeping"):
        return None
    return decide(await policy_of(context, environment), facts_of(environment))
