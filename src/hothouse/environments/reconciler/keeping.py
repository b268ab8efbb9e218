"""Environments as the reconciler's loop sees them: which there are, and what concerns them."""

from collections.abc import Awaitable, Callable, Mapping

from hothouse.database.changes import Change
from hothouse.environments.admission.queue import Admission
from hothouse.environments.admission.shedding import Shedding
from hothouse.environments.builds import KIND
from hothouse.environments.culling.culler import Culler
from hothouse.environments.reconciler.passes import EnvironmentPass
from hothouse.environments.service.context import EnvironmentsContext
from hothouse.workloads.runner import WorkloadRunner


class AllEnvironments:
    """All environments; see `workloads.interfaces.Reconciled`."""

    kind = "environment"

    def __init__(
        self,
        context: EnvironmentsContext,
        environment_pass: EnvironmentPass,
        culler: Culler,
        admission: Admission,
        shedding: Shedding,
        runner: WorkloadRunner,
        touch: Callable[[str], None],
    ) -> None:
        self._context = context
        self._culler = culler
        self._admission = admission
        self._shedding = shedding
        self._runner = runner
        self._touch = touch
        self.reconcile = environment_pass.reconcile

    async def ids(self) -> list[str]:
        return [one["_id"] for one in await self._context.environments.all()]

    async def concerned(self, change: Change) -> list[str]:
        """Return the environment that a change is of, or those that wait for a build."""
        if change.collection in ("environments", "workloads"):
            self._admission.look()
        if change.collection == "environments" and not change.is_deleted:
            return [str(change.key)]
        if change.collection == "jobs" and str(change.key).startswith(f"{KIND}-"):
            return [one["_id"] for one in await self._context.environments.wanted() if one["workload_id"] is None]
        return []

    async def check(self) -> None:
        """There is nothing that no change tells of."""

    def duties(self) -> Mapping[str, Callable[[], Awaitable[None]]]:
        return {"culling": self._culler.run, "admission": self._admit, "shedding": self._shedding.run}

    async def _admit(self) -> None:
        await self._admission.run(self._touch, lambda: self._runner.starting)
