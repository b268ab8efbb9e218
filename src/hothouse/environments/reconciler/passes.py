"""One pass over one environment: read where it stands, take the next step towards what is wanted."""

from typing import Any

import structlog

from hothouse.database.connection import Document
from hothouse.environments.admission.queue import TURN, Admission
from hothouse.environments.builds import build_of
from hothouse.environments.reconciler.runs import EnvironmentRuns, owner
from hothouse.environments.schemas import Spec
from hothouse.environments.service.context import EnvironmentsContext
from hothouse.environments.sharing import resource_of
from hothouse.workloads.runner import WorkloadRunner

log = structlog.get_logger(__name__)

KEPT_ENDED_WORKLOADS = 3
SOON_SECONDS = 0.2
TAIL_LINES = 40


class EnvironmentPass:
    """Reconciles environments one at a time; safe to repeat and to interrupt anywhere."""

    def __init__(
        self, context: EnvironmentsContext, runner: WorkloadRunner, runs: EnvironmentRuns, admission: Admission
    ) -> None:
        self._context = context
        self._admission = admission
        self._runner = runner
        self._runs = runs

    async def reconcile(self, environment_id: str) -> float | None:
        """Take an environment as far as it goes now; returns in how many seconds to look again."""
        environment = await self._context.environments.get(environment_id)
        if environment is None:
            return None
        every = await self._context.workloads.of(owner(environment))
        live = [one for one in every if one["is_live"]]
        wants = environment["desired"] == "running"
        for workload in live:
            is_wanted = wants and workload["_id"] == environment["workload_id"]
            await self._runner.observe(self._runs.of(environment, workload), workload, is_wanted=is_wanted)
        if not wants:
            return await self._wind_down(environment, live)
        ended = sorted((one for one in every if not one["is_live"]), key=_age, reverse=True)
        for workload in ended[KEPT_ENDED_WORKLOADS:]:
            await self._runner.forget(workload["_id"])
        return await self._keep_up(environment, live, ended[:KEPT_ENDED_WORKLOADS])

    async def _wind_down(self, environment: Document, live: list[Document]) -> float | None:
        """End everything of an environment that is not to run, and remove one that is to be deleted."""
        for workload in live:
            if workload["is_live"]:
                await self._runner.retire(workload)
        if any(workload["is_live"] for workload in live):
            await self._show(environment, "stopping", None)
            return SOON_SECONDS
        if environment["desired"] == "deleted":
            await self._remove(environment)
        elif environment["state"] not in ("stopped", "failed"):
            await self._show(environment, "stopped", environment.get("stop_reason"), workload_id=None)
        return None

    async def _freeze(self, environment: Document, workload: Document) -> float | None:
        """Have what runs stand still. Should somebody have come meanwhile, it goes on at once."""
        await self._runner.freeze(workload)
        await self._show(environment, "sleeping", environment["reason"])
        now = await self._context.environments.get(environment["_id"])
        return 0.0 if now is not None and not now["is_asleep"] else None

    async def _remove(self, environment: Document) -> None:
        for workload in await self._context.workloads.of(owner(environment)):
            await self._runner.forget(workload["_id"])
        await self._context.sharing.forget(resource_of(environment))
        await self._context.environments.remove(environment["_id"])

    async def _keep_up(self, environment: Document, live: list[Document], ended: list[Document]) -> float | None:
        workload = next((one for one in live if one["_id"] == environment["workload_id"]), None)
        for other in live:
            if other["is_live"] and other is not workload:
                await self._runner.retire(other)  # of before a restart: files are not written by two at once
        if any(other["is_live"] for other in live if other is not workload):
            await self._show(environment, "stopping", "what ran before is being ended")
            return SOON_SECONDS
        if workload is None and environment["workload_id"]:
            workload = await self._context.workloads.get(environment["workload_id"])
        if workload is None or workload["state"] == "stopped":  # the latter when the machine was restarted meanwhile
            return await self._begin(environment)
        if not workload["is_live"] and workload.get("was_let_down") and self._is_worth_a_try(ended):
            return await self._begin(environment)
        if not workload["is_live"]:
            await self._fail(environment, workload["reason"] or "it ended", await self._tail(workload))
            return None
        return await self._show_live(environment, workload)

    def _is_worth_a_try(self, ended: list[Document]) -> bool:
        """Tell whether what the platform runs for an environment does not die under it again and again."""
        hasty = [one for one in ended if one.get("was_let_down") and not self._runner.was_stable(one)]
        return len(hasty) < KEPT_ENDED_WORKLOADS

    async def _begin(self, environment: Document) -> float | None:
        """Build what it runs in, wait for a turn, and start it."""
        spec = Spec.model_validate(environment["spec"])
        if reason := self._admission.never(spec.size):
            await self._fail(environment, reason, [])
            return None
        job = await self._context.builds.want(build_of(environment["owner_id"], spec))
        if job is None or job["state"] in ("queued", "running"):
            waits = job is None or job["state"] == "queued"
            reason = "waiting for a builder" if waits else "its packages are being installed"
            await self._show(environment, "pending", reason, step="building")
            self._admission.withdraw(environment["_id"])
            return None
        if job["state"] == "failed":
            await self._fail(environment, job["error"]["reason"], job["error"].get("log_tail", []))
            return None
        if not self._admission.lets_in(environment["_id"]):
            await self._queue(environment)
            return None
        try:
            return await self._start(environment, spec, job["result"])
        finally:
            self._admission.withdraw(environment["_id"])

    async def _queue(self, environment: Document) -> None:
        """Have it wait for its turn; why that takes long is the queue's to say."""
        waits = {"step": "queued", "workload_id": None}
        if environment["state"] != "pending" or any(environment.get(key) != value for key, value in waits.items()):
            await self._show(environment, "pending", TURN, **waits)

    async def _start(self, environment: Document, spec: Spec, result: dict[str, Any]) -> float:
        place, lock = result["environment"], result["lock"]
        if environment["workspace_id"] is None:
            workspace = await self._context.workspaces.default(environment["owner_id"])
            await self._context.environments.update(environment["_id"], {"workspace_id": workspace["_id"]})
            environment["workspace_id"] = workspace["_id"]
        workload = await self._runner.record(
            owner(environment),
            environment_id=environment["_id"],
            environment=place,
            promised=spec.size.model_dump(mode="json"),
        )
        fields = {
            "workload_id": workload["_id"],
            "environment": place,
            "spec": spec.model_copy(update={"lock": lock}).model_dump(mode="json"),
            "is_asleep": False,
        }
        unmoved = {key: environment[key] for key in ("workload_id", "desired", "version")}
        if not await self._context.environments.update(environment["_id"], fields, **unmoved):
            await self._runner.retire(workload)
            return SOON_SECONDS
        environment.update(fields)
        await self._show(environment, "starting", "about to be started", step="starting")
        await self._runner.start(self._runs.of(environment, workload), workload)
        return 0.0

    async def _show_live(self, environment: Document, workload: Document) -> float | None:
        if workload["state"] == "running":
            if environment["is_asleep"]:
                return await self._freeze(environment, workload)
            await self._runner.thaw(workload)
            if environment["state"] == "sleeping":
                await self._show(environment, "running", None)
            elif environment["state"] != "running":
                started = {"started_at": workload["ready_at"], "step": "ready"}
                await self._show(environment, "running", None, **started)
            return None
        await self._show(environment, "starting", "waiting for its first answer", step="starting")
        return SOON_SECONDS if workload["state"] == "pending" else None

    async def _fail(self, environment: Document, reason: str, tail: list[str]) -> None:
        """Note why it does not run; it stays so until somebody starts it again."""
        fields = {"desired": "stopped", "state": "failed", "reason": reason, "log_tail": tail}
        unmoved = {"desired": "running", "wanted_at": environment["wanted_at"]}
        if await self._context.environments.update(environment["_id"], fields, **unmoved):
            log.warning("environment-failed", environment=environment["slug"], reason=reason)

    async def _tail(self, workload: Document) -> list[str]:
        return await self._runner.log_tail(workload["_id"], TAIL_LINES)

    async def _show(self, environment: Document, state: str, reason: str | None, **more: Any) -> None:
        """Record the state people see, if it is another one."""
        fields = {"state": state, "reason": reason, **more}
        if any(environment.get(key) != value for key, value in fields.items()):
            await self._context.environments.update(
                environment["_id"], fields, desired=environment["desired"], wanted_at=environment["wanted_at"]
            )
            environment.update(fields)


def _age(workload: Document) -> Any:
    return workload["created_at"]
