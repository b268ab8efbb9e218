"""Making environments: their parts, and what drives them."""

from collections.abc import Awaitable, Callable

from hothouse.apps.service import AppsContext
from hothouse.broker.credentials import CredentialStore
from hothouse.database.changes import Changes
from hothouse.database.connection import Database
from hothouse.environments.admission.queue import Admission
from hothouse.environments.admission.room import Capacity
from hothouse.environments.admission.shedding import Shedding
from hothouse.environments.builds import Builds
from hothouse.environments.culling.culler import Culler
from hothouse.environments.culling.repository import CullsRepository
from hothouse.environments.dependencies import EnvironmentServices
from hothouse.environments.owners import OwnersRepository
from hothouse.environments.reconciler.keeping import AllEnvironments
from hothouse.environments.reconciler.passes import EnvironmentPass
from hothouse.environments.reconciler.runs import EnvironmentRuns
from hothouse.environments.repository import EnvironmentsRepository
from hothouse.environments.service import EnvironmentsContext
from hothouse.environments.templates.repository import TemplatesRepository
from hothouse.environments.templates.service import Templates
from hothouse.environments.tiers.checking import Limits
from hothouse.environments.tiers.repository import TiersRepository
from hothouse.environments.tiers.service import Tiers
from hothouse.environments.workspaces.repository import WorkspacesRepository
from hothouse.environments.workspaces.service import Workspaces
from hothouse.launch.backends.podman.images import why_none
from hothouse.launch.interfaces import Isolation, Launcher
from hothouse.secrets.personal.service import PersonalSecrets
from hothouse.workloads.interfaces import owner_key, owner_of
from hothouse.workloads.logs import WorkloadLogs
from hothouse.workloads.metrics import Metrics
from hothouse.workloads.runner import WorkloadRunner
from hothouse.workloads.waking import Waking


def make_environments(
    apps: AppsContext,
    database: Database,
    launcher: Launcher,
    isolation: Isolation,
    changes: Changes,
    groups_of: Callable[[str], list[str]],
    metrics: Metrics,
) -> EnvironmentServices:
    """Make them of what they share with apps; `groups_of` names a subject's groups."""
    environments, templates = EnvironmentsRepository(database), TemplatesRepository(database)
    builds, capacity = Builds(apps.jobs), Capacity.of(apps.settings, launcher)
    tiers = Tiers(TiersRepository(database), apps.settings.environments.default_tier, groups_of)
    context = EnvironmentsContext(
        settings=apps.settings,
        clock=apps.clock,
        environments=environments,
        owners=OwnersRepository(database),
        templates=Templates(templates, builds, apps.authorizer, apps.clock, environments.count_from),
        workspaces=Workspaces(WorkspacesRepository(database), apps.clock, apps.settings.home),
        workloads=apps.workloads,
        builds=builds,
        launcher=launcher,
        waking=Waking(launcher),
        capacity=capacity,
        tiers=tiers,
        limits=Limits(environments, tiers, capacity, apps.quotas),
        accounts=apps.accounts,
        authorizer=apps.authorizer,
        sharing=apps.sharing,
        secrets=apps.secrets,
        metrics=metrics,
        usage=apps.usage,
        isolation=isolation,
        why_no_images=why_none,
    )
    logs = WorkloadLogs(lambda owner: environments.get(owner_of(owner)[1]), apps.workloads, launcher)
    return EnvironmentServices.make(context, CullsRepository(database), logs, apps.jobs, changes)


def reconciled_environments(
    context: EnvironmentsContext,
    culls: CullsRepository,
    runner: WorkloadRunner,
    credentials: CredentialStore,
    personal: PersonalSecrets,
    most_bytes: Callable[[str], Awaitable[int]],
    touch: Callable[[str], None],
    shed_first: Callable[[], bool],
) -> AllEnvironments:
    """Make what drives environments towards what is wanted of them.

    `most_bytes` says how large the files of a workspace may become, `touch` has an owner of workloads looked at, and
    `shed_first` is what gives memory back before any environment has to.
    """
    shedding = Shedding(context.environments, context.workloads, shed_first)
    starts = context.settings.launch.concurrent_starts
    admission = Admission(context.environments, context.workloads, context.capacity, shedding, starts)
    runs = EnvironmentRuns(context, credentials, personal, most_bytes)
    environment_pass = EnvironmentPass(context, runner, runs, admission)
    culler = Culler(context, culls, lambda environment_id: touch(owner_key(AllEnvironments.kind, environment_id)))
    return AllEnvironments(context, environment_pass, culler, admission, shedding, runner, touch)
