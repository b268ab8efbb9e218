"""Making workspaces: their services, and what they know of environments."""

from hothouse.database.connection import Database
from hothouse.environments.owners import OwnersRepository
from hothouse.environments.people import uid_of
from hothouse.environments.repository import EnvironmentsRepository
from hothouse.environments.tiers.service import Tiers
from hothouse.environments.workspaces.dependencies import WorkspaceServices
from hothouse.jobs.service import Jobs
from hothouse.kit.clock import Clock
from hothouse.quotas.service import Quotas
from hothouse.settings import Settings


class EnvironmentsOfWorkspaces:
    """Knows which environments have a workspace."""

    def __init__(self, environments: EnvironmentsRepository) -> None:
        self._environments = environments

    async def users_of(self, workspace_id: str, *, is_running: bool = False) -> list[str]:
        """See `WorkspaceUsers`."""
        found = await self._environments.in_workspace(workspace_id)
        uncounted = ("deleted", "stopped") if is_running else ("deleted",)
        return sorted(one["name"] for one in found if one["desired"] not in uncounted)


def make_workspaces(
    settings: Settings, database: Database, clock: Clock, jobs: Jobs, tiers: Tiers, quotas: Quotas
) -> WorkspaceServices:
    """Make them."""
    owners = OwnersRepository(database)

    async def uid(owner_id: str) -> int | None:
        return uid_of(settings, await owners.of(owner_id))

    async def allowed(owner_id: str) -> int | None:
        return (await tiers.of(owner_id)).disk_bytes

    return WorkspaceServices.make(
        settings.home,
        settings.environments.workspace_bytes,
        database,
        clock,
        jobs,
        EnvironmentsOfWorkspaces(EnvironmentsRepository(database)),
        uid,
        allowed,
        quotas,
    )
