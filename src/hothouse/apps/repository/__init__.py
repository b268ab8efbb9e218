"""Every query on apps, releases, deployments, workloads and uploads."""

from pymongo import ASCENDING, DESCENDING, IndexModel

from hothouse.apps.repository.apps import AppsRepository
from hothouse.apps.repository.deployments import DeploymentsRepository
from hothouse.apps.repository.releases import ReleasesRepository
from hothouse.apps.repository.uploads import UploadsRepository
from hothouse.apps.repository.workloads import WorkloadsRepository

INDEXES = {
    "apps": [
        IndexModel([("slugs", ASCENDING)], unique=True),
        IndexModel([("realm", ASCENDING), ("slug", ASCENDING)]),
        IndexModel([("owner_id", ASCENDING)]),
        IndexModel([("reads_from", ASCENDING)]),
    ],
    "releases": [
        IndexModel([("app_id", ASCENDING), ("number", DESCENDING)], unique=True),
        IndexModel([("digest", ASCENDING)]),
        IndexModel([("app_id", ASCENDING), ("state", ASCENDING)]),
    ],
    "deployments": [
        IndexModel([("app_id", ASCENDING), ("created_at", DESCENDING)]),
        IndexModel([("state", ASCENDING)]),
    ],
    "workloads": [IndexModel([("app_id", ASCENDING)]), IndexModel([("is_live", ASCENDING)])],
    "uploads": [IndexModel([("digest", ASCENDING)]), IndexModel([("realm", ASCENDING), ("expires_at", ASCENDING)])],
}

__all__ = [
    "INDEXES",
    "AppsRepository",
    "DeploymentsRepository",
    "ReleasesRepository",
    "UploadsRepository",
    "WorkloadsRepository",
]
