"""Making quotas: their services, and what they count."""

from hothouse.access.dependencies import AccessServices
from hothouse.apps.repository import AppsRepository, DeploymentsRepository, ReleasesRepository
from hothouse.apps.service.holdings import AppHoldings
from hothouse.apps.service.sizes import AppSizes
from hothouse.broker.quotas import StorageQuotas
from hothouse.data.repository import UsageRepository
from hothouse.database.connection import Database
from hothouse.database.leases import Lease
from hothouse.environments.holdings import EnvironmentHoldings, WorkspaceHoldings
from hothouse.environments.owners import OwnersRepository
from hothouse.environments.repository import EnvironmentsRepository
from hothouse.environments.workspaces.dependencies import WorkspaceServices
from hothouse.quotas.dependencies import QuotaServices
from hothouse.quotas.repository import QuotasRepository
from hothouse.quotas.service import DatabaseQuotas, Quotas, Rules, Setting


def make_quotas(database: Database, access: AccessServices, changing: Lease) -> QuotaServices:
    """Make them; what they count is told by `count_everything`, once that is made, which itself asks them."""
    policies, describe = access.context.policies, access.subjects.describe
    repository = QuotasRepository(database)
    rules = Rules(repository, policies.groups_of, policies.users_in)
    checking = Quotas(rules, describe, changing)
    return QuotaServices(
        checking=checking,
        setting=Setting(repository, rules, checking, describe),
        databases=DatabaseQuotas(rules, StorageQuotas(database), describe),
    )


def count_everything(quotas: QuotaServices, database: Database, files: AppSizes, workspaces: WorkspaceServices) -> None:
    """Have everything counted that people have."""
    usage, repository = UsageRepository(database), AppsRepository(database)
    releases, deployments = ReleasesRepository(database), DeploymentsRepository(database)
    apps = AppHoldings(repository, releases, deployments, usage, files)
    environments = EnvironmentHoldings(EnvironmentsRepository(database), OwnersRepository(database), usage)
    spaces = WorkspaceHoldings(workspaces.repository, workspaces.sizes.want_fresh)
    quotas.checking.count(apps, environments, spaces)
    quotas.databases.count(apps, environments)
