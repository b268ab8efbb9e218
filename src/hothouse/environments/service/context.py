"""What the verbs of this feature work with."""

from collections.abc import Callable
from dataclasses import dataclass

from hothouse.access.interfaces import Authorizer
from hothouse.access.service import Sharing
from hothouse.environments.admission.room import Capacity
from hothouse.environments.builds import Builds
from hothouse.environments.owners import OwnersRepository
from hothouse.environments.repository import EnvironmentsRepository
from hothouse.environments.templates.service import Templates
from hothouse.environments.tiers.checking import Limits
from hothouse.environments.tiers.service import Tiers
from hothouse.environments.workspaces.service import Workspaces
from hothouse.identity.service import Accounts
from hothouse.kit.clock import Clock
from hothouse.kit.sealing import KeyRing
from hothouse.launch.interfaces import Isolation, Launcher, Minimum
from hothouse.settings import Settings
from hothouse.workloads.metrics import Metrics
from hothouse.workloads.repository import WorkloadsRepository
from hothouse.workloads.schemas import UsageNow
from hothouse.workloads.waking import Waking


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentsContext:
    """Repositories and collaborators, made once in the composition root."""

    settings: Settings
    clock: Clock
    environments: EnvironmentsRepository
    owners: OwnersRepository
    templates: Templates
    workspaces: Workspaces
    workloads: WorkloadsRepository
    builds: Builds
    launcher: Launcher
    waking: Waking
    capacity: Capacity
    tiers: Tiers
    limits: Limits
    accounts: Accounts
    authorizer: Authorizer
    sharing: Sharing
    secrets: KeyRing
    metrics: Metrics
    usage: dict[str, UsageNow]  # by workload id
    isolation: Isolation  # of what is made of packages
    why_no_images: Callable[[], str | None]  # None where a launcher runs images

    @property
    def minimum(self) -> Minimum:
        """The least level that environments may run at."""
        return Minimum(level=self.settings.launch.minimum_for("environments"), code="environments")
