"""What the verbs of this feature work with."""

from dataclasses import dataclass, field

from obstore.store import ObjectStore

from hothouse.access.interfaces import Authorizer
from hothouse.access.service import Sharing
from hothouse.apps.repository import (
    AppsRepository,
    DeploymentsRepository,
    ReleasesRepository,
    SecretReadsRepository,
    UploadsRepository,
    WorkloadsRepository,
)
from hothouse.apps.schemas import UsageNow
from hothouse.apps.sharing import resource_of
from hothouse.database.connection import Database
from hothouse.identity.service import Accounts
from hothouse.jobs.service import Jobs
from hothouse.kit.clock import Clock
from hothouse.kit.sealing import KeyRing
from hothouse.settings import Settings

__all__ = ["AppsContext", "archive_key", "resource_of"]


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
    usage: dict[str, UsageNow] = field(default_factory=dict)  # by workload id, filled by the reconciler

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
        )


def archive_key(digest: str) -> str:
    """Return the key of a source archive in object storage."""
    return f"archives/{digest}.zip"
