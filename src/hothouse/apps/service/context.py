"""What the verbs of this feature work with."""

from dataclasses import dataclass

from obstore.store import ObjectStore

from hothouse.access.interfaces import Authorizer
from hothouse.access.service import Sharing
from hothouse.apps.repository import (
    AppsRepository,
    DeploymentsRepository,
    ReleasesRepository,
    SecretReadsRepository,
    UploadsRepository,
)
from hothouse.apps.sharing import resource_of
from hothouse.database.connection import Database
from hothouse.identity.service import Accounts
from hothouse.jobs.service import Jobs
from hothouse.kit.clock import Clock
from hothouse.kit.sealing import KeyRing
from hothouse.quotas.service import Quotas
from hothouse.settings import Settings
from hothouse.workloads.repository import WorkloadsRepository
from hothouse.workloads.schemas import UsageNow

__all__ = ["AppsContext", "resource_of"]


@dataclass(frozen=True, slots=True)
class AppsContext:
    """Repositories and collaborators, made once in the composition root."""

    settings: Settings
    clock: Clock
    apps: AppsRepository
    releases: ReleasesRepository
    deployments: DeploymentsRepository
    workloads: WorkloadsRepository
    uploads: UploadsRepository
    store: ObjectStore
    jobs: Jobs
    accounts: Accounts
    authorizer: Authorizer
    sharing: Sharing
    secrets: KeyRing
    secret_reads: SecretReadsRepository
    usage: dict[str, UsageNow]  # by workload id
    quotas: Quotas

    @classmethod
    def make(
        cls,
        settings: Settings,
        clock: Clock,
        database: Database,
        store: ObjectStore,
        jobs: Jobs,
        accounts: Accounts,
        authorizer: Authorizer,
        sharing: Sharing,
        keys: KeyRing,
        usage: dict[str, UsageNow],
        quotas: Quotas,
    ) -> "AppsContext":
        return cls(
            settings=settings,
            clock=clock,
            apps=AppsRepository(database),
            releases=ReleasesRepository(database),
            deployments=DeploymentsRepository(database),
            workloads=WorkloadsRepository(database),
            uploads=UploadsRepository(database),
            store=store,
            jobs=jobs,
            accounts=accounts,
            authorizer=authorizer,
            sharing=sharing,
            secrets=keys,
            secret_reads=SecretReadsRepository(database),
            usage=usage,
            quotas=quotas,
        )
